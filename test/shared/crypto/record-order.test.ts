import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inIndexOrder } from '../../../shared/crypto/block-index.ts';
import { inRecordOrder } from '../../../shared/crypto/record-order.ts';

const time = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.integer({ min: -2, max: 2 }).map((ms) => new Date(ms)),
  fc.constantFrom('0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z').map((text) => new Date(text)),
);
const record = fc.record({ at: time, recordId: fc.constantFrom('0a', '0b', '1a') });

describe('the order of records in a block', () => {
  it('is that of its index, whatever the times', () => {
    fc.assert(
      fc.property(record, record, (a, b) => {
        const written = ({ at, recordId }: typeof a) => ({ at: at.toISOString(), recordId });
        expect(Math.sign(inRecordOrder(written(a), written(b)))).toBe(Math.sign(inIndexOrder(a, b)));
      }),
    );
  });
});
