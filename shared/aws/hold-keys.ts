import type { KMSClient } from '@aws-sdk/client-kms';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { sealText } from '../crypto/sealed-text.ts';
import type { HoldKeys } from '../ports/hold-keys.ts';
import type { Period } from '../ports/keys.ts';
import {
  custodyKeyRows,
  guestHoldsRowSchema,
  keyOfGuestRowSchema,
  periodKeyRowSchema,
} from './custody-key-rows.ts';
import { ACTIVE, conditional, guestKeyChanges, holdOf, NAMES } from './guest-key-changes.ts';
import { tableReader } from './table-reader.ts';
import { writeRow } from './write-through-conflicts.ts';

/** Holds on guest keys: counted on the key, on its period, and on the hold's own key where that wraps it. */
export function holdKeys(
  table: string,
  dynamo: DynamoDBDocumentClient,
  kms: KMSClient,
  custodyKey: string,
): HoldKeys {
  const reader = tableReader(table, dynamo);
  const { onGuestRow, present, rewrapped, countedOnPeriod, countedOnHold, shredUnusedHoldKey } =
    guestKeyChanges(table, dynamo, kms, custodyKey);

  async function addToKey(
    holdId: string,
    period: Period,
    guestId: string,
  ): Promise<'held' | 'too late' | 'gone'> {
    return onGuestRow<'held' | 'too late'>(period, guestId, async (row) => {
      if (row.heldBy.has(holdId)) return { items: [], outcome: 'held' };
      if (row.state !== 'active') return { items: [], outcome: 'too late' };
      if (row.wrappedBy === 'period') {
        // Whether the period still stands decides: once its key is disabled, nothing holds what lies under it.
        const standing = periodKeyRowSchema.parse(await reader.get(custodyKeyRows.period(period)));
        if (standing.state !== 'active') return { items: [], outcome: 'too late' };
      }
      const items = [
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
      return { items, outcome: 'held' };
    });
  }

  async function removeFromKey(holdId: string, period: Period, guestId: string): Promise<void> {
    await onGuestRow(period, guestId, async (row) => {
      if (!row.heldBy.has(holdId)) return { items: [], outcome: null };
      const [other] = [...row.heldBy].filter((held) => held !== holdId).sort();
      const under = holdId === (row.wrappedBy === 'period' ? null : holdOf(row.wrappedBy));
      // Wrapped under this hold's key while another hold stands: it moves to the other's.
      const moved =
        under && other !== undefined ? { to: other, wrapped: await rewrapped(period, row, other) } : null;
      const items = [
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
      return { items, outcome: null };
    });
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
      writeRow(
        dynamo,
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

  return {
    holdsOn: async (guestId, hotel) => [...((await holdsRow(guestId, hotel))?.holds ?? [])].sort(),

    hasKeysAt: async (guestId, hotel) => (await keysOfGuest(guestId, hotel)).length > 0,

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
        writeRow(
          dynamo,
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

    async sealRelease(holdId, { reason, reasonSalt }) {
      const key = await present(
        { row: { pk: `HOLD#${holdId}`, sk: 'EVIDENCE' }, context: { purpose: 'evidence', hold: holdId } },
        true,
      );
      const seal = (field: string, text: string) => sealText(key, { requestId: holdId, field }, text);
      return { reason: seal('release-reason', reason), reasonSalt: seal('release-salt', reasonSalt) };
    },
  };
}
