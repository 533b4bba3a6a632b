import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import {
  actingFor,
  type Batch,
  type BatchCompleteness,
  type BatchFailure,
  type BatchState,
  batchSchema,
  batchSubject,
} from '../domain/batch.ts';
import { heldNumbersSchema, heldTogether, lowestHeld } from '../domain/held-numbers.ts';
import { LIMITS } from '../domain/limits.ts';
import { gapSinceLast, isSameNumbering, type NumbersInCustody } from '../domain/sequence-gap.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { batchBlocks } from './batch-blocks.ts';
import { blockRowSchema } from './block-rows.ts';
import { commitRecords } from './commit-records.ts';
import type { CustodyLog } from './custody-log.ts';
import { recordsKeys } from './records-index.ts';
import { tableReader } from './table-reader.ts';
import { ROW_CHANGED, transact } from './transact.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Another worker took the batch, or ended it: whatever this one still does must not count. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

/** `waiting`: another batch of the same hotel and source is being ingested; this one's turn comes when that one ends. */
export type Lease = { outcome: 'leased'; batch: Batch } | { outcome: 'busy' | 'waiting' };

/** A transaction holds 4 MiB, of what it deletes too: a row of intents is some 150 KiB at most (batch-blocks.ts). */
const INTENTS_PER_CHECKPOINT = 20;
/** Completed uploads announce themselves; one whose announcement was lost is looked for after this long. */
const QUIET_UPLOAD_MS = 60 * 60 * 1000;
const QUIET_BATCH_MS = 60 * 1000;

const openRowSchema = z.object({ batchId: z.string() });
const slotRowSchema = z.object({ sk: z.string() });
const sequenceRowSchema = z
  .object({ batchId: z.string(), last: z.string(), held: heldNumbersSchema.optional() })
  // A row that says no more than the highest number: which of those below are in custody isn't known.
  .transform(({ held, ...row }) => ({
    ...row,
    held: held ?? { highest: row.last, ranges: `${row.last}-${row.last}`, forgotten: row.last },
  }));

/** Keys of a batch's own rows, besides those that recordsKeys spells. */
const keys = {
  /** Batches with something left to do; what reconcile looks through. */
  open: (batchId: string) => ({ pk: 'BATCHES#OPEN', sk: `BATCH#${batchId}` }),
  /** Every batch of a hotel: ids begin with their time. */
  ofHotel: (hotel: string, batchId: string) => ({ pk: `LISTED#${hotel}`, sk: `BATCH#${batchId}` }),
  lane: ({ hotel, source }: Batch) => ({ pk: `LANE#${hotel}#${source}`, sk: 'LANE' }),
  /** The platform's own numbers that are in custody; the highest of them, and with which batch it came. */
  sequence: ({ hotel, source }: Batch) => ({
    pk: `SEQUENCE#${hotel}#${source}`,
    sk: 'HIGHEST',
  }),
  /** Batches of a hotel with rejected lines in quarantine. */
  quarantine: (hotel: string, batchId: string) => ({ pk: `QUARANTINE#${hotel}`, sk: `BATCH#${batchId}` }),
  /** Places that a person's open batches take: there are no more than these, however many requests come at once. */
  slot: (personId: string, slot: number) => ({
    pk: `UPLOADS#${personId}`,
    sk: `SLOT#${String(slot).padStart(2, '0')}`,
  }),
};

/**
 * Batches in the records table. One worker at a time holds a batch: it takes a lease with a rising fence, and each change
 * is conditional on that fence. One batch at a time is ingested for a hotel and source (its lane), so that two files with
 * the same message can't both find it new.
 */
export function batchTable(table: string, dynamo: DynamoDBDocumentClient, custody: CustodyLog) {
  const reader = tableReader(table, dynamo);
  const written = batchBlocks(table, dynamo);

  function row(batch: Batch) {
    return { ...recordsKeys.batch(batch.batchId), ...batch };
  }

  /** The put of `next`, if the row still has `prior`'s fence and state. */
  function replacing(prior: Batch, next: Batch): TransactItem {
    return {
      Put: {
        TableName: table,
        Item: row(next),
        ConditionExpression: '#fence = :fence AND #state = :state',
        ExpressionAttributeNames: { '#fence': 'fence', '#state': 'state' },
        ExpressionAttributeValues: { ':fence': prior.fence, ':state': prior.state },
      },
    };
  }

  async function replace(prior: Batch, next: Batch, others: TransactItem[] = []): Promise<Batch> {
    if ((await transact(dynamo, [replacing(prior, next), ...others])) !== 'done') {
      throw new LeaseLostError(`Batch ${prior.batchId} was taken over or ended by another worker`);
    }
    return next;
  }

  async function read(batchId: string): Promise<Batch | null> {
    const item = await reader.get(recordsKeys.batch(batchId));
    return item === null ? null : batchSchema.parse(item);
  }

  async function open(): Promise<Batch[]> {
    const batches: Batch[] = [];
    for await (const item of reader.under(keys.open('').pk, 'BATCH#')) {
      const batch = await read(openRowSchema.parse(item).batchId);
      if (batch !== null) batches.push(batch);
    }
    return batches;
  }

  /** One batch of a hotel and source is ingested at a time, so that nobody else writes this meanwhile. */
  async function inCustody(batch: Batch): Promise<NumbersInCustody | null> {
    const item = await reader.get(keys.sequence(batch));
    return item === null ? null : sequenceRowSchema.parse(item);
  }

  /** Ends the batch: its state, its event and the way for the next one in its lane, in one transaction. */
  async function end(
    batch: Batch,
    next: Batch,
    type: 'batch-committed' | 'batch-failed',
    at: Date,
    data: Record<string, string | number | boolean | null>,
    others: TransactItem[] = [],
  ): Promise<Batch> {
    const held = batch.state === 'ingesting';
    const outcome = await custody.record(
      batchSubject(batch.batchId),
      type,
      { at, actor: actingFor(batch), data: { hotel: batch.hotel, source: batch.source, ...data } },
      [
        replacing(batch, next),
        ...(held ? [{ Delete: { TableName: table, Key: keys.lane(batch), ...heldBy(batch) } }] : []),
        ...others,
      ],
    );
    if (outcome === 'row-changed')
      throw new LeaseLostError(`Batch ${batch.batchId} was ended by another worker`);
    return next;
  }

  function ended(batch: Batch, state: BatchState, at: Date): Batch {
    return { ...batch, state, leaseUntil: null, endedAt: at.toISOString() };
  }

  /** A place for one more open batch of this person; null where all are taken. */
  async function freeSlot(personId: string): Promise<number | null> {
    const taken = new Set(
      (await reader.listUnder(keys.slot(personId, 0).pk, 'SLOT#')).map(
        (item) => slotRowSchema.parse(item).sk,
      ),
    );
    const slots = Array.from({ length: LIMITS.openBatchesPerPerson }, (_, slot) => slot);
    return slots.find((slot) => !taken.has(keys.slot(personId, slot).sk)) ?? null;
  }

  return {
    read,
    freeSlot,
    inCustody,
    blocks: written.blocks,
    quarantineBlocks: written.quarantineBlocks,
    intend: written.intend,
    intended: written.intended,
    dropStrays: written.dropStrays,
    sweep: written.sweep,
    forgetBlocks: written.forgetBlocks,

    /** Committed batches of a hotel that kept rejected lines, newest first; retention may have deleted them since. */
    async withQuarantine(hotel: string): Promise<Batch[]> {
      const rows = await reader.listUnder(keys.quarantine(hotel, '').pk, 'BATCH#');
      const ids = rows.map((item) => openRowSchema.parse(item).batchId).reverse();
      const found = await reader.getAll(ids.map(recordsKeys.batch));
      const known = new Map(
        found.map((item) => batchSchema.parse(item)).map((batch) => [batch.batchId, batch]),
      );
      return ids.flatMap((batchId) => known.get(batchId) ?? []);
    },

    /** Batches of a hotel, newest first, those before `before`; `next` is what to ask before for the rest. */
    async ofHotel(hotel: string, before: string | null): Promise<{ found: Batch[]; next: string | null }> {
      const rows = await reader.list({
        condition: before === null ? 'pk = :pk' : 'pk = :pk AND sk < :before',
        values: {
          ':pk': keys.ofHotel(hotel, '').pk,
          ...(before === null ? {} : { ':before': keys.ofHotel(hotel, before).sk }),
        },
        newestFirst: true,
        limit: LIMITS.batchesListed + 1,
      });
      const ids = rows.map((item) => openRowSchema.parse(item).batchId);
      const shown = ids.slice(0, LIMITS.batchesListed);
      const items = await reader.getAll(shown.map(recordsKeys.batch));
      const known = new Map(items.map((item) => batchSchema.parse(item)).map((one) => [one.batchId, one]));
      return {
        found: shown.flatMap((batchId) => known.get(batchId) ?? []),
        next: ids.length > shown.length ? (shown.at(-1) ?? null) : null,
      };
    },

    /** `too-many-open`: whoever uploads has as many open as one person may. */
    async create(batch: Batch): Promise<'created' | 'too-many-open'> {
      const { batchId, by } = batch;
      for (;;) {
        const slot = await freeSlot(by);
        if (slot === null) return 'too-many-open';
        const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
        const outcome = await transact(dynamo, [
          { Put: { TableName: table, Item: row({ ...batch, slot }), ...isNew } },
          { Put: { TableName: table, Item: { ...keys.open(batchId), batchId } } },
          { Put: { TableName: table, Item: batchOfHotel(batch) } },
          { Put: { TableName: table, Item: { ...keys.slot(by, slot), batchId }, ...isNew } },
        ]);
        if (outcome === 'done') return 'created';
        if (outcome[ROW_CHANGED].includes(0)) throw new Error(`Batch ${batchId} is there already`);
      }
    },

    /** The upload is complete. Returns the batch as it stands, whoever noted it first; null where it is not known. */
    async received(batchId: string, actor: string, at: Date): Promise<Batch | null> {
      const batch = await read(batchId);
      if (batch?.state !== 'uploading') return batch;
      const next: Batch = { ...batch, state: 'received', receivedAt: at.toISOString() };
      const { hotel, source, category, bytes, announcedDigest, by, rerunOf, providerRequest } = batch;
      const origin = {
        ...(rerunOf === null ? {} : { rerunOf }),
        ...(providerRequest === null ? {} : { providerRequest }),
      };
      const outcome = await custody.record(
        batchSubject(batchId),
        'batch-received',
        { at, actor, data: { hotel, source, category, bytes, announcedDigest, by, ...origin } },
        [replacing(batch, next)],
      );
      return outcome === 'recorded' ? next : read(batchId);
    },

    /** Takes a received or abandoned batch until `until`; `busy` where another worker holds it or it has ended. */
    async lease(batch: Batch, now: Date, until: Date): Promise<Lease> {
      if (batch.state !== 'received' && batch.state !== 'ingesting') return { outcome: 'busy' };
      if (batch.leaseUntil !== null && batch.leaseUntil > now.toISOString()) return { outcome: 'busy' };
      const next: Batch = {
        ...batch,
        state: 'ingesting',
        fence: batch.fence + 1,
        attempts: batch.attempts + 1,
        leaseUntil: until.toISOString(),
      };
      const outcome = await transact(dynamo, [
        replacing(batch, next),
        {
          Put: {
            TableName: table,
            Item: { ...keys.lane(batch), batchId: batch.batchId },
            ConditionExpression: 'attribute_not_exists(pk) OR batchId = :batchId',
            ExpressionAttributeValues: { ':batchId': batch.batchId },
          },
        },
      ]);
      if (outcome === 'done') return { outcome: 'leased', batch: next };
      return { outcome: outcome[ROW_CHANGED].includes(0) ? 'busy' : 'waiting' };
    },

    /** The batch moved on: what it has now, kept if the lease still stands. Throws LeaseLostError. */
    advance: (batch: Batch, changes: Partial<Omit<Batch, 'batchId' | 'fence' | 'state'>>) =>
      replace(batch, { ...batch, ...changes }),

    /** Like `advance`, when a segment is done: its intents go in the same transaction, as many as it holds. */
    async checkpoint(
      batch: Batch,
      changes: Partial<Omit<Batch, 'batchId' | 'fence' | 'state'>>,
    ): Promise<Batch> {
      const done = await written.intentsDone(batch);
      const next = await replace(
        batch,
        { ...batch, ...changes, attempts: 0 },
        done.slice(0, INTENTS_PER_CHECKPOINT),
      );
      // The others lead a later segment nowhere; whatever of them stays goes when the batch is closed.
      for (let at = INTENTS_PER_CHECKPOINT; at < done.length; at += INTENTS_PER_CHECKPOINT) {
        await transact(dynamo, done.slice(at, at + INTENTS_PER_CHECKPOINT));
      }
      return next;
    },

    /** Gives the lease back early, so that the next worker needn't wait for its end. */
    release: (batch: Batch) => replace(batch, { ...batch, leaseUntil: null }),

    /**
     * The commit marker: from here on the batch's blocks are visible. Event and marker are one transaction; what the
     * batch commits to is in the evidence bucket before it.
     */
    async commit(batch: Batch, at: Date, evidence: Pick<ObjectStore, 'get' | 'putOnce'>): Promise<Batch> {
      const { batchId } = batch;
      const {
        digest: commitment,
        blockRoot,
        records,
        ...counts
      } = await commitRecords(
        batch,
        () => written.recordBlocks(batchId),
        async (members) =>
          (await reader.getAll(members.map(recordsKeys.block))).map((item) => blockRowSchema.parse(item)),
        evidence,
      );
      const before = await inCustody(batch);
      const gaps = batch.completeness.sequenceGaps;
      const completeness = {
        ...batch.completeness,
        sequenceGaps: { ...gaps, sinceLastBatch: gapSinceLast(gaps, before) },
      };
      const next: Batch = { ...ended(batch, 'committed', at), ...counts, commitment, completeness };
      const { accepted, duplicates, conflicts, rejectedLines, digest, bytes, quarantined } = batch;
      const data = {
        accepted,
        duplicates,
        conflicts,
        rejected: rejectedLines,
        blocks: counts.blocks,
        blockRoot,
        records,
        conversations: counts.conversations,
        commitment,
        digest,
        bytes,
        ...lacksOf(completeness),
        ...(quarantined > 0 ? { quarantined } : {}),
        ...(batch.profile === null ? {} : { profile: batch.profile }),
        ...(batch.rerunOf === null ? {} : { rerunOf: batch.rerunOf }),
        ...(batch.providerRequest === null ? {} : { providerRequest: batch.providerRequest }),
      };
      const numbers = numbersAfter(batch, before);
      // What was rejected before came in, all of it that may.
      const took = batch.rerunOf !== null && quarantined === 0 && batch.accepted + batch.duplicates > 0;
      return end(batch, next, 'batch-committed', at, data, [
        ...(took
          ? [{ Delete: { TableName: table, Key: keys.quarantine(batch.hotel, batch.rerunOf ?? '') } }]
          : []),
        ...(quarantined > 0
          ? [{ Put: { TableName: table, Item: { ...keys.quarantine(batch.hotel, batchId), batchId } } }]
          : []),
        ...(numbers === null
          ? []
          : [{ Put: { TableName: table, Item: { ...keys.sequence(batch), ...numbers } } }]),
      ]);
    },

    /** Media came for records of a committed batch, so many of which had been missing, or references: of a transaction. */
    supplied: (
      batchId: string,
      { missing, reference, undeclared }: { missing: number; reference: number; undeclared: number },
    ): TransactItem => ({
      Update: {
        TableName: table,
        Key: recordsKeys.batch(batchId),
        UpdateExpression:
          'ADD suppliedMissing :missing, suppliedReference :reference, suppliedUndeclared :undeclared',
        ConditionExpression: '#state = :committed',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':missing': missing,
          ':reference': reference,
          ':undeclared': undeclared,
          ':committed': 'committed',
        },
      },
    }),

    fail: (batch: Batch, failure: BatchFailure, at: Date) =>
      end(batch, { ...ended(batch, 'failed', at), failure }, 'batch-failed', at, { reason: failure }),

    /** Nothing is left to do for a batch that ended. */
    async close(batch: Batch): Promise<void> {
      if (batch.state === 'committed') await written.forgetBlocks(batch);
      await written.dropIntents(batch);
      if (batch.slot !== null) {
        // Where the batch was closed before, the place may be another's by now.
        const key = keys.slot(batch.by, batch.slot);
        await transact(dynamo, [{ Delete: { TableName: table, Key: key, ...heldBy(batch) } }]);
      }
      await writeRow(dynamo, new DeleteCommand({ TableName: table, Key: keys.open(batch.batchId) }));
    },

    /** Ids of batches that nobody works on although something is left to do: `ingest` is to be invoked for each. */
    async stalled(now: Date): Promise<string[]> {
      const before = (milliseconds: number) => new Date(now.getTime() - milliseconds).toISOString();
      return (await open())
        .filter((batch) => {
          switch (batch.state) {
            case 'uploading':
              return batch.createdAt < before(QUIET_UPLOAD_MS);
            case 'received':
              return (batch.receivedAt ?? '') < before(QUIET_BATCH_MS);
            case 'ingesting':
              return batch.leaseUntil === null || batch.leaseUntil < now.toISOString();
            default:
              return (batch.endedAt ?? '') < before(QUIET_BATCH_MS);
          }
        })
        .map(({ batchId }) => batchId);
    },

    /** The batch whose turn it is in the lane of one that ended; null where none waits. */
    async nextInLane({ hotel, source }: Batch): Promise<string | null> {
      const waiting = (await open())
        .filter((batch) => batch.hotel === hotel && batch.source === source && batch.state === 'received')
        .sort((a, b) => ((a.receivedAt ?? '') < (b.receivedAt ?? '') ? -1 : 1));
      return waiting[0]?.batchId ?? null;
    },
  };
}

/** The row by which a batch is listed. */
export function batchOfHotel({ hotel, batchId }: Pick<Batch, 'hotel' | 'batchId'>) {
  return { ...keys.ofHotel(hotel, batchId), batchId };
}
export type Batches = ReturnType<typeof batchTable>;

function heldBy(batch: Batch) {
  return {
    ConditionExpression: 'batchId = :batchId',
    ExpressionAttributeValues: { ':batchId': batch.batchId },
  };
}

/**
 * The platform's numbers in custody with those of a batch; null where it changes nothing. Only what is in custody moves the
 * highest: a batch that brings nothing in leaves the gap before it open.
 */
function numbersAfter(
  { batchId, completeness, numbers }: Batch,
  before: NumbersInCustody | null,
): NumbersInCustody | null {
  const { highest } = numbers;
  if (before === null) return highest === null ? null : { batchId, last: highest, held: numbers };
  const first = completeness.sequenceGaps.first ?? lowestHeld(numbers);
  if (!isSameNumbering({ first }, before)) return null;
  const rises = highest !== null && BigInt(highest) > BigInt(before.last);
  return {
    batchId: rises ? batchId : before.batchId,
    last: rises ? highest : before.last,
    held: heldTogether(before.held, numbers),
  };
}

/** What a batch lacks, as its event states it. */
function lacksOf({
  sequenceGaps,
  truncated,
  unknownTypes,
  internalNotes,
  undated = 0,
  media,
}: BatchCompleteness) {
  return {
    sequenceMissing: sequenceGaps.messages,
    sequenceMissingBefore: sequenceGaps.sinceLastBatch?.messages ?? 0,
    truncated,
    unknownTypes: Object.values(unknownTypes).reduce((sum, count) => sum + count, 0),
    internalNotes,
    ...(undated === 0 ? {} : { undated }),
    mediaMissing: media.missing,
    mediaDamaged: media.damaged,
  };
}
