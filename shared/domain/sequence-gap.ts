import type { BatchCompleteness } from './batch.ts';
import { type HeldNumbers, type NumberRange, notHeld } from './held-numbers.ts';
import { LIMITS } from './limits.ts';

type SequenceGaps = BatchCompleteness['sequenceGaps'];

/** What is in custody of a hotel and source, by the platform's numbers: the highest, the batch that brought it, and all. */
export type NumbersInCustody = { batchId: string; last: string; held: HeldNumbers };

/**
 * The numbers between the highest in custody and a file's lowest that are not in custody. A file that begins where the last
 * one ended, or that goes over the same numbers again, lacks none; nor does one without numbers, or of numbers too far away
 * to be of the same numbering.
 */
export function gapSinceLast(
  gaps: SequenceGaps,
  last: NumbersInCustody | null,
): SequenceGaps['sinceLastBatch'] {
  if (gaps.first === null || last === null || !isSameNumbering(gaps, last)) return null;
  const between = { from: BigInt(last.last) + 1n, to: BigInt(gaps.first) - 1n };
  const { ranges, atMost } = notHeld(between, last.held);
  const [first] = ranges;
  const end = ranges.at(-1);
  if (first === undefined || end === undefined) return null;
  return {
    batchId: last.batchId,
    from: String(first.from),
    to: String(end.to),
    messages: countOfAll(ranges),
    ...(ranges.length > 1 ? { ranges: ranges.slice(0, LIMITS.sequenceGapsListed).map(spelled) } : {}),
    ...(atMost ? { atMost } : {}),
  };
}

/** Whether a file's numbers can go on from the highest in custody: one strange number must not hide what lacks later. */
export function isSameNumbering({ first }: Pick<SequenceGaps, 'first'>, last: { last: string }): boolean {
  return first !== null && BigInt(first) <= BigInt(last.last) + BigInt(LIMITS.sequenceJump);
}

/** Gaps with one more that a file has, without what of it is in custody already. */
export function withGap(before: SequenceGaps, gap: NumberRange, held: HeldNumbers): SequenceGaps {
  const { ranges, atMost } = notHeld(gap, held);
  return {
    ...before,
    messages: countOf(1n, BigInt(before.messages) + BigInt(countOfAll(ranges))),
    ranges: [...before.ranges, ...ranges.map(spelled)].slice(0, LIMITS.sequenceGapsListed),
    ...(atMost ? { atMost } : {}),
  };
}

function spelled({ from, to }: NumberRange): { from: string; to: string } {
  return { from: String(from), to: String(to) };
}

function countOfAll(ranges: readonly NumberRange[]): number {
  return countOf(
    1n,
    ranges.reduce((sum, { from, to }) => sum + to - from + 1n, 0n),
  );
}

/** How many numbers these are, both included; more than a number holds exactly are no count of messages any more. */
function countOf(from: bigint, to: bigint): number {
  const count = to - from + 1n;
  return count > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(count);
}
