import type { Batches } from '../../shared/aws/batches.ts';
import type { Person } from '../../shared/domain/person.ts';
import { decideIngest } from '../../shared/policy/decide-ingest.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import { type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { batchResult } from './batch-result.ts';

/** What became of a batch, for whoever may bring in records of its hotel. */
export async function showBatch(
  { batchId, person }: { batchId: string; person: Person },
  { batches, region }: { batches: Pick<Batches, 'read'>; region: RegionFacts },
): Promise<HttpResult> {
  const batch = await batches.read(batchId);
  if (batch === null) return notFound({ zh: '没有这个批次', en: 'there is no such batch' }, 'path.id');
  const { hotel, source, category } = batch;
  // Whether there was a basis was asked when the batch was begun; each record is asked again.
  const verdict = decideIngest({ person, hotel, source, category, region, hasCollectionBasis: true });
  return verdict.outcome === 'deny' ? refused(verdict) : ok(batchResult(batch));
}
