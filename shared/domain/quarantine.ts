import { z } from 'zod';
import type { Source, StoredRecord } from './record.ts';

/*
 * Rejected lines, kept encrypted for correction and another run (docs/sources.md). They lie in custody as blocks of a
 * pseudo guest of their batch in a record class of their own, so that keys, retention and certificates hold for them; no
 * identifier leads to that guest, so that no search, scope or view ever meets them.
 */

/** The pseudo guest under whose key a batch's rejected lines are sealed. */
export function quarantineGuest(batchId: string): string {
  return `gst_${batchId.slice(batchId.indexOf('_') + 1)}`;
}

/** What leads to that guest in place of an identifier: no blind index is ever this, so that nothing finds it. */
export function quarantineAnchor(batchId: string): string {
  return `quarantine-${batchId}`;
}

/** What must not be kept at all: what was not to be collected (R7), and what was deleted (D8). */
const NEVER_KEPT = ['private-chat', 'employee-not-collected', 'employee-not-authorised', 'period-deleted'];
/** Sources in which a message without a guest is one that employees wrote to each other. */
const TALK_SOURCES: readonly Source[] = ['wecom', 'weibo', 'workgroup'];

/** Whether a line that was rejected for this reason is kept. */
export function isQuarantined(source: Source, reason: string): boolean {
  return !NEVER_KEPT.includes(reason) && !(reason === 'no-guest' && TALK_SOURCES.includes(source));
}

/** A rejected line. `original`: at most LIMITS.lineBytes of it. `state`: of the importer, as it came to this line. */
export type QuarantinedLine = {
  line: number;
  reason: string;
  original: Uint8Array;
  /** As long as it was. */
  bytes: number;
  state: string | null;
};

export const QUARANTINED_TYPE = 'quarantined';

const noteSchema = z.object({ reason: z.string(), bytes: z.number(), state: z.string().nullable() });

/** What a record in quarantine says of its line, in place of words. */
export function quarantineNote({ reason, bytes, state }: QuarantinedLine): string {
  return JSON.stringify({ reason, bytes, state });
}

/** The line that a record in quarantine stands for. */
export function quarantinedLine({ line, original, text }: StoredRecord): QuarantinedLine {
  return { line, original, ...noteSchema.parse(JSON.parse(text)) };
}
