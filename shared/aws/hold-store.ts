import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type LegalHold, legalHoldSchema } from '../domain/legal-hold.ts';
import type { HoldStore } from '../ports/hold-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { stepUpItems } from './step-up-store.ts';
import { tableReader } from './table-reader.ts';
import { transact } from './transact.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const referenceSchema = z.object({ holdId: z.string() });

/** A hold that is to be written is there already, or changed under the write. */
export class HoldConflictError extends Error {
  override name = 'HoldConflictError';
}

/** A hold's subject in the chain of custody. */
export function holdSubject(holdId: string): string {
  return `hold/${holdId}`;
}

/**
 * Legal holds in the cases table: the hold's own row, a row in the list of holds (`HOLDS` while it stands, `HOLDS#RELEASED`
 * after), and one row for each guest.
 */
export function holdStore(
  table: string,
  dynamo: DynamoDBDocumentClient,
  custody: CustodyLog,
  directoryTable?: string,
): HoldStore {
  const keys = {
    hold: (holdId: string) => ({ pk: `HOLD#${holdId}`, sk: 'HOLD' }),
    standing: (holdId: string) => ({ pk: 'HOLDS', sk: `HOLD#${holdId}` }),
    past: (holdId: string) => ({ pk: 'HOLDS#RELEASED', sk: `HOLD#${holdId}` }),
    guest: (guestId: string, holdId: string) => ({ pk: `GUEST#${guestId}`, sk: `HOLD#${holdId}` }),
  };

  const reader = tableReader(table, dynamo);

  async function read(holdId: string): Promise<LegalHold | null> {
    const item = await reader.get(keys.hold(holdId));
    return item === null ? null : legalHoldSchema.parse(item);
  }

  async function listed(pk: string): Promise<LegalHold[]> {
    const holds: LegalHold[] = [];
    for await (const item of reader.under(pk, 'HOLD#')) {
      const hold = await read(referenceSchema.parse(item).holdId);
      if (hold !== null) holds.push(hold);
    }
    return holds;
  }

  function put(item: Record<string, unknown>): TransactItem {
    return { Put: { TableName: table, Item: item } };
  }

  async function settle(
    holdId: string,
    from: 'placing' | 'releasing',
    to: 'active' | 'released',
  ): Promise<void> {
    try {
      await writeRow(
        dynamo,
        new UpdateCommand({
          TableName: table,
          Key: keys.hold(holdId),
          UpdateExpression: 'SET #state = :to',
          ConditionExpression: '#state = :from',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':from': from, ':to': to },
        }),
      );
    } catch (error) {
      // Settled by another run, or moved on since.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  return {
    async create(hold: LegalHold, event): Promise<void> {
      const { holdId } = hold;
      const outcome = await custody.record(holdSubject(holdId), 'hold-placed', event, [
        {
          Put: {
            TableName: table,
            Item: { ...keys.hold(holdId), ...hold },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        put({ ...keys.standing(holdId), holdId }),
        ...hold.guests.map((guestId) => put({ ...keys.guest(guestId, holdId), holdId })),
      ]);
      if (outcome !== 'recorded') throw new HoldConflictError(`Hold ${holdId} is there already`);
    },

    read,
    ofGuest: (guestId: string) => listed(`GUEST#${guestId}`),

    async list(options): Promise<LegalHold[]> {
      const standing = await listed('HOLDS');
      const past = options?.released === true ? await listed('HOLDS#RELEASED') : [];
      return [...standing, ...past].sort((a, b) => (a.placed.at < b.placed.at ? 1 : -1));
    },

    async extend(hold, guestId, event): Promise<void> {
      // A condition that fails means that the guest is there already, or that the hold is being released.
      await custody.record(holdSubject(hold.holdId), 'hold-placed', event, [
        {
          Update: {
            TableName: table,
            Key: keys.hold(hold.holdId),
            UpdateExpression: 'SET guests = list_append(guests, :guests)',
            ConditionExpression: '#state IN (:placing, :active) AND NOT contains(guests, :guest)',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: {
              ':guests': [guestId],
              ':guest': guestId,
              ':placing': 'placing',
              ':active': 'active',
            },
          },
        },
        put({ ...keys.guest(guestId, hold.holdId), holdId: hold.holdId }),
      ]);
    },

    placed: (holdId: string) => settle(holdId, 'placing', 'active'),

    async release(hold, release, event, stepUp) {
      if (directoryTable === undefined) throw new Error('This store was not told where steps-up are used up');
      const { holdId } = hold;
      const outcome = await custody.record(holdSubject(holdId), 'hold-released', event, [
        {
          Update: {
            TableName: table,
            Key: keys.hold(holdId),
            UpdateExpression: 'SET #state = :releasing, #release = :release',
            ConditionExpression: '#state IN (:placing, :active)',
            ExpressionAttributeNames: { '#state': 'state', '#release': 'release' },
            ExpressionAttributeValues: {
              ':releasing': 'releasing',
              ':placing': 'placing',
              ':active': 'active',
              ':release': release,
            },
          },
        },
        ...stepUpItems(directoryTable, stepUp),
      ]);
      return outcome === 'recorded' ? 'releasing' : 'stale';
    },

    async released(holdId: string): Promise<void> {
      await settle(holdId, 'releasing', 'released');
      const hold = await read(holdId);
      if (hold?.state !== 'released') return;
      await transact(dynamo, [
        { Delete: { TableName: table, Key: keys.standing(holdId) } },
        put({ ...keys.past(holdId), holdId }),
      ]);
    },
  };
}
