import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { decideUpkeep } from '../../shared/policy/decide-upkeep.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import { accepted, badInput, type HttpResult, refused } from '../../shared/runtime/http-result.ts';

/** Has the small blocks of a hotel merged now, instead of at the end of the month. */
export async function startMerge(
  { person, hotel }: { person: Person; hotel: string },
  {
    region,
    chain,
    begin,
  }: {
    region: RegionFacts;
    chain: RegionConfig['hotels'];
    begin(hotels: readonly string[]): Promise<void>;
  },
): Promise<HttpResult> {
  if (!chain.some(({ code }) => code === hotel)) {
    const names = chain.map(({ code }) => code).join(', ');
    return badInput({ zh: '没有这家酒店', en: 'there is no such hotel' }, 'body.hotel', {
      zh: `写下列之一:${names}`,
      en: `name one of ${names}`,
    });
  }
  const verdict = decideUpkeep({ person, hotel, region });
  if (verdict.outcome === 'deny') return refused(verdict);
  await begin([hotel]);
  return accepted({ hotel, state: 'started' });
}
