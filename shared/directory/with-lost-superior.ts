import type { DirectoryEntry } from '../domain/directory-entry.ts';

/** Whether somebody stops being under one of the people above them. */
export function losesSuperior(before: DirectoryEntry, after: DirectoryEntry): boolean {
  return before.superiors.some((above) => !after.superiors.includes(above));
}

/** The entry with when the person last stopped being under somebody (A1): at the time of the change, where it does that. */
export function withLostSuperior(before: DirectoryEntry, after: DirectoryEntry, at: Date): DirectoryEntry {
  if (!losesSuperior(before, after)) return after;
  const { lostSuperiorAt: earlier } = before.person;
  const last = earlier !== null && Date.parse(earlier) > at.getTime() ? earlier : at.toISOString();
  return { ...after, person: { ...after.person, lostSuperiorAt: last } };
}
