const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** `2026-05-01T00:00:00.000Z`: times of years with four digits alone are written so. */
const SECONDS_AT = '2026-05-01T00:00:'.length;
const MILLISECONDS_AT = '2026-05-01T00:00:00.'.length;
const USUAL_CHARACTERS = '2026-05-01T00:00:00.000Z'.length;
const ZERO = 0x30;

let minute = Number.NaN;
/** The time of the last call, in Latin-1. */
const written = Buffer.alloc(USUAL_CHARACTERS);

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
    written.write(whole, 'latin1');
    minute = own;
    return whole;
  }
  const rest = milliseconds - minute * MINUTE_MS;
  const second = Math.floor(rest / SECOND_MS);
  putDigits(second, SECONDS_AT, 2);
  putDigits(rest - second * SECOND_MS, MILLISECONDS_AT, 3);
  // In one piece: what is put together of pieces takes more room than its characters for as long as it is kept.
  return written.toString('latin1');
}

function putDigits(number: number, at: number, digits: number): void {
  let left = number;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    written[place] = ZERO + (left % 10);
    left = Math.floor(left / 10);
  }
}
