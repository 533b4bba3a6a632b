import { basisFor, type CollectionBasis } from '../domain/collection-basis.ts';
import type { Person } from '../domain/person.ts';
import type { Source } from '../domain/record.ts';
import type { DraftRecord } from '../sources/importer.ts';

/** Why a record isn't collected (R7); null where it may be. */
export type CollectionDoor = (draft: DraftRecord) => 'employee-not-authorised' | null;

/**
 * What employees say among themselves is collected only on a basis that stood when it was said: the writer's own written
 * authorisation, or a notice given before to everybody at the hotel (R7). Other sources are guests' conversations with
 * the hotel, and pass.
 */
export function collectionDoor(
  source: Source,
  bases: readonly CollectionBasis[],
  people: readonly Pick<Person, 'personId' | 'accounts'>[],
): CollectionDoor {
  if (source !== 'workgroup') return () => null;
  const owners = new Map(people.flatMap(({ personId, accounts }) => accounts.map((one) => [one, personId])));
  return ({ from, at }) => {
    const personId = (from.id === null ? undefined : owners.get(`${source}:${from.id}`)) ?? null;
    return basisFor(bases, { personId, at }) === null ? 'employee-not-authorised' : null;
  };
}
