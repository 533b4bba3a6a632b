import regions from '../../infra/regions.json' with { type: 'json' };
import { type RegionConfig, regionsSchema } from '../domain/region-config.ts';
import type { RegionFacts } from '../policy/facts.ts';
import { regionFactsOf } from '../policy/region-facts.ts';

/** The entry of the regions file that this deployment serves. Throws where there is none. */
export function regionConfig(region: string): RegionConfig {
  const found = regionsSchema.parse(regions).regions.find((entry) => entry.region === region);
  if (found === undefined) throw new Error(`The regions file (infra/regions.json) has no region ${region}`);
  return found;
}

/** Every hotel of the chain, in whichever region. */
export function hotelsOfEveryRegion(): RegionConfig['hotels'] {
  return regionsSchema.parse(regions).regions.flatMap(({ hotels }) => hotels);
}

export function regionFacts(config: RegionConfig): RegionFacts {
  return regionFactsOf(config, regionsSchema.parse(regions).regions);
}
