import type { Batches } from '../../shared/aws/batches.ts';
import type { Person } from '../../shared/domain/person.ts';
import { decideIngest } from '../../shared/policy/decide-ingest.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import { badInput, type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import { batchResult } from './batch-result.ts';

const BATCH_ID = /^bat_[a-z0-9]{1,40}$/;

/** Batches of a hotel, newest first, a page at a time: what came in, what it lacks and commits to; never a line. */
export async function listBatches(
  { hotel, before, person }: { hotel: string | undefined; before: string | undefined; person: Person },
  { batches, region }: { batches: Pick<Batches, 'ofHotel'>; region: RegionFacts },
): Promise<HttpResult> {
  if (hotel === undefined) {
    return badInput('未指明酒店 no hotel is named', 'query.hotel', '写明一家 name one: /batches?hotel=SHA01');
  }
  if (before !== undefined && !BATCH_ID.test(before)) {
    return badInput(
      '不是批次编号 this is no id of a batch',
      'query.before',
      '用上一页的 next take next of the page before',
    );
  }
  const verdict = decideIngest({
    person,
    hotel,
    source: 'internal',
    category: 'enquiry',
    region,
    hasCollectionBasis: true,
  });
  if (verdict.outcome === 'deny') return refused(verdict);
  const { found, next } = await batches.ofHotel(hotel, before ?? null);
  return ok({
    batches: found.map((batch) => {
      // Which lines were rejected, and why, is in the batch itself.
      const { rejected: _lines, ...shown } = batchResult(batch);
      return shown;
    }),
    next,
  });
}
