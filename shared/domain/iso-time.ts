const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** `2026-05-01T00:00:`; years of four digits alone are written so. */
const MINUTE_CHARACTERS = '2026-05-01T00:00:'.length;
const USUAL_CHARACTERS = '2026-05-01T00:00:00.000Z'.length;

const twoDigits = Array.from({ length: 60 }, (_, second) => String(second).padStart(2, '0'));
const threeDigits = Array.from({ length: SECOND_MS }, (_, ms) => `.${String(ms).padStart(3, '0')}Z`);

let minute = Number.NaN;
let written = '';

/**
 * The same as `toISOString`, which works out the calendar each time: of messages in the order of their times many are of
 * one minute. Throws RangeError where it is no time.
 */
export function isoTime(at: Date): string {
  const milliseconds = at.getTime();
  const own = Math.floor(milliseconds / MINUTE_MS);
  if (own !== minute) {
    const whole = at.toISOString();
    // What lies before the year 0 or behind 9999 is as rare as it looks.
    if (whole.length !== USUAL_CHARACTERS) return whole;
    minute = own;
    written = whole.slice(0, MINUTE_CHARACTERS);
  }
  const rest = milliseconds - minute * MINUTE_MS;
  const second = Math.floor(rest / SECOND_MS);
  return written + (twoDigits[second] ?? '') + (threeDigits[rest - second * SECOND_MS] ?? '');
}
