import { createHash, createSecretKey } from 'node:crypto';
import { type Batches, LeaseLostError } from '../../shared/aws/batches.ts';
import { type Inbox, UploadMissingError } from '../../shared/aws/inbox.ts';
import { broughtMedia } from '../../shared/custody-in/brought-media.ts';
import { type CollectionDoor, collectionDoor } from '../../shared/custody-in/collection-door.ts';
import { countCompleteness } from '../../shared/custody-in/count-completeness.ts';
import { ingestSegment, type SegmentDependencies } from '../../shared/custody-in/ingest-segment.ts';
import { type HeldBatch, takeLease } from '../../shared/custody-in/keep-lease.ts';
import { type Batch, type BatchFailure, companionKey } from '../../shared/domain/batch.ts';
import type { Digest } from '../../shared/domain/digest.ts';
import { type HeldNumbers, NO_NUMBERS, withNumbers } from '../../shared/domain/held-numbers.ts';
import { hotelOf, zoneOf } from '../../shared/domain/hotel-of.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { isQuarantined, type QuarantinedLine } from '../../shared/domain/quarantine.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ConsentStore } from '../../shared/ports/consent-store.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { IndexKey } from '../../shared/ports/keys.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import { importerOf } from '../../shared/sources/built-sources.ts';
import { CompanionError, type CompanionIndex } from '../../shared/sources/companion.ts';
import { profileDigest } from '../../shared/sources/import-profile.ts';
import type { Importer, ImportOptions } from '../../shared/sources/importer.ts';
import { hasBroken, narrowedSegment, segmentItemsOf, stillIsolating } from './isolate-line.ts';
import { readCompanion } from './read-companion.ts';
import { readSegment } from './read-segment.ts';

export type IngestDependencies = Omit<SegmentDependencies, 'batches'> & {
  batches: Batches;
  inbox: Pick<Inbox, 'size' | 'read' | 'delete'>;
  directory: Pick<Directory, 'withAccounts'>;
  consents: Pick<ConsentStore, 'bases' | 'record'>;
  indexKey: Pick<IndexKey, 'forIngest'>;
  evidence: Pick<ObjectStore, 'get' | 'putOnce'>;
  /** Rejected lines of a batch, decrypted, always in the same order. */
  quarantined(batchId: string): AsyncIterable<QuarantinedLine>;
  clock: Clock;
  /** Milliseconds until this process is ended. */
  remaining: () => number;
  /** Has a batch worked on by another invocation, soon. */
  continueLater(batchId: string): Promise<void>;
  /** What a segment or a batch came to, for logs and metrics. */
  progress(batch: Batch): void;
};

export type IngestOutcome =
  | 'committed'
  | 'failed'
  /** Handed on to another invocation before the time ran out. */
  | 'continued'
  /** Another worker has it, or ended it meanwhile. */
  | 'busy'
  /** Its turn comes when another batch of the same hotel and source has ended. */
  | 'waiting'
  | 'not-received'
  | 'unknown';

const LONGEST_UPLOAD_MS = 24 * 60 * 60 * 1000;
/** Attempts without getting any further, each a minute or so after the other, before a batch is given up. */
const MOST_ATTEMPTS = 20;
/** The least time in which a segment is begun; more where segments take longer. */
const RESERVE_MS = 30_000;

/** What makes a batch fail for good, found while working on it. */
class BatchFault extends Error {
  override name = 'BatchFault';
  readonly failure: BatchFailure;
  constructor(failure: BatchFailure) {
    super(failure);
    this.failure = failure;
  }
}

/**
 * Works on a batch until it is committed, failed, or handed on. Every effect may be the last before a crash: whoever
 * takes the batch next goes on from the checkpoint and writes what is missing, nothing twice. Throws what breaks, after
 * giving the lease back.
 */
export async function ingestBatch(batchId: string, dependencies: IngestDependencies): Promise<IngestOutcome> {
  const { batches, clock } = dependencies;
  const found = await received(batchId, dependencies);
  if (typeof found === 'string') return found;
  if (found.state === 'committed' || found.state === 'failed') return finish(found, dependencies);

  const held = await takeLease(found, dependencies);
  if (typeof held === 'string') return held;
  try {
    if (held.batch().attempts > MOST_ATTEMPTS) throw new BatchFault('no-progress');
    const { digest, rerunOf } = held.batch();
    if (digest === null && rerunOf === null) await verify(held, dependencies);
    if (!(await work(held, dependencies))) return 'continued';
    return await finish(await batches.commit(held.batch(), clock(), dependencies.evidence), dependencies);
  } catch (error) {
    if (error instanceof LeaseLostError) return 'busy';
    const failure = failureOf(error);
    if (failure !== null) {
      return await finish(await batches.fail(held.batch(), failure, clock()), dependencies);
    }
    // What broke is what is told; a lease that can't be given back runs out by itself.
    await batches.release(held.batch()).catch(() => undefined);
    throw error;
  }
}

/** Null for what may go better the next time. */
function failureOf(error: unknown): BatchFailure | null {
  if (error instanceof BatchFault) return error.failure;
  if (error instanceof UploadMissingError) return 'upload-missing';
  if (error instanceof CompanionError) return 'companion-unreadable';
  return null;
}

/** The batch once its upload is complete: the object is there, whether anybody said so or not. */
async function received(
  batchId: string,
  { batches, inbox, clock }: IngestDependencies,
): Promise<Batch | 'not-received' | 'failed' | 'unknown'> {
  const batch = await batches.read(batchId);
  if (batch === null) return 'unknown';
  if (batch.state !== 'uploading') return batch;
  if ((await inbox.size(batch.objectKey)) !== null) {
    return (await batches.received(batchId, 'function:ingest', clock())) ?? 'unknown';
  }
  if (clock().getTime() - new Date(batch.createdAt).getTime() < LONGEST_UPLOAD_MS) return 'not-received';
  const failed = await batches.fail(batch, 'upload-abandoned', clock());
  if (failed.companion !== null) await inbox.delete(companionKey(failed));
  await batches.close(failed);
  return 'failed';
}

/** What an ended batch leaves: nothing in the inbox; where it failed, nothing in the vault either; the next one's turn. */
async function finish(batch: Batch, dependencies: IngestDependencies): Promise<'committed' | 'failed'> {
  const { batches, inbox, vault, region, continueLater, progress } = dependencies;
  const next = await batches.nextInLane(batch);
  if (next !== null) await continueLater(next);
  await inbox.delete(batch.objectKey);
  if (batch.companion !== null) await inbox.delete(companionKey(batch));
  if (batch.state === 'failed') {
    await batches.sweep(batch, vault, zoneOf(region, batch.hotel));
  }
  await batches.close(batch);
  progress(batch);
  return batch.state === 'failed' ? 'failed' : 'committed';
}

/** What arrived is what was announced; its SHA-256 is on record from here on, before a word of it is read. */
async function verify(held: HeldBatch, { inbox }: IngestDependencies): Promise<void> {
  const { objectKey, bytes, announcedDigest, companion } = held.batch();
  const size = await inbox.size(objectKey);
  if (size === null) throw new BatchFault('upload-missing');
  if (size !== bytes) throw new BatchFault('size-differs');
  if (companion !== null) {
    const beside = await inbox.size(companionKey(held.batch()));
    if (beside === null) throw new BatchFault('upload-missing');
    if (beside !== companion.bytes) throw new BatchFault('size-differs');
  }
  const hash = createHash('sha256');
  for await (const chunk of inbox.read(objectKey, 0, size)) {
    hash.update(chunk);
    await held.renew();
  }
  const digest: Digest = `sha256:${hash.digest('hex')}`;
  if (announcedDigest !== null && digest !== `sha256:${announcedDigest}`)
    throw new BatchFault('digest-differs');
  await held.advance({ digest });
}

/** Segment after segment, a checkpoint after each. False where the rest was handed on. */
async function work(held: HeldBatch, dependencies: IngestDependencies): Promise<boolean> {
  const { batches, clock, remaining, continueLater, progress, directory, indexKey, inbox } = dependencies;
  const importer = importerOf(held.batch().source);
  if (importer === null) throw new Error(`The source ${held.batch().source} has no importer`);
  let staff: Promise<ReadonlySet<string>> | null = null;
  async function readStaffAccounts(): Promise<ReadonlySet<string>> {
    const people = await directory.withAccounts();
    return new Set(people.flatMap(({ accounts }) => accounts));
  }
  const companion = await readCompanion(held.batch(), inbox);
  const profile = companion?.profile ?? null;
  if (profile !== null && held.batch().profile === null) {
    await held.advance({ profile: profileDigest(profile) });
  }
  const media =
    companion === null || companion.media.length === 0
      ? null
      : broughtMedia(companion.media, ({ offset, bytes }) => {
          const from = companion.mediaFrom + offset;
          return inbox.read(companion.objectKey, from, from + bytes);
        });
  const options = importOptions(held.batch(), companion, dependencies.region, () => {
    staff ??= readStaffAccounts();
    return staff;
  });
  if (importer.survey !== undefined && held.batch().rerunOf === null)
    await survey(held, importer.survey, options, inbox);
  const door = await openDoor(held.batch(), dependencies);
  let slowest = 0;
  let first = true;
  /** One batch of a hotel and source is ingested at a time: it stays the same until this one is committed. */
  let heldBefore: HeldNumbers | null = null;

  while (held.batch().checkpoint.offset < held.batch().bytes) {
    if (remaining() < Math.max(RESERVE_MS, 3 * slowest)) {
      const { batchId } = held.batch();
      await batches.release(held.batch());
      await continueLater(batchId);
      return false;
    }
    const start = performance.now();
    const batch = held.batch();
    const key = createSecretKey(await indexKey.forIngest());
    const read = (limit: number) =>
      readSegment({ batch, importer, options, door, key, media, limit }, dependencies);
    const segment = await (first && hasBroken(batch)
      ? narrowedSegment(held, read)
      : read(segmentItemsOf(batch)));
    first = false;
    const result = await ingestSegment(
      segment.drafts,
      {
        batch,
        indexKey: key,
        now: clock(),
        beforeEach: held.renew,
        media,
        quarantine: segment.quarantine,
      },
      dependencies,
    ).catch(async (error: unknown) => {
      // A process that died, or that lost the batch, says nothing; what broke is what is told.
      await held.advance({ broken: held.batch().broken + 1 }).catch(() => undefined);
      throw error;
    });
    const rejected = [...segment.rejected, ...result.rejected].sort((a, b) => a.line - b.line);
    for (const { line, reason } of rejected) {
      const own = segment.numbers.get(line);
      if (own === undefined) continue;
      own.kept = false;
      if (isQuarantined(batch.source, reason)) segment.numbers.delete(line);
    }
    if (heldBefore === null && segment.lacks.some(({ kind }) => kind === 'sequence-gap')) {
      heldBefore = (await batches.inCustody(batch))?.held ?? NO_NUMBERS;
    }
    await held.checkpoint({
      checkpoint: { segment: batch.checkpoint.segment + 1, ...segment.end },
      ...stillIsolating(held.batch(), segment),
      accepted: batch.accepted + result.accepted,
      duplicates: batch.duplicates + result.duplicates,
      conflicts: batch.conflicts + result.conflicts,
      blocks: batch.blocks + result.blocks,
      quarantined: batch.quarantined + result.quarantined,
      rejectedLines: batch.rejectedLines + rejected.length,
      rejected: [...batch.rejected, ...rejected].slice(0, LIMITS.rejectedLinesListed),
      numbers: withNumbers(batch.numbers, [...segment.numbers.values()]),
      completeness: countCompleteness(batch.completeness, {
        ...segment,
        media: result.media,
        rejected,
        held: heldBefore ?? NO_NUMBERS,
      }),
    });
    slowest = Math.max(slowest, performance.now() - start);
    progress(held.batch());
  }
  return true;
}

/** On what employees' talk may be collected, as it stands now. */
async function openDoor(
  { source, hotel }: Batch,
  { consents, directory }: IngestDependencies,
): Promise<CollectionDoor> {
  if (source !== 'workgroup') return collectionDoor(source, [], []);
  const [bases, people] = await Promise.all([consents.bases(hotel), directory.withAccounts()]);
  return collectionDoor(source, bases, people);
}

/** What the importer is told of the file: by whoever uploaded it, by the region's configuration, by the directory. */
function importOptions(
  batch: Batch,
  companion: CompanionIndex | null,
  region: IngestDependencies['region'],
  staffAccounts: ImportOptions['staffAccounts'],
): ImportOptions {
  const profile = companion?.profile ?? null;
  const { ownNames = [] } = hotelOf(region, batch.hotel);
  return {
    timezone: profile?.timezone ?? batch.timezone,
    profile,
    ownNames: [...new Set([...ownNames, ...(profile?.ownNames ?? [])])],
    staffAccounts,
  };
}

/** What can only be known of the whole file, before its first item; kept, so that it is read once for this. */
async function survey(
  held: HeldBatch,
  surveyOf: NonNullable<Importer['survey']>,
  options: ImportOptions,
  inbox: IngestDependencies['inbox'],
): Promise<void> {
  const { objectKey, bytes, checkpoint } = held.batch();
  const { segment, offset, items } = checkpoint;
  if (segment > 0 || offset > 0 || items > 0 || checkpoint.state !== null) return;
  async function* whole(): AsyncGenerator<Uint8Array> {
    for await (const chunk of inbox.read(objectKey, 0, bytes)) {
      await held.renew();
      yield chunk;
    }
  }
  const state = await surveyOf(whole(), options);
  if (state === null) return;
  if (state.length > LIMITS.importStateCharacters) {
    throw new Error(`A survey may come to ${LIMITS.importStateCharacters} characters`);
  }
  await held.advance({ checkpoint: { ...checkpoint, state } });
}
