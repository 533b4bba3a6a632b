import type { HeldRole } from '../domain/person.ts';

/** What a role reaches, whoever gave it. */
export type Reach = Pick<HeldRole, 'role' | 'hotels' | 'deputyOf' | 'from' | 'until'>;

/** Whether one held role alone gives all that another one would: two together don't, since a request asks for one. */
export function reaches(held: Reach, wanted: Reach): boolean {
  return (
    isSameKind(held, wanted) &&
    (held.hotels === '*' ||
      (wanted.hotels !== '*' && wanted.hotels.every((hotel) => held.hotels.includes(hotel)))) &&
    timeOf(held.from, Number.NEGATIVE_INFINITY) <= timeOf(wanted.from, Number.NEGATIVE_INFINITY) &&
    timeOf(held.until, Number.POSITIVE_INFINITY) >= timeOf(wanted.until, Number.POSITIVE_INFINITY)
  );
}

/** What both of them give, as the first one was given; null where that is nothing. */
function common(held: HeldRole, wanted: Reach): HeldRole | null {
  if (!isSameKind(held, wanted)) return null;
  const hotels = hotelsOfBoth(held.hotels, wanted.hotels);
  if (hotels !== '*' && hotels.length === 0) return null;
  const from = later(held.from, wanted.from);
  const until = earlier(held.until, wanted.until);
  if (from !== undefined && until !== undefined && Date.parse(from) >= Date.parse(until)) return null;
  return {
    ...held,
    hotels,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}

/** What stays of the roles that somebody holds where these are to be held: never more, each as it was given. */
export function keptRoles(before: readonly HeldRole[], wanted: readonly Reach[]): HeldRole[] {
  const kept = before.flatMap((held) => wanted.flatMap((one) => common(held, one) ?? []));
  // Pairs of one role with several give the same again, or less.
  return kept.filter(
    (one, at) =>
      !kept.some(
        (other, place) =>
          place !== at &&
          isGivenAlike(one, other) &&
          reaches(other, one) &&
          (place < at || !reaches(one, other)),
      ),
  );
}

/** Those of the wanted roles that none of these gives. */
export function gainedRoles<Wanted extends Reach>(
  before: readonly Reach[],
  wanted: readonly Wanted[],
): Wanted[] {
  return wanted.filter((one) => !before.some((held) => reaches(held, one)));
}

function isSameKind(one: Reach, other: Reach): boolean {
  return one.role === other.role && one.deputyOf === other.deputyOf;
}

function isGivenAlike(one: HeldRole, other: HeldRole): boolean {
  return (
    one.grantedBy === other.grantedBy && one.confirmedBy === other.confirmedBy && one.since === other.since
  );
}

function hotelsOfBoth(one: Reach['hotels'], other: Reach['hotels']): Reach['hotels'] {
  if (one === '*') return other;
  if (other === '*') return one;
  return one.filter((hotel) => other.includes(hotel));
}

function timeOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Date.parse(text);
}

function later(one?: string, other?: string): string | undefined {
  return timeOf(one, Number.NEGATIVE_INFINITY) >= timeOf(other, Number.NEGATIVE_INFINITY) ? one : other;
}

function earlier(one?: string, other?: string): string | undefined {
  return timeOf(one, Number.POSITIVE_INFINITY) <= timeOf(other, Number.POSITIVE_INFINITY) ? one : other;
}
