import type { RegionConfig } from '../domain/region-config.ts';
import type { RegionFacts } from './facts.ts';

/** A region as policy sees it, among all regions of the chain. */
export function regionFactsOf(
  config: RegionConfig,
  regions: readonly Pick<RegionConfig, 'hotels'>[],
): RegionFacts {
  return {
    region: config.region,
    hotels: config.hotels.map((hotel) => hotel.code),
    minimumApprovals: config.approvals.minimum,
    consentSources: config.consentSources,
    jurisdiction: config.jurisdiction,
    chainHotels: regions.flatMap(({ hotels }) => hotels.map(({ code }) => code)),
    rules: config.rules,
  };
}
