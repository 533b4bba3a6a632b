import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { WaitingConversation, WaitingMessage } from '../domain/gathering.ts';
import { RECORD_CLASSES, SOURCES, type Source } from '../domain/record.ts';
import { backOff, REAL_WAITING, type Waiting } from './back-off.ts';
import { activeGuestKeyCheck } from './custody-keys.ts';
import { conditional } from './guest-key-changes.ts';
import { recordsKeys } from './records-index.ts';
import { type RowKey, tableReader } from './table-reader.ts';
import { ROW_CHANGED, transact } from './transact.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A waiting message's rows were written by others each time. */
export class WaitingContentionError extends Error {
  override name = 'WaitingContentionError';
}

const messageSchema = z.object({
  guestId: z.string(),
  conversationId: z.string(),
  recordId: z.string(),
  hotel: z.string(),
  source: z.enum(SOURCES),
  recordClass: z.enum(RECORD_CLASSES),
  period: z.string(),
  keyId: z.string(),
  keyVersion: z.number(),
  receivedAt: z.string(),
  bytes: z.number(),
  sealed: z.instanceof(Uint8Array),
});
const conversationSchema = z.object({
  hotel: z.string(),
  source: z.enum(SOURCES),
  guestId: z.string(),
  conversationId: z.string(),
  messages: z.number(),
  bytes: z.number(),
  since: z.string(),
});

const ATTEMPTS = 12;
/** Messages whose rows go in one transaction, with their conversation's: DynamoDB takes 100 items and 4 MB. */
const DROPPED_AT_ONCE = 90;
const DROPPED_BYTES = 3 * 1024 ** 2;
/** The items of the transaction that keeps a message. */
const ITEM = { message: 0, conversation: 1 } as const;

const keys = {
  message: ({
    guestId,
    conversationId,
    recordId,
  }: Pick<WaitingMessage, 'guestId' | 'conversationId' | 'recordId'>): RowKey => ({
    pk: `GUEST#${guestId}`,
    sk: `WAIT#${conversationId}#${recordId}`,
  }),
  conversations: (hotel: string, source: Source): string => `WAITING#${hotel}#${source}`,
  conversation: ({
    hotel,
    source,
    guestId,
    conversationId,
  }: Omit<WaitingConversation, 'messages' | 'bytes' | 'since'>): RowKey => ({
    pk: keys.conversations(hotel, source),
    sk: `GUEST#${guestId}#${conversationId}`,
  }),
};

/**
 * Pushed messages between the queue and their block, in the records table: a row each beside their guest's blocks, under
 * the guest's own key, and a row for each conversation that says how much of it waits, and since when.
 */
export function waitingMessages(
  tables: { records: string; keys: string },
  dynamo: DynamoDBDocumentClient,
  waiting: Waiting = REAL_WAITING,
) {
  const table = tables.records;
  const reader = tableReader(table, dynamo, waiting);

  function counted(message: WaitingMessage, known: boolean): TransactItem {
    const { hotel, source, guestId, conversationId, bytes, receivedAt } = message;
    const key = keys.conversation(message);
    return known
      ? {
          Update: {
            TableName: table,
            Key: key,
            UpdateExpression: 'ADD #messages :one, #bytes :bytes',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeNames: { '#messages': 'messages', '#bytes': 'bytes' },
            ExpressionAttributeValues: { ':one': 1, ':bytes': bytes },
          },
        }
      : {
          Put: {
            TableName: table,
            Item: {
              ...key,
              hotel,
              source,
              guestId,
              conversationId,
              bytes,
              messages: 1,
              since: receivedAt,
            },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        };
  }

  return {
    /**
     * `there`: it waits already, and nothing is changed. `changed`: its guest or its guest's key isn't what it was any
     * more; find them again. `foundBy` is the blind index that led to the guest.
     */
    async keep(message: WaitingMessage, foundBy: string): Promise<'kept' | 'there' | 'changed'> {
      const { hotel, recordClass, period, guestId, keyId } = message;
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const known = (await reader.get(keys.conversation(message))) !== null;
        const outcome = await transact(
          dynamo,
          [
            {
              Put: {
                TableName: table,
                Item: { ...keys.message(message), ...message },
                ConditionExpression: 'attribute_not_exists(pk)',
              },
            },
            counted(message, known),
            activeGuestKeyCheck(tables.keys, { hotel, recordClass, period }, guestId, keyId),
            {
              ConditionCheck: {
                TableName: table,
                Key: recordsKeys.identifier(foundBy),
                ConditionExpression: 'guestId = :guest',
                ExpressionAttributeValues: { ':guest': guestId },
              },
            },
          ],
          waiting,
        );
        if (outcome === 'done') return 'kept';
        const failed = outcome[ROW_CHANGED];
        if (failed.includes(ITEM.message)) return 'there';
        if (failed.some((index) => index > ITEM.conversation)) return 'changed';
        await backOff(attempt, waiting);
      }
      throw new WaitingContentionError('A waiting conversation was written by others each time');
    },

    async conversations(hotel: string, source: Source): Promise<WaitingConversation[]> {
      const items = await reader.listUnder(keys.conversations(hotel, source), 'GUEST#');
      return items.map((item) => conversationSchema.parse(item));
    },

    /** The conversations of these guests in which messages wait, in whatever hotel. */
    async ofGuests(guestIds: readonly string[]): Promise<WaitingConversation[]> {
      const found = new Map<string, WaitingConversation>();
      for (const guestId of guestIds) {
        for await (const item of reader.under(`GUEST#${guestId}`, 'WAIT#')) {
          const { hotel, source, conversationId, bytes, receivedAt } = messageSchema.parse(item);
          const name = JSON.stringify(keys.conversation({ hotel, source, guestId, conversationId }));
          const known = found.get(name) ?? {
            hotel,
            source,
            guestId,
            conversationId,
            messages: 0,
            bytes: 0,
            since: receivedAt,
          };
          found.set(name, { ...known, messages: known.messages + 1, bytes: known.bytes + bytes });
        }
      }
      return [...found.values()];
    },

    /** The messages of a conversation that wait, a page at a time. */
    async *messagesOf({
      guestId,
      conversationId,
    }: Pick<WaitingConversation, 'guestId' | 'conversationId'>): AsyncGenerator<WaitingMessage> {
      for await (const item of reader.under(`GUEST#${guestId}`, `WAIT#${conversationId}#`)) {
        yield messageSchema.parse(item);
      }
    },

    /** They are in their block now, or nothing of them can be read any more. Doing it again is harmless. */
    async drop(messages: readonly WaitingMessage[]): Promise<void> {
      const byConversation = Map.groupBy(messages, (one) => JSON.stringify(keys.conversation(one)));
      for (const ofOne of byConversation.values()) {
        for (const some of portionsOf(ofOne)) await dropSome(some);
        const [first] = ofOne;
        if (first !== undefined) await forgetIfEmpty(keys.conversation(first));
      }
    },

    /** Conversations that nothing waits in any more: what a crash left of them. */
    async tidy(conversation: WaitingConversation): Promise<void> {
      await forgetIfEmpty(keys.conversation(conversation));
    },
  };

  /** In one transaction, so that a conversation's count is that of its rows. */
  async function dropSome(messages: readonly WaitingMessage[]): Promise<void> {
    let left = messages;
    for (let attempt = 1; attempt <= ATTEMPTS && left.length > 0; attempt += 1) {
      const [first] = left;
      if (first === undefined) return;
      const outcome = await transact(
        dynamo,
        [
          ...left.map((one) => ({
            Delete: {
              TableName: table,
              Key: keys.message(one),
              ConditionExpression: 'attribute_exists(pk)',
            },
          })),
          {
            Update: {
              TableName: table,
              Key: keys.conversation(first),
              UpdateExpression: 'ADD #messages :fewer, #bytes :less',
              ConditionExpression: 'attribute_exists(pk)',
              ExpressionAttributeNames: { '#messages': 'messages', '#bytes': 'bytes' },
              ExpressionAttributeValues: {
                ':fewer': -left.length,
                ':less': -left.reduce((sum, { bytes }) => sum + bytes, 0),
              },
            },
          },
        ],
        waiting,
      );
      if (outcome === 'done') return;
      const gone = new Set(outcome[ROW_CHANGED]);
      left = left.filter((_, index) => !gone.has(index));
      await backOff(attempt, waiting);
    }
    if (left.length > 0) throw new WaitingContentionError('Waiting messages could not be taken away');
  }

  async function forgetIfEmpty(key: RowKey): Promise<void> {
    await conditional(
      writeRow(
        dynamo,
        new DeleteCommand({
          TableName: table,
          Key: key,
          ConditionExpression: 'messages = :none',
          ExpressionAttributeValues: { ':none': 0 },
        }),
        waiting,
      ),
      'forgotten',
      'more came',
    );
  }
}
export type WaitingMessages = ReturnType<typeof waitingMessages>;

/** As many in each as one transaction takes. */
function portionsOf(messages: readonly WaitingMessage[]): WaitingMessage[][] {
  const portions: WaitingMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const portion = portions.at(-1);
    bytes += message.sealed.length;
    if (portion === undefined || portion.length === DROPPED_AT_ONCE || bytes > DROPPED_BYTES) {
      portions.push([message]);
      bytes = message.sealed.length;
    } else {
      portion.push(message);
    }
  }
  return portions;
}
