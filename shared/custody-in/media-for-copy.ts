import type { PlannedMedium } from '../aws/media-writer.ts';
import type { BatchCompleteness } from '../domain/batch.ts';
import { derivedId } from '../domain/identifiers.ts';
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
  const { batchId, guestId, conversationId, media, beforeEach } = copy;
  const own: PlannedMedium[] = [];
  const attachments = record.attachments.map((attachment, position) => {
    const medium = found[position]?.medium ?? null;
    if (medium === null || media === null) return attachment;
    const mediaId = derivedId('med', batchId, record.recordId, guestId, conversationId, String(position));
    own.push({ mediaId, bytes: medium.bytes, read: () => keepingLease(media.read(medium)) });
    return { ...attachment, mediaId };
  });
  return own.length === 0 ? { record } : { record: { ...record, attachments }, media: own };

  async function* keepingLease(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      await beforeEach();
      yield chunk;
    }
  }
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
