import type { Inbox } from '../../shared/aws/inbox.ts';
import type { PartLinks } from '../../shared/aws/part-links.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import type { WaitingPatch } from '../../shared/domain/staff-import.ts';
import type { ChangeStore } from '../../shared/ports/change-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { DirectoryChanges } from '../../shared/ports/directory-changes.ts';
import type { IndexKey } from '../../shared/ports/keys.ts';
import type { RecordsIndex } from '../../shared/ports/records-index.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';

/** What the functions of the directory need. */
export type StaffDependencies = {
  region: RegionConfig;
  chainHotels: readonly string[];
  ruleSets: RuleSets;
  directory: Pick<Directory, 'byId' | 'peopleWithSuperiors'>;
  changes: DirectoryChanges;
  waiting: ChangeStore<WaitingPatch>;
  inbox: Pick<Inbox, 'begin' | 'complete' | 'size' | 'read' | 'delete'>;
  links: PartLinks;
  /** Has what waits in the queue of jobs worked on, without waiting for it. */
  wake(): Promise<void>;
  clock: Clock;
};

/** What working through the jobs needs besides. */
export type WorkDependencies = StaffDependencies & {
  /** Issuer of this deployment's tokens. */
  issuer: string;
  indexKey: Pick<IndexKey, 'forSearch'>;
  records: Pick<RecordsIndex, 'guestsOf'>;
  /** Whether a hotel has records of a guest. */
  hasRecordsAt(guestId: string, hotel: string): Promise<boolean>;
  newPersonId(): string;
  /** Whether there is time for more before the function is stopped. */
  hasTime(): boolean;
};

/** Where a directory file waits in the inbox: its arrival begins no ingest. */
export function uploadKey(importId: string): string {
  return `staff-imports/${importId}.companion`;
}
