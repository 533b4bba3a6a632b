import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import {
  type AccessGrant,
  accessGrantSchema,
  type NewAccessGrant,
  type Opening,
} from '../domain/access-grant.ts';
import { type ChainHead, EMPTY_CHAIN } from '../domain/custody-event.ts';
import { isDigest } from '../domain/digest.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Notice, noticeSchema } from '../domain/notice.ts';
import { noticesAfter } from '../domain/notices-after.ts';
import { FINAL_STATES, priorStates, TRANSITIONS, type Transition } from '../domain/request-states.ts';
import type { StepUpUse } from '../domain/step-up.ts';
import type {
  DueKind,
  EventDraft,
  Gate,
  GrantStore,
  MoveResult,
  PrepareResult,
  RegisterPlace,
} from '../ports/grant-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { dueOf } from './due-of.ts';
import { emergencyItems, givenBackItems } from './emergency-counts.ts';
import { openingRows } from './opening-rows.ts';
import { registerKey, registerOf, requestKey, requestSubject } from './request-key.ts';
import { reservationItems } from './retrieval-counts.ts';
import { enrolledItem, stepUpItems } from './step-up-store.ts';
import { type RowKey, tableReader } from './table-reader.ts';
import { transact } from './transact.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
type Changes = Partial<Omit<AccessGrant, 'requestId' | 'version' | 'chain' | 'state'>>;

const tokenSchema = z.object({ gate: z.custom<Gate>((gate) => typeof gate === 'string'), token: z.string() });
const dueSchema = z.object({ requestId: z.string() });

// Partitions of their own, as openings have: a right on a table reaches down to partition keys, and who keeps a token has
// nothing to write in the request's row. And a notice that can't be sent holds up nothing that is due of the request itself.
function noticesOf(requestId: string): string {
  return `NOTICES#${requestId}`;
}

function tokensOf(requestId: string): string {
  return `TOKENS#${requestId}`;
}

/**
 * The grants table. Each change is one transaction of the row, its custody event, its notices and, at the end, the register's row;
 * its condition is derived from TRANSITIONS and from the version that was read. Who passes steps-up names the directory
 * table, where they are used up.
 */
export function grantStore(
  table: string,
  dynamo: DynamoDBDocumentClient,
  log: CustodyLog,
  directoryTable?: string,
): GrantStore {
  const reader = tableReader(table, dynamo);
  const openings = openingRows(table, dynamo, log);

  function directory(): string {
    if (directoryTable === undefined) throw new Error('This store was not told where steps-up are used up');
    return directoryTable;
  }

  function usedUp(stepUp: StepUpUse | undefined): TransactItem[] {
    return stepUp === undefined ? [] : stepUpItems(directory(), stepUp);
  }

  /** An opening rests on the device that it was asked for with until it is counted: revoking works on one under way too. */
  function stillEnrolled({ by, stepUp }: Opening): TransactItem[] {
    return stepUp === undefined ? [] : [enrolledItem(directory(), by, stepUp.credentialId)];
  }

  function tokenKey(requestId: string, gate: Gate) {
    return { pk: tokensOf(requestId), sk: `TOKEN#${gate}` };
  }

  /** Each kind is told of a request once: written again, it is the same row. */
  function noticeKey({ requestId, kind }: Pick<Notice, 'requestId' | 'kind'>): RowKey {
    return { pk: noticesOf(requestId), sk: `NOTICE#${kind}` };
  }

  function moved(grant: AccessGrant, transition: Transition, changes: Changes, event: EventDraft) {
    const appended = log.append(
      requestSubject(grant.requestId),
      TRANSITIONS[transition].event,
      chainHead(grant),
      event,
    );
    const next: AccessGrant = {
      ...grant,
      ...changes,
      state: TRANSITIONS[transition].to,
      version: grant.version + 1,
      chain: appended.head,
    };
    const prior = priorStates(transition);
    const row: TransactItem = {
      Put: {
        TableName: table,
        Item: { ...requestKey(grant.requestId), ...next, ...dueOf(next, event.at) },
        ConditionExpression: `#version = :version AND #state IN (${prior.map((_, index) => `:prior${index}`).join(', ')})`,
        ExpressionAttributeNames: { '#version': 'version', '#state': 'state' },
        ExpressionAttributeValues: {
          ':version': grant.version,
          ...Object.fromEntries(prior.map((state, index) => [`:prior${index}`, state])),
        },
      },
    };
    const register: TransactItem[] = next.hotels.map((hotel) => ({
      Update: {
        TableName: table,
        Key: registerKey(next, hotel),
        UpdateExpression: 'SET #result = :result',
        ExpressionAttributeNames: { '#result': 'result' },
        ExpressionAttributeValues: { ':result': next.state },
      },
    }));
    const notices: TransactItem[] = noticesAfter(grant, transition, next, event.at).map((notice) => ({
      Put: {
        TableName: table,
        Item: { ...noticeKey(notice), ...notice, due: 'notice' satisfies DueKind, dueAt: notice.at },
      },
    }));
    const givenBack = transition === 'refuse' ? givenBackItems(table, grant) : [];
    return {
      next,
      items: [row, appended.item, ...(closesRegister(next) ? register : []), ...notices, ...givenBack],
    };
  }

  async function move(
    grant: AccessGrant,
    transition: Transition,
    changes: Changes,
    event: EventDraft,
    stepUp?: StepUpUse,
  ): Promise<MoveResult> {
    const { next, items } = moved(grant, transition, changes, event);
    const outcome = await transact(dynamo, [...items, ...usedUp(stepUp)]);
    return outcome === 'done' ? { outcome: 'moved', grant: next } : { outcome: 'stale' };
  }

  async function read(requestId: string): Promise<AccessGrant | null> {
    const item = await reader.get(requestKey(requestId));
    return item === null ? null : accessGrantSchema.parse(item);
  }

  async function readEach(ids: string[]): Promise<AccessGrant[]> {
    const grants = await Promise.all(ids.map(read));
    return grants.filter((grant) => grant !== null);
  }

  return {
    async create(grant: NewAccessGrant, event: EventDraft): Promise<AccessGrant> {
      const appended = log.append(requestSubject(grant.requestId), 'request-made', EMPTY_CHAIN, event);
      const row: AccessGrant = { ...grant, version: 1, chain: appended.head };
      const register: TransactItem[] = row.hotels.map((hotel) => ({
        Put: {
          TableName: table,
          Item: {
            ...registerKey(row, hotel),
            requestId: row.requestId,
            number: row.registerNumber,
            purpose: row.purpose,
            platforms: row.platforms,
            method: 'escalated-retrieval',
            from: row.from,
            to: row.to,
            result: 'pending',
            remarks: row.remarks,
          },
        },
      }));
      const outcome = await transact(dynamo, [
        {
          Put: {
            TableName: table,
            Item: { ...requestKey(row.requestId), ...row, ...dueOf(row, event.at) },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        appended.item,
        ...register,
      ]);
      if (outcome === 'done') return row;
      const there = await read(row.requestId);
      if (there === null) throw new Error(`Request ${row.requestId} could neither be written nor read`);
      return there;
    },

    read,
    move,

    async provision(grant, changes, event, reservation): Promise<MoveResult> {
      const { next, items } = moved(grant, 'provision', changes, event);
      const counted = reservation === null ? [] : reservationItems(table, reservation);
      const outcome = await transact(dynamo, [...items, ...counted]);
      return outcome === 'done' ? { outcome: 'moved', grant: next } : { outcome: 'stale' };
    },

    async breakGlass(grant, transition, changes, event, use, stepUp): Promise<MoveResult> {
      const { next, items } = moved(grant, transition, changes, event);
      const counted = emergencyItems(table, grant.requestId, use);
      const outcome = await transact(dynamo, [...items, ...counted, ...usedUp(stepUp)]);
      return outcome === 'done' ? { outcome: 'moved', grant: next } : { outcome: 'stale' };
    },

    async issue(grant: AccessGrant, one: Opening, event: EventDraft): Promise<MoveResult> {
      const { next, items } = moved(grant, 'open', { opened: grant.opened + 1 }, event);
      const outcome = await transact(dynamo, [...items, ...openings.issued(one), ...stillEnrolled(one)]);
      return outcome === 'done' ? { outcome: 'moved', grant: next } : { outcome: 'stale' };
    },

    async prepare(grant: AccessGrant, one: Opening, stepUp?: StepUpUse): Promise<PrepareResult> {
      const left = grant.opens - grant.opened;
      const outcome = await transact(dynamo, [
        ...openings.prepared(one, left),
        {
          // What is left was read with the row: an opening that is counted meanwhile leaves one less.
          ConditionCheck: {
            TableName: table,
            Key: requestKey(one.requestId),
            ConditionExpression: '#version = :version',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':version': grant.version },
          },
        },
        ...usedUp(stepUp),
      ]);
      if (outcome === 'done') return { outcome: 'prepared', opening: one };
      const [there, row, preparing] = await Promise.all([
        openings.read(one.requestId, one.openingId),
        read(one.requestId),
        openings.preparing(one.requestId),
      ]);
      if (there !== null || row?.version !== grant.version) return { outcome: 'stale' };
      return { outcome: preparing < left ? 'stale' : 'none-left' };
    },

    opening: openings.read,
    openings: openings.ofRequest,
    rendered: openings.rendered,
    copyDeleted: openings.copyDeleted,
    lateCopiesCleared: openings.lateCopiesCleared,

    async note(subject, type, event): Promise<void> {
      await log.record(subject, type, event);
    },

    events: (requestId) => log.events(requestSubject(requestId)),

    async keepToken(requestId: string, gate: Gate, token: string): Promise<void> {
      await writeRow(
        dynamo,
        new PutCommand({
          TableName: table,
          Item: { ...tokenKey(requestId, gate), gate, token },
        }),
      );
    },

    async tokens(requestId: string) {
      const items = await reader.listUnder(tokensOf(requestId), 'TOKEN#');
      return items.map((item) => tokenSchema.parse(item));
    },

    async dropToken(requestId: string, gate: Gate): Promise<void> {
      await writeRow(dynamo, new DeleteCommand({ TableName: table, Key: tokenKey(requestId, gate) }));
    },

    async released(requestId: string): Promise<void> {
      try {
        await writeRow(
          dynamo,
          new UpdateCommand({
            TableName: table,
            Key: requestKey(requestId),
            UpdateExpression: 'REMOVE due, dueAt',
            ConditionExpression: 'due = :release',
            ExpressionAttributeValues: { ':release': 'release' satisfies DueKind },
          }),
        );
      } catch (error) {
        // Another sweep came first.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async noticesDue(requestId: string): Promise<Notice[]> {
      const items = await reader.listUnder(noticesOf(requestId), 'NOTICE#');
      return items.map((item) => noticeSchema.parse(item));
    },

    async noticeSent(notice: Notice): Promise<void> {
      await writeRow(dynamo, new DeleteCommand({ TableName: table, Key: noticeKey(notice) }));
    },

    async due(kind: DueKind, now: Date): Promise<string[]> {
      const items = await reader.list({
        index: 'due',
        condition: 'due = :kind AND dueAt <= :now',
        values: { ':kind': kind, ':now': now.toISOString() },
      });
      return [...new Set(items.map((item) => dueSchema.parse(item).requestId))];
    },

    async byRequester(personId: string): Promise<AccessGrant[]> {
      const items = await reader.list({
        index: 'byRequester',
        condition: 'requester = :person',
        values: { ':person': personId },
        newestFirst: true,
        limit: LIMITS.listedRequests,
      });
      return readEach(items.map((item) => dueSchema.parse(item).requestId));
    },

    async byHotel(hotel: string, year: number): Promise<AccessGrant[]> {
      const items = await reader.list({
        condition: 'pk = :register',
        values: { ':register': `REGISTER#${hotel}#${year}` },
        newestFirst: true,
        limit: LIMITS.listedRequests,
      });
      return readEach(items.map((item) => dueSchema.parse(item).requestId));
    },

    async registerPage(hotel: string, year: number, before: RegisterPlace | null) {
      const items = await reader.list({
        condition: before === null ? 'pk = :register' : 'pk = :register AND sk < :before',
        values: {
          ':register': registerOf(hotel, year),
          ...(before === null ? {} : { ':before': registerKey(before, hotel).sk }),
        },
        newestFirst: true,
        limit: LIMITS.listedRequests + 1,
      });
      const ids = items.map((item) => dueSchema.parse(item).requestId);
      const found = await readEach(ids.slice(0, LIMITS.listedRequests));
      const last = found.at(-1);
      const more = ids.length > LIMITS.listedRequests && last !== undefined;
      return {
        found,
        next: more ? { requestedAt: last.requestedAt, requestId: last.requestId } : null,
      };
    },
  };
}

function chainHead(grant: AccessGrant): ChainHead {
  const { sequence, digest } = grant.chain;
  return { sequence, digest: digest !== null && isDigest(digest) ? digest : null };
}

function closesRegister(grant: AccessGrant): boolean {
  return FINAL_STATES.includes(grant.state);
}
