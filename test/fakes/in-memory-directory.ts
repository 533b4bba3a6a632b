import type { Person } from '../../shared/domain/person.ts';
import type { Directory } from '../../shared/ports/directory.ts';

/** A directory in memory. `people` is the table itself; token subjects are the person ids. */
export function inMemoryDirectory(...listed: Person[]): Directory & { people: Map<string, Person> } {
  const people = new Map(listed.map((person) => [person.personId, person]));
  return {
    people,
    async bySubject(_issuer, subject) {
      return people.get(subject) ?? null;
    },
    async byId(personId) {
      return people.get(personId) ?? null;
    },
    async managersAbove(person) {
      const above: string[] = [];
      let next = person.manager;
      while (next !== null && !above.includes(next)) {
        above.push(next);
        next = people.get(next)?.manager ?? null;
      }
      return above;
    },
    async holding(role) {
      return [...people.values()].filter((person) => person.roles.some((held) => held.role === role));
    },
    async withAccounts() {
      return [...people.values()].filter((person) => person.accounts.length > 0);
    },
  };
}
