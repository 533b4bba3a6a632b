import type { Period } from './keys.ts';
import type { BlockRow } from './records-index.ts';

/** A block as its expiry period points to it. `row` is null where only this pointer is left of it. */
export type DisposableBlock = { blockId: string; guestId: string; row: BlockRow | null; visible: boolean };

/** Deletion of blocks' rows. Every act may be repeated. */
export type BlockDisposal = {
  /** Every block of a period, those of batches that were never committed too (`visible` tells). */
  ofPeriod(period: Period): Promise<DisposableBlock[]>;
  /** Deletes every row of a block except the period's pointer. `zone` is the hotel's. */
  removeRows(row: BlockRow, zone: string): Promise<void>;
  /** Deletes the pointer: the block is gone. */
  removePointer(period: Period, blockId: string): Promise<void>;
  /** The person's linked guest ids, this one included. */
  linkedGuests(guestId: string): Promise<string[]>;
  hasBlocks(guestId: string): Promise<boolean>;
  /**
   * Deletes the identifiers that lead to these guests, and the rows that say who else they are. `lifted`: something came
   * in of one of them, which lifted its bar (KeyDisposal.barGuest); what is left stays.
   */
  removeIdentifiers(guestIds: readonly string[]): Promise<'removed' | 'lifted'>;
};
