import type { BatchCompleteness } from '../domain/batch.ts';

/** What became of a batch's lines, as its row says; null where it says nothing. */
export type BatchCounts = {
  /** Whoever brought it in; absent where its row doesn't say. */
  by?: string;
  batchId: string;
  accepted: number | null;
  duplicates: number | null;
  conflicts: number | null;
  rejected: number | null;
  lacks: BatchCompleteness | null;
  /** The provider request whose answer it is. */
  providerRequest?: string | undefined;
  /** Digest of what it committed to. */
  commitment: string | null;
};

/** The counts of these batches, for completeness.json. A batch without a row is left out. */
export type BatchCountsReader = (batchIds: string[]) => Promise<BatchCounts[]>;
