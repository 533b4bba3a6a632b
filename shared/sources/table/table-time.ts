import { DateTime } from 'luxon';
import { type ImportOptions, zoneOf } from '../importer.ts';
import type { DayOrder } from '../time/day-order.ts';
import { hourOf } from '../time/hour-of-day.ts';
import { type Instant, parseInstant } from '../time/instant.ts';
import { unixTimeByDigits } from '../time/unix-time.ts';

/** Half of the day, behind the clock time (`7:48A`, `7:48 p.m.`) or before it (下午3:05). */
const HALF_BEHIND = /(\d{1,2})(:\d{2}(?::\d{2})?)\s*([ap])\.?\s?m?\.?$/i;
const HALF_BEFORE = /(上午|下午)\s*(\d{1,2}:\d{2}(?::\d{2})?)$/;
const YEAR_LAST = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\b/;
const DATE = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/;
/** In seconds or milliseconds; longer numbers in a table are some id. */
const SINCE_1970 = /^\d{10}(?:\d{3})?$/;

export type TableInstant = Instant | { reason: 'ambiguous-date' };

/**
 * A time as tables write it: year first (`2026-05-01 09:30`, 2026年5月1日 下午3:05), day and month first where the mapping's
 * `dayOrder` says in which order, seconds or milliseconds since 1970, or as the mapping's `dateFormats` say. With
 * `dayAlone`, a date without a clock time is its first moment. Without an offset it needs a zone: the mapping's, or that of
 * the upload.
 */
export function tableInstant(
  text: string,
  options: ImportOptions,
  { dayAlone = false }: { dayAlone?: boolean } = {},
): TableInstant {
  const { profile } = options;
  const zone = zoneOf(options);
  const plain = westernHalf(text.normalize('NFKC').trim());
  const counted = SINCE_1970.test(plain) ? unixTimeByDigits(plain) : null;
  if (counted !== null) return { at: counted };
  const western = yearFirst(
    plain
      .replace(/^(\d{4})年(\d{1,2})月(\d{1,2})日\s*/, '$1-$2-$3 ')
      .replace(/(\d{1,2})时(\d{1,2})分(?:(\d{1,2})秒)?$/, (_, hour, minute, second = '00') => {
        return `${hour}:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}`;
      })
      .trim(),
    profile?.dayOrder ?? null,
  );
  const whole = dayAlone && DATE.test(western) ? `${western} 00:00` : of24Hours(western);
  const instant = whole === null ? ({ reason: 'invalid-date' } as const) : parseInstant(whole, zone);
  if ('at' in instant || instant.reason === 'date-without-zone') return instant;
  let zoneless = false;
  for (const format of profile?.dateFormats ?? []) {
    const ownZone = /z/i.test(format.replaceAll(/'[^']*'/g, ''));
    const time = DateTime.fromFormat(plain, format, {
      locale: 'en-US',
      ...(ownZone ? { setZone: true } : { zone: zone ?? 'utc' }),
    });
    if (!time.isValid || time.toMillis() < 0 || time.year > 9999) continue;
    if (ownZone || zone !== null) return { at: time.toJSDate() };
    zoneless = true;
  }
  if (zoneless) return { reason: 'date-without-zone' };
  return {
    reason: YEAR_LAST.test(western) && profile?.dayOrder === undefined ? 'ambiguous-date' : 'invalid-date',
  };
}

/** The day on which a time falls in the file's zone, `YYYY-MM-DD`, and the hour; null without a zone. */
export function localTimeOf(at: Date, options: ImportOptions): { day: string; hour: number } | null {
  const zone = zoneOf(options);
  if (zone === null) return null;
  const time = DateTime.fromJSDate(at, { zone });
  const day = time.toISODate();
  return day === null ? null : { day, hour: time.hour };
}

/** `7:48A` as `7:48 AM`, 下午3:05 as `3:05 PM`. */
function westernHalf(text: string): string {
  return text
    .replace(HALF_BEFORE, (_, half, time) => `${time} ${half === '上午' ? 'AM' : 'PM'}`)
    .replace(HALF_BEHIND, (_, hour, rest, half: string) => `${hour}${rest} ${half.toUpperCase()}M`);
}

/** Day and month in the order that is known, the year before them. */
function yearFirst(text: string, order: DayOrder | null): string {
  if (order === null) return text;
  return text.replace(YEAR_LAST, (_, first, __, second, year) =>
    order === 'day-first' ? `${year}-${second}-${first}` : `${year}-${first}-${second}`,
  );
}

/** Twelve hours as twenty-four; null where there is no such hour. */
function of24Hours(text: string): string | null {
  const half = HALF_BEHIND.exec(text);
  if (half === null) return text;
  const [found, hour = '', rest = '', letter = ''] = half;
  if (Number(hour) < 1 || Number(hour) > 12) return null;
  return `${text.slice(0, -found.length)}${hourOf(Number(hour), `${letter}m`)}${rest}`;
}
