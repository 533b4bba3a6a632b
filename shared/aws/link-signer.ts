import { GetObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { LinkSigner } from '../ports/link-signer.ts';
import { s3Client } from './clients.ts';

/** The reader role's session came without credentials. */
export class ReaderSessionError extends Error {
  override name = 'ReaderSessionError';
}

/** The shortest session that STS gives. A link ends before its session does. */
const SESSION_SECONDS = 900;
const LONGEST_LINK_SECONDS = 300;

/**
 * Signs with a session of the reader role that is narrowed to the one object: neither the link nor the session behind
 * it can read anything else, whatever the role may.
 */
export function linkSigner(sts: STSClient, readerRole: string, bucket: string): LinkSigner {
  return {
    async sign({ key, seconds, session }): Promise<string> {
      if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_LINK_SECONDS) {
        throw new RangeError(`A link lives 1 to ${LONGEST_LINK_SECONDS} s`);
      }
      const { Credentials } = await sts.send(
        new AssumeRoleCommand({
          RoleArn: readerRole,
          RoleSessionName: session,
          DurationSeconds: SESSION_SECONDS,
          Policy: sessionPolicy(partitionOf(readerRole), bucket, key),
        }),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
      if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
        throw new ReaderSessionError('STS gave no session of the reader role');
      }
      const s3 = s3Client({
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      });
      const object = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ResponseCacheControl: 'no-store',
        ResponseContentDisposition: `attachment; filename="${session}.zip"`,
      });
      return getSignedUrl(s3, object, { expiresIn: seconds });
    },
  };
}

/** What is left of the reader role in this session: one object, and its decryption by S3. */
export function sessionPolicy(partition: string, bucket: string, key: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: `arn:${partition}:s3:::${bucket}/${key}`,
      },
      {
        // A session policy only narrows: the role itself names the one key, and this leaves S3's use of it.
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringLike: { 'kms:ViaService': 's3.*' } },
      },
    ],
  });
}

function partitionOf(arn: string): string {
  return arn.split(':')[1] ?? 'aws';
}
