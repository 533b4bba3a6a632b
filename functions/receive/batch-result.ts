import type { Batch } from '../../shared/domain/batch.ts';

/** A batch as the API shows it (CONTRACT `ingest`): counts, codes and ids, never a word of its records. */
export function batchResult(batch: Batch) {
  const { batchId, state, hotel, source, category, accepted, duplicates, conflicts, rejected } = batch;
  const { rejectedLines, conversations, guests, digest, failure } = batch;
  const { completeness, commitment, quarantined, rerunOf, providerRequest } = batch;
  return {
    batchId,
    state,
    hotel,
    source,
    category,
    accepted,
    duplicates,
    conflicts,
    rejected,
    rejectedLines,
    conversations,
    guests,
    digest,
    failure,
    completeness,
    commitment,
    quarantined,
    rerunOf,
    ...(providerRequest === null ? {} : { providerRequest }),
  };
}
