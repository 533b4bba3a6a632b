import { expect, it } from '@jest/globals';
import regionsFile from '../../../infra/regions.json' with { type: 'json' };
import { regionsSchema } from '../../../shared/domain/region-config.ts';
import { regionFactsOf } from '../../../shared/policy/region-facts.ts';

const { regions } = regionsSchema.parse(regionsFile);

it('a region’s facts are its own entry’s, with the hotels of the whole chain', () => {
  for (const region of regions) {
    const facts = regionFactsOf(region, regions);
    expect(facts).toEqual({
      region: region.region,
      hotels: region.hotels.map(({ code }) => code),
      jurisdiction: region.jurisdiction,
      rules: region.rules,
      minimumApprovals: region.approvals.minimum,
      consentSources: region.consentSources,
      chainHotels: regions.flatMap(({ hotels }) => hotels.map(({ code }) => code)),
    });
  }
  expect(regions.length).toBeGreaterThan(1);
});
