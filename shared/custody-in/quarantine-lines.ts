import type { Batch } from '../domain/batch.ts';
import { sha256 } from '../domain/digest.ts';
import { expiryPeriodOf } from '../domain/expiry-period.ts';
import { zoneOf } from '../domain/hotel-of.ts';
import { derivedId } from '../domain/identifiers.ts';
import {
  isQuarantined,
  QUARANTINED_TYPE,
  type QuarantinedLine,
  quarantineAnchor,
  quarantineGuest,
  quarantineNote,
} from '../domain/quarantine.ts';
import { PLAIN_RECORD } from '../domain/record.ts';
import type { RegionConfig } from '../domain/region-config.ts';
import type { PlacedRecord } from './plan-blocks.ts';

/** Beside the original, a line takes its note and the fields that every record has. */
const NOTE_BYTES = 512;

/**
 * The rejected lines of a segment, as they are sealed into the quarantine of their batch: under the same ids in a replay,
 * and one that says the same of the same line twice only once. Lines that must not be kept are left out.
 */
export function quarantineLines(
  lines: readonly QuarantinedLine[],
  { batch, conversationId, region }: { batch: Batch; conversationId: string; region: RegionConfig },
): PlacedRecord[] {
  const zone = zoneOf(region, batch.hotel);
  const at = new Date(batch.receivedAt ?? batch.createdAt);
  const place = {
    guestId: quarantineGuest(batch.batchId),
    foundBy: quarantineAnchor(batch.batchId),
    conversationId,
    recordClass: 'quarantine',
    period: expiryPeriodOf(at, region.retention.quarantine, zone),
    timeKnown: true,
    staff: [],
  } as const satisfies Partial<PlacedRecord>;
  const placed = new Map<string, PlacedRecord>();
  for (const line of lines) {
    if (!isQuarantined(batch.source, line.reason)) continue;
    const text = quarantineNote(line);
    const parts = [batch.batchId, 'quarantine', String(line.line), text, sha256(line.original)];
    const recordId = derivedId('evt', ...parts).slice('evt_'.length);
    placed.set(recordId, {
      ...place,
      staff: [],
      bytes: line.original.length + text.length + NOTE_BYTES,
      record: {
        ...PLAIN_RECORD,
        recordId,
        platform: batch.source,
        category: batch.category,
        at: at.toISOString(),
        from: { role: 'system', id: null, name: null },
        text,
        sourceType: QUARANTINED_TYPE,
        line: line.line,
        original: line.original,
      },
    });
  }
  return [...placed.values()];
}
