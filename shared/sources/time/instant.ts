import { DateTime } from 'luxon';

const FORM =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** A date and a time of day as a file writes them, before their zone is known. */
export type LocalTime = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond?: number;
};

export type Instant = { at: Date } | { reason: 'date-without-zone' | 'invalid-date' };

/** The instant of a local time; `timezone` (IANA) must be known. Between 1970 and 9999. */
export function instantOf(local: LocalTime, timezone: string | null): Instant {
  if (timezone === null) return { reason: 'date-without-zone' };
  const time = DateTime.fromObject(local, { zone: timezone });
  return time.isValid && time.toMillis() >= 0 ? { at: time.toJSDate() } : { reason: 'invalid-date' };
}

/**
 * A time as exports write it: ISO 8601, or `2026/5/1 9:30`; the year comes first, so that day and month can't be
 * mistaken. A time without an offset needs `timezone` (IANA). Between 1970 and 9999.
 */
export function parseInstant(text: string, timezone: string | null): Instant {
  const parts = FORM.exec(text.trim());
  if (parts === null) return { reason: 'invalid-date' };
  const [, year, month, day, hour, minute, second = '0', fraction = '0', offset] = parts;
  return instantOf(
    {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      millisecond: Number(fraction.padEnd(3, '0').slice(0, 3)),
    },
    offset === undefined ? timezone : zoneOfOffset(offset),
  );
}

function zoneOfOffset(offset: string): string {
  if (/^z$/i.test(offset)) return 'utc';
  const [, sign = '+', hours = '00', minutes = '00'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset) ?? [];
  return `UTC${sign}${hours}:${minutes}`;
}
