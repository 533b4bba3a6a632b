import type { Person } from '../../shared/domain/person.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideProvider } from '../../shared/policy/decide-provider.ts';
import type { ProviderAct } from '../../shared/policy/facts.ts';
import { type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { ProviderDependencies } from './provider-dependencies.ts';
import { shownProviderRequest } from './shown-provider-request.ts';

/** The provider requests of an access request and how they stand; what was typed, to those alone who may write them. */
export async function listProviderRequests(
  { requestId, actor }: { requestId: string; actor: Person },
  {
    region,
    ruleSets,
    store,
    providers,
    keys,
  }: Pick<ProviderDependencies, 'region' | 'ruleSets' | 'store' | 'providers' | 'keys'>,
): Promise<HttpResult> {
  const [grant, ruleSet] = await Promise.all([store.read(requestId), currentRuleSet(ruleSets)]);
  if (grant === null) return notFound({ zh: '没有这份申请', en: 'no such request' }, 'path.id');
  const decide = (act: ProviderAct) =>
    decideProvider(ruleSet, {
      region: regionFacts(region),
      grant,
      actor,
      act,
      platform: grant.platforms[0] ?? 'internal',
      hotels: grant.hotels,
    });
  const verdict = decide('see-provider-requests');
  if (verdict.outcome === 'deny') return refused(verdict);
  const readsTexts = decide('settle-provider-request').outcome === 'allow';
  const [rows, key] = await Promise.all([
    providers.ofRequest(requestId),
    readsTexts ? keys.read('evidence', requestId) : null,
  ]);
  return ok({ providerRequests: rows.map((row) => shownProviderRequest(row, key)) });
}
