import { LIMITS } from './limits.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * People, each with the times when they had a part in something: all of them, earliest first, since whoever asks about a
 * while that is over mustn't miss one for another that came later.
 */
export type DatedPeople = Readonly<Record<string, readonly string[]>>;

/** The same with these people, at the time of a change. Times from longer ago than entries say are dropped. */
export function withPeopleAt(
  before: DatedPeople,
  people: readonly string[],
  at: Date,
): Record<string, string[]> {
  const oldest = at.getTime() - LIMITS.directoryHistoryDays * DAY_MS;
  const changed = joinedPeople(before, Object.fromEntries(people.map((id) => [id, [at.toISOString()]])));
  return Object.fromEntries(
    Object.entries(changed)
      // A time that can't be read is kept: whoever asks takes it for now.
      .map(([id, times]): [string, string[]] => [id, times.filter((time) => !(Date.parse(time) < oldest))])
      .filter(([, times]) => times.length > 0),
  );
}

/** What both say of people: every time of each. */
export function joinedPeople(one: DatedPeople, other: DatedPeople): Record<string, string[]> {
  return Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map((personId) => [
      personId,
      [...new Set([...(one[personId] ?? []), ...(other[personId] ?? [])])].sort(),
    ]),
  );
}
