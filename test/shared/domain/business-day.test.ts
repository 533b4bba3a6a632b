import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { businessDay } from '../../../shared/domain/business-day.ts';

const HOUR_MS = 3_600_000;
const dayOf = (at: string, zone: string, hour = 4) => {
  const { from, to } = businessDay(new Date(at), zone, hour);
  return [from.toISOString(), to.toISOString()];
};

describe('the business day of a hotel', () => {
  it('goes from four in the morning on the hotel’s clock until four of the next', () => {
    const day = ['2026-06-14T20:00:00.000Z', '2026-06-15T20:00:00.000Z'];
    expect(dayOf('2026-06-15T01:00:00Z', 'Asia/Shanghai')).toEqual(day);
    expect(dayOf('2026-06-14T20:00:00Z', 'Asia/Shanghai')).toEqual(day);
    expect(dayOf('2026-06-15T19:59:59Z', 'Asia/Shanghai')).toEqual(day);
  });

  it('has the hours after midnight in the day that began the morning before', () => {
    expect(dayOf('2026-06-14T17:30:00Z', 'Asia/Shanghai')).toEqual([
      '2026-06-13T20:00:00.000Z',
      '2026-06-14T20:00:00.000Z',
    ]);
  });

  it('is a calendar day where the region says so', () => {
    expect(dayOf('2026-06-15T01:00:00Z', 'Asia/Singapore', 0)).toEqual([
      '2026-06-14T16:00:00.000Z',
      '2026-06-15T16:00:00.000Z',
    ]);
  });

  it('keeps its hour where clocks change, and is an hour shorter or longer then', () => {
    expect(dayOf('2026-03-28T12:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-28T03:00:00.000Z',
      '2026-03-29T02:00:00.000Z',
    ]);
    expect(dayOf('2026-10-24T12:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-10-24T02:00:00.000Z',
      '2026-10-25T03:00:00.000Z',
    ]);
  });

  it('holds its instant, begins where the one before ends, whatever hour and zone', () => {
    const zones = fc.constantFrom(
      'Asia/Shanghai',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'UTC',
    );
    const instants = fc.date({
      min: new Date('2020-01-01T00:00:00Z'),
      max: new Date('2035-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, zones, fc.integer({ min: 0, max: 23 }), (at, zone, hour) => {
        const { from, to } = businessDay(at, zone, hour);
        expect(from <= at && at < to).toBe(true);
        expect((to.getTime() - from.getTime()) / HOUR_MS).toBeGreaterThanOrEqual(22);
        expect((to.getTime() - from.getTime()) / HOUR_MS).toBeLessThanOrEqual(26);
        expect(businessDay(new Date(from.getTime() - 1), zone, hour).to).toEqual(from);
      }),
    );
  });
});
