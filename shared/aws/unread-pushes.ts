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

const PREFIX = 'PUSH#';

/** Pushes that no importer could read, as they lay in the queue, until they can be or their time is over. */
export function unreadPushes(table: string, dynamo: DynamoDBDocumentClient, waiting: Waiting = REAL_WAITING) {
  const reader = tableReader(table, dynamo, waiting);
  const partition = ({ hotel, source }: Place) => `UNREAD#${hotel}#${source}`;

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

    /** Oldest first, a page at a time. */
    async *of(place: Place): AsyncGenerator<{ id: string; message: string }> {
      for await (const row of reader.under(partition(place), PREFIX)) {
        const { sk, message } = rowSchema.parse(row);
        yield { id: sk, message };
      }
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

  async function drop(place: Place, id: string): Promise<void> {
    await writeRow(
      dynamo,
      new DeleteCommand({ TableName: table, Key: { pk: partition(place), sk: id } }),
      waiting,
    );
  }
}
export type UnreadPushes = ReturnType<typeof unreadPushes>;
