import type { Batch } from '../../shared/domain/batch.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { log } from '../../shared/runtime/log.ts';
import type { Gathered } from './gather-push.ts';

/** A push was taken out of the queue, or goes back into it: one log line, and its metrics. */
export function reportGathered(gathered: Gathered | 'failed'): void {
  if (gathered === 'failed') {
    emitMetric('pushFailed');
    return;
  }
  const { kept, unread } = gathered;
  log('gathered', gathered);
  if (kept > 0) emitMetric('pushGathered', kept);
  if (unread > 0) emitMetric('pushUnread', unread);
}

/** Pushed messages went into custody as a batch. */
export function reportBatch({ batchId, state, accepted, duplicates, conflicts, rejectedLines }: Batch): void {
  log('gathered', { batchId, state, accepted, duplicates, conflicts, rejected: rejectedLines });
  emitMetric('batchCommitted');
  if (rejectedLines > 0) emitMetric('lineRejected', rejectedLines);
  if (conflicts > 0) emitMetric('messageConflicted', conflicts);
}
