import type { RecordsIndex } from '../ports/records-index.ts';

/** One person: the guest ids in scope that stand for them, and every id that does (linked guests are one person). */
export type PersonInScope = { inScope: string[]; ids: string[] };

/** The persons behind these guests, each once, however many identifiers lead to them. */
export async function peopleInScope(
  guests: readonly string[],
  records: Pick<RecordsIndex, 'members'>,
): Promise<PersonInScope[]> {
  const linked = await Promise.all(
    [...new Set(guests)].sort().map(async (guestId) => [guestId, await records.members(guestId)] as const),
  );
  const people: PersonInScope[] = [];
  for (const [guestId, members] of linked) {
    const ids = [...new Set([guestId, ...members])].sort();
    // Rows of guests who were just joined may not all know each other yet: whoever shares an id is one person.
    const same = people.filter((person) => person.ids.some((id) => ids.includes(id)));
    for (const person of same) people.splice(people.indexOf(person), 1);
    people.push({
      inScope: [...same.flatMap(({ inScope }) => inScope), guestId].sort(),
      ids: [...new Set([...same.flatMap((person) => person.ids), ...ids])].sort(),
    });
  }
  return people;
}
