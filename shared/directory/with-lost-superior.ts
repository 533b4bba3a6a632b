import { withPeopleAt } from '../domain/dated-people.ts';
import type { DirectoryEntry } from '../domain/directory-entry.ts';

/** Whether somebody stops being under one of the people above them. */
export function losesSuperior(before: DirectoryEntry, after: DirectoryEntry): boolean {
  return lostSuperiors(before, after).length > 0;
}

/** The entry with whom the person stopped being under, and when (A1): at the time of the change, where it does that. */
export function withLostSuperior(before: DirectoryEntry, after: DirectoryEntry, at: Date): DirectoryEntry {
  const lost = lostSuperiors(before, after);
  if (lost.length === 0) return after;
  return {
    ...after,
    person: { ...after.person, lostSuperiors: withPeopleAt(before.person.lostSuperiors, lost, at) },
  };
}

function lostSuperiors(before: DirectoryEntry, after: DirectoryEntry): string[] {
  return before.superiors.filter((above) => !after.superiors.includes(above));
}
