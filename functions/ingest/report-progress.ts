import type { Batch } from '../../shared/domain/batch.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { log } from '../../shared/runtime/log.ts';

/** A batch moved on: one log line; where it ended, its metrics. */
export function reportProgress(batch: Batch): void {
  const { batchId, state, accepted, duplicates, conflicts, rejectedLines, blocks, failure } = batch;
  log('batch-progress', {
    batchId,
    state,
    segment: batch.checkpoint.segment,
    accepted,
    duplicates,
    conflicts,
    rejected: rejectedLines,
    blocks,
    failure,
  });
  if (state === 'committed') {
    emitMetric('batchCommitted');
    if (rejectedLines > 0) emitMetric('lineRejected', rejectedLines);
    if (conflicts > 0) emitMetric('messageConflicted', conflicts);
  }
  if (state === 'failed') emitMetric('batchFailed');
}
