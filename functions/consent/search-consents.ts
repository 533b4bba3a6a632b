import { searchIndexesOf } from '../../shared/crypto/blind-index.ts';
import type { ConsentFact } from '../../shared/domain/consent.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { ConsentStore } from '../../shared/ports/consent-store.ts';
import type { IndexKey } from '../../shared/ports/keys.ts';
import type { RecordsIndex } from '../../shared/ports/records-index.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { badInput, type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { ConsentSearch } from './consent-body.ts';

export type SearchDependencies = {
  region: RegionConfig;
  ruleSets: RuleSets;
  consents: Pick<ConsentStore, 'ofGuests'>;
  indexKey: Pick<IndexKey, 'forSearch'>;
  records: Pick<RecordsIndex, 'guestsOf' | 'committedBatches'>;
};

/**
 * What a guest said to this hotel about the collection of records, in order of time. Of batches that aren't in custody
 * nothing is shown, and of other hotels neither.
 */
export async function searchConsents(
  { actor, body }: { actor: Person; body: ConsentSearch },
  { region, ruleSets, consents, indexKey, records }: SearchDependencies,
): Promise<HttpResult> {
  const verdict = decideDuty(await currentRuleSet(ruleSets), {
    region: regionFacts(region),
    actor,
    duty: 'see-consents',
    hotels: [body.hotel],
  });
  if (verdict.outcome === 'deny') return refused(verdict);
  const place = region.hotels.find(({ code }) => code === body.hotel);
  const key = await indexKey.forSearch();
  if (key === null || place === undefined) return ok({ facts: [] });
  const indexes = searchIndexesOf(key, body.subject, { hotel: place.code, country: place.country });
  if (indexes.length === 0) {
    return badInput(
      { zh: `该值不是 ${body.subject.kind}`, en: `this can't be a ${body.subject.kind}` },
      'body.subject.value',
      { zh: '更正后重试', en: 'correct it and send again' },
    );
  }
  const found = await consents.ofGuests(await records.guestsOf(indexes));
  const batches = found.flatMap(({ evidence }) => ('batchId' in evidence ? [evidence.batchId] : []));
  const committed = await records.committedBatches([...new Set(batches)]);
  const shown = found
    .filter(({ hotel }) => hotel === body.hotel)
    .filter(({ evidence }) => !('batchId' in evidence) || committed.has(evidence.batchId))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  return ok({ facts: shown.map(shownFact) });
}

/** Without the guest's id: whoever asked knows of whom they asked. */
function shownFact({ source, purpose, state, at, staff, evidence, recordedAt, by }: ConsentFact) {
  return {
    source,
    purpose: purpose ?? 'collection',
    state,
    at,
    withOneEmployee: staff !== null,
    evidence,
    recordedAt,
    by,
  };
}
