import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isoTime } from '../../../shared/domain/iso-time.ts';

const time = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.integer({ min: 0, max: 300_000 }).map((ms) => new Date(Date.UTC(2026, 4, 1) + ms)),
);

describe('a time as text', () => {
  it('is what the runtime writes, whichever times came before it', () => {
    fc.assert(
      fc.property(fc.array(time), (times) => {
        expect(times.map(isoTime)).toEqual(times.map((one) => one.toISOString()));
      }),
    );
  });

  it('is refused where it is no time', () => {
    expect(() => isoTime(new Date(Number.NaN))).toThrow(RangeError);
  });
});
