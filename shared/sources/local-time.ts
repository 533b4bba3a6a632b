import { DateTime } from 'luxon';
import type { Instant } from './instant.ts';

/** A date and a time of day as an export writes them, before their zone is known. */
export type LocalTime = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
};

/** The instant of a local time; `timezone` (IANA) must be known. Between 1970 and 9999. */
export function instantOf(local: LocalTime, timezone: string | null): Instant {
  if (timezone === null) return { reason: 'date-without-zone' };
  const time = DateTime.fromObject(local, { zone: timezone });
  return time.isValid && time.toMillis() >= 0 ? { at: time.toJSDate() } : { reason: 'invalid-date' };
}

/** The hour of 24 that a 12-hour clock's word for the time of day makes of it; the hour itself without such a word. */
export function hourOf(hour: number, word: string): number {
  const half = halfOf(word);
  if (half === null || hour > 12) return hour;
  if (half === 'noon') return hour < 11 ? hour + 12 : hour;
  return (hour % 12) + (half === 'after' ? 12 : 0);
}

function halfOf(word: string): 'before' | 'after' | 'noon' | null {
  const plain = word.toLowerCase().replaceAll(/[\s.]/g, '');
  if (['am', '上午', '凌晨', '清晨', '早上', '午前', '오전'].includes(plain)) return 'before';
  if (['pm', '下午', '傍晚', '晚上', '午後', '오후'].includes(plain)) return 'after';
  return plain === '中午' ? 'noon' : null;
}

export type DayOrder = 'day-first' | 'month-first';

/** What two numbers that are a day and a month say about their order; null where they leave it open. */
export function orderShown(first: number, second: number): DayOrder | null {
  const onlyDay = (number: number) => number > 12 && number <= 31;
  if (onlyDay(first) && second <= 12) return 'day-first';
  return onlyDay(second) && first <= 12 ? 'month-first' : null;
}
