import { createSecretKey } from 'node:crypto';
import { type Batches, LeaseLostError } from '../../shared/aws/batches.ts';
import type { GatheredBatches } from '../../shared/aws/gathered-batches.ts';
import type { WaitingMessages } from '../../shared/aws/waiting-messages.ts';
import { openWaiting } from '../../shared/crypto/waiting-message.ts';
import { countCompleteness } from '../../shared/custody-in/count-completeness.ts';
import { recordIdOfDraft } from '../../shared/custody-in/draft-identity.ts';
import { ingestSegment, type SegmentDependencies } from '../../shared/custody-in/ingest-segment.ts';
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

const LEASE_MS = 2 * 60 * 1000;
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
  const { waiting, hasTime } = dependencies;
  const result: Sealed = { batches: 0, accepted: 0, left: 0 };
  for (;;) {
    const conversations = await waiting.conversations(hotel, source);
    for (const empty of conversations.filter(({ messages }) => messages === 0)) await waiting.tidy(empty);
    const due = conversations.filter((one) => one.messages > 0 && chosen(one));
    const begun = await dependencies.gathered.present(hotel, source);
    const messages = await messagesOf(due, dependencies);
    if (messages.length === 0 && begun === null) return result;
    const count = due.reduce((sum, one) => sum + one.messages, 0);
    const outcome = hasTime() ? await sealBatch({ hotel, source }, begun, messages, dependencies) : 'waiting';
    if (outcome === 'busy' || outcome === 'waiting') return { ...result, left: count };
    result.batches += 1;
    result.accepted += outcome.accepted;
    // Where a crashed run's batch was all there was, it is closed now.
    if (messages.length === count) return result;
  }
}

/** As many messages as one batch takes, whole conversations first. */
async function messagesOf(
  due: readonly WaitingConversation[],
  { waiting }: SealDependencies,
): Promise<WaitingMessage[]> {
  const found: WaitingMessage[] = [];
  let bytes = 0;
  for (const conversation of due) {
    const room = LIMITS.sealedMessages - found.length;
    if (room <= 0 || bytes >= LIMITS.sealedBytes) break;
    const some = await waiting.messagesOf(conversation, room);
    found.push(...some);
    bytes += some.reduce((sum, one) => sum + one.bytes, 0);
  }
  return found;
}

async function sealBatch(
  place: { hotel: string; source: Source },
  begun: Batch | null,
  messages: readonly WaitingMessage[],
  dependencies: SealDependencies,
): Promise<Batch | 'busy' | 'waiting'> {
  const { batches, gathered, waiting, evidence, clock, indexKey, continueLater, progress } = dependencies;
  const batch = begun ?? (await gathered.begin(batchOf(place, messages, clock()), clock()));
  if (batch.state === 'committed') return close(batch);
  const lease = await batches.lease(batch, clock(), until());
  if (lease.outcome !== 'leased') return lease.outcome;
  let held = lease.batch;
  let renewing: Promise<void> | null = null;
  try {
    const key = createSecretKey(await indexKey.forIngest());
    const drafts = await draftsOf(messages, dependencies, (draft) => recordIdOfDraft(key, place, draft));
    const result = await ingestSegment(
      drafts,
      { batch: held, indexKey: key, now: clock(), beforeEach: renew },
      dependencies,
    );
    held = await batches.checkpoint(held, {
      leaseUntil: until().toISOString(),
      checkpoint: { ...held.checkpoint, segment: held.checkpoint.segment + 1 },
      bytes: messages.reduce((sum, one) => sum + one.bytes, 0),
      completeness: countCompleteness(held.completeness, { ...result, lacks: [], drafts }),
      accepted: held.accepted + result.accepted,
      duplicates: held.duplicates + result.duplicates,
      conflicts: held.conflicts + result.conflicts,
      quarantined: held.quarantined + result.quarantined,
      rejectedLines: held.rejectedLines + result.rejected.length,
      rejected: [...held.rejected, ...result.rejected].slice(0, LIMITS.rejectedLinesListed),
    });
    held = await batches.commit(held, clock(), evidence);
  } catch (error) {
    if (error instanceof LeaseLostError) return 'busy';
    // What broke is what is told; a lease that can't be given back runs out by itself.
    await batches.release(held).catch(() => undefined);
    throw error;
  }
  await waiting.drop(messages);
  return close(held);

  function until(): Date {
    return new Date(clock().getTime() + LEASE_MS);
  }
  async function renew(): Promise<void> {
    if (new Date(held.leaseUntil ?? 0).getTime() - clock().getTime() > LEASE_MS / 2) return;
    renewing ??= batches
      .advance(held, { leaseUntil: until().toISOString() })
      .then((next) => {
        held = next;
      })
      .finally(() => {
        renewing = null;
      });
    await renewing;
  }
  async function close(ended: Batch): Promise<Batch> {
    const next = await batches.nextInLane(ended);
    if (next !== null) await continueLater(next);
    await gathered.close(ended);
    progress(ended);
    return ended;
  }
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
 * all of them together. Those whose keys are shredded can't be read by anybody any more: they are left out.
 */
async function draftsOf(
  messages: readonly WaitingMessage[],
  { keys }: SealDependencies,
  idOf: (draft: DraftRecord) => string,
): Promise<DraftRecord[]> {
  const ordered = messages.toSorted((a, b) =>
    a.receivedAt === b.receivedAt ? compare(a.recordId, b.recordId) : compare(a.receivedAt, b.receivedAt),
  );
  const drafts = new Map<string, DraftRecord>();
  for (const message of ordered) {
    const key = await keys.forReading(message, message.guestId);
    if (key.state === 'shredded' || key.keyId !== message.keyId) continue;
    const draft = decodeDraft(openWaiting(key.key, message, message.sealed), drafts.size + 1);
    const id = idOf(draft);
    if (!drafts.has(id)) drafts.set(id, draft);
  }
  return [...drafts.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
