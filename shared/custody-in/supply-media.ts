import { randomBytes } from 'node:crypto';
import type { Batches } from '../aws/batches.ts';
import type { BlockMerge } from '../aws/block-merge.ts';
import type { MediaWriter, PlannedMedium } from '../aws/media-writer.ts';
import { normalisedBytesOf } from '../crypto/block-content.ts';
import { decodeBlockIndex } from '../crypto/block-index.ts';
import { openRecords } from '../crypto/record-block.ts';
import { actingFor, type Batch, batchSubject } from '../domain/batch.ts';
import { derivedId } from '../domain/identifiers.ts';
import { LIMITS } from '../domain/limits.ts';
import type { StoredRecord } from '../domain/record.ts';
import type { CustodyKeys, GuestKey } from '../ports/keys.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { BlockRow } from '../ports/records-index.ts';
import type { BroughtMedia, FoundMedium } from './brought-media.ts';
import { isTooMuchMedia, keepingLease } from './media-for-copy.ts';
import type { CustodyReader } from './records-in-custody.ts';
import { endingOf } from './stored-record.ts';

/** A record for which media came, and which these guests had already. */
export type LateMedia = {
  recordId: string;
  /** What came for each of its attachments, in their order. */
  found: readonly (FoundMedium | null)[];
  guestIds: ReadonlySet<string>;
};

export type SupplyDependencies = {
  records: CustodyReader;
  keys: Pick<CustodyKeys, 'forReading'>;
  vault: Pick<ObjectStore, 'get'>;
  media: MediaWriter;
  merge: Pick<BlockMerge, 'addMedia'>;
  batches: Pick<Batches, 'supplied'>;
};

/**
 * How many of a batch's media were added to records of earlier batches, and how many were not: each attachment once.
 * `undeclared`: of those added, how many of which the platform had declared no digest.
 */
export type Supplied = { supplied: number; undeclared: number; notTaken: number };
export const NO_LATE_MEDIA: Supplied = { supplied: 0, undeclared: 0, notTaken: 0 };

/** Blocks of a guest were merged by others each time that media were to be added to one. */
export class SupplyContentionError extends Error {
  override name = 'SupplyContentionError';
}

/** A block's row is there and its object isn't. */
export class SuppliedBlockMissingError extends Error {
  override name = 'SuppliedBlockMissingError';
}

const ATTEMPTS = 6;
const AGES = { from: new Date(0), to: new Date('9999-12-31T23:59:59.999Z') };

/**
 * What a batch that a block's records came with is told: how many of their media came now, by what was said of them, and of
 * how many the platform had declared no digest.
 */
type Counts = { missing: number; reference: number; undeclared: number };

type Context = {
  batch: Batch;
  media: BroughtMedia;
  zone: string;
  now: Date;
  beforeEach: () => Promise<void>;
  membersOf: (guestId: string) => Promise<Iterable<string>>;
};

/**
 * Adds media to records that came without them: the block is opened and sealed anew with the medium beside it, in one
 * transaction with its event and with the counts of the batch that brought the record. Ids, commitments, original bytes and
 * what the platform declared stay what they were: where it declared no digest, nothing but this batch says what the medium
 * is, and the record, the event and both batches say so. What a record has already stays: nothing is taken in its place.
 * A scope that was frozen before doesn't have it (A7). Repeatable: what was added before is counted, not added again.
 */
export async function supplyMedia(
  late: readonly LateMedia[],
  context: Context,
  dependencies: SupplyDependencies,
): Promise<Supplied> {
  const byGuest = new Map<string, Map<string, LateMedia>>();
  for (const one of late) {
    for (const guestId of one.guestIds) {
      for (const member of await context.membersOf(guestId)) {
        const own = byGuest.get(member) ?? new Map<string, LateMedia>();
        byGuest.set(member, own.set(one.recordId, one));
      }
    }
  }
  const [taken, left, undeclared] = [new Set<string>(), new Set<string>(), new Set<string>()];
  // Of a record's copies that came with one batch the first guest's is counted, whichever process gets so far.
  const counted = new Set<string>();
  for (const [guestId, wanted] of [...byGuest].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await supplyGuest(guestId, wanted, { taken, left, undeclared, counted }, context, dependencies);
  }
  return {
    supplied: taken.size,
    undeclared: [...undeclared].filter((name) => taken.has(name)).length,
    notTaken: [...left].filter((name) => !taken.has(name)).length,
  };
}

/** Attachments, as record id and position; `counted`: with the batch that was told of it. */
type Tally = { taken: Set<string>; left: Set<string>; undeclared: Set<string>; counted: Set<string> };

async function supplyGuest(
  guestId: string,
  wanted: ReadonlyMap<string, LateMedia>,
  tally: Tally,
  context: Context,
  dependencies: SupplyDependencies,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const rows = await rowsWith(guestId, wanted, context, dependencies.records);
    let steady = true;
    for (const row of rows) {
      await context.beforeEach();
      steady = (await supplyBlock(row, wanted, tally, context, dependencies)) && steady;
    }
    if (steady) return;
  }
  throw new SupplyContentionError('The blocks of a guest were merged by others each time');
}

/** Blocks of committed batches that hold any of these records, in the order in which they are taken. */
async function rowsWith(
  guestId: string,
  wanted: ReadonlyMap<string, LateMedia>,
  { batch }: Context,
  records: CustodyReader,
): Promise<BlockRow[]> {
  const rows = (await records.allBlocksOf(guestId, AGES.from, AGES.to)).filter(
    ({ hotel, batchId, index }) =>
      hotel === batch.hotel &&
      batchId !== batch.batchId &&
      decodeBlockIndex(index).some(({ recordId }) => wanted.has(recordId)),
  );
  return (await records.visible(rows)).sort((a, b) => (a.conversationId < b.conversationId ? -1 : 1));
}

/** False where somebody else changed the block meanwhile: the guest's blocks are to be read again. */
async function supplyBlock(
  row: BlockRow,
  wanted: ReadonlyMap<string, LateMedia>,
  { taken, left, undeclared, counted }: Tally,
  { batch, media, zone, now, beforeEach }: Context,
  { keys, vault, media: sealing, merge, batches }: SupplyDependencies,
): Promise<boolean> {
  const key = await keys.forReading(row, row.guestId);
  if (key.state === 'shredded') return true;
  const sealed = await vault.get(row.objectKey);
  if (sealed === null) {
    throw new SuppliedBlockMissingError(`Block ${row.blockId} has a row and no object`);
  }
  const swapId = randomBytes(16).toString('hex');
  const planned: PlannedMedium[] = [];
  const added = new Set<string>();
  const counting: string[] = [];
  const origins = new Map<string, Counts>();
  const { index, marks } = row;
  const records = openRecords({ key: key.key, place: placeOf(row, key), index, marks, sealed }).map(
    (record) => {
      const late = wanted.get(record.recordId);
      return late === undefined ? record : withLate(record, late);
    },
  );
  if (planned.length === 0) return true;

  const blockId = derivedId('blk', swapId, row.blockId);
  const { batchId, guestId, conversationId, hotel, platform, recordClass, period, staff } = row;
  const { outcome } = await merge.addMedia(
    {
      swapId,
      old: [row],
      plans: [
        {
          ...{ blockId, batchId, guestId, conversationId, hotel, platform, recordClass, period, staff },
          records,
          media: [...(row.media ?? []).map((mediaId) => ({ mediaId })), ...planned],
        },
      ],
      media: {
        ids: planned.map(({ mediaId }) => mediaId),
        put: async () => {
          for (const medium of planned) await sealing.write(row, medium, key);
        },
      },
      event: {
        subject: batchSubject(batch.batchId),
        type: 'media-supplied',
        actor: actingFor(batch),
        data: {
          media: planned.length,
          bytes: planned.reduce((sum, { bytes }) => sum + bytes, 0),
          by: batch.by,
          undeclared: [...added].filter((name) => undeclared.has(name)).length,
          to: [...origins.keys()].sort(),
        },
      },
      also: [...origins]
        .filter(([, { missing, reference }]) => missing + reference > 0)
        .map(([origin, counts]) => batches.supplied(origin, counts)),
    },
    key,
    zone,
    now,
  );
  if (outcome === 'changed') return false;
  for (const name of added) (outcome === 'swapped' ? taken : left).add(name);
  if (outcome === 'swapped') for (const one of counting) counted.add(one);
  return true;

  function withLate(record: StoredRecord, { found, guestIds }: LateMedia): StoredRecord {
    const fits =
      found.length === record.attachments.length &&
      !isTooMuchMedia(found, guestIds.size) &&
      (row.media?.length ?? 0) + planned.length + found.length <= LIMITS.blockMedia;
    const origin = record.batchId ?? row.batchId;
    const counts = origins.get(origin) ?? { missing: 0, reference: 0, undeclared: 0 };
    const own = new Map<FoundMedium['medium'], PlannedMedium>();
    const names: string[] = [];
    const told: Counts = { missing: 0, reference: 0, undeclared: 0 };
    const attachments = record.attachments.map((attachment, position) => {
      const { state = null, medium = null } = found[position] ?? {};
      if (medium === null) return attachment;
      const name = `${record.recordId} ${position}`;
      if (attachment.digest === null) undeclared.add(name);
      if (attachment.mediaId !== null) {
        if (attachment.suppliedBy === batch.batchId) {
          taken.add(name);
          counted.add(`${name} ${origin}`);
        } else if (attachment.found?.digest !== `sha256:${medium.sha256}`) left.add(name);
        return attachment;
      }
      if (!fits || state !== 'present') {
        left.add(name);
        return attachment;
      }
      const plan = own.get(medium) ?? {
        mediaId: derivedId('med', swapId, record.recordId, String(position)),
        bytes: medium.bytes,
        read: () => keepingLease(media.read(medium), beforeEach),
      };
      own.set(medium, plan);
      names.push(name);
      counting.push(`${name} ${origin}`);
      if (
        !counted.has(`${name} ${origin}`) &&
        attachment.state !== 'present' &&
        attachment.state !== 'damaged'
      ) {
        told[attachment.state] += 1;
        if (attachment.digest === null) told.undeclared += 1;
      }
      const came = { bytes: medium.bytes, digest: `sha256:${medium.sha256}` };
      return {
        ...attachment,
        state: 'present' as const,
        mediaId: plan.mediaId,
        found: came,
        ...endingOf(medium),
        suppliedBy: batch.batchId,
      };
    });
    const next = { ...record, attachments };
    if (own.size === 0) return record;
    if (normalisedBytesOf(next) > LIMITS.lineBytes) {
      for (const name of names) left.add(name);
      return record;
    }
    planned.push(...own.values());
    for (const name of names) added.add(name);
    origins.set(origin, {
      missing: counts.missing + told.missing,
      reference: counts.reference + told.reference,
      undeclared: counts.undeclared + told.undeclared,
    });
    return next;
  }
}

function placeOf(row: BlockRow, key: Extract<GuestKey, { state: 'active' }>) {
  const { hotel, conversationId, blockId, recordClass } = row;
  return { keyId: key.keyId, keyVersion: key.version, hotel, conversationId, blockId, recordClass };
}
