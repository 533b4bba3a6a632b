import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { LONGEST_CACHE_MS } from '../domain/key-cache-time.ts';
import { tableReader } from './table-reader.ts';
import { writeRow } from './write-through-conflicts.ts';

/** KMS answered without the key that was asked for. */
export class KeyServiceError extends Error {
  override name = 'KeyServiceError';
}

const rowSchema = z.object({ state: z.string(), wrapped: z.instanceof(Uint8Array).optional() });

/** A row of the keys table that holds one key under KMS, and the encryption context that binds it there. */
export type WrappingKeyPlace = { row: { pk: string; sk: string }; context: Record<string, string> };

/**
 * Keys that lie under a KMS key, one row each. Creation is conditional: of two that make the same key at once, one is
 * stored and both use it. A row that is not `active` gives no key.
 */
export function wrappingKeys(table: string, dynamo: DynamoDBDocumentClient, kms: KMSClient, kmsKey: string) {
  const reader = tableReader(table, dynamo);

  async function read(place: WrappingKeyPlace): Promise<Uint8Array | 'absent' | 'shredded'> {
    const item = await reader.get(place.row);
    if (item === null) return 'absent';
    const { state, wrapped } = rowSchema.parse(item);
    if (state !== 'active' || wrapped === undefined) return 'shredded';
    const { Plaintext } = await kms.send(
      new DecryptCommand({ KeyId: kmsKey, CiphertextBlob: wrapped, EncryptionContext: place.context }),
    );
    if (Plaintext === undefined) throw new KeyServiceError('KMS decrypted no key');
    return Plaintext;
  }

  async function readOrCreate(place: WrappingKeyPlace): Promise<Uint8Array | 'shredded'> {
    const there = await read(place);
    if (there !== 'absent') return there;
    const { Plaintext, CiphertextBlob } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: kmsKey, KeySpec: 'AES_256', EncryptionContext: place.context }),
    );
    if (Plaintext === undefined || CiphertextBlob === undefined) {
      throw new KeyServiceError('KMS made no key');
    }
    try {
      await writeRow(
        dynamo,
        new PutCommand({
          TableName: table,
          Item: { ...place.row, state: 'active', wrapped: CiphertextBlob, holds: 0, version: 1 },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return Plaintext;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // Somebody else was first: theirs is the key.
      const theirs = await read(place);
      return theirs === 'absent' ? 'shredded' : theirs;
    }
  }

  return { read, readOrCreate };
}

/**
 * Keys kept for at most five minutes; the age is checked at each use, and a clock that went back counts as too old. Who
 * asks for a key that is being loaded waits for that load instead of making another.
 */
export function keyCache(clock: () => Date) {
  const kept = new Map<string, { key: Uint8Array; since: number }>();
  const loading = new Map<string, Promise<Uint8Array | string>>();

  function startLoad<Miss extends string>(
    name: string,
    load: () => Promise<Uint8Array | Miss>,
  ): Promise<Uint8Array | Miss> {
    // The age counts from before the load: the row was read no earlier than that.
    const since = clock().getTime();
    const loaded = load().then(
      (key) => {
        // What was to be forgotten meanwhile is for those who asked before.
        if (loading.get(name) === loaded && typeof key !== 'string') kept.set(name, { key, since });
        if (loading.get(name) === loaded) loading.delete(name);
        return key;
      },
      (error: unknown) => {
        if (loading.get(name) === loaded) loading.delete(name);
        throw error;
      },
    );
    loading.set(name, loaded);
    return loaded;
  }

  return {
    async get<Miss extends string>(
      name: string,
      load: () => Promise<Uint8Array | Miss>,
    ): Promise<Uint8Array | Miss> {
      for (;;) {
        const now = clock().getTime();
        const cached = kept.get(name);
        if (cached !== undefined && now >= cached.since && now - cached.since < LONGEST_CACHE_MS)
          return cached.key;
        kept.delete(name);
        const underWay = loading.get(name);
        if (underWay === undefined) return startLoad(name, load);
        const key = await underWay;
        // That another's load found none says nothing of this one's, which may make it.
        if (typeof key !== 'string') return key;
      }
    },
    forget(name: string): void {
      kept.delete(name);
      loading.delete(name);
    },
  };
}
