import { DateTime } from 'luxon';
import { type Instant, parseInstant } from './instant.ts';

/** Ten digits can only be seconds, thirteen only milliseconds, sixteen only microseconds: no platform is older than 2001. */
const UNITS: Readonly<Record<number, number>> = { 10: 1000, 13: 1, 16: 0.001 };

/**
 * A time as service platforms write it: ISO 8601 (`parseInstant`), a number since 1970 in seconds, milliseconds or
 * microseconds, or RFC 2822 (`Tue, 01 May 2026 09:30:00 +0000`).
 */
export function platformTime(value: unknown, timezone: string | null): Instant {
  const text = typeof value === 'string' ? value.trim() : '';
  const number = /^\d{10,16}$/.test(text) ? Number(text) : value;
  if (typeof number === 'number' || typeof number === 'bigint') {
    const unit = UNITS[String(number).length];
    return unit === undefined || !Number.isSafeInteger(Number(number))
      ? { reason: 'invalid-date' }
      : { at: new Date(Math.trunc(Number(number) * unit)) };
  }
  if (/^(?:[A-Za-z]{3},\s+)?\d{1,2}\s[A-Za-z]{3}\s\d{4}\s/.test(text)) {
    const time = DateTime.fromRFC2822(text);
    return time.isValid && time.toMillis() >= 0 ? { at: time.toJSDate() } : { reason: 'invalid-date' };
  }
  return parseInstant(text, timezone);
}
