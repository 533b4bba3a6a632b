import { z } from 'zod';
import { LIMITS } from './limits.ts';

/** Numbers that a platform gave its messages, the first and the last of them. */
export type NumberRange = { from: bigint; to: bigint };

const decimal = z.string().regex(/^\d{1,20}$/);

/**
 * Numbers of a platform's messages that are in custody, or that came and were not to be collected: `ranges` as
 * `from-to,from-to…`, rising, at most LIMITS.heldNumberRanges of them. Where there are more, the lowest go, and `forgotten`
 * is the highest number up to which nothing is known any more. `highest`: of a message that is in custody; null where none
 * of them is.
 */
export const heldNumbersSchema = z.object({
  highest: decimal.nullable(),
  ranges: z.string().regex(/^(\d{1,20}-\d{1,20}(,(?!$)|$))*$/),
  forgotten: decimal.nullable(),
});
export type HeldNumbers = z.infer<typeof heldNumbersSchema>;

export const NO_NUMBERS: HeldNumbers = { highest: null, ranges: '', forgotten: null };

/** What is known with more numbers. `kept`: whether the message is in custody. */
export function withNumbers(
  held: HeldNumbers,
  more: readonly { number: bigint; kept: boolean }[],
): HeldNumbers {
  if (more.length === 0) return held;
  const kept = more.filter((one) => one.kept).map(({ number }) => number);
  return bounded({
    highest: highestOf([...known(held.highest), ...kept]),
    ranges: [...rangesOf(held), ...more.map(({ number }) => ({ from: number, to: number }))],
    forgotten: known(held.forgotten),
  });
}

/** What is known by either. */
export function heldTogether(one: HeldNumbers, other: HeldNumbers): HeldNumbers {
  return bounded({
    highest: highestOf([...known(one.highest), ...known(other.highest)]),
    ranges: [...rangesOf(one), ...rangesOf(other)],
    forgotten: [...known(one.forgotten), ...known(other.forgotten)],
  });
}

/** The parts of a range that are not held. `atMost`: some of them may be, below what is still known. */
export function notHeld(
  { from, to }: NumberRange,
  held: HeldNumbers,
): { ranges: NumberRange[]; atMost: boolean } {
  const ranges: NumberRange[] = [];
  let next = from;
  for (const range of rangesOf(held)) {
    if (range.to < next) continue;
    if (range.from > to) break;
    if (range.from > next) ranges.push({ from: next, to: range.from - 1n });
    next = range.to + 1n;
  }
  if (next <= to) ranges.push({ from: next, to });
  const [forgotten] = known(held.forgotten);
  return { ranges, atMost: forgotten !== undefined && ranges.some((range) => range.from <= forgotten) };
}

/** The lowest number that is held; null where none is known. */
export function lowestHeld(held: HeldNumbers): string | null {
  return rangesOf(held)[0]?.from.toString() ?? null;
}

function rangesOf({ ranges }: HeldNumbers): NumberRange[] {
  if (ranges === '') return [];
  return ranges.split(',').map((range) => {
    const [from = '0', to = '0'] = range.split('-');
    return { from: BigInt(from), to: BigInt(to) };
  });
}

function bounded(held: {
  highest: bigint | null;
  ranges: readonly NumberRange[];
  forgotten: readonly bigint[];
}): HeldNumbers {
  const merged: NumberRange[] = [];
  for (const { from, to } of [...held.ranges].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1);
    if (last === undefined || from > last.to + 1n) merged.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  const dropped = merged.splice(0, Math.max(0, merged.length - LIMITS.heldNumberRanges));
  const forgotten = highestOf([...held.forgotten, ...dropped.map(({ to }) => to)]);
  return {
    highest: held.highest?.toString() ?? null,
    ranges: merged.map(({ from, to }) => `${from}-${to}`).join(','),
    forgotten: forgotten?.toString() ?? null,
  };
}

function known(number: string | null): bigint[] {
  return number === null ? [] : [BigInt(number)];
}

function highestOf(numbers: readonly bigint[]): bigint | null {
  return numbers.reduce<bigint | null>(
    (highest, number) => (highest === null || number > highest ? number : highest),
    null,
  );
}
