import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Conduct, conductSchema, newConduct } from '../domain/conduct.ts';
import type { ChainHead } from '../domain/custody-event.ts';
import { isDigest } from '../domain/digest.ts';
import type { ConductStore } from '../ports/conduct.ts';
import type { CustodyLog } from './custody-log.ts';
import { stepUpItems } from './step-up-store.ts';
import { type RowKey, tableReader } from './table-reader.ts';
import { transact } from './transact.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

// A partition of its own: whoever counts a refusal writes here, and nothing in the person's profile.
export function conductKey(personId: string): RowKey {
  return { pk: `CONDUCT#${personId}`, sk: 'CONDUCT' };
}

/** Rows of conduct in the directory table (R9). */
export function conductTable(
  table: string,
  dynamo: DynamoDBDocumentClient,
  custody: CustodyLog,
): ConductStore {
  const reader = tableReader(table, dynamo);

  return {
    async read(personId) {
      const item = await reader.get(conductKey(personId));
      return item === null ? newConduct(personId) : conductSchema.parse(item);
    },

    async change(from, to, events, { attempt, stepUp } = {}) {
      const appended: TransactItem[] = [];
      let head = headOf(from);
      for (const { type, event } of events) {
        const next = custody.append(`conduct/${from.personId}`, type, head, event);
        appended.push(next.item);
        head = next.head;
      }
      const items: TransactItem[] = [
        {
          Put: {
            TableName: table,
            Item: { ...conductKey(from.personId), ...to, version: from.version + 1, chain: head },
            ...(from.version === 0
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : {
                  ConditionExpression: '#version = :version',
                  ExpressionAttributeNames: { '#version': 'version' },
                  ExpressionAttributeValues: { ':version': from.version },
                }),
          },
        },
        ...appended,
        ...(stepUp === undefined ? [] : stepUpItems(table, stepUp)),
      ];
      if (attempt === undefined) return (await transact(dynamo, items)) === 'done' ? 'changed' : 'stale';
      const outcome = await custody.record(attempt.subject, 'attempt-refused', attempt.event, items);
      return outcome === 'recorded' ? 'changed' : 'stale';
    },

    async note({ subject, event }) {
      await custody.record(subject, 'attempt-refused', event);
    },
  };
}

function headOf({ chain: { sequence, digest } }: Conduct): ChainHead {
  return { sequence, digest: digest !== null && isDigest(digest) ? digest : null };
}
