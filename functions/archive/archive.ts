import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { kmsSigner } from '../../shared/aws/kms-signer.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { printStore } from '../../shared/aws/print-store.ts';
import { providerStore } from '../../shared/aws/provider-store.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { startInputSchema } from '../../shared/domain/step-input.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { type ArchiveDependencies, archiveRetrieval } from './archive-retrieval.ts';

const env = environment(
  'DUALKEY_REGION',
  'KEYS_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'DELIVERY_BUCKET',
  'EVIDENCE_BUCKET',
  'GRANT_KEY',
  'SIGNING_KEY',
  'CLOCK',
);
const [dynamo, kms, s3] = [dynamoClient(), kmsClient(), s3Client()];
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const dependencies: ArchiveDependencies = {
  clock: clockAt(env.CLOCK),
  region: env.DUALKEY_REGION,
  store: grantStore(env.GRANTS_TABLE, dynamo, custody),
  providers: providerStore(env.GRANTS_TABLE, dynamo, custody),
  prints: printStore(env.GRANTS_TABLE, dynamo, custody),
  keys: requestKeys(env.KEYS_TABLE, dynamo, kms, env.GRANT_KEY),
  delivery: objectStore(env.DELIVERY_BUCKET, s3),
  evidence: objectStore(env.EVIDENCE_BUCKET, s3),
  signer: kmsSigner(kms, env.SIGNING_KEY),
};

export const handler = stepHandler(startInputSchema, (input) => archiveRetrieval(input, dependencies));
