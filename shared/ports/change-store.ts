import type { ChangeSet } from '../domain/change-set.ts';
import type { EventDraft } from './grant-store.ts';

/** Changes that wait for a second person. `Item` is one row as it is to become; what stands is not touched here. */
export type ChangeStore<Item> = {
  /** The items, then the change with its event: a change that can be read is whole. */
  propose(change: ChangeSet, items: readonly Item[], event: EventDraft): Promise<void>;
  read(changeId: string): Promise<{ change: ChangeSet; items: Item[] } | null>;
  /** Those that wait, and those that are being put in force, oldest first. */
  waiting(): Promise<ChangeSet[]>;
  /** The decision with its event; `stale`: somebody else's came first. */
  settle(
    change: ChangeSet,
    to: 'confirming' | 'rejected',
    settled: NonNullable<ChangeSet['settled']>,
    event: EventDraft,
  ): Promise<'settled' | 'stale'>;
  /**
   * All of it is in force, but for items that were `left` since what they were about had changed, and those that `failed`.
   * Harmless once it is said.
   */
  inForce(changeId: string, left?: number, failed?: number): Promise<void>;
};
