import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { derivedId, newId } from '../../../shared/domain/identifiers.ts';

const instant = fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true });

describe('a new id', () => {
  it('says what it is of, and sorts by its time', () => {
    fc.assert(
      fc.property(instant, instant, (one, other) => {
        fc.pre(one.getTime() < other.getTime());
        expect(newId('req', one)).toMatch(/^req_[0-9a-hjkmnp-tv-z]{26}$/);
        expect(newId('req', one) < newId('req', other)).toBe(true);
      }),
    );
  });

  it('is never the same twice, even in one millisecond', () => {
    const now = new Date('2026-06-15T12:00:00Z');
    const ids = Array.from({ length: 1_000 }, () => newId('req', now));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a derived id', () => {
  it('is the same for the same act, and another for another', () => {
    expect(derivedId('opn', 'req_1', 'key')).toBe(derivedId('opn', 'req_1', 'key'));
    expect(derivedId('opn', 'req_1', 'key')).not.toBe(derivedId('opn', 'req_1', 'other'));
    expect(derivedId('opn', 'req_1', 'key')).not.toBe(derivedId('opn', 'req_2', 'key'));
    expect(derivedId('opn', 'ab', 'c')).not.toBe(derivedId('opn', 'a', 'bc'));
    expect(derivedId('opn', 'x')).toMatch(/^opn_[0-9a-f]{32}$/);
  });
});
