import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { rootClients } from '../../local/aws-clients.ts';
import { startEmbeddedAws, stopEmbeddedAws } from '../../local/embedded-aws.ts';
import { readSettings } from '../../local/settings.ts';
import { pythonOfTests } from './python-of-tests.ts';

/**
 * An embedded AWS of one test file's own, empty, with nothing deployed: for adapters, whose conditions and transactions
 * only a real table can prove.
 */
export async function embeddedAwsOfTest() {
  const directory = path.join('.local', 'unit', randomBytes(6).toString('hex'));
  const settings = readSettings({
    DUALKEY_PORT: String(await freePort()),
    DUALKEY_LOCAL_DIR: directory,
  });
  await mkdir(settings.directory, { recursive: true });
  await startEmbeddedAws(settings, await pythonOfTests());
  const clients = rootClients(settings);

  return {
    ...clients,
    /** Where it answers, for clients of other services. */
    place: { endpoint: settings.endpoint, region: settings.region },

    async table(): Promise<string> {
      const name = `table-${randomBytes(6).toString('hex')}`;
      await clients.dynamo.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'S' },
          ],
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
        }),
      );
      return name;
    },

    async key(spec: 'SYMMETRIC_DEFAULT' | 'ECC_NIST_EDWARDS25519' = 'SYMMETRIC_DEFAULT'): Promise<string> {
      const { KeyMetadata } = await clients.kms.send(
        new CreateKeyCommand({
          KeySpec: spec,
          KeyUsage: spec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY',
        }),
      );
      if (KeyMetadata?.Arn === undefined) throw new Error('KMS made no key');
      return KeyMetadata.Arn;
    },

    async bucket(): Promise<string> {
      const name = `bucket-${randomBytes(6).toString('hex')}`;
      await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },

    async stop(): Promise<void> {
      clients.dynamo.destroy();
      clients.kms.destroy();
      clients.s3.destroy();
      await stopEmbeddedAws(settings);
      await rm(settings.directory, { recursive: true, force: true });
    },
  };
}
export type EmbeddedAwsOfTest = Awaited<ReturnType<typeof embeddedAwsOfTest>>;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gave no free port'));
      });
    });
  });
}
