import type { AccessGrant } from '../domain/access-grant.ts';
import { retrievalKey, retrievalMonths } from '../domain/retrieval-count.ts';
import type { RetrievalCount, RetrievalCounts, RetrievalReservation } from '../ports/retrieval-counts.ts';
import type { PersonInScope } from './people-in-scope.ts';

export type RetrievalSources = {
  counts: RetrievalCounts;
  /** The region's hotels: months are those of their zones. */
  places: readonly { code: string; zone: string }[];
  now: Date;
};

/** What R4 asks of a request, and what granting it would write. */
export type RetrievalFacts = {
  /** Other retrievals that this requester was granted this month, of whoever in scope has the most. */
  retrievals: number;
  /** Null for what doesn't count. */
  reservation: RetrievalReservation | null;
  /** The months in which it would count. */
  months: string[];
};

/**
 * Every id of one person counts together: what was counted for two guests who are linked since is counted of both. The
 * retrieval is written under each of these ids, so that taking them apart again forgets nothing.
 */
export async function retrievalFacts(
  grant: AccessGrant,
  people: readonly PersonInScope[],
  { counts, places, now }: RetrievalSources,
): Promise<RetrievalFacts> {
  const key = retrievalKey(grant);
  const months = retrievalMonths(now, grant.hotels, places);
  if (key === null || people.length === 0) return { retrievals: 0, reservation: null, months };
  const ids = people.flatMap((person) => person.ids);
  const rows = await counts.read(grant.requester, ids, months);
  const highest = Math.max(
    0,
    ...people.flatMap((person) => months.map((month) => othersOf(person, month, rows, key))),
  );
  return { retrievals: highest, reservation: { requester: grant.requester, key, rows }, months };
}

function othersOf(
  { ids }: PersonInScope,
  month: string,
  rows: readonly RetrievalCount[],
  key: string,
): number {
  const granted = rows.filter((row) => row.month === month && ids.includes(row.guestId));
  return new Set(granted.flatMap(({ keys }) => keys).filter((other) => other !== key)).size;
}

/** Whether it would still count in the same months: a decision made before a month's end isn't one for after. */
export function isStillThen(
  { months }: RetrievalFacts,
  { hotels }: AccessGrant,
  { places, now }: Omit<RetrievalSources, 'counts'>,
): boolean {
  return retrievalMonths(now, hotels, places).join() === months.join();
}
