import { DateTime } from 'luxon';
import { type Instant, parseInstant } from './instant.ts';
import { unixTimeByDigits } from './unix-time.ts';

/**
 * A time as service platforms write it: ISO 8601 (`parseInstant`), a number since 1970 in seconds, milliseconds or
 * microseconds, or RFC 2822 (`Tue, 01 May 2026 09:30:00 +0000`).
 */
export function platformTime(value: unknown, timezone: string | null): Instant {
  const text = typeof value === 'string' ? value.trim() : '';
  if (typeof value === 'number' || typeof value === 'bigint' || /^\d{10,16}$/.test(text)) {
    const at = unixTimeByDigits(text === '' ? String(value) : text);
    return at === null ? { reason: 'invalid-date' } : { at };
  }
  if (/^(?:[A-Za-z]{3},\s+)?\d{1,2}\s[A-Za-z]{3}\s\d{4}\s/.test(text)) {
    const time = DateTime.fromRFC2822(text);
    return time.isValid && time.toMillis() >= 0 ? { at: time.toJSDate() } : { reason: 'invalid-date' };
  }
  return parseInstant(text, timezone);
}
