import type { KeyObject } from 'node:crypto';
import { messageFingerprintOf } from '../crypto/record-fingerprint.ts';
import type { Batch } from '../domain/batch.ts';
import { endingOfName, type FileEnding } from '../domain/file-ending.ts';
import { isoTime } from '../domain/iso-time.ts';
import type { StoredRecord } from '../domain/record.ts';
import type { DraftRecord } from '../sources/importer.ts';
import type { FoundMedium } from './brought-media.ts';

/**
 * A draft as it is stored: ids in place of the platform's own, and of each attachment what became of its medium (`found`,
 * in the attachments' order; null where no media came along with the batch).
 */
export function storedRecordOf(
  draft: DraftRecord,
  where: {
    recordId: string;
    batch: Pick<Batch, 'source' | 'hotel' | 'category'>;
    indexKey: KeyObject;
    found: readonly (FoundMedium | null)[];
  },
): StoredRecord {
  const { recordId, batch, indexKey, found } = where;
  const { recalls, edits } = draft;
  return {
    recordId,
    platform: batch.source,
    category: draft.category ?? batch.category,
    at: isoTime(draft.at),
    timeKnown: draft.timeKnown,
    from: draft.from,
    text: draft.text,
    attachments:
      draft.attachments.length === 0
        ? NONE
        : draft.attachments.map(({ refs: _, ...declared }, position) => {
            const { state, medium } = found[position] ?? { state: 'reference' as const, medium: null };
            const came = medium === null ? null : { bytes: medium.bytes, digest: `sha256:${medium.sha256}` };
            const bytes = declared.bytes ?? came?.bytes ?? null;
            const digest = declared.digest ?? came?.digest ?? null;
            return { ...declared, bytes, digest, state, mediaId: null, found: came, ...endingOf(medium) };
          }),
    edited: draft.edited,
    internal: draft.internal,
    batchId: null,
    recalls: recalls === null ? null : fingerprintOf(recalls),
    edits: edits === null ? null : fingerprintOf(edits),
    sourceType: draft.sourceType,
    line: draft.line,
    ordinal: draft.ordinal ?? 0,
    original: draft.original,
  };

  function fingerprintOf(messageId: string): string {
    const { source, hotel } = batch;
    return messageFingerprintOf(indexKey, { source, hotel, messageId });
  }
}

const NONE: [] = [];

/** What kind of file came, by its name or its first bytes. */
export function endingOf(medium: FoundMedium['medium']): { ending?: FileEnding } {
  const ending = medium === null ? null : (endingOfName(medium.name) ?? medium.ending ?? null);
  return ending === null ? {} : { ending };
}
