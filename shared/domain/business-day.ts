import { DateTime } from 'luxon';

/**
 * The hotel's business day of an instant (T1): from `hour` on the hotel's clock until the same hour of the next day. Where
 * a clock change swallows the hour, it begins at the first instant after.
 */
export function businessDay(at: Date, zone: string, hour: number): { from: Date; to: Date } {
  const now = DateTime.fromJSDate(at, { zone });
  const today = now.startOf('day').set({ hour });
  const from = today <= now ? today : now.startOf('day').minus({ days: 1 }).set({ hour });
  const to = from.startOf('day').plus({ days: 1 }).set({ hour });
  return { from: from.toJSDate(), to: to.toJSDate() };
}
