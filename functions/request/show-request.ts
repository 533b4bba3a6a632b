import type { Person } from '../../shared/domain/person.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideReadingFreeText } from '../../shared/policy/decide-reading-free-text.ts';
import { decideShowing } from '../../shared/policy/decide-showing.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { shownRequest } from './shown-request.ts';

export type ShowDependencies = {
  store: Pick<GrantStore, 'read' | 'openings' | 'events' | 'note'>;
  keys: Pick<RequestKeys, 'read'>;
  ruleSets: RuleSets;
  region: RegionFacts;
};

/**
 * One request, to those who may see it (T18). A look by anybody but the requester is an event, written before the
 * answer.
 */
export async function showRequest(
  { requestId, actor, now }: { requestId: string; actor: Person; now: Date },
  { store, keys, ruleSets, region }: ShowDependencies,
): Promise<HttpResult> {
  const [grant, ruleSet] = await Promise.all([store.read(requestId), currentRuleSet(ruleSets)]);
  if (grant === null) return notFound('no such request', 'path.id');
  const facts = { region, grant, actor };
  const verdict = decideShowing(ruleSet, facts);
  if (verdict.outcome === 'deny') return refused(verdict);

  const readsFreeText = decideReadingFreeText(ruleSet, facts).outcome === 'allow';
  const [openings, events, key] = await Promise.all([
    store.openings(requestId),
    store.events(requestId),
    readsFreeText ? keys.read('evidence', requestId) : null,
    actor.personId === grant.requester
      ? null
      : store.note(`attempts/${requestId}`, 'request-shown', {
          at: now,
          actor: actor.personId,
          data: { freeText: readsFreeText },
        }),
  ]);
  return ok(shownRequest(grant, { openings, events }, key));
}
