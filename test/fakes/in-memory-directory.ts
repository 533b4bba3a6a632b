import type { Person } from '../../shared/domain/person.ts';
import type { Shift } from '../../shared/domain/shift.ts';
import type { Directory } from '../../shared/ports/directory.ts';

/**
 * A directory in memory. `people` is the table itself, `shifts` and `clients` are those of each person; token subjects
 * are the person ids.
 */
export function inMemoryDirectory(...listed: Person[]): Directory & {
  people: Map<string, Person>;
  shifts: Map<string, Shift[]>;
  clients: Map<string, string[]>;
} {
  const people = new Map(listed.map((person) => [person.personId, person]));
  const shifts = new Map<string, Shift[]>();
  const clients = new Map<string, string[]>();
  const superiorsOf = (person: Person): string[] => {
    const above: string[] = [];
    let next = person.manager;
    while (next !== null && !above.includes(next)) {
      above.push(next);
      next = people.get(next)?.manager ?? null;
    }
    return above;
  };
  return {
    people,
    shifts,
    clients,
    async personIdOf(_issuer, subject) {
      return people.has(subject) ? subject : null;
    },
    async byId(personId) {
      return people.get(personId) ?? null;
    },
    async peopleWithSuperiors(personIds) {
      return new Map(
        personIds.flatMap((personId) => {
          const person = people.get(personId);
          return person === undefined ? [] : [[personId, { person, superiors: superiorsOf(person) }]];
        }),
      );
    },
    async shiftsOf(personId) {
      return shifts.get(personId) ?? [];
    },
    async clientsOf(personId) {
      return clients.get(personId) ?? [];
    },
    async holding(role) {
      return [...people.values()].filter((person) => person.roles.some((held) => held.role === role));
    },
    async withAccounts() {
      return [...people.values()].filter((person) => person.accounts.length > 0);
    },
  };
}
