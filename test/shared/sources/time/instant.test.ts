import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '../../../../shared/sources/time/instant.ts';

describe('times as exports write them', () => {
  it.each([
    ['2026-05-01T09:30:00Z', '2026-05-01T09:30:00.000Z'],
    ['2026-05-01T09:30Z', '2026-05-01T09:30:00.000Z'],
    ['2026-05-01 09:30:00.123456+08:00', '2026-05-01T01:30:00.123Z'],
    ['2026-05-01T09:30:00.5+0800', '2026-05-01T01:30:00.500Z'],
    ['2026/5/1 9:30:05 +08', '2026-05-01T01:30:05.000Z'],
    ['2026-05-01T00:00:00-03:30', '2026-05-01T03:30:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseInstant(text, null)).toEqual({ at: new Date(expected) });
  });

  it('needs a zone for a time without an offset, and takes the hour that the zone had that day', () => {
    expect(parseInstant('2026-05-01 09:30', null)).toEqual({ reason: 'date-without-zone' });
    expect(parseInstant('2026-07-01 09:30', 'Europe/Berlin')).toEqual({
      at: new Date('2026-07-01T07:30:00Z'),
    });
    expect(parseInstant('2026-12-01 09:30', 'Europe/Berlin')).toEqual({
      at: new Date('2026-12-01T08:30:00Z'),
    });
  });

  it.each([
    '',
    '01/05/2026 09:30Z',
    '2026-13-01T00:00Z',
    '2026-02-30T00:00Z',
    '1969-12-31T00:00Z',
    '2026-05-01',
    '1746062400',
  ])('refuses %j', (text) => {
    expect(parseInstant(text, null)).toEqual({ reason: 'invalid-date' });
  });
});
