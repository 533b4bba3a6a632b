const LATEST = Date.UTC(9999, 11, 31);

/** Seconds since 1970, as a number or in digits; null where it is no such time. */
export function timeOfSeconds(value: unknown): Date | null {
  return timeOf(value, 1000);
}

/** Milliseconds since 1970, as a number or in digits; null where it is no such time. */
export function timeOfMilliseconds(value: unknown): Date | null {
  return timeOf(value, 1);
}

function timeOf(value: unknown, unit: number): Date | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number <= 0) return null;
  const milliseconds = number * unit;
  return milliseconds <= LATEST ? new Date(milliseconds) : null;
}
