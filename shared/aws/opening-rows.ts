import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type Opening, openingSchema } from '../domain/access-grant.ts';
import { LATE_COPY_SECONDS } from '../domain/rendering.ts';
import type { DueKind, EventDraft } from '../ports/grant-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { tableReader } from './table-reader.ts';
import { transact } from './transact.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** DynamoDB keeps no empty set: the attribute is absent where nothing is being prepared. */
const preparingSchema = z.object({ openings: z.set(z.string()).default(new Set()) });
const ATTEMPTS = 8;

/** The opening's row kept changing while its copy's deletion was to be recorded. */
export class OpeningKeepsChangingError extends Error {
  override name = 'OpeningKeepsChangingError';
}

/** A partition of their own: who renders a copy has nothing to write in the request's row. */
function openingsOf(requestId: string): string {
  return `OPENINGS#${requestId}`;
}

/** Openings of grants, with what of them stands in a transaction with their grant's row. */
export function openingRows(table: string, dynamo: DynamoDBDocumentClient, log: CustodyLog) {
  const reader = tableReader(table, dynamo);

  function openingKey(requestId: string, openingId: string) {
    return { pk: openingsOf(requestId), sk: `OPENING#${openingId}` };
  }

  /** Ids of the openings that are in `preparing`, changed in one transaction with their rows. */
  function preparingKey(requestId: string) {
    return { pk: openingsOf(requestId), sk: 'PREPARING' };
  }

  function noLongerPreparing({ requestId, openingId }: Opening): TransactItem {
    return {
      Update: {
        TableName: table,
        Key: preparingKey(requestId),
        UpdateExpression: 'DELETE openings :opening',
        ExpressionAttributeValues: { ':opening': new Set([openingId]) },
      },
    };
  }

  async function read(requestId: string, openingId: string): Promise<Opening | null> {
    const item = await reader.get(openingKey(requestId, openingId));
    return item === null ? null : openingSchema.parse(item);
  }

  return {
    read,

    async ofRequest(requestId: string): Promise<Opening[]> {
      const items = await reader.listUnder(openingsOf(requestId), 'OPENING#');
      return items.map((item) => openingSchema.parse(item));
    },

    /** How many of a request's openings are being prepared. */
    async preparing(requestId: string): Promise<number> {
      return preparingSchema.parse((await reader.get(preparingKey(requestId))) ?? {}).openings.size;
    },

    /** An opening that is being prepared, as one of so many that are left. */
    prepared(one: Opening, left: number): TransactItem[] {
      return [
        {
          Put: {
            TableName: table,
            Item: { ...openingKey(one.requestId, one.openingId), ...one, due: 'copy', dueAt: one.deleteAt },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Update: {
            TableName: table,
            Key: preparingKey(one.requestId),
            UpdateExpression: 'ADD openings :opening',
            ConditionExpression: 'attribute_not_exists(openings) OR size(openings) < :left',
            ExpressionAttributeValues: { ':opening': new Set([one.openingId]), ':left': left },
          },
        },
      ];
    },

    /** An opening whose copy was rendered, counted with its grant. */
    issued(one: Opening): TransactItem[] {
      return [
        {
          Put: {
            TableName: table,
            Item: {
              ...openingKey(one.requestId, one.openingId),
              ...one,
              state: 'issued',
              due: 'copy',
              dueAt: one.deleteAt,
            },
            ConditionExpression: '#state = :preparing AND copyKey = :copy',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':preparing': 'preparing', ':copy': one.copyKey },
          },
        },
        noLongerPreparing(one),
      ];
    },

    async rendered(
      one: Opening,
      copy: { copyKey: string; copyDigest: string },
    ): Promise<'bound' | 'not-bound'> {
      try {
        await writeRow(
          dynamo,
          new UpdateCommand({
            TableName: table,
            Key: openingKey(one.requestId, one.openingId),
            UpdateExpression: 'SET copyKey = :key, copyDigest = :digest',
            ConditionExpression: '#state = :preparing AND copyKey = :read',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: {
              ':key': copy.copyKey,
              ':digest': copy.copyDigest,
              ':preparing': 'preparing',
              ':read': one.copyKey,
            },
          }),
        );
        return 'bound';
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // An update that was answered by nobody and sent again finds what it wrote itself.
        const there = await read(one.requestId, one.openingId);
        return there?.copyKey === copy.copyKey ? 'bound' : 'not-bound';
      }
    },

    async copyDeleted(one: Opening, event: EventDraft): Promise<void> {
      const lateUntil = new Date(event.at.getTime() + LATE_COPY_SECONDS * 1000).toISOString();
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const there = await read(one.requestId, one.openingId);
        if (there === null || there.state === 'deleted') return;
        const outcome = await log.record(`copies/${one.requestId}`, 'copy-deleted', event, [
          {
            Update: {
              TableName: table,
              Key: openingKey(one.requestId, one.openingId),
              UpdateExpression: 'SET #state = :deleted, lateUntil = :until, due = :copy, dueAt = :until',
              ConditionExpression: '#state = :read',
              ExpressionAttributeNames: { '#state': 'state' },
              ExpressionAttributeValues: {
                ':deleted': 'deleted',
                ':until': lateUntil,
                ':copy': 'copy' satisfies DueKind,
                ':read': there.state,
              },
            },
          },
          ...(there.state === 'preparing' ? [noLongerPreparing(one)] : []),
        ]);
        // `row-changed`: another recorded it, or another transaction touched the rows; the row says which.
        if (outcome === 'recorded') return;
      }
      throw new OpeningKeepsChangingError(`The deletion of ${one.openingId} could not be recorded`);
    },

    async lateCopiesCleared(one: Opening, event: EventDraft | null): Promise<void> {
      const update = {
        TableName: table,
        Key: openingKey(one.requestId, one.openingId),
        UpdateExpression: 'REMOVE due, dueAt, lateUntil',
        ConditionExpression: '#state = :deleted AND lateUntil = :until',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':deleted': 'deleted', ':until': one.lateUntil ?? '' },
      };
      // Where the condition fails another sweep came first; where it didn't, the row stays due and the next one comes.
      if (event === null) await transact(dynamo, [{ Update: update }]);
      else await log.record(`copies/${one.requestId}`, 'copy-deleted', event, [{ Update: update }]);
    },
  };
}
