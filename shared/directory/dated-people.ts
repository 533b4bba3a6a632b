import { LIMITS } from '../domain/limits.ts';

const DAY_MS = 24 * 3_600_000;

/** People, each with when they last had a part in something. */
export type DatedPeople = Readonly<Record<string, string>>;

/**
 * The same with these people, at the time of a change; one who stands there at a later time stays so. Whoever is from longer
 * ago than entries say is dropped.
 */
export function withPeopleAt(
  before: DatedPeople,
  people: readonly string[],
  at: Date,
): Record<string, string> {
  const oldest = at.getTime() - LIMITS.directoryHistoryDays * DAY_MS;
  // A time that can't be read is kept: whoever asks takes it for now.
  const kept = Object.entries(before).filter(([, time]) => !(Date.parse(time) < oldest));
  const added = people.filter((personId) => !(Date.parse(before[personId] ?? '') > at.getTime()));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(added.map((id) => [id, at.toISOString()])) };
}
