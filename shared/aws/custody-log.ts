import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import {
  type ChainHead,
  type CustodyEvent,
  type CustodyEventType,
  custodyEventSchema,
  EMPTY_CHAIN,
  nextEvent,
} from '../domain/custody-event.ts';
import { isDigest } from '../domain/digest.ts';
import type { EventDraft } from '../ports/grant-store.ts';
import { backOff, REAL_WAITING, type Waiting } from './back-off.ts';
import { tableReader } from './table-reader.ts';
import { ROW_CHANGED, transact } from './transact.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Others' events took each sequence that this one was to have. Neither it nor what it records was written. */
export class ChainContentionError extends Error {
  override name = 'ChainContentionError';
}

const ATTEMPTS = 12;

/**
 * The events table. An event is written in the transaction of what it records; its sequence is its sort key, so that a
 * chain can neither fork nor skip. `unsequenced` marks it for the sequencer until the Merkle log has taken it.
 */
export function custodyLog(table: string, dynamo: DynamoDBDocumentClient, waiting: Waiting = REAL_WAITING) {
  const reader = tableReader(table, dynamo, waiting);

  async function query(subject: string, newestOnly: boolean): Promise<CustodyEvent[]> {
    const items = await reader.list({
      condition: 'pk = :subject',
      values: { ':subject': subject },
      ...(newestOnly ? { newestFirst: true, limit: 1 } : {}),
    });
    return items.map((item) => custodyEventSchema.parse(item));
  }

  async function head(subject: string): Promise<ChainHead> {
    const [last] = await query(subject, true);
    if (last === undefined || !isDigest(last.digest)) return EMPTY_CHAIN;
    return { sequence: last.sequence, digest: last.digest };
  }

  /** The put of the next event after `after`, for the transaction of what it records. */
  function append(
    subject: string,
    type: CustodyEventType,
    after: ChainHead,
    draft: EventDraft,
  ): { item: TransactItem; head: ChainHead } {
    const event = nextEvent(after, { subject, type, ...draft });
    return {
      item: {
        Put: {
          TableName: table,
          Item: {
            pk: subject,
            sk: String(event.sequence).padStart(10, '0'),
            unsequenced: 'u',
            ...event,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      head: { sequence: event.sequence, digest: event.digest },
    };
  }

  /**
   * One transaction of `items` and the next event of `subject`; where another event of the same subject came first, the
   * chain is read again, a bounded number of times (ChainContentionError). A condition of `items` that fails gives
   * `row-changed`.
   */
  async function record(
    subject: string,
    type: CustodyEventType,
    draft: EventDraft,
    items: TransactItem[] = [],
  ): Promise<'recorded' | 'row-changed'> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if (attempt > 1) await backOff(attempt - 1, waiting);
      const { item } = append(subject, type, await head(subject), draft);
      const outcome = await transact(dynamo, [item, ...items], waiting);
      if (outcome === 'done') return 'recorded';
      // Index 0 is the event: it alone failing means that somebody else's event took this sequence.
      if (outcome[ROW_CHANGED].some((index) => index > 0)) return 'row-changed';
    }
    throw new ChainContentionError(`Others wrote the next event of ${subject} each time`);
  }

  return { events: (subject: string) => query(subject, false), head, append, record };
}
export type CustodyLog = ReturnType<typeof custodyLog>;
