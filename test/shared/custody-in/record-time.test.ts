import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recordTimeOf } from '../../../shared/custody-in/record-time.ts';
import { expiryPeriodOf, periodDueAt } from '../../../shared/domain/expiry-period.ts';

const RECEIVED = new Date('2026-06-01T00:00:00.000Z');
const DAY_MS = 24 * 60 * 60 * 1000;
const ahead = (milliseconds: number) => new Date(RECEIVED.getTime() + milliseconds);

describe('the time under which a record is kept', () => {
  it('is its own, up to a day after its receipt', () => {
    for (const at of [new Date(0), RECEIVED, ahead(DAY_MS)]) {
      expect(recordTimeOf({ at, timeKnown: true }, RECEIVED)).toEqual({ at });
    }
    expect(recordTimeOf({ at: ahead(DAY_MS + 1), timeKnown: true }, RECEIVED)).toEqual({
      reason: 'time-in-future',
    });
  });

  it('is none before 1970, nor where it is no time', () => {
    for (const at of [new Date(-1), new Date(Number.NaN)]) {
      expect(recordTimeOf({ at, timeKnown: true }, RECEIVED)).toEqual({ reason: 'invalid-date' });
    }
  });

  it('is the receipt where the record’s own is that of something planned', () => {
    const planned = { timeKnown: true, planned: true } as const;
    expect(recordTimeOf({ ...planned, at: ahead(1) }, RECEIVED)).toEqual({ at: RECEIVED });
    expect(recordTimeOf({ ...planned, at: ahead(-1) }, RECEIVED)).toEqual({ at: ahead(-1) });
  });

  it('is not judged where the platform gave none', () => {
    expect(recordTimeOf({ at: new Date(0), timeKnown: false }, RECEIVED)).toEqual({ at: new Date(0) });
  });

  it('is refused with a consent of which it says that it will be given', () => {
    const consent = { state: 'agreed', staff: [], at: ahead(2 * DAY_MS) } as const;
    const draft = { at: RECEIVED, timeKnown: true, consent: { ...consent, staff: [] } };
    expect(recordTimeOf(draft, RECEIVED)).toEqual({ reason: 'time-in-future' });
  });

  it('is always of a period that is due some day', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: false }), fc.boolean(), (at, planned) => {
        const time = recordTimeOf({ at, timeKnown: true, ...(planned ? { planned: true } : {}) }, RECEIVED);
        if ('reason' in time) return;
        const period = expiryPeriodOf(time.at, { months: 36 }, 'Asia/Shanghai');
        expect(periodDueAt(period, 'Asia/Shanghai').getTime()).toBeLessThan(Date.UTC(2030, 0, 1));
      }),
    );
  });
});
