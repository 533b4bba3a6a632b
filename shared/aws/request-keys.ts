import type { KMSClient } from '@aws-sdk/client-kms';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { RequestKeys } from '../ports/keys.ts';
import { custodyKeyRows } from './custody-key-rows.ts';
import { type WrappingKeyPlace, wrappingKeys } from './wrapping-keys.ts';
import { writeRow } from './write-through-conflicts.ts';

type Kind = 'evidence' | 'grant';

/** The key of this request was shredded; no other is made in its place. */
export class RequestKeyShreddedError extends Error {
  override name = 'RequestKeyShreddedError';
}

/** Keys of requests under the grant KMS key, never kept in memory between uses. */
export function requestKeys(
  table: string,
  dynamo: DynamoDBDocumentClient,
  kms: KMSClient,
  grantKey: string,
): RequestKeys {
  const wrapping = wrappingKeys(table, dynamo, kms, grantKey);

  function place(kind: Kind, requestId: string): WrappingKeyPlace {
    return { row: custodyKeyRows.request(kind, requestId), context: { purpose: kind, request: requestId } };
  }

  return {
    async create(kind: Kind, requestId: string): Promise<Uint8Array> {
      const key = await wrapping.readOrCreate(place(kind, requestId));
      if (typeof key === 'string') throw new RequestKeyShreddedError(`The ${kind} key was shredded`);
      return key;
    },

    async read(kind: Kind, requestId: string): Promise<Uint8Array | null> {
      const key = await wrapping.read(place(kind, requestId));
      return typeof key === 'string' ? null : key;
    },

    async shred(kind: Kind, requestId: string): Promise<void> {
      const { row } = place(kind, requestId);
      // The row stays without its key: neither a late `create` nor one that comes after makes a key for this request.
      await writeRow(
        dynamo,
        new UpdateCommand({
          TableName: table,
          Key: row,
          UpdateExpression: 'SET #state = :shredded REMOVE #wrapped',
          ExpressionAttributeNames: { '#state': 'state', '#wrapped': 'wrapped' },
          ExpressionAttributeValues: { ':shredded': 'shredded' },
        }),
      );
    },
  };
}
