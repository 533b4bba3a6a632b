import { z } from 'zod';
import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { kmsSigner } from '../../shared/aws/kms-signer.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { streamStore } from '../../shared/aws/stream-store.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { regionConfig } from '../../shared/runtime/region.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { type RenderDependencies, renderCopy } from './render-copy.ts';

const env = environment(
  'DUALKEY_REGION',
  'KEYS_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'DELIVERY_BUCKET',
  'EVIDENCE_BUCKET',
  'GRANT_KEY',
  'SIGNING_KEY',
);
const [dynamo, kms, s3] = [dynamoClient(), kmsClient(), s3Client()];
const dependencies: RenderDependencies = {
  region: regionConfig(env.DUALKEY_REGION),
  store: grantStore(env.GRANTS_TABLE, dynamo, custodyLog(env.EVENTS_TABLE, dynamo)),
  keys: requestKeys(env.KEYS_TABLE, dynamo, kms, env.GRANT_KEY),
  delivery: objectStore(env.DELIVERY_BUCKET, s3),
  deliveryMedia: streamStore(env.DELIVERY_BUCKET, s3),
  evidence: objectStore(env.EVIDENCE_BUCKET, s3),
  signer: kmsSigner(kms, env.SIGNING_KEY),
};

const input = z.object({ requestId: z.string(), openingId: z.string() });

export const handler = stepHandler(input, async (copy) => {
  const result = await renderCopy(copy, dependencies);
  log('rendered-copy', { ...copy, ...result });
  return result;
});
