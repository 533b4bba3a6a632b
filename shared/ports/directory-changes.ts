import type { DatedPeople } from '../domain/dated-people.ts';
import type { DirectoryEntry, Login } from '../domain/directory-entry.ts';
import type {
  DirectoryJob,
  FailedPerson,
  PendingPatch,
  PlannedPerson,
  StaffImport,
} from '../domain/staff-import.ts';
import type { EventDraft } from './grant-store.ts';

/** An entry as it was read: what is written over it must find it so. */
export type KeptEntry = { entry: DirectoryEntry; revision: number };

/** Who stands above a person, nearest first, and who stopped to, each with when that last was. */
export type Above = { superiors: readonly string[]; lostSuperiors: DatedPeople };

/** The import or change that is worked on. */
export type DirectoryWork = Pick<DirectoryJob, 'kind' | 'id'>;

/** The right to change the directory, of one process at a time; it lapses unless it is kept. */
export type Lane = { holder: string };

/** Changes of the directory: imports on their way, and people's entries. */
export type DirectoryChanges = {
  createImport(created: StaffImport): Promise<void>;
  readImport(importId: string): Promise<StaffImport | null>;
  /** Writes what became of it; `stale`: its state is another one. */
  moveImport(
    prior: StaffImport,
    changes: Partial<StaffImport>,
    event?: { type: 'directory-import-planned' | 'directory-import-refused'; draft: EventDraft },
  ): Promise<'moved' | 'stale'>;
  /** The people of a planned file, by position. Written again it is the same. */
  planPeople(importId: string, people: readonly PlannedPerson[]): Promise<void>;
  plannedPeople(importId: string, from: number, count: number): Promise<PlannedPerson[]>;
  /** What waits of the person at a position. */
  keepPending(importId: string, position: number, pending: PendingPatch): Promise<void>;
  pending(importId: string): Promise<PendingPatch[]>;
  /** Nothing of the file's people is kept longer than it takes. */
  clearImport(importId: string): Promise<void>;

  /** People's ids by username, and by login. Whoever isn't there is missing. */
  byUsername(usernames: readonly string[]): Promise<Map<string, string>>;
  byLogin(logins: readonly Login[]): Promise<Map<string, string>>;
  entries(personIds: readonly string[]): Promise<Map<string, KeptEntry>>;
  /**
   * The entry with its event, in one transaction. `stale`: it was changed since it was read; `taken`: its username or login
   * is another person's.
   */
  write(before: KeptEntry, after: DirectoryEntry, event: EventDraft): Promise<'written' | 'stale' | 'taken'>;
  /** Says once, with its event, that nothing could be written of somebody for this import or change. */
  keepFailure(work: DirectoryWork, failed: FailedPerson, event: EventDraft): Promise<void>;
  failures(work: DirectoryWork): Promise<FailedPerson[]>;
  /** Whom somebody is the manager of. */
  reportsOf(personId: string): Promise<string[]>;
  /** Says who stands above a person, and since when somebody no longer does, while `manager` is theirs. */
  keepSuperiors(personId: string, manager: string, above: Above): Promise<void>;

  /** Adds work; the same work is added once. */
  addJob(job: DirectoryJob): Promise<void>;
  jobs(): Promise<DirectoryJob[]>;
  endJob(job: DirectoryJob): Promise<void>;
  /** Null while somebody else is at it. */
  takeLane(holder: string, now: Date): Promise<Lane | null>;
  /** Throws LaneLostError where it lapsed and another one took it. */
  keepLane(lane: Lane, now: Date): Promise<void>;
  /** Gives it back; `done`: everybody's superiors are those of now. */
  leaveLane(lane: Lane, done: boolean): Promise<void>;
};

/** Another process changes the directory by now: this one stops. */
export class LaneLostError extends Error {
  override name = 'LaneLostError';
}

/** How a login is told apart. */
export function loginKey({ issuer, subject }: Login): string {
  return `${issuer}#${subject}`;
}
