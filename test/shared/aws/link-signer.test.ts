import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { linkSigner, sessionPolicy } from '../../../shared/aws/link-signer.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';

const OWN = 'copies/req_1/opn_1.zip';
const OTHERS = ['copies/req_1/opn_2.zip', 'staged/req_1'];

let aws: EmbeddedAwsOfTest;
let sts: STSClient;
let bucket: string;
let role: string;

beforeAll(async () => {
  aws = await embeddedAwsOfTest();
  const { hostname, port } = (await aws.s3.config.endpoint?.()) ?? { hostname: 'localhost', port: 4566 };
  const endpoint = `http://${hostname}:${port}`;
  // The signer makes its own client for the reader's session, from the environment as in a function.
  process.env['AWS_ENDPOINT_URL'] = endpoint;
  process.env['AWS_REGION'] = 'cn-north-1';
  const client = {
    endpoint,
    region: 'cn-north-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  sts = new STSClient(client);
  const iam = new IAMClient(client);
  bucket = await aws.bucket();
  for (const key of [OWN, ...OTHERS]) {
    await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: key }));
  }
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'reader',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  role = Role?.Arn ?? '';
  // Far more than the product's reader may: the session alone must be what narrows.
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'reader',
      PolicyName: 'everything',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
      }),
    }),
  );
  iam.destroy();
}, 300_000);

afterAll(async () => {
  delete process.env['AWS_ENDPOINT_URL'];
  sts.destroy();
  await aws.stop();
});

function link(seconds = 60): Promise<string> {
  return linkSigner(sts, role, bucket).sign({ key: OWN, seconds, session: 'opn_1' });
}

describe('a link', () => {
  it('reads its one object, and no cache keeps it', async () => {
    const response = await fetch(await link());
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(OWN);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('lives as long as it was asked for, and never more than five minutes', async () => {
    expect(new URL(await link(90)).searchParams.get('X-Amz-Expires')).toBe('90');
    for (const seconds of [0, 301, 1.5]) await expect(link(seconds)).rejects.toThrow(RangeError);
  });

  it('is refused with another key, another method or a changed signature', async () => {
    const url = await link();
    for (const other of OTHERS) {
      expect((await fetch(url.replace(OWN, other))).status).toBe(403);
    }
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    const forged = url.replace(
      /X-Amz-Signature=(.)/,
      (_, first) => `X-Amz-Signature=${first === '0' ? '1' : '0'}`,
    );
    expect((await fetch(forged)).status).toBe(403);
  });
});

describe('the session behind a link', () => {
  it('is narrowed to the one object and to its decryption by S3, in the deployment’s own partition', () => {
    const { Statement } = JSON.parse(sessionPolicy('aws-cn', 'delivery', OWN));
    expect(Statement).toEqual([
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws-cn:s3:::delivery/${OWN}` },
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringLike: { 'kms:ViaService': 's3.*' } },
      },
    ]);
  });
});
