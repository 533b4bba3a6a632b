import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import {
  type Case,
  type CaseKind,
  type CaseOf,
  caseSchema,
  caseSubject,
  everyGuestOfCase,
  isOfKind,
} from '../domain/case.ts';
import { referenceKey } from '../domain/reference.ts';
import type { CaseStore, FiledCase } from '../ports/cases.ts';
import type { CustodyLog } from './custody-log.ts';
import { type RowKey, tableReader } from './table-reader.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const versionSchema = z.object({ version: z.number().int().min(1) });
const pointerSchema = z.object({ kind: z.string(), reference: z.string() });

/**
 * Cases in the cases table: the case's own row, one in the list of its kind, one for each guest that it names, and for a
 * transfer one under its recipient. Each change is one transaction with one event of the chain `case/KIND/REFERENCE`. A
 * case is found however its number is typed.
 */
export function caseStore(table: string, dynamo: DynamoDBDocumentClient, custody: CustodyLog): CaseStore {
  const reader = tableReader(table, dynamo);
  const keys = {
    case: (kind: string, reference: string): RowKey => ({
      pk: `CASE#${kind}#${referenceKey(reference)}`,
      sk: 'CASE',
    }),
    listed: (kind: string, reference: string): RowKey => ({
      pk: `CASES#${kind}`,
      sk: `CASE#${referenceKey(reference)}`,
    }),
    guest: (guestId: string, { kind, reference }: Case): RowKey => ({
      pk: `CASESOF#${guestId}`,
      sk: `CASE#${kind}#${referenceKey(reference)}`,
    }),
    recipient: (personId: string, reference: string): RowKey => ({
      pk: `TRANSFERS#${personId}`,
      sk: `CASE#${referenceKey(reference)}`,
    }),
  };

  async function readAll(pointers: readonly Record<string, unknown>[]): Promise<Case[]> {
    const named = pointers.map((row) => pointerSchema.parse(row));
    const wanted = new Map(
      named.map(({ kind, reference }) => [`${kind} ${referenceKey(reference)}`, keys.case(kind, reference)]),
    );
    return (await reader.getAll([...wanted.values()])).map((row) => caseSchema.parse(row));
  }

  /** Rows that lead to a case from whom it names. */
  function pointersOf(filed: Case): RowKey[] {
    return [
      keys.listed(filed.kind, filed.reference),
      ...everyGuestOfCase(filed).map((guestId) => keys.guest(guestId, filed)),
      ...(filed.kind === 'transfer' ? [keys.recipient(filed.recipient, filed.reference)] : []),
    ];
  }

  return {
    async read<Kind extends CaseKind>(kind: Kind, reference: string): Promise<CaseOf<Kind> | null> {
      const row = await reader.get(keys.case(kind, reference));
      if (row === null) return null;
      const filed = caseSchema.parse(row);
      return isOfKind(filed, kind) ? filed : null;
    },

    async ofGuests(guestIds) {
      const pointers = await Promise.all(
        [...new Set(guestIds)].map((guestId) => reader.listUnder(`CASESOF#${guestId}`, 'CASE#')),
      );
      return readAll(pointers.flat());
    },

    async transfersTo(personId) {
      const found = await readAll(await reader.listUnder(`TRANSFERS#${personId}`, 'CASE#'));
      return found.filter((filed) => isOfKind(filed, 'transfer'));
    },

    async filed(kind, reference): Promise<FiledCase | null> {
      const row = await reader.get(keys.case(kind, reference));
      return row === null
        ? null
        : { filed: caseSchema.parse(row), version: versionSchema.parse(row).version };
    },

    async list(kind) {
      const found = await readAll(await reader.listUnder(`CASES#${kind}`, 'CASE#'));
      return found.sort((a, b) => (a.reference < b.reference ? -1 : 1));
    },

    async file(next, prior, event) {
      const own = keys.case(next.kind, next.reference);
      const [there, kept] = [prior === null ? [] : pointersOf(prior.filed), pointersOf(next)];
      const isAmong = (keys: readonly RowKey[]) => (key: RowKey) =>
        keys.some(({ pk, sk }) => pk === key.pk && sk === key.sk);
      const gone = there.filter((key) => !isAmong(kept)(key));
      // What leads to it already says the same: whoever was ever named would not fit into one transaction.
      const added = kept.filter((key) => !isAmong(there)(key));
      const row: TransactItem = {
        Put: {
          TableName: table,
          Item: { ...own, ...next, version: (prior?.version ?? 0) + 1 },
          ...(prior === null
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: '#version = :version',
                ExpressionAttributeNames: { '#version': 'version' },
                ExpressionAttributeValues: { ':version': prior.version },
              }),
        },
      };
      const { kind, reference } = next;
      const outcome = await custody.record(
        caseSubject(next),
        prior === null ? 'case-filed' : 'case-changed',
        event,
        [
          row,
          ...added.map((key) => ({ Put: { TableName: table, Item: { ...key, kind, reference } } })),
          ...gone.map((Key) => ({ Delete: { TableName: table, Key } })),
        ],
      );
      return outcome === 'recorded' ? 'filed' : 'stale';
    },
  };
}
