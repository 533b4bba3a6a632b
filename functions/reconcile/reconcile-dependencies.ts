import type { SettlingParts } from '../../shared/loop/settle.ts';
import type { CaseStore } from '../../shared/ports/cases.ts';
import type { Notices } from '../../shared/ports/notices.ts';
import type { ProviderStore } from '../../shared/ports/provider-store.ts';

/** Who acts in custody events where reconcile does. */
export const RECONCILER = 'function:reconcile';

export type ReconcileDependencies = SettlingParts & {
  /** Archives what the workflow left behind. */
  archive(requestId: string): Promise<void>;
  /** Where incidents are put on file (L5). */
  cases: Pick<CaseStore, 'filed' | 'file'>;
  providers: Pick<ProviderStore, 'overdue' | 'read' | 'move'>;
  batches: {
    /** Batches whose worker stopped without finishing. */
    stalled(now: Date): Promise<string[]>;
    resume(batchId: string): Promise<void>;
  };
  uploads: {
    /** Aborts unfinished uploads that began before this; answers how many. */
    abortOlderThan(begun: Date): Promise<number>;
  };
  notices: Notices;
  /** A notice that wasn't sent; it stays due, and the next sweep tries again. */
  noticeFailed(error: unknown): void;
  /** Something that a sweep or a stream could not do; it is reported, and tried again by the next sweep. */
  broke(error: unknown): void;
  /** What was done, for metrics. */
  did(
    what:
      | 'lapsed'
      | 'emergency-incident'
      | 'reminded'
      | 'provider-overdue'
      | 'repaired'
      | 'copy-overdue'
      | 'batch-resumed'
      | 'failed',
    count: number,
  ): void;
};
