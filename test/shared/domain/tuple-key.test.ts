import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tupleKey } from '../../../shared/domain/tuple-key.ts';

const part = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '\n', '"', '\\', ',', 'null', '1', 'true', '\ud800', '\\ud800'),
  fc.constantFrom(null, true, 1),
);

describe('the name of several values', () => {
  it('is the same for the same values and another for any others', () => {
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (some, others) => {
        expect(tupleKey(...some)).toBe(tupleKey(...some));
        const same = some.length === others.length && some.every((one, at) => one === others[at]);
        expect(tupleKey(...some) === tupleKey(...others)).toBe(same);
      }),
    );
  });
});
