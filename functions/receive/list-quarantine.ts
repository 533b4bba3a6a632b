import type { Batches } from '../../shared/aws/batches.ts';
import { zoneOf } from '../../shared/domain/hotel-of.ts';
import type { Person } from '../../shared/domain/person.ts';
import { isQuarantined } from '../../shared/domain/quarantine.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { decideIngest } from '../../shared/policy/decide-ingest.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import { badInput, type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import { isOfWholeFile } from '../../shared/sources/rejection-reasons.ts';
import { quarantineEnds } from './begin-rerun.ts';

/** Batches of a hotel with rejected lines that are still kept: how many, and why; never a line. */
export async function listQuarantine(
  { hotel, person, now }: { hotel: string | undefined; person: Person; now: Date },
  {
    batches,
    region,
    hotels,
    retention,
  }: {
    batches: Pick<Batches, 'withQuarantine'>;
    region: RegionFacts;
    hotels: RegionConfig['hotels'];
    retention: RegionConfig['retention'];
  },
): Promise<HttpResult> {
  if (hotel === undefined) {
    return badInput({ zh: '未指明酒店', en: 'no hotel is named' }, 'query.hotel', {
      zh: '写明一家酒店的代码,如 SHA01',
      en: 'name one by its code, such as SHA01',
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
  const zone = zoneOf({ hotels }, hotel);
  const kept = (await batches.withQuarantine(hotel)).flatMap((batch) => {
    const until = quarantineEnds(batch, retention.quarantine, zone);
    if (until.getTime() <= now.getTime()) return [];
    const { batchId, source, receivedAt, quarantined, completeness, rerunOf } = batch;
    return [
      {
        batchId,
        source,
        receivedAt,
        lines: quarantined,
        rejectedBy: completeness.rejectedBy,
        // What is wrong with the file as a whole is mended by ingesting it again.
        rerun: !Object.keys(completeness.rejectedBy)
          .filter((reason) => isQuarantined(source, reason))
          .every(isOfWholeFile),
        until: until.toISOString(),
        rerunOf,
      },
    ];
  });
  return ok({ batches: kept });
}
