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
    return badInput({ zh: '未指明酒店', en: 'no hotel is named' }, 'query.hotel', {
      zh: '写明一家酒店的代码,如 SHA01',
      en: 'name one by its code, such as SHA01',
    });
  }
  if (before !== undefined && !BATCH_ID.test(before)) {
    return badInput({ zh: '不是批次编号', en: 'this is no id of a batch' }, 'query.before', {
      zh: '用上一页给出的编号(next)',
      en: 'take the id that the page before gave (next)',
    });
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
