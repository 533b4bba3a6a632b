import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type ChainHead, EMPTY_CHAIN } from '../domain/custody-event.ts';
import { isDigest } from '../domain/digest.ts';
import {
  type NewProviderRequest,
  PROVIDER_TRANSITIONS,
  type ProviderRequest,
  type ProviderTransition,
  providerPriorStates,
  providerRequestSchema,
  providerStateAfter,
  providerSubject,
} from '../domain/provider-request.ts';
import type { EventDraft } from '../ports/grant-store.ts';
import type { ProviderMoveResult, ProviderStore } from '../ports/provider-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { tableReader } from './table-reader.ts';
import { transact } from './transact.ts';

const pointerSchema = z.object({ providerRequestId: z.string() });
const dueSchema = z.object({ pk: z.string().transform((pk) => pk.slice(pk.indexOf('#') + 1)) });

/**
 * Provider requests in the grants table: a row of its own for each, and one under the access request that leads to it
 * and takes its number. Conditions derive from PROVIDER_TRANSITIONS and the version that was read.
 */
export function providerStore(table: string, dynamo: DynamoDBDocumentClient, log: CustodyLog): ProviderStore {
  const reader = tableReader(table, dynamo);
  const keys = {
    row: (providerRequestId: string) => ({ pk: `PROVIDER#${providerRequestId}`, sk: 'PROVIDER' }),
    list: (requestId: string) => `PROVIDERS#${requestId}`,
    number: (number: number) => `NUMBER#${String(number).padStart(3, '0')}`,
  };

  async function read(providerRequestId: string): Promise<ProviderRequest | null> {
    const item = await reader.get(keys.row(providerRequestId));
    return item === null ? null : providerRequestSchema.parse(item);
  }

  return {
    async create(draft: NewProviderRequest, event: EventDraft): Promise<ProviderRequest | 'number-taken'> {
      const { providerRequestId, requestId, number } = draft;
      const appended = log.append(
        providerSubject(providerRequestId),
        'provider-request-drafted',
        EMPTY_CHAIN,
        event,
      );
      const row: ProviderRequest = { ...draft, state: 'drafted', version: 1, chain: appended.head };
      const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
      const pointer = { pk: keys.list(requestId), sk: keys.number(number), providerRequestId };
      const outcome = await transact(dynamo, [
        { Put: { TableName: table, Item: { ...keys.row(providerRequestId), ...row }, ...isNew } },
        { Put: { TableName: table, Item: pointer, ...isNew } },
        appended.item,
      ]);
      return outcome === 'done' ? row : 'number-taken';
    },

    read,

    async ofRequest(requestId: string): Promise<ProviderRequest[]> {
      const pointers = await reader.listUnder(keys.list(requestId), 'NUMBER#');
      const rows = await Promise.all(
        pointers.map((item) => read(pointerSchema.parse(item).providerRequestId)),
      );
      return rows.filter((row) => row !== null);
    },

    async move(
      row: ProviderRequest,
      transition: ProviderTransition,
      changes,
      event: EventDraft,
    ): Promise<ProviderMoveResult> {
      const subject = providerSubject(row.providerRequestId);
      const appended = log.append(subject, PROVIDER_TRANSITIONS[transition].event, chainHead(row), event);
      const next: ProviderRequest = {
        ...row,
        ...changes,
        state: providerStateAfter(row.state, transition),
        version: row.version + 1,
        chain: appended.head,
      };
      const prior = providerPriorStates(transition);
      const outcome = await transact(dynamo, [
        {
          Put: {
            TableName: table,
            Item: { ...keys.row(row.providerRequestId), ...next, ...dueOf(next) },
            ConditionExpression: `#version = :version AND #state IN (${prior.map((_, index) => `:prior${index}`).join(', ')})`,
            ExpressionAttributeNames: { '#version': 'version', '#state': 'state' },
            ExpressionAttributeValues: {
              ':version': row.version,
              ...Object.fromEntries(prior.map((state, index) => [`:prior${index}`, state])),
            },
          },
        },
        appended.item,
      ]);
      return outcome === 'done' ? { outcome: 'moved', row: next } : { outcome: 'stale' };
    },

    async overdue(now: Date): Promise<string[]> {
      const items = await reader.list({
        index: 'due',
        condition: 'due = :kind AND dueAt <= :now',
        values: { ':kind': 'provider', ':now': now.toISOString() },
      });
      return items.map((item) => dueSchema.parse(item).pk);
    },
  };
}

/** A letter that was sent and not answered is looked for once its time is over. */
function dueOf({ state, answerBy }: ProviderRequest): { due?: 'provider'; dueAt?: string } {
  return state === 'sent' && answerBy !== null ? { due: 'provider', dueAt: answerBy } : {};
}

function chainHead({ chain: { sequence, digest } }: ProviderRequest): ChainHead {
  return { sequence, digest: digest !== null && isDigest(digest) ? digest : null };
}
