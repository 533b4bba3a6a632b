import type { BatchCompleteness } from './batch.ts';
import { LIMITS } from './limits.ts';

type SequenceGaps = BatchCompleteness['sequenceGaps'];

/**
 * The numbers between the highest in custody and a file's lowest. A file that begins where the last one ended, or that
 * goes over the same numbers again, lacks none; nor does one without numbers, or of numbers too far away to be of the same
 * numbering.
 */
export function gapSinceLast(
  gaps: SequenceGaps,
  last: { batchId: string; last: string } | null,
): SequenceGaps['sinceLastBatch'] {
  if (gaps.first === null || last === null) return null;
  const from = BigInt(last.last) + 1n;
  const to = BigInt(gaps.first) - 1n;
  if (from > to || !isSameNumbering(gaps, last)) return null;
  return { batchId: last.batchId, from: String(from), to: String(to), messages: countOf(from, to) };
}

/** Whether a file's numbers can go on from the highest in custody: one strange number must not hide what lacks later. */
export function isSameNumbering({ first }: Pick<SequenceGaps, 'first'>, last: { last: string }): boolean {
  return first !== null && BigInt(first) <= BigInt(last.last) + BigInt(LIMITS.sequenceJump);
}

/** How many numbers these are, both included; more than a number holds exactly are no count of messages any more. */
export function countOf(from: bigint, to: bigint): number {
  const count = to - from + 1n;
  return count > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(count);
}
