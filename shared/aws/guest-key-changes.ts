import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import {
  type DynamoDBDocumentClient,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unwrapGuestKey, wrapGuestKey } from '../crypto/guest-key.ts';
import type { Period } from '../ports/keys.ts';
import { backOff, REAL_WAITING } from './back-off.ts';
import { custodyKeyRows, type GuestKeyRow, guestKeyRowSchema, type WrappedBy } from './custody-key-rows.ts';
import { holdKeyPlace, KeyContentionError, periodKeyPlace } from './custody-keys.ts';
import { tableReader } from './table-reader.ts';
import { transact } from './transact.ts';
import { KeyServiceError, type WrappingKeyPlace, wrappingKeys } from './wrapping-keys.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const ATTEMPTS = 20;
export const NAMES = { '#state': 'state' };
export const ACTIVE = { ':active': 'active' };

/** Changes of guest keys' rows, with the counts of what holds and what wraps them: what disposal and holds both make. */
export function guestKeyChanges(
  table: string,
  dynamo: DynamoDBDocumentClient,
  kms: KMSClient,
  custodyKey: string,
) {
  const wrapping = wrappingKeys(table, dynamo, kms, custodyKey);
  const reader = tableReader(table, dynamo);

  async function guestRow(period: Period, guestId: string): Promise<GuestKeyRow | null> {
    const item = await reader.get(custodyKeyRows.guest(period, guestId));
    return item === null ? null : guestKeyRowSchema.parse(item);
  }

  /**
   * Reads a guest key's row and acts on it until the act fits what stands there. What the last act came to is answered:
   * one whose write found the row changed came to nothing. `gone` where there is no row (any more).
   */
  async function onGuestRow<Outcome extends string | null>(
    period: Period,
    guestId: string,
    act: (row: GuestKeyRow) => Promise<{ items: TransactItem[]; outcome: Outcome }>,
  ): Promise<Outcome | 'gone'> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const row = await guestRow(period, guestId);
      if (row === null) return 'gone';
      const { items, outcome } = await act(row);
      if (items.length === 0 || (await transact(dynamo, items)) === 'done') return outcome;
      await backOff(attempt, REAL_WAITING);
    }
    throw new KeyContentionError('A guest key’s row was written by others each time');
  }

  async function present(place: WrappingKeyPlace, create: boolean): Promise<Uint8Array> {
    const key = await (create ? wrapping.readOrCreate(place) : wrapping.read(place));
    if (typeof key === 'string')
      throw new KeyServiceError(`A wrapping key is ${key}, and a guest key still needs it`);
    return key;
  }

  async function rewrapped(period: Period, row: GuestKeyRow, holdId: string): Promise<Uint8Array> {
    const place = { ...period, ...row };
    const from = row.wrappedBy === 'period' ? periodKeyPlace(period) : holdKeyPlace(holdOf(row.wrappedBy));
    const key = unwrapGuestKey(await present(from, false), row.wrapped, place);
    return wrapGuestKey(await present(holdKeyPlace(holdId), true), key, place);
  }

  function countedOnPeriod(period: Period, holds: number): TransactItem {
    return {
      Update: {
        TableName: table,
        Key: custodyKeyRows.period(period),
        UpdateExpression: 'ADD holds :holds',
        ConditionExpression: '#state = :active',
        ExpressionAttributeNames: NAMES,
        ExpressionAttributeValues: { ...ACTIVE, ':holds': holds },
      },
    };
  }

  function countedOnHold(holdId: string, wraps: number): TransactItem {
    return {
      Update: {
        TableName: table,
        Key: custodyKeyRows.hold(holdId),
        UpdateExpression: 'ADD wraps :wraps',
        ConditionExpression: '#state = :active',
        ExpressionAttributeNames: NAMES,
        ExpressionAttributeValues: { ...ACTIVE, ':wraps': wraps },
      },
    };
  }

  async function shredUnusedHoldKey(holdId: string): Promise<void> {
    await conditional(
      writeRow(
        dynamo,
        new UpdateCommand({
          TableName: table,
          Key: custodyKeyRows.hold(holdId),
          UpdateExpression: 'SET #state = :shredded REMOVE #wrapped',
          ConditionExpression: 'released = :yes AND (attribute_not_exists(wraps) OR wraps = :none)',
          ExpressionAttributeNames: { ...NAMES, '#wrapped': 'wrapped' },
          ExpressionAttributeValues: { ':shredded': 'shredded', ':yes': true, ':none': 0 },
        }),
      ),
      'shredded',
      'still needed',
    );
  }

  return { guestRow, onGuestRow, present, rewrapped, countedOnPeriod, countedOnHold, shredUnusedHoldKey };
}

/** The hold that wraps this key. */
export function holdOf(by: Exclude<WrappedBy, 'period'>): string {
  return by.slice('hold#'.length);
}

/** What became of a conditional write: a condition that fails is a value, anything else is thrown. */
export async function conditional<Done extends string, Failed extends string>(
  write: Promise<unknown>,
  done: Done,
  failed: Failed,
): Promise<Done | Failed> {
  try {
    await write;
    return done;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return failed;
    throw error;
  }
}
