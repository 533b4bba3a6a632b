import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expiryOf, expiryPeriodOf, hotelDays, periodDueAt } from '../../../shared/domain/expiry-period.ts';

const ZONES = [
  'Asia/Shanghai',
  'Asia/Singapore',
  'Europe/Berlin',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Pacific/Apia',
];
const DAY_MS = 24 * 60 * 60 * 1000;

describe('an expiry period', () => {
  it.each([
    ['six months, within a month', '2026-01-10T10:00:00+08:00', { months: 6 }, 'Asia/Shanghai', '2026-07'],
    [
      'six months from the last day of August',
      '2026-08-31T12:00:00+08:00',
      { months: 6 },
      'Asia/Shanghai',
      '2027-02',
    ],
    [
      'the last instant of a month in the hotel’s zone',
      '2026-01-31T23:59:59.999+08:00',
      { months: 6 },
      'Asia/Shanghai',
      '2026-07',
    ],
    ['the first instant of the next', '2026-02-01T00:00:00+08:00', { months: 6 }, 'Asia/Shanghai', '2026-08'],
    [
      'the same instant in another zone',
      '2026-02-01T00:00:00+08:00',
      { months: 6 },
      'Europe/Berlin',
      '2026-07',
    ],
    ['two years from a leap day', '2028-02-29T12:00:00+08:00', { months: 24 }, 'Asia/Shanghai', '2030-02'],
    ['thirty days over a leap day', '2028-02-10T12:00:00+08:00', { days: 30 }, 'Asia/Shanghai', '2028-03-11'],
    [
      'thirty days over a clock change',
      '2026-03-10T23:30:00+01:00',
      { days: 30 },
      'Europe/Berlin',
      '2026-04-09',
    ],
    ['ninety days are kept by day', '2026-01-01T12:00:00+08:00', { days: 90 }, 'Asia/Shanghai', '2026-04-01'],
    ['ninety-one days by month', '2026-01-01T12:00:00+08:00', { days: 91 }, 'Asia/Shanghai', '2026-04'],
    ['two months by day', '2026-01-15T12:00:00+08:00', { months: 2 }, 'Asia/Shanghai', '2026-03-15'],
    ['three months by month', '2026-01-15T12:00:00+08:00', { months: 3 }, 'Asia/Shanghai', '2026-04'],
  ] as const)('%s', (_, at, term, zone, period) => {
    expect(expiryPeriodOf(new Date(at), term, zone)).toBe(period);
  });

  it.each([
    ['2026-11', 'Asia/Shanghai', '2026-12-01T00:00:00+08:00'],
    ['2026-12', 'Asia/Shanghai', '2027-01-01T00:00:00+08:00'],
    ['2028-02-29', 'Asia/Shanghai', '2028-03-01T00:00:00+08:00'],
    ['2026-03', 'Europe/Berlin', '2026-04-01T00:00:00+02:00'],
    // Midnight of 4 November 2018 didn't exist in São Paulo.
    ['2018-11-03', 'America/Sao_Paulo', '2018-11-04T01:00:00-02:00'],
  ])('%s of a hotel in %s is due at %s', (period, zone, due) => {
    expect(periodDueAt(period, zone)).toEqual(new Date(due));
  });

  it.each(['2026', '2026-13', '2026-11-31', '2026-11-21T00:00', 'soon', ''])('"%s" is none', (text) => {
    expect(() => periodDueAt(text, 'Asia/Shanghai')).toThrow(RangeError);
  });

  const at = fc.date({ min: new Date('2015-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });
  const term = fc.oneof(
    fc.record({ months: fc.integer({ min: 1, max: 120 }) }),
    fc.record({ days: fc.integer({ min: 1, max: 400 }) }),
  );
  const zone = fc.constantFrom(...ZONES);

  it('is never due before a record’s own term ends, and overshoots by a month or a day at most', () => {
    fc.assert(
      fc.property(at, term, zone, (recordedAt, kept, hotelZone) => {
        const period = expiryPeriodOf(recordedAt, kept, hotelZone);
        const due = periodDueAt(period, hotelZone).getTime();
        const overshoot = due - expiryOf(recordedAt, kept, hotelZone).getTime();
        expect(overshoot).toBeGreaterThan(0);
        // Thirty-one days, or one, and an hour where the clock is put back.
        expect(overshoot).toBeLessThanOrEqual((period.length === 7 ? 31 : 1) * DAY_MS + 60 * 60 * 1000);
      }),
    );
  });

  it('is none in a year of five digits, of which nothing could tell when it is due', () => {
    const last = new Date('9999-10-10T00:00:00Z');
    expect(expiryPeriodOf(last, { months: 2 }, 'UTC')).toBe('9999-12-10');
    expect(() => expiryPeriodOf(last, { months: 6 }, 'UTC')).toThrow(RangeError);
    expect(() => periodDueAt('10000-04', 'UTC')).toThrow(RangeError);
  });

  it('comes later, or is the same, for a later record', () => {
    fc.assert(
      fc.property(at, at, term, zone, (one, other, kept, hotelZone) => {
        const [first, second] = one < other ? [one, other] : [other, one];
        expect(expiryPeriodOf(first, kept, hotelZone) <= expiryPeriodOf(second, kept, hotelZone)).toBe(true);
      }),
    );
  });

  it('of one block spans a month of records at most', () => {
    fc.assert(
      fc.property(at, fc.integer({ min: 3, max: 60 }), zone, (recordedAt, months, hotelZone) => {
        const later = new Date(recordedAt.getTime() + 33 * DAY_MS);
        expect(expiryPeriodOf(later, { months }, hotelZone)).not.toBe(
          expiryPeriodOf(recordedAt, { months }, hotelZone),
        );
      }),
    );
  });
});

describe('the hotel’s days', () => {
  it('are those that the records touch in the hotel’s own zone', () => {
    expect(
      hotelDays(new Date('2026-04-30T15:59:59Z'), new Date('2026-05-01T16:00:00Z'), 'Asia/Shanghai'),
    ).toEqual(['2026-04-30', '2026-05-01', '2026-05-02']);
  });

  it('contain the day of every instant between', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2015-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 32 * DAY_MS }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(...ZONES),
        (from, span, share, zone) => {
          const days = hotelDays(from, new Date(from.getTime() + span), zone);
          const between = DateTime.fromMillis(from.getTime() + Math.floor(span * share), { zone });
          expect(days).toContain(between.toFormat('yyyy-MM-dd'));
          expect(new Set(days).size).toBe(days.length);
        },
      ),
    );
  });
});
