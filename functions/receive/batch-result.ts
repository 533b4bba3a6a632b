import type { Batch } from '../../shared/domain/batch.ts';

/** A batch as the API shows it (docs/api.md, "Batches"): counts, codes and ids, never a word of its records. */
export function batchResult(batch: Batch) {
  const { batchId, state, hotel, source, category, accepted, duplicates, conflicts, rejected } = batch;
  const { rejectedLines, conversations, guests, digest, failure } = batch;
  const { completeness, commitment, quarantined, rerunOf, providerRequest, blocks } = batch;
  const { by, bytes, createdAt, receivedAt, endedAt, profile, timezone } = batch;
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
    blocks,
    bytes,
    by,
    createdAt,
    receivedAt,
    endedAt,
    profile,
    timezone,
    ...(providerRequest === null ? {} : { providerRequest }),
  };
}
