import type { KMSClient } from '@aws-sdk/client-kms';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { RECORD_CLASSES } from '../domain/record.ts';
import type { KeyDisposal, PeriodKeyState } from '../ports/key-disposal.ts';
import type { Period } from '../ports/keys.ts';
import { custodyKeyRows, guestKeyRowSchema, periodKeyRowSchema } from './custody-key-rows.ts';
import { ACTIVE, conditional, guestKeyChanges, holdOf, NAMES } from './guest-key-changes.ts';
import { tableReader } from './table-reader.ts';
import { writeRow } from './write-through-conflicts.ts';

const forgettingSchema = z.object({ guestId: z.string() });

/** A key that should be destroyed was not disabled before. */
export class KeyNotDisabledError extends Error {
  override name = 'KeyNotDisabledError';
}

/** Destroying keys, in two steps. */
export function keyDisposal(
  table: string,
  dynamo: DynamoDBDocumentClient,
  kms: KMSClient,
  custodyKey: string,
): KeyDisposal {
  const reader = tableReader(table, dynamo);
  const { onGuestRow, rewrapped, countedOnPeriod, countedOnHold, shredUnusedHoldKey } = guestKeyChanges(
    table,
    dynamo,
    kms,
    custodyKey,
  );

  return {
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

    async moveToHold(period: Period, guestId: string): Promise<void> {
      await onGuestRow(period, guestId, async (row) => {
        const [holdId] = [...row.heldBy].sort();
        if (row.state !== 'active' || row.wrappedBy !== 'period' || holdId === undefined)
          return { items: [], outcome: null };
        const wrapped = await rewrapped(period, row, holdId);
        const items = [
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
        return { items, outcome: null };
      });
    },

    async disablePeriod(period: Period) {
      return conditional(
        writeRow(
          dynamo,
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
        writeRow(
          dynamo,
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
        writeRow(
          dynamo,
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
      const freed = await onGuestRow<string | null>(period, guestId, async (row) => {
        const holdId = row.wrappedBy === 'period' ? null : holdOf(row.wrappedBy);
        if (row.state !== 'deleting') throw new KeyNotDisabledError('The guest’s key was not disabled');
        const items = [
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
          ...(holdId === null ? [] : [countedOnHold(holdId, -1)]),
        ];
        return { items, outcome: holdId };
      });
      if (freed !== null && freed !== 'gone') await shredUnusedHoldKey(freed);
    },

    async finish(period: Period, kept: number): Promise<void> {
      await writeRow(
        dynamo,
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
      await writeRow(dynamo, new PutCommand({ TableName: table, Item: custodyKeyRows.bar(guestId) }));
    },

    async settled(guestId: string): Promise<void> {
      await writeRow(dynamo, new DeleteCommand({ TableName: table, Key: custodyKeyRows.bar(guestId) }));
      await writeRow(
        dynamo,
        new DeleteCommand({ TableName: table, Key: custodyKeyRows.guestToForget(guestId) }),
      );
    },
  };
}
