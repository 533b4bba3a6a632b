import type { StaffPatch } from '../domain/directory-entry.ts';
import type { Person } from '../domain/person.ts';

/**
 * The hotels of this region in which a change has a part: whoever makes or confirms it may do so for all of them. A role for
 * the whole group concerns every one.
 */
export function hotelsConcerned(
  patch: StaffPatch,
  before: Person | undefined,
  regionHotels: readonly string[],
): string[] {
  const roles = [...(patch.roles ?? []), ...(patch.deputyships ?? [])];
  if (roles.some(({ hotels }) => hotels === '*')) return [...regionHotels];
  const named = [
    ...[patch.hotel, before?.hotel],
    ...roles.flatMap(({ hotels }) => (hotels === '*' ? [] : hotels)),
    ...[...(patch.shifts ?? []), ...(patch.secondments ?? [])].map(({ hotel }) => hotel),
  ];
  return regionHotels.filter((hotel) => named.includes(hotel));
}
