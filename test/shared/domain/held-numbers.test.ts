import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type HeldNumbers,
  heldNumbersSchema,
  heldTogether,
  NO_NUMBERS,
  notHeld,
  withNumbers,
} from '../../../shared/domain/held-numbers.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';

const held = (...numbers: number[]) =>
  withNumbers(
    NO_NUMBERS,
    numbers.map((number) => ({ number: BigInt(number), kept: true })),
  );
const missing = (from: number, to: number, known: HeldNumbers) =>
  notHeld({ from: BigInt(from), to: BigInt(to) }, known).ranges.map((range) => `${range.from}-${range.to}`);

describe('numbers in custody', () => {
  it('are kept as runs, in whatever order they come', () => {
    expect(held(5, 1, 2, 9, 3, 3)).toEqual({ highest: '9', ranges: '1-3,5-5,9-9', forgotten: null });
    expect(missing(0, 10, held(5, 1, 2, 9, 3))).toEqual(['0-0', '4-4', '6-8', '10-10']);
  });

  it('are those of messages that are kept, though what came otherwise lacks nowhere', () => {
    const known = withNumbers(held(1), [{ number: 7n, kept: false }]);
    expect(known).toMatchObject({ highest: '1', ranges: '1-1,7-7' });
  });

  it('are the same numbers as in a plain set, and together as apart', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 });
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const both = heldTogether(held(...one), held(...other));
        expect(both).toEqual(held(...one, ...other));
        const lacking = Array.from({ length: 61 }, (_, number) => number).filter(
          (number) => ![...one, ...other].includes(number),
        );
        const found = notHeld({ from: 0n, to: 60n }, both).ranges.flatMap(({ from, to }) =>
          Array.from({ length: Number(to - from) + 1 }, (_, index) => Number(from) + index),
        );
        expect(found).toEqual(lacking);
      }),
    );
  });

  it('are bounded: what is forgotten makes a gap one of at most so many', () => {
    const many = Array.from({ length: LIMITS.heldNumberRanges + 2 }, (_, index) => index * 2);
    const known = held(...many);
    expect(known.ranges.split(',')).toHaveLength(LIMITS.heldNumberRanges);
    expect(known.forgotten).toBe('2');
    expect(notHeld({ from: 1n, to: 3n }, known).atMost).toBe(true);
    expect(notHeld({ from: 5n, to: 5n }, known).atMost).toBe(false);
    expect(heldNumbersSchema.parse(known)).toEqual(known);
  });
});
