export type DayOrder = 'day-first' | 'month-first';

/** What two numbers that are a day and a month say about their order; null where they leave it open. */
export function orderShown(first: number, second: number): DayOrder | null {
  const onlyDay = (number: number) => number > 12 && number <= 31;
  if (onlyDay(first) && second <= 12) return 'day-first';
  return onlyDay(second) && first <= 12 ? 'month-first' : null;
}
