import type { KMSClient } from '@aws-sdk/client-kms';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../ports/clock.ts';
import type { IndexKey } from '../ports/keys.ts';
import { custodyKeyRows } from './custody-key-rows.ts';
import { keyCache, wrappingKeys } from './wrapping-keys.ts';

const PLACE = { row: custodyKeyRows.index(), context: { purpose: 'index', version: '1' } };

/** The index key was shredded: nothing can be found or recognised any more. */
export class IndexKeyGoneError extends Error {
  override name = 'IndexKeyGoneError';
}

/** The index key under a KMS key of its own (row `INDEX`/`V1`), kept in memory for at most five minutes. */
export function indexKey(
  table: string,
  dynamo: DynamoDBDocumentClient,
  kms: KMSClient,
  indexKmsKey: string,
  clock: Clock,
): IndexKey {
  const wrapping = wrappingKeys(table, dynamo, kms, indexKmsKey);
  const cache = keyCache(clock);
  function present(key: Uint8Array | 'shredded'): Uint8Array {
    if (typeof key === 'string') throw new IndexKeyGoneError('The index key was shredded');
    return key;
  }
  return {
    forIngest: async () => present(await cache.get('index', () => wrapping.readOrCreate(PLACE))),
    async forSearch() {
      const key = await cache.get('index', () => wrapping.read(PLACE));
      return key === 'absent' ? null : present(key);
    },
  };
}
