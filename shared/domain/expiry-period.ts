import { DateTime } from 'luxon';

/** How long a record class is kept (regions file, RULES D1 and D2). */
export type RetentionTerm = { months: number } | { days: number };

/** Terms up to 90 days are kept by day, longer ones by month (D2): two months never exceed 90 days, three may. */
const LONGEST_DAILY_DAYS = 90;
const LONGEST_DAILY_MONTHS = 2;
const LAST_YEAR = 9999;

/** When a record's own term ends: calendar months or days later, in the hotel's zone, clamped to a month's last day. */
export function expiryOf(recordedAt: Date, term: RetentionTerm, zone: string): Date {
  return inZone(recordedAt, zone)
    .plus('months' in term ? { months: term.months } : { days: term.days })
    .toJSDate();
}

/**
 * The expiry period of a record: the hotel's day (`2026-11-21`) or month (`2026-11`) in which its term ends.
 * Throws RangeError where that is no year of four digits: no such period could ever be found due.
 */
export function expiryPeriodOf(recordedAt: Date, term: RetentionTerm, zone: string): string {
  const expiry = inZone(expiryOf(recordedAt, term, zone), zone);
  if (expiry.year < 1 || expiry.year > LAST_YEAR) {
    throw new RangeError(`A term that ends in the year ${expiry.year} is in no period`);
  }
  return expiry.toFormat(isDaily(term) ? 'yyyy-MM-dd' : 'yyyy-MM');
}

/**
 * When a period is due: its end in the hotel's zone, since the last record in it is due by then. A record is kept
 * longer than its term by at most the length of its period: the overshoot that a certificate states.
 * Throws RangeError where the text is no period.
 */
export function periodDueAt(period: string, zone: string): Date {
  const daily = /^\d{4}-\d{2}-\d{2}$/.test(period);
  const start = DateTime.fromISO(period, { zone });
  if (!start.isValid || !(daily || /^\d{4}-\d{2}$/.test(period))) {
    throw new RangeError(`${period} is no expiry period such as 2026-11 or 2026-11-21`);
  }
  // Where a clock change swallows midnight, the day starts at its first instant.
  return daily
    ? start.plus({ days: 1 }).startOf('day').toJSDate()
    : start.plus({ months: 1 }).startOf('month').toJSDate();
}

/** The hotel's days, `yyyy-mm-dd`, from one instant to another, both included. */
export function hotelDays(from: Date, to: Date, zone: string): string[] {
  const first = dayOf(from, zone);
  const last = dayOf(to, zone);
  if (first === last) return [first];
  const days: string[] = [];
  for (let day = inZone(from, zone).startOf('day'); ; day = day.plus({ days: 1 })) {
    const name = day.toFormat('yyyy-MM-dd');
    if (name > last) return days;
    days.push(name);
  }
}

/** Days begin on a quarter of an hour in every zone. */
const QUARTER_HOUR_MS = 15 * 60 * 1000;
const DAYS_REMEMBERED = 10_000;
const dayNames = new Map<string, string>();

/** The hotel's day, `yyyy-mm-dd`; remembered, since blocks of one day come together and calendars are slow. */
function dayOf(at: Date, zone: string): string {
  const name = `${zone} ${Math.floor(at.getTime() / QUARTER_HOUR_MS)}`;
  const known = dayNames.get(name);
  if (known !== undefined) return known;
  const day = inZone(at, zone).toFormat('yyyy-MM-dd');
  if (dayNames.size >= DAYS_REMEMBERED) dayNames.clear();
  dayNames.set(name, day);
  return day;
}

function isDaily(term: RetentionTerm): boolean {
  return 'months' in term ? term.months <= LONGEST_DAILY_MONTHS : term.days <= LONGEST_DAILY_DAYS;
}

function inZone(at: Date, zone: string): DateTime<true> {
  const time = DateTime.fromJSDate(at, { zone });
  if (!time.isValid) throw new RangeError('Neither a time nor a zone that can be used');
  return time;
}
