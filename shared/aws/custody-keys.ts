import { randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import {
  type DynamoDBDocumentClient,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { newKey } from '../crypto/gcm-box.ts';
import { unwrapGuestKey, wrapGuestKey } from '../crypto/guest-key.ts';
import { tupleKey } from '../domain/tuple-key.ts';
import type { Clock } from '../ports/clock.ts';
import type { CustodyKeys, GuestKey, Period } from '../ports/keys.ts';
import { backOff, REAL_WAITING } from './back-off.ts';
import {
  custodyKeyRows,
  FIRST_VERSION,
  type GuestKeyRow,
  guestHoldsRowSchema,
  guestKeyRowSchema,
  type WrappedBy,
} from './custody-key-rows.ts';
import { tableReader } from './table-reader.ts';
import { ROW_CHANGED, transact } from './transact.ts';
import { keyCache, type WrappingKeyPlace, wrappingKeys } from './wrapping-keys.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A guest key could not be made although nothing forbids it: too many others wrote the same rows at the same time. */
export class KeyContentionError extends Error {
  override name = 'KeyContentionError';
}

const SHREDDED: GuestKey = { state: 'shredded' };
const ATTEMPTS = 12;
/** The transaction that makes a guest key: its items by their indexes. */
const ITEM = { guestKey: 0, keyOfGuest: 1, period: 2, bar: 3, holds: 4 } as const;

/** A period's key in the keys table, bound by its encryption context to hotel, class and period. */
export function periodKeyPlace(period: Period): WrappingKeyPlace {
  return {
    row: custodyKeyRows.period(period),
    context: { hotel: period.hotel, class: period.recordClass, period: period.period },
  };
}

/** A hold's key: what guest keys lie under once their period is gone. */
export function holdKeyPlace(holdId: string): WrappingKeyPlace {
  return { row: custodyKeyRows.hold(holdId), context: { hold: holdId } };
}

/**
 * The check that belongs into the transaction that commits a block: its guest's key is still the one that sealed it,
 * and its deletion has not begun.
 */
export function activeGuestKeyCheck(
  keysTable: string,
  period: Period,
  guestId: string,
  keyId: string,
): TransactItem {
  return {
    ConditionCheck: {
      TableName: keysTable,
      Key: custodyKeyRows.guest(period, guestId),
      ConditionExpression: '#state = :active AND keyId = :keyId',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':active': 'active', ':keyId': keyId },
    },
  };
}

/**
 * KMS → period key → guest key. Only the keys directly under KMS are cached, at most five minutes; a guest key's row is
 * read afresh each time, so that shredding it takes effect at once. KMS is called once for each period, never for each
 * message. `clock` gives the real time, whatever time a run pretends to have: it measures the cache.
 */
export function custodyKeys(
  table: string,
  dynamo: DynamoDBDocumentClient,
  kms: KMSClient,
  custodyKey: string,
  clock: Clock,
): CustodyKeys {
  const wrapping = wrappingKeys(table, dynamo, kms, custodyKey);
  const cache = keyCache(clock);
  const inTurn = turns();
  const reader = tableReader(table, dynamo);

  async function guestRow(period: Period, guestId: string): Promise<GuestKeyRow | null> {
    const item = await reader.get(custodyKeyRows.guest(period, guestId));
    return item === null ? null : guestKeyRowSchema.parse(item);
  }

  function wrappingKeyOf(period: Period, by: WrappedBy): Promise<Uint8Array | 'absent' | 'shredded'> {
    const place = by === 'period' ? periodKeyPlace(period) : holdKeyPlace(by.slice('hold#'.length));
    return cache.get(tupleKey(place.row.pk, place.row.sk), () => wrapping.read(place));
  }

  async function unwrapped(period: Period, row: GuestKeyRow): Promise<GuestKey> {
    if (row.state !== 'active') return SHREDDED;
    const wrappingKey = await wrappingKeyOf(period, row.wrappedBy);
    if (typeof wrappingKey === 'string') return SHREDDED;
    const key = unwrapGuestKey(wrappingKey, row.wrapped, { ...period, ...row });
    return { state: 'active', keyId: row.keyId, version: row.version, key };
  }

  /** Somebody deletes the identifiers of this guest, of whom nothing was left: that must stop before a key is made. */
  async function liftBar(guestId: string): Promise<void> {
    try {
      await writeRow(
        dynamo,
        new UpdateCommand({
          TableName: table,
          Key: custodyKeyRows.bar(guestId),
          UpdateExpression: 'SET lifted = :yes',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':yes': true },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** `ROW_CHANGED`: others wrote one of the rows first; read again. */
  async function create(
    period: Period,
    guestId: string,
    periodKey: Uint8Array,
  ): Promise<GuestKey | { [ROW_CHANGED]: number[] }> {
    const holdsKey = custodyKeyRows.holdsOfGuest(guestId, period.hotel);
    const item = await reader.get(holdsKey);
    const marker = item === null ? null : guestHoldsRowSchema.parse(item);
    const heldBy = marker?.holds ?? new Set<string>();
    const key = newKey();
    const place = {
      ...period,
      guestId,
      keyId: `gk_${randomBytes(16).toString('hex')}`,
      version: FIRST_VERSION,
    };
    const row: Omit<GuestKeyRow, 'guestId' | 'version'> = {
      keyId: place.keyId,
      wrapped: wrapGuestKey(periodKey, key, place),
      wrappedBy: 'period',
      state: 'active',
      holds: heldBy.size,
      heldBy,
    };
    const outcome = await transact(dynamo, [
      {
        Put: {
          TableName: table,
          Item: {
            ...custodyKeyRows.guest(period, guestId),
            ...row,
            heldBy: heldBy.size === 0 ? undefined : heldBy,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      { Put: { TableName: table, Item: custodyKeyRows.keyOfGuest(period, guestId) } },
      periodStillActive(table, period, heldBy.size),
      {
        ConditionCheck: {
          TableName: table,
          Key: custodyKeyRows.bar(guestId),
          ConditionExpression: 'attribute_not_exists(pk) OR lifted = :yes',
          ExpressionAttributeValues: { ':yes': true },
        },
      },
      {
        ConditionCheck: {
          TableName: table,
          Key: holdsKey,
          ...(marker === null
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: '#version = :version',
                ExpressionAttributeNames: { '#version': 'version' },
                ExpressionAttributeValues: { ':version': marker.version },
              }),
        },
      },
    ]);
    return outcome === 'done'
      ? { state: 'active', keyId: place.keyId, version: place.version, key }
      : outcome;
  }

  return {
    async forWriting(period: Period, guestId: string): Promise<GuestKey> {
      const place = periodKeyPlace(period);
      const name = tupleKey(place.row.pk, place.row.sk);
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const row = await guestRow(period, guestId);
        if (row !== null) return unwrapped(period, row);
        const periodKey = await cache.get(name, () => wrapping.readOrCreate(place));
        if (typeof periodKey === 'string') return SHREDDED;
        // Each names the period's row, and transactions on one row at the same time cancel each other.
        const made = await inTurn(name, () => create(period, guestId, periodKey));
        if ('state' in made) return made;
        if (made[ROW_CHANGED].includes(ITEM.bar)) await liftBar(guestId);
        // The period may be going: its row decides, not what was kept of it.
        if (made[ROW_CHANGED].includes(ITEM.period)) cache.forget(name);
        await backOff(attempt, REAL_WAITING);
      }
      throw new KeyContentionError(
        'A guest key could not be made: its rows were written by others each time',
      );
    },

    async forReading(period: Period, guestId: string): Promise<GuestKey> {
      const row = await guestRow(period, guestId);
      return row === null ? SHREDDED : unwrapped(period, row);
    },
  };
}

/** Work of the same name is done one after another, whatever becomes of it; that of different names at the same time. */
function turns() {
  const last = new Map<string, Promise<unknown>>();
  return async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const before = last.get(name) ?? Promise.resolve();
    const own = before.then(work, work);
    last.set(name, own);
    try {
      return await own;
    } finally {
      if (last.get(name) === own) last.delete(name);
    }
  };
}

function periodStillActive(table: string, period: Period, holds: number): TransactItem {
  const common = {
    TableName: table,
    Key: custodyKeyRows.period(period),
    ConditionExpression: '#state = :active',
    ExpressionAttributeNames: { '#state': 'state' },
  };
  return holds === 0
    ? { ConditionCheck: { ...common, ExpressionAttributeValues: { ':active': 'active' } } }
    : {
        Update: {
          ...common,
          UpdateExpression: 'ADD holds :holds',
          ExpressionAttributeValues: { ':active': 'active', ':holds': holds },
        },
      };
}
