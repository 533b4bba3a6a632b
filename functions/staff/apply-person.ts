import { applyPatch, type Given } from '../../shared/directory/apply-patch.ts';
import { fieldsThatGive, withoutGains } from '../../shared/directory/gives-more.ts';
import { gainedRoles } from '../../shared/directory/held-roles.ts';
import { digestOfParts, fieldsThatDiffer } from '../../shared/directory/parts-of-entry.ts';
import { withGivers } from '../../shared/directory/with-givers.ts';
import { withLostSuperior } from '../../shared/directory/with-lost-superior.ts';
import {
  type DirectoryEntry,
  newEntry,
  type StaffField,
  type StaffPatch,
} from '../../shared/domain/directory-entry.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { HeldRole } from '../../shared/domain/person.ts';
import type { FailedPerson } from '../../shared/domain/staff-import.ts';
import { type DirectoryChanges, type KeptEntry, loginKey } from '../../shared/ports/directory-changes.ts';

/** An entry kept changing while it was to be written. */
export class EntryContentionError extends Error {
  override name = 'EntryContentionError';
}

/** By what, by whom and when people are changed. */
export type Applying = {
  changes: DirectoryChanges;
  given: Given;
  actor: string;
  /** The import or change: what its events name. */
  cause: string;
  at: Date;
};

const ATTEMPTS = 5;
const DAY_MS = 24 * 3_600_000;

/** Everyone above somebody once the patch holds; null where the manager stays. */
export async function superiorsUnder(
  patch: StaffPatch,
  entry: DirectoryEntry,
  changes: Pick<DirectoryChanges, 'entries'>,
): Promise<string[] | null> {
  const { manager } = patch;
  if (manager === undefined || manager === entry.person.manager) return null;
  if (manager === null) return [];
  return under(manager, (await changes.entries([manager])).get(manager));
}

function under(manager: string, kept: KeptEntry | undefined): string[] {
  return [manager, ...(kept?.entry.superiors ?? [])].slice(0, LIMITS.managersAbove);
}

type Changed = { before: DirectoryEntry; now: DirectoryEntry; wanted: DirectoryEntry };

/** Why nothing can be written of a person, however often it is tried. */
export type CannotWrite = { failed: Pick<FailedPerson, 'field' | 'code'> };

/** What becomes of one entry: as much of the patch as `part` lets through now. */
async function change(
  patch: StaffPatch,
  applying: Applying,
  known: KeptEntry | undefined,
  part: (before: DirectoryEntry, wanted: DirectoryEntry) => DirectoryEntry | null,
): Promise<Changed | CannotWrite | null> {
  const { changes, given, actor, cause, at } = applying;
  const { personId } = patch;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const kept =
      attempt === 0 && known !== undefined ? known : (await changes.entries([personId])).get(personId);
    const before = kept ?? { entry: newEntry(personId), revision: 0 };
    const { manager } = patch;
    const moves = typeof manager === 'string' && manager !== before.entry.person.manager;
    const above = moves ? (await changes.entries([manager])).get(manager) : undefined;
    // The manager was to come with the same file, and couldn't be written.
    if (moves && above === undefined) return { failed: { field: 'manager', code: 'unknown-person' } };
    const wanted = applyPatch(before.entry, patch, {
      given,
      superiors: moves ? under(manager, above) : manager === null ? [] : null,
      keepFrom: new Date(at.getTime() - LIMITS.endedShiftDays * DAY_MS),
    });
    const allowed = part(before.entry, wanted);
    if (allowed === null) return null;
    const now = withLostSuperior(before.entry, withGivers(before.entry, allowed, given, at), at);
    const fields = fieldsThatDiffer(before.entry, now);
    const result = { before: before.entry, now, wanted };
    if (fields.length === 0 && kept !== undefined) return result;
    const outcome = await changes.write(before, now, {
      at,
      actor,
      data: {
        cause,
        fields,
        gained: gainedRoles(before.entry.person.roles, now.person.roles).map(codeOf),
        lost: gainedRoles(now.person.roles, before.entry.person.roles).map(codeOf),
        proposedBy: given.grantedBy,
        confirmedBy: given.confirmedBy ?? null,
      },
    });
    if (outcome === 'written') return result;
    if (outcome === 'taken') return { failed: await takenBy(wanted, changes) };
  }
  throw new EntryContentionError(`The entry of ${personId} could not be written: read ${cause} again`);
}

/** Which of username and login became another person's since this was planned or proposed. */
async function takenBy(
  { person, login }: DirectoryEntry,
  changes: DirectoryChanges,
): Promise<CannotWrite['failed']> {
  const holder = login === null ? undefined : (await changes.byLogin([login])).get(loginKey(login));
  return holder === undefined || holder === person.personId
    ? { field: 'username', code: 'username-of-another' }
    : { field: 'login', code: 'login-of-another' };
}

/**
 * What of a patch takes away or is neutral, at once. Returns the fields that give more and wait for a second person, with the
 * digest of what stands in them; none where all is done.
 */
export async function applyAtOnce(
  patch: StaffPatch,
  applying: Applying,
  known?: KeptEntry,
): Promise<
  | CannotWrite
  | {
      before: DirectoryEntry;
      wanted: DirectoryEntry;
      fields: StaffField[];
      stood: string;
      moved: boolean;
    }
> {
  const result = await change(patch, applying, known, withoutGains);
  if (result !== null && 'failed' in result) return result;
  if (result === null) throw new EntryContentionError(`Nothing was made of the entry of ${patch.personId}`);
  const { before, now, wanted } = result;
  const fields = fieldsThatGive(now, wanted);
  return {
    before,
    wanted,
    fields,
    stood: digestOfParts(now, fields),
    moved: patch.manager !== undefined && now.person.manager === patch.manager,
  };
}

/**
 * What waited, now that it is confirmed. `stale`: what it is about was changed since, so that nobody agreed to what would
 * come of it. Again it is done already.
 */
export async function applyConfirmed(
  { patch, fields, stood }: { patch: StaffPatch; fields: readonly StaffField[]; stood: string },
  applying: Applying,
): Promise<'done' | 'stale' | CannotWrite> {
  const result = await change(patch, applying, undefined, (before, wanted) => {
    if (wanted.superiors.includes(patch.personId)) return null;
    if (digestOfParts(before, fields) === stood) return wanted;
    return fieldsThatDiffer(before, wanted).length === 0 ? before : null;
  });
  if (result !== null && 'failed' in result) return result;
  return result === null ? 'stale' : 'done';
}

/**
 * Keeps who stands above everybody under somebody, nearest first, each as its manager has it; and of whoever is no longer
 * under somebody, that it was so from the change on.
 */
export async function keepBelow(
  personId: string,
  { changes, at }: Pick<Applying, 'changes' | 'at'>,
): Promise<void> {
  const [own] = (await changes.entries([personId])).values();
  const ahead = [{ personId, superiors: own?.entry.superiors ?? [] }];
  const seen = new Set([personId]);
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const superiors = [next.personId, ...next.superiors].slice(0, LIMITS.managersAbove);
    const reports = (await changes.reportsOf(next.personId)).filter((report) => !seen.has(report));
    for (const [report, { entry }] of await changes.entries(reports)) {
      seen.add(report);
      const { lostSuperiors } = withLostSuperior(entry, { ...entry, superiors }, at).person;
      await changes.keepSuperiors(report, next.personId, { superiors, lostSuperiors });
      ahead.push({ personId: report, superiors });
    }
  }
}

function codeOf({ role, hotels }: Pick<HeldRole, 'role' | 'hotels'>): string {
  return `${role}@${hotels === '*' ? '*' : hotels.join('+')}`;
}
