import type { PlannedMedium } from '../aws/media-writer.ts';
import type { BatchCompleteness } from '../domain/batch.ts';
import { derivedId } from '../domain/identifiers.ts';
import { LIMITS } from '../domain/limits.ts';
import type { StoredRecord } from '../domain/record.ts';
import type { BroughtMedia, FoundMedium } from './brought-media.ts';
import type { PlacedRecord } from './plan-blocks.ts';

/** The record with the media that its copy for this guest and conversation has: each copy is under a key of its own. */
export function withMedia(
  record: StoredRecord,
  found: readonly (FoundMedium | null)[],
  copy: {
    batchId: string;
    guestId: string;
    conversationId: string;
    media: BroughtMedia | null;
    /** Called before each chunk, to keep the lease. */
    beforeEach: () => Promise<void>;
  },
): Pick<PlacedRecord, 'record' | 'media'> {
  if (record.attachments.length === 0) return { record };
  const { batchId, guestId, conversationId, media, beforeEach } = copy;
  // A file that a record refers to several times is one medium.
  const own = new Map<FoundMedium['medium'], PlannedMedium>();
  const attachments = record.attachments.map((attachment, position) => {
    const medium = found[position]?.medium ?? null;
    if (medium === null || media === null) return attachment;
    const planned = own.get(medium) ?? {
      mediaId: derivedId('med', batchId, record.recordId, guestId, conversationId, String(position)),
      bytes: medium.bytes,
      read: () => keepingLease(media.read(medium), beforeEach),
    };
    own.set(medium, planned);
    return { ...attachment, mediaId: planned.mediaId };
  });
  return own.size === 0 ? { record } : { record: { ...record, attachments }, media: [...own.values()] };
}

/** The same bytes; `beforeEach` is called before each chunk, to keep the lease. */
export async function* keepingLease(
  bytes: AsyncIterable<Uint8Array>,
  beforeEach: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    await beforeEach();
    yield chunk;
  }
}

/** Whether so many copies of a message's files are more than one message may bring. */
export function isTooMuchMedia(found: readonly (FoundMedium | null)[], copies: number): boolean {
  if (found.length === 0) return false;
  const files = [...new Set(found.map((one) => one?.medium ?? null))].filter((medium) => medium !== null);
  const bytes = files.reduce((sum, medium) => sum + medium.bytes, 0);
  return files.length > LIMITS.blockMedia || bytes * copies > LIMITS.messageMediaBytes;
}

/** The attachments of these records by what became of them, each record counted once however many copies it has. */
export function countMedia(
  placed: readonly Pick<PlacedRecord, 'record'>[],
  kept: ReadonlySet<string>,
): BatchCompleteness['media'] {
  const counts = { present: 0, missing: 0, damaged: 0, reference: 0 };
  const seen = new Set<string>();
  for (const { record } of placed) {
    if (record.attachments.length === 0) continue;
    if (!kept.has(record.recordId) || seen.has(record.recordId)) continue;
    seen.add(record.recordId);
    for (const { state } of record.attachments) counts[state] += 1;
  }
  return counts;
}
