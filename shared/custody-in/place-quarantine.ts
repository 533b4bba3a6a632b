import type { KeyObject } from 'node:crypto';
import type { IdentifierIndex } from '../aws/identifier-index.ts';
import { conversationIdOf } from '../crypto/record-fingerprint.ts';
import type { Batch } from '../domain/batch.ts';
import { type QuarantinedLine, quarantineAnchor, quarantineGuest } from '../domain/quarantine.ts';
import type { RegionConfig } from '../domain/region-config.ts';
import type { RejectedDraft } from './index-placements.ts';
import type { PlacedRecord } from './plan-blocks.ts';
import { quarantineLines } from './quarantine-lines.ts';

/**
 * What isn't taken of a segment, under the key of its batch's pseudo guest, who is made with the first of it: lines that the
 * importer rejected, and records that could not be placed.
 */
export async function placeQuarantine(
  rejected: { lines: readonly QuarantinedLine[]; drafts: readonly RejectedDraft[] },
  context: {
    batch: Batch;
    indexKey: KeyObject;
    region: RegionConfig;
    identifiers: Pick<IdentifierIndex, 'create'>;
  },
): Promise<PlacedRecord[]> {
  const { batch, indexKey, region, identifiers } = context;
  const { batchId, source, hotel } = batch;
  const [guestId, anchor] = [quarantineGuest(batchId), quarantineAnchor(batchId)];
  const conversationId = conversationIdOf(indexKey, { source, hotel, conversation: anchor });
  const placed = quarantineLines([...rejected.lines, ...rejected.drafts.map(lineOf)], {
    batch,
    conversationId,
    region,
  });
  // Where it is there already, nothing changes.
  if (placed.length > 0) await identifiers.create(guestId, [anchor], { identified: true, link: null });
  return placed;
}

function lineOf({ draft, reason }: RejectedDraft): QuarantinedLine {
  const { line, original, end } = draft;
  return { line, reason, original, bytes: original.length, state: end.state };
}
