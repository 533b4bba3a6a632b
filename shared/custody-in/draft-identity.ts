import type { KeyObject } from 'node:crypto';
import { type MessageIdentity, recordIdOf } from '../crypto/record-fingerprint.ts';
import type { Source } from '../domain/record.ts';
import type { DraftRecord } from '../sources/importer.ts';

/** The record id of a draft: by the platform's own id of the message, or by who said what when (docs/formats/block.md). */
export function recordIdOfDraft(
  indexKey: KeyObject,
  { source, hotel }: { source: Source; hotel: string },
  { at, content, sourceMessageId, placements }: DraftRecord,
): string {
  const place = { source, hotel };
  const identity: MessageIdentity =
    sourceMessageId === null
      ? { ...place, conversation: placements[0].conversation, at, content }
      : { ...place, messageId: sourceMessageId };
  return recordIdOf(indexKey, identity, { at, content });
}
