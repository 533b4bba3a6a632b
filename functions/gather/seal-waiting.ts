import { createSecretKey } from 'node:crypto';
import { type Batches, LeaseLostError } from '../../shared/aws/batches.ts';
import type { GatheredBatches } from '../../shared/aws/gathered-batches.ts';
import type { WaitingMessages } from '../../shared/aws/waiting-messages.ts';
import { openWaiting } from '../../shared/crypto/waiting-message.ts';
import { countCompleteness } from '../../shared/custody-in/count-completeness.ts';
import { ingestSegment, type SegmentDependencies } from '../../shared/custody-in/ingest-segment.ts';
import { type HeldBatch, takeLease } from '../../shared/custody-in/keep-lease.ts';
import { decodeDraft } from '../../shared/custody-in/waiting-draft.ts';
import { type Batch, newBatch } from '../../shared/domain/batch.ts';
import type { WaitingConversation, WaitingMessage } from '../../shared/domain/gathering.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Source } from '../../shared/domain/record.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CustodyKeys, IndexKey } from '../../shared/ports/keys.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { DraftRecord } from '../../shared/sources/importer.ts';

export type SealDependencies = Omit<SegmentDependencies, 'batches'> & {
  batches: Batches;
  gathered: GatheredBatches;
  waiting: WaitingMessages;
  keys: Pick<CustodyKeys, 'forReading'>;
  indexKey: Pick<IndexKey, 'forIngest'>;
  evidence: Pick<ObjectStore, 'get' | 'putOnce'>;
  clock: Clock;
  /** Whether there is time to begin another batch. */
  hasTime: () => boolean;
  /** Has a batch that waited for its turn ingested, soon. */
  continueLater(batchId: string): Promise<void>;
  /** A batch went into custody. */
  progress(batch: Batch): void;
};

/** `left`: messages that were to be sealed and still wait, since an upload of the same hotel and source is being ingested. */
export type Sealed = { batches: number; accepted: number; left: number };

const HOUR_MS = 60 * 60 * 1000;

/** Whether a conversation's messages have waited long enough, or are enough for a block. */
export function isDue({ bytes, since }: WaitingConversation, now: Date): boolean {
  return (
    bytes >= LIMITS.gatheredBytes ||
    new Date(since).getTime() <= now.getTime() - LIMITS.gatheredHours * HOUR_MS
  );
}

/**
 * Seals what waits of a hotel and source, where `chosen` says so, through the same steps by which an upload goes into
 * custody: a batch, found again where a run was cut off; its blocks visible by its commit alone; only then the waiting rows
 * go. A message that is sealed already is passed over, so that whoever does it again, from wherever, changes nothing.
 */
export async function sealWaitingOf(
  { hotel, source }: { hotel: string; source: Source },
  chosen: (conversation: WaitingConversation) => boolean,
  dependencies: SealDependencies,
): Promise<Sealed> {
  const { waiting, gathered, hasTime } = dependencies;
  const result: Sealed = { batches: 0, accepted: 0, left: 0 };
  for (;;) {
    const begun = await gathered.present(hotel, source);
    if (begun?.state === 'committed') {
      // Another process died before it closed this one. What waits now may have come since.
      counted(await close(begun, dependencies));
      continue;
    }
    const conversations = await waiting.conversations(hotel, source);
    for (const empty of conversations.filter(({ messages }) => messages === 0)) await waiting.tidy(empty);
    const due = conversations.filter((one) => one.messages > 0 && chosen(one));
    const { messages, all } = await messagesOf(due, dependencies);
    if (messages.length === 0 && begun === null) return result;
    const outcome = hasTime() ? await sealBatch({ hotel, source }, begun, messages, dependencies) : 'waiting';
    if (typeof outcome === 'string') {
      return { ...result, left: due.reduce((sum, one) => sum + one.messages, 0) };
    }
    counted(outcome.batch);
    if (outcome.tookThem && all) return result;
  }

  function counted({ accepted }: Batch): void {
    result.batches += 1;
    result.accepted += accepted;
  }
}

/** As many messages as one batch takes, whole conversations first; `all` where there are no more. */
async function messagesOf(
  due: readonly WaitingConversation[],
  { waiting }: SealDependencies,
): Promise<{ messages: WaitingMessage[]; all: boolean }> {
  const messages: WaitingMessage[] = [];
  let bytes = 0;
  for (const conversation of due) {
    for await (const message of waiting.messagesOf(conversation)) {
      if (messages.length >= LIMITS.sealedMessages || bytes >= LIMITS.sealedBytes) {
        return { messages, all: false };
      }
      messages.push(message);
      bytes += message.bytes;
    }
  }
  return { messages, all: true };
}

/**
 * `tookThem` is false where the batch that was begun had its messages in already: another process died between its
 * checkpoint and its commit. Those of them that still wait are found to be in custody by the next batch.
 */
async function sealBatch(
  place: { hotel: string; source: Source },
  begun: Batch | null,
  messages: readonly WaitingMessage[],
  dependencies: SealDependencies,
): Promise<{ batch: Batch; tookThem: boolean } | 'busy' | 'waiting'> {
  const { batches, gathered, waiting, evidence, clock } = dependencies;
  const found = begun ?? (await gathered.begin(batchOf(place, messages, clock()), clock()));
  // Somebody else began and committed it just now.
  if (found.state === 'committed') return { batch: await close(found, dependencies), tookThem: false };
  const held = await takeLease(found, dependencies);
  if (typeof held === 'string') return held;
  const tookThem = held.batch().checkpoint.segment === 0;
  let batch: Batch;
  try {
    if (tookThem) await takeIn(held, messages, dependencies);
    batch = await batches.commit(held.batch(), clock(), evidence);
  } catch (error) {
    if (error instanceof LeaseLostError) return 'busy';
    // What broke is what is told; a lease that can't be given back runs out by itself.
    await batches.release(held.batch()).catch(() => undefined);
    throw error;
  }
  if (tookThem) await waiting.drop(messages);
  return { batch: await close(batch, dependencies), tookThem };
}

/** The messages into their blocks, which are visible once the batch is committed; the batch counts them with its checkpoint. */
async function takeIn(
  held: HeldBatch,
  messages: readonly WaitingMessage[],
  dependencies: SealDependencies,
): Promise<void> {
  const { clock, indexKey } = dependencies;
  const batch = held.batch();
  const { drafts, deleted } = await draftsOf(messages, dependencies);
  const result = await ingestSegment(
    drafts,
    {
      batch,
      indexKey: createSecretKey(await indexKey.forIngest()),
      now: clock(),
      beforeEach: held.renew,
    },
    dependencies,
  );
  const rejected = [...result.rejected, ...deleted];
  await held.checkpoint({
    checkpoint: { ...batch.checkpoint, segment: batch.checkpoint.segment + 1 },
    bytes: messages.reduce((sum, one) => sum + one.bytes, 0),
    completeness: countCompleteness(batch.completeness, { ...result, rejected, lacks: [], drafts }),
    accepted: batch.accepted + result.accepted,
    duplicates: batch.duplicates + result.duplicates,
    conflicts: batch.conflicts + result.conflicts,
    quarantined: batch.quarantined + result.quarantined,
    rejectedLines: batch.rejectedLines + rejected.length,
    rejected: [...batch.rejected, ...rejected].slice(0, LIMITS.rejectedLinesListed),
  });
}

async function close(
  ended: Batch,
  { batches, gathered, continueLater, progress }: SealDependencies,
): Promise<Batch> {
  const next = await batches.nextInLane(ended);
  if (next !== null) await continueLater(next);
  await batches.forgetBlocks(ended);
  await gathered.close(ended);
  progress(ended);
  return ended;
}

function batchOf(
  { hotel, source }: { hotel: string; source: Source },
  messages: readonly WaitingMessage[],
  now: Date,
): Batch {
  const batchId = newId('bat', now);
  return {
    ...newBatch({
      batchId,
      hotel,
      source,
      category: 'enquiry',
      timezone: null,
      bytes: messages.reduce((sum, one) => sum + one.bytes, 0),
      announcedDigest: null,
      parts: 0,
      uploadId: '',
      objectKey: '',
      by: 'function:gather',
      createdAt: now.toISOString(),
    }),
    state: 'received',
    receivedAt: now.toISOString(),
  };
}

/**
 * What the messages say, each once: a message of several guests' conversations waits under each guest's key, and goes into
 * all of them together. Those whose every key is shredded can't be read by anybody any more: they are `deleted`.
 */
async function draftsOf(
  messages: readonly WaitingMessage[],
  { keys }: SealDependencies,
): Promise<{ drafts: DraftRecord[]; deleted: { line: number; reason: string }[] }> {
  const ordered = messages.toSorted(
    (a, b) => compare(a.receivedAt, b.receivedAt) || compare(a.recordId, b.recordId),
  );
  const drafts = new Map<string, { draft: DraftRecord; receivedAt: string }>();
  for (const message of ordered) {
    if (drafts.has(message.recordId)) continue;
    const key = await keys.forReading(message, message.guestId);
    if (key.state === 'shredded' || key.keyId !== message.keyId) continue;
    const draft = decodeDraft(openWaiting(key.key, message, message.sealed), drafts.size + 1);
    drafts.set(message.recordId, { draft, receivedAt: message.receivedAt });
  }
  const lost = new Set(ordered.map(({ recordId }) => recordId).filter((recordId) => !drafts.has(recordId)));
  return {
    // Lines are the order of arrival, and within one push its own.
    drafts: [...drafts.values()]
      .sort((a, b) => compare(a.receivedAt, b.receivedAt) || (a.draft.ordinal ?? 0) - (b.draft.ordinal ?? 0))
      .map(({ draft }, index) => ({ ...draft, line: index + 1 })),
    deleted: [...lost].map((_, index) => ({ line: drafts.size + 1 + index, reason: 'period-deleted' })),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
