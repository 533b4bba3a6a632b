import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { unwrapGuestKey, wrapGuestKey } from '../crypto/guest-key.ts';
import { sealText, textCommitment } from '../crypto/sealed-text.ts';
import { RECORD_CLASSES } from '../domain/record.ts';
import type { HoldKeys, KeyDisposal, PeriodKeyState } from '../ports/key-disposal.ts';
import type { Period } from '../ports/keys.ts';
import {
  custodyKeyRows,
  type GuestKeyRow,
  guestHoldsRowSchema,
  guestKeyRowSchema,
  keyOfGuestRowSchema,
  periodKeyRowSchema,
  type WrappedBy,
} from './custody-key-rows.ts';
import { holdKeyPlace, KeyContentionError, periodKeyPlace } from './custody-keys.ts';
import { tableReader } from './table-reader.ts';
import { transact } from './transact.ts';
import { KeyServiceError, type WrappingKeyPlace, wrappingKeys } from './wrapping-keys.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const forgettingSchema = z.object({ guestId: z.string() });
const ATTEMPTS = 20;
const NAMES = { '#state': 'state' };
const ACTIVE = { ':active': 'active' };

/** A key that should be destroyed was not disabled before. */
export class KeyNotDisabledError extends Error {
  override name = 'KeyNotDisabledError';
}

/** Holding and destroying keys: the writing side of the key hierarchy that retention and holds share. */
export function keyDisposal(
  table: string,
  dynamo: DynamoDBDocumentClient,
  kms: KMSClient,
  custodyKey: string,
): KeyDisposal & HoldKeys {
  const wrapping = wrappingKeys(table, dynamo, kms, custodyKey);
  const reader = tableReader(table, dynamo);

  async function guestRow(period: Period, guestId: string): Promise<GuestKeyRow | null> {
    const item = await reader.get(custodyKeyRows.guest(period, guestId));
    return item === null ? null : guestKeyRowSchema.parse(item);
  }

  /** Reads a guest key's row and acts on it until the act fits what stands there; null ends it. */
  async function onGuestRow(
    period: Period,
    guestId: string,
    act: (row: GuestKeyRow) => Promise<TransactItem[] | null>,
  ): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const row = await guestRow(period, guestId);
      const items = row === null ? null : await act(row);
      if (items === null || (await transact(dynamo, items)) === 'done') return;
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

  const disposal: KeyDisposal = {
    async periods(hotel: string): Promise<PeriodKeyState[]> {
      const items = await reader.listUnder(`HOTEL#${hotel}`, 'PERIOD#');
      return items.flatMap((item) => {
        const [, className, period] = String(item['sk']).split('#');
        const recordClass = RECORD_CLASSES.find((known) => known === className);
        if (recordClass === undefined || period === undefined) return [];
        const { state, kept } = periodKeyRowSchema.parse(item);
        return [{ hotel, recordClass, period, state, kept }];
      });
    },

    async guestKeys(period: Period) {
      const items = await reader.listUnder(custodyKeyRows.guestsOfPeriod(period), 'GUEST#');
      return items.map((item) => {
        const { guestId, keyId, state, holds } = guestKeyRowSchema.parse(item);
        return { guestId, keyId, state, holds };
      });
    },

    moveToHold: (period: Period, guestId: string) =>
      onGuestRow(period, guestId, async (row) => {
        const [holdId] = [...row.heldBy].sort();
        if (row.state !== 'active' || row.wrappedBy !== 'period' || holdId === undefined) return null;
        const wrapped = await rewrapped(period, row, holdId);
        return [
          {
            Update: {
              TableName: table,
              Key: custodyKeyRows.guest(period, guestId),
              UpdateExpression: 'SET #wrapped = :wrapped, wrappedBy = :hold',
              ConditionExpression:
                '#state = :active AND wrappedBy = :period AND holds = :holds AND contains(heldBy, :holdId)',
              ExpressionAttributeNames: { ...NAMES, '#wrapped': 'wrapped' },
              ExpressionAttributeValues: {
                ...ACTIVE,
                ':wrapped': wrapped,
                ':hold': `hold#${holdId}`,
                ':period': 'period',
                ':holds': row.holds,
                ':holdId': holdId,
              },
            },
          },
          countedOnPeriod(period, -row.holds),
          countedOnHold(holdId, 1),
        ];
      }),

    async disablePeriod(period: Period) {
      return conditional(
        dynamo.send(
          new UpdateCommand({
            TableName: table,
            Key: custodyKeyRows.period(period),
            UpdateExpression: 'SET #state = :deleting',
            ConditionExpression: '#state IN (:deleting, :shredded) OR (#state = :active AND holds = :none)',
            ExpressionAttributeNames: NAMES,
            ExpressionAttributeValues: {
              ...ACTIVE,
              ':deleting': 'deleting',
              ':shredded': 'shredded',
              ':none': 0,
            },
          }),
        ),
        'disabled',
        'held',
      );
    },

    async disableGuest(period: Period, guestId: string) {
      return conditional(
        dynamo.send(
          new UpdateCommand({
            TableName: table,
            Key: custodyKeyRows.guest(period, guestId),
            UpdateExpression: 'SET #state = :deleting',
            ConditionExpression: 'attribute_exists(pk) AND holds = :none',
            ExpressionAttributeNames: NAMES,
            ExpressionAttributeValues: { ':deleting': 'deleting', ':none': 0 },
          }),
        ),
        'disabled',
        'held',
      );
    },

    async shredPeriod(period: Period): Promise<void> {
      const outcome = await conditional(
        dynamo.send(
          new UpdateCommand({
            TableName: table,
            Key: custodyKeyRows.period(period),
            UpdateExpression: 'REMOVE #wrapped',
            ConditionExpression: '#state = :deleting',
            ExpressionAttributeNames: { ...NAMES, '#wrapped': 'wrapped' },
            ExpressionAttributeValues: { ':deleting': 'deleting' },
          }),
        ),
        'shredded',
        'not disabled',
      );
      if (outcome === 'not disabled') throw new KeyNotDisabledError('The period’s key was not disabled');
    },

    async shredGuest(period: Period, guestId: string): Promise<void> {
      await onGuestRow(period, guestId, async (row) => {
        if (row.state !== 'deleting') throw new KeyNotDisabledError('The guest’s key was not disabled');
        return [
          {
            Delete: {
              TableName: table,
              Key: custodyKeyRows.guest(period, guestId),
              ConditionExpression: '#state = :deleting AND wrappedBy = :by',
              ExpressionAttributeNames: NAMES,
              ExpressionAttributeValues: { ':deleting': 'deleting', ':by': row.wrappedBy },
            },
          },
          { Delete: { TableName: table, Key: custodyKeyRows.keyOfGuest(period, guestId) } },
          { Put: { TableName: table, Item: { ...custodyKeyRows.guestToForget(guestId), guestId } } },
          ...(row.wrappedBy === 'period' ? [] : [countedOnHold(holdOf(row.wrappedBy), -1)]),
        ];
      });
    },

    async finish(period: Period, kept: number): Promise<void> {
      await dynamo.send(
        new UpdateCommand({
          TableName: table,
          Key: custodyKeyRows.period(period),
          UpdateExpression: 'SET #state = :shredded, kept = :kept',
          ConditionExpression: '#state IN (:deleting, :shredded) AND attribute_not_exists(#wrapped)',
          ExpressionAttributeNames: { ...NAMES, '#wrapped': 'wrapped' },
          ExpressionAttributeValues: { ':shredded': 'shredded', ':deleting': 'deleting', ':kept': kept },
        }),
      );
    },

    async guestsToForget(): Promise<string[]> {
      const items = await reader.listUnder(custodyKeyRows.guestToForget('').pk, 'GUEST#');
      return items.map((item) => forgettingSchema.parse(item).guestId);
    },

    async hasKeys(guestId: string): Promise<boolean> {
      return (await reader.listUnder(`GUEST#${guestId}`, 'KEY#')).length > 0;
    },

    async barGuest(guestId: string): Promise<void> {
      await dynamo.send(new PutCommand({ TableName: table, Item: custodyKeyRows.bar(guestId) }));
    },

    async settled(guestId: string): Promise<void> {
      await dynamo.send(new DeleteCommand({ TableName: table, Key: custodyKeyRows.bar(guestId) }));
      await dynamo.send(new DeleteCommand({ TableName: table, Key: custodyKeyRows.guestToForget(guestId) }));
    },
  };

  async function addToKey(
    holdId: string,
    period: Period,
    guestId: string,
  ): Promise<'held' | 'too late' | 'gone'> {
    let outcome: 'held' | 'too late' | 'gone' = 'gone';
    await onGuestRow(period, guestId, async (row) => {
      if (row.heldBy.has(holdId)) {
        outcome = 'held';
        return null;
      }
      if (row.state !== 'active') {
        outcome = 'too late';
        return null;
      }
      if (row.wrappedBy === 'period') {
        // Whether the period still stands decides: once its key is disabled, nothing holds what lies under it.
        const standing = periodKeyRowSchema.parse(await reader.get(custodyKeyRows.period(period)));
        if (standing.state !== 'active') {
          outcome = 'too late';
          return null;
        }
      }
      outcome = 'held';
      return [
        {
          Update: {
            TableName: table,
            Key: custodyKeyRows.guest(period, guestId),
            UpdateExpression: 'ADD holds :one, heldBy :hold',
            ConditionExpression: '#state = :active AND wrappedBy = :by AND NOT contains(heldBy, :holdId)',
            ExpressionAttributeNames: NAMES,
            ExpressionAttributeValues: {
              ...ACTIVE,
              ':one': 1,
              ':hold': new Set([holdId]),
              ':holdId': holdId,
              ':by': row.wrappedBy,
            },
          },
        },
        ...(row.wrappedBy === 'period' ? [countedOnPeriod(period, 1)] : []),
      ];
    });
    return outcome;
  }

  function removeFromKey(holdId: string, period: Period, guestId: string): Promise<void> {
    return onGuestRow(period, guestId, async (row) => {
      if (!row.heldBy.has(holdId)) return null;
      const [other] = [...row.heldBy].filter((held) => held !== holdId).sort();
      const under = holdId === (row.wrappedBy === 'period' ? null : holdOf(row.wrappedBy));
      // Wrapped under this hold's key while another hold stands: it moves to the other's.
      const moved =
        under && other !== undefined ? { to: other, wrapped: await rewrapped(period, row, other) } : null;
      return [
        {
          Update: {
            TableName: table,
            Key: custodyKeyRows.guest(period, guestId),
            UpdateExpression: `${moved === null ? '' : 'SET #wrapped = :wrapped, wrappedBy = :to '}ADD holds :less DELETE heldBy :hold`,
            ConditionExpression: 'contains(heldBy, :holdId) AND wrappedBy = :by AND holds = :holds',
            ...(moved === null ? {} : { ExpressionAttributeNames: { '#wrapped': 'wrapped' } }),
            ExpressionAttributeValues: {
              ':less': -1,
              ':hold': new Set([holdId]),
              ':holdId': holdId,
              ':by': row.wrappedBy,
              ':holds': row.holds,
              ...(moved === null ? {} : { ':wrapped': moved.wrapped, ':to': `hold#${moved.to}` }),
            },
          },
        },
        ...(row.wrappedBy === 'period' ? [countedOnPeriod(period, -1)] : []),
        ...(moved === null ? [] : [countedOnHold(moved.to, 1), countedOnHold(holdId, -1)]),
      ];
    });
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

  async function keysOfGuest(guestId: string, hotel: string): Promise<Period[]> {
    const items = await reader.listUnder(`GUEST#${guestId}`, `KEY#${hotel}#`);
    return items.map((item) => keyOfGuestRowSchema.parse(item));
  }

  async function holdsRow(guestId: string, hotel: string) {
    const item = await reader.get(custodyKeyRows.holdsOfGuest(guestId, hotel));
    return item === null ? null : guestHoldsRowSchema.parse(item);
  }

  /** Keys that are made from now on start with the hold, or without it. */
  function mark(guestId: string, hotel: string, holdId: string, act: 'ADD' | 'DELETE') {
    const contains = 'contains(holds, :holdId)';
    return conditional(
      dynamo.send(
        new UpdateCommand({
          TableName: table,
          Key: custodyKeyRows.holdsOfGuest(guestId, hotel),
          UpdateExpression:
            act === 'ADD' ? 'ADD version :one, holds :hold' : 'ADD version :one DELETE holds :hold',
          ConditionExpression: act === 'ADD' ? `attribute_not_exists(pk) OR NOT ${contains}` : contains,
          ExpressionAttributeValues: { ':one': 1, ':hold': new Set([holdId]), ':holdId': holdId },
        }),
      ),
      'marked',
      'marked already',
    );
  }

  const holding: HoldKeys = {
    holdsOn: async (guestId, hotel) => [...((await holdsRow(guestId, hotel))?.holds ?? [])].sort(),

    async add(holdId, guestId, hotel) {
      await mark(guestId, hotel, holdId, 'ADD');
      let [keys, tooLate] = [0, 0];
      for (const period of await keysOfGuest(guestId, hotel)) {
        const outcome = await addToKey(holdId, period, guestId);
        if (outcome === 'held') keys += 1;
        if (outcome === 'too late') tooLate += 1;
      }
      return { keys, tooLate };
    },

    async remove(holdId, guestId, hotel) {
      await mark(guestId, hotel, holdId, 'DELETE');
      for (const period of await keysOfGuest(guestId, hotel)) await removeFromKey(holdId, period, guestId);
    },

    async released(holdId: string): Promise<void> {
      await conditional(
        dynamo.send(
          new UpdateCommand({
            TableName: table,
            Key: custodyKeyRows.hold(holdId),
            UpdateExpression: 'SET released = :yes',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':yes': true },
          }),
        ),
        'marked',
        'has no key',
      );
      await shredUnusedHoldKey(holdId);
    },

    async sealReason(holdId: string, reason: string) {
      const key = await present(
        { row: { pk: `HOLD#${holdId}`, sk: 'EVIDENCE' }, context: { purpose: 'evidence', hold: holdId } },
        true,
      );
      const place = { requestId: holdId, field: 'release-reason' };
      return { sealed: sealText(key, place, reason), commitment: textCommitment(key, place, reason) };
    },
  };

  async function shredUnusedHoldKey(holdId: string): Promise<void> {
    await conditional(
      dynamo.send(
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

  return {
    ...disposal,
    ...holding,
    async shredGuest(period: Period, guestId: string): Promise<void> {
      const row = await guestRow(period, guestId);
      await disposal.shredGuest(period, guestId);
      if (row !== null && row.wrappedBy !== 'period') await shredUnusedHoldKey(holdOf(row.wrappedBy));
    },
  };
}

function holdOf(by: Exclude<WrappedBy, 'period'>): string {
  return by.slice('hold#'.length);
}

/** What became of a conditional write: a condition that fails is a value, anything else is thrown. */
async function conditional<Done extends string, Failed extends string>(
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
