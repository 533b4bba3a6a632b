import type { HeldBatch } from '../../shared/custody-in/keep-lease.ts';
import type { Batch } from '../../shared/domain/batch.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { QuarantinedLine } from '../../shared/domain/quarantine.ts';
import type { Segment } from './read-segment.ts';

/** How often a segment may break before the line that breaks it is looked for. */
const PATIENCE = 3;
/** The same for attempts that ended without a word: a process may be killed for reasons of its own. */
const PATIENT_ATTEMPTS = 10;
/** By how much a segment is made smaller with each attempt that breaks. */
const NARROWING = 4;

/** How many items the next segment has at most. */
export function segmentItemsOf({ isolating }: Batch): number {
  return isolating?.items ?? LIMITS.segmentItems;
}

/** Whether enough attempts at the present segment broke to look for the line that breaks it. */
export function hasBroken({ attempts, broken }: Batch): boolean {
  return broken >= PATIENCE || attempts > PATIENT_ATTEMPTS;
}

/**
 * Less of a segment that broke. Its smaller size stands in the batch's row before it is tried, so that it gets smaller
 * however the next attempt ends. A line that breaks alone is set aside (`not-storable`), and the batch goes on without it.
 */
export async function narrowedSegment(
  held: HeldBatch,
  read: (limit: number) => Promise<Segment>,
): Promise<Segment> {
  const { isolating } = held.batch();
  const segment = await read(segmentItemsOf(held.batch()));
  if (segment.drafts.length + segment.quarantine.length <= 1) return setAside(segment);
  const items = Math.ceil(segment.items / NARROWING);
  // From now on each time that it breaks makes it smaller.
  await held.advance({ isolating: { items, left: isolating?.left ?? segment.items }, broken: PATIENCE - 1 });
  return read(items);
}

/** What is kept in the row when the segment is done: null once all of what broke is behind, or the line is found. */
export function stillIsolating(
  { isolating }: Batch,
  { items, rejected }: Segment,
): Pick<Batch, 'isolating' | 'broken'> {
  const found = rejected.some(({ reason }) => reason === 'not-storable');
  const left = isolating === null || found ? 0 : isolating.left - items;
  return isolating !== null && left > 0
    ? { isolating: { ...isolating, left }, broken: PATIENCE - 1 }
    : { isolating: null, broken: 0 };
}

/** A record goes into quarantine as it came; of a line that quarantine can't take either, the reason stays. */
function setAside(segment: Segment): Segment {
  const lines = segment.drafts.map(({ line, original, end }): QuarantinedLine => {
    return { line, reason: 'not-storable', original, bytes: original.length, state: end.state };
  });
  const rejected = [...segment.rejected, ...lines.map(({ line, reason }) => ({ line, reason }))];
  return { ...segment, drafts: [], rejected, quarantine: lines };
}
