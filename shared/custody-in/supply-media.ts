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
import type { CompanionMedium } from '../sources/companion.ts';
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

type ActiveKey = Extract<GuestKey, { state: 'active' }>;

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
  tally: Tally,
  context: Context,
  dependencies: SupplyDependencies,
): Promise<boolean> {
  const key = await dependencies.keys.forReading(row, row.guestId);
  if (key.state === 'shredded') return true;
  const addition = planOf(row, tally);
  const records = (await recordsOf(row, key, dependencies)).map((record) => {
    const late = wanted.get(record.recordId);
    return late === undefined ? record : withLate(record, late, addition, context);
  });
  if (addition.planned.length === 0) return true;
  const { outcome } = await exchange({ records, addition, key }, context, dependencies);
  if (outcome === 'changed') return false;
  for (const name of addition.added) (outcome === 'swapped' ? tally.taken : tally.left).add(name);
  if (outcome === 'swapped') for (const one of addition.counting) tally.counted.add(one);
  return true;
}

/** What is to be added to one block, as its records are gone through. */
type Addition = {
  row: BlockRow;
  swapId: string;
  tally: Tally;
  planned: PlannedMedium[];
  /** Attachments that get a medium, and with which batch each is counted. */
  added: Set<string>;
  counting: string[];
  /** What each batch that records came with is told. */
  origins: Map<string, Counts>;
};

function planOf(row: BlockRow, tally: Tally): Addition {
  const swapId = randomBytes(16).toString('hex');
  return { row, swapId, tally, planned: [], added: new Set(), counting: [], origins: new Map() };
}

async function recordsOf(
  row: BlockRow,
  key: ActiveKey,
  { vault }: SupplyDependencies,
): Promise<StoredRecord[]> {
  const sealed = await vault.get(row.objectKey);
  if (sealed === null) {
    throw new SuppliedBlockMissingError(`Block ${row.blockId} has a row and no object`);
  }
  const { index, marks } = row;
  return openRecords({ key: key.key, place: placeOf(row, key), index, marks, sealed });
}

/** Puts the block with its media in the place of the one without, with its event and what its batches are told. */
async function exchange(
  { records, addition, key }: { records: StoredRecord[]; addition: Addition; key: ActiveKey },
  { batch, zone, now }: Context,
  { merge, media: sealing, batches }: SupplyDependencies,
) {
  const { row, swapId, planned, added, origins, tally } = addition;
  const blockId = derivedId('blk', swapId, row.blockId);
  const { batchId, guestId, conversationId, hotel, platform, recordClass, period, staff } = row;
  return merge.addMedia(
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
          undeclared: [...added].filter((name) => tally.undeclared.has(name)).length,
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
}

/** The record with the media that came for it, planned and tallied; as it was where none may be added. */
function withLate(record: StoredRecord, late: LateMedia, addition: Addition, context: Context): StoredRecord {
  const { row, tally } = addition;
  const origin = record.batchId ?? row.batchId;
  const fits = hasRoomFor(record, late, addition);
  const own = new Map<CompanionMedium, PlannedMedium>();
  const names: string[] = [];
  const told: Counts = { missing: 0, reference: 0, undeclared: 0 };
  const attachments = record.attachments.map((attachment, position) => {
    const { state = null, medium = null } = late.found[position] ?? {};
    if (medium === null) return attachment;
    const name = `${record.recordId} ${position}`;
    const counted = `${name} ${origin}`;
    if (attachment.digest === null) tally.undeclared.add(name);
    if (attachment.mediaId !== null) {
      if (attachment.suppliedBy === context.batch.batchId) {
        tally.taken.add(name);
        tally.counted.add(counted);
      } else if (attachment.found?.digest !== `sha256:${medium.sha256}`) tally.left.add(name);
      return attachment;
    }
    if (!fits || state !== 'present') {
      tally.left.add(name);
      return attachment;
    }
    const plan = own.get(medium) ?? plannedMedium(record, position, medium, addition, context);
    own.set(medium, plan);
    names.push(name);
    addition.counting.push(counted);
    if (!tally.counted.has(counted)) tell(told, attachment);
    return supplied(attachment, plan.mediaId, medium, context.batch);
  });
  const next = { ...record, attachments };
  if (own.size === 0) return record;
  if (normalisedBytesOf(next) > LIMITS.lineBytes) {
    for (const name of names) tally.left.add(name);
    return record;
  }
  addition.planned.push(...own.values());
  for (const name of names) addition.added.add(name);
  addition.origins.set(origin, together(addition.origins.get(origin), told));
  return next;
}

/** Whether a record, and its block, may have as many media as came. */
function hasRoomFor(
  record: StoredRecord,
  { found, guestIds }: LateMedia,
  { row, planned }: Addition,
): boolean {
  return (
    found.length === record.attachments.length &&
    !isTooMuchMedia(found, guestIds.size) &&
    (row.media?.length ?? 0) + planned.length + found.length <= LIMITS.blockMedia
  );
}

function plannedMedium(
  { recordId }: StoredRecord,
  position: number,
  medium: CompanionMedium,
  { swapId }: Addition,
  { media, beforeEach }: Context,
): PlannedMedium {
  return {
    mediaId: derivedId('med', swapId, recordId, String(position)),
    bytes: medium.bytes,
    read: () => keepingLease(media.read(medium), beforeEach),
  };
}

type Attachment = StoredRecord['attachments'][number];

function tell(told: Counts, { state, digest }: Attachment): void {
  if (state === 'present' || state === 'damaged') return;
  told[state] += 1;
  if (digest === null) told.undeclared += 1;
}

function together(before: Counts | undefined, told: Counts): Counts {
  return {
    missing: (before?.missing ?? 0) + told.missing,
    reference: (before?.reference ?? 0) + told.reference,
    undeclared: (before?.undeclared ?? 0) + told.undeclared,
  };
}

function supplied(
  attachment: Attachment,
  mediaId: string,
  medium: CompanionMedium,
  { batchId }: Batch,
): Attachment {
  return {
    ...attachment,
    state: 'present',
    mediaId,
    found: { bytes: medium.bytes, digest: `sha256:${medium.sha256}` },
    ...endingOf(medium),
    suppliedBy: batchId,
  };
}

function placeOf(row: BlockRow, key: ActiveKey) {
  const { hotel, conversationId, blockId, recordClass } = row;
  return { keyId: key.keyId, keyVersion: key.version, hotel, conversationId, blockId, recordClass };
}
