const LATEST = Date.UTC(9999, 11, 31);

/**
 * What a platform counts since 1970; `ten-digits-are-seconds` where some of its exporters write seconds and others
 * milliseconds: ten digits are no milliseconds after April 1970.
 */
export type UnixUnit = 'seconds' | 'milliseconds' | 'ten-digits-are-seconds';

/** A time since 1970 of a platform that says what it counts, as a number or in digits; null where it is no such time. */
export function unixTime(value: unknown, unit: UnixUnit): Date | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number <= 0) return null;
  const inSeconds = unit === 'seconds' || (unit !== 'milliseconds' && number >= 1e9 && number < 1e10);
  const milliseconds = inSeconds ? number * 1000 : number;
  return milliseconds <= LATEST ? new Date(milliseconds) : null;
}

/** Ten digits can only be seconds, thirteen only milliseconds, sixteen only microseconds: nothing here is older than 2001. */
const MILLISECONDS_BY_DIGITS: Readonly<Record<number, number>> = { 10: 1000, 13: 1, 16: 0.001 };

/** A time since 1970 where nothing says what it counts but the number of its digits; null for any other number of them. */
export function unixTimeByDigits(digits: string): Date | null {
  const unit = /^\d+$/.test(digits) ? MILLISECONDS_BY_DIGITS[digits.length] : undefined;
  const number = Number(digits);
  return unit === undefined || !Number.isSafeInteger(number) ? null : new Date(Math.trunc(number * unit));
}
