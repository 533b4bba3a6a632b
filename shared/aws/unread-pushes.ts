import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { LIMITS } from '../domain/limits.ts';
import type { Source } from '../domain/record.ts';
import { REAL_WAITING, type Waiting } from './back-off.ts';
import { tableReader } from './table-reader.ts';
import { writeRow } from './write-through-conflicts.ts';

type Place = { hotel: string; source: Source };

const keySchema = z.object({ sk: z.string() });
const rowSchema = z.object({ sk: z.string(), message: z.string() });

const stoppedSchema = z.object({ after: z.string() });

const PREFIX = 'PUSH#';
/** `~` sorts after every character of an id. */
const LAST = `${PREFIX}~`;

/** Pushes that no importer could read, as they lay in the queue, until they can be or their time is over. */
export function unreadPushes(table: string, dynamo: DynamoDBDocumentClient, waiting: Waiting = REAL_WAITING) {
  const reader = tableReader(table, dynamo, waiting);
  const partition = ({ hotel, source }: Place) => `UNREAD#${hotel}#${source}`;
  const stoppedKey = (place: Place) => ({ pk: partition(place), sk: 'STOPPED' });

  return {
    /** The same push is kept once. */
    async keep(
      place: Place,
      push: { id: string; receivedAt: string; message: string; reasons: readonly string[] },
    ): Promise<void> {
      const { id, receivedAt, message, reasons } = push;
      await writeRow(
        dynamo,
        new PutCommand({
          TableName: table,
          Item: {
            pk: partition(place),
            sk: `${PREFIX}${receivedAt}#${id}`,
            receivedAt,
            message,
            reasons: [...new Set(reasons)].slice(0, LIMITS.unreadReasonsListed),
          },
        }),
        waiting,
      );
    },

    /**
     * Oldest first, a page at a time; where an earlier reading stopped (`stop`) those behind it first, then the others, so
     * that what can't be read before never keeps what may be read behind from its turn.
     */
    async *of(place: Place): AsyncGenerator<{ id: string; message: string }> {
      const item = await reader.get(stoppedKey(place));
      const stopped = item === null ? null : stoppedSchema.parse(item).after;
      if (stopped === null) {
        yield* between(place, PREFIX, LAST);
        return;
      }
      // No id has a `!`, which sorts before every character of one that is longer.
      yield* between(place, `${stopped}!`, LAST);
      yield* between(place, PREFIX, stopped);
    },

    /** The time ran out after this one: the next reading begins behind it. Null: nothing is left to try. */
    async stop(place: Place, id: string | null): Promise<void> {
      const key = stoppedKey(place);
      const command =
        id === null
          ? new DeleteCommand({ TableName: table, Key: key })
          : new PutCommand({ TableName: table, Item: { ...key, after: id } });
      await writeRow(dynamo, command, waiting);
    },

    /** Drops those that came before, whose bodies aren't read for it, while there is time. Returns how many. */
    async forget(place: Place, before: Date, hasTime: () => boolean): Promise<number> {
      const old = reader.rows({
        condition: 'pk = :pk AND sk BETWEEN :first AND :before',
        values: { ':pk': partition(place), ':first': PREFIX, ':before': `${PREFIX}${before.toISOString()}` },
        keysOnly: true,
      });
      let forgotten = 0;
      for await (const row of old) {
        if (!hasTime()) break;
        await drop(place, keySchema.parse(row).sk);
        forgotten += 1;
      }
      return forgotten;
    },

    drop,
  };

  async function* between(
    place: Place,
    first: string,
    last: string,
  ): AsyncGenerator<{ id: string; message: string }> {
    const rows = reader.rows({
      condition: 'pk = :pk AND sk BETWEEN :first AND :last',
      values: { ':pk': partition(place), ':first': first, ':last': last },
    });
    for await (const row of rows) {
      const { sk, message } = rowSchema.parse(row);
      yield { id: sk, message };
    }
  }

  async function drop(place: Place, id: string): Promise<void> {
    await writeRow(
      dynamo,
      new DeleteCommand({ TableName: table, Key: { pk: partition(place), sk: id } }),
      waiting,
    );
  }
}
export type UnreadPushes = ReturnType<typeof unreadPushes>;
