import type { NumberRange } from '../../domain/held-numbers.ts';
import { LIMITS } from '../../domain/limits.ts';

/**
 * Follows the numbers that a platform gives its messages: which of them are not there, between the first that came and
 * the highest. A number that comes late closes its gap, one that comes twice changes nothing. What is known goes into
 * the state of a resume point.
 */
export type Sequence = {
  /** Notes a number; the gap that no late number can close any more, where that makes one too many. */
  note(number: bigint): NumberRange | null;
  /** Takes out the next gap that was never closed, at the end; null where none is left. */
  settle(): NumberRange | null;
  /** The lowest and the highest number that came; null before any. */
  span(): NumberRange | null;
  /** As it stands in a resume point; null before any number. */
  state(): string | null;
};

const STATE = /^(\d+)-(\d+)((?:,\d+-\d+)*)$/;

/** Goes on from a state, or begins. */
export function followSequence(state: string | null): Sequence {
  const [, lowest, highest, open = ''] = STATE.exec(state ?? '') ?? [];
  let span: NumberRange | null =
    lowest === undefined || highest === undefined ? null : { from: BigInt(lowest), to: BigInt(highest) };
  let gaps: NumberRange[] = open
    .split(',')
    .slice(1)
    .map((range) => {
      const [from = '0', to = '0'] = range.split('-');
      return { from: BigInt(from), to: BigInt(to) };
    });
  let gapsText = open;

  function changed(next: NumberRange[]): void {
    gaps = next;
    gapsText = gaps.map(({ from, to }) => `,${from}-${to}`).join('');
  }
  function settle(): NumberRange | null {
    const [oldest, ...others] = gaps;
    if (oldest !== undefined) changed(others);
    return oldest ?? null;
  }

  return {
    note(number) {
      if (span !== null && isElsewhere(number, span)) return null;
      if (span === null) {
        span = { from: number, to: number };
      } else if (number > span.to) {
        const next = span.to + 1n;
        span = { from: span.from, to: number };
        if (number > next) changed([...gaps, { from: next, to: number - 1n }]);
        if (gaps.length > LIMITS.openSequenceGaps) return settle();
      } else if (number < span.from) {
        // What lies between came in another file, or comes late.
        if (number < span.from - 1n) changed([{ from: number + 1n, to: span.from - 1n }, ...gaps]);
        span = { from: number, to: span.to };
        if (gaps.length > LIMITS.openSequenceGaps) return settle();
      } else if (gaps.some(({ from, to }) => from <= number && number <= to)) {
        changed(gaps.flatMap((gap) => without(gap, number)));
      }
      return null;
    },
    settle,
    span: () => span,
    state: () => (span === null ? null : `${span.from}-${span.to}${gapsText}`),
  };
}

/** Whether a number lies too far from all that came to be of the same numbering. */
function isElsewhere(number: bigint, { from, to }: NumberRange): boolean {
  const jump = BigInt(LIMITS.sequenceJump);
  return number > to + jump || number < from - jump;
}

/** A range without one number: what is left below it and above it. */
function without({ from, to }: NumberRange, number: bigint): NumberRange[] {
  if (number < from || number > to) return [{ from, to }];
  return [
    { from, to: number - 1n },
    { from: number + 1n, to },
  ].filter((left) => left.from <= left.to);
}

/**
 * A number as a platform writes it, of at most LIMITS.sequenceNumber; null for anything else. Platforms count from 1, and
 * what is longer may be somebody's: gaps are stated in the clear.
 */
export function sequenceNumber(value: unknown): bigint | null {
  const number =
    typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))
      ? BigInt(value)
      : typeof value === 'string' && /^\d{1,20}$/.test(value)
        ? BigInt(value)
        : null;
  return number !== null && number >= 0n && number <= BigInt(LIMITS.sequenceNumber) ? number : null;
}
