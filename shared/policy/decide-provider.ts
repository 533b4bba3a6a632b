import type { Verdict } from '../domain/verdict.ts';
import { atOf, entitiesOf, personUid, requestUid } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { ProviderFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** May this person write to a provider on this request, record what came of it, or see how it stands? */
export function decideProvider(ruleSet: RuleSet, facts: ProviderFacts): Verdict {
  const { grant, actor, act, platform, hotels, region } = facts;
  return evaluate(ruleSet, {
    principal: personUid(actor.personId),
    act,
    resource: requestUid(grant),
    context: { platform, hotels, regionHotels: region.hotels },
    entities: entitiesOf(grant, [actor], atOf(facts)),
  });
}
