import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import type { Person } from '../../shared/domain/person.ts';
import { frozenScopeFacts, requestFacts } from '../../shared/facts/gather-facts.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideReadingFreeText } from '../../shared/policy/decide-reading-free-text.ts';
import { decideShowing } from '../../shared/policy/decide-showing.ts';
import type { NamedCases, RegionFacts } from '../../shared/policy/facts.ts';
import { nearRules } from '../../shared/policy/near-rules.ts';
import { reasonsOf } from '../../shared/policy/reasons.ts';
import { type RuleSet, readyRuleSet } from '../../shared/policy/rule-set.ts';
import type { Cases } from '../../shared/ports/cases.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { shownRequest } from './shown-request.ts';

export type ShowDependencies = {
  store: Pick<GrantStore, 'read' | 'openings' | 'events' | 'note' | 'byRequester'>;
  keys: Pick<RequestKeys, 'read'>;
  ruleSets: RuleSets;
  region: RegionFacts;
  directory: Directory;
  cases: Cases;
};

/** How far back an approver sees what the requester asked for. */
const HISTORY_DAYS = 90;
const DAY_MS = 86_400_000;

/**
 * One request, to those who may see it (T18). A look by anybody but the requester is an event, written before the
 * answer.
 */
export async function showRequest(
  { requestId, actor, now }: { requestId: string; actor: Person; now: Date },
  dependencies: ShowDependencies,
): Promise<HttpResult> {
  const { store, keys, ruleSets, region } = dependencies;
  const [grant, ruleSet] = await Promise.all([store.read(requestId), currentRuleSet(ruleSets)]);
  if (grant === null) return notFound({ zh: '没有这份申请', en: 'no such request' }, 'path.id');
  const facts = { now, region, grant, actor };
  const verdict = decideShowing(ruleSet, facts);
  if (verdict.outcome === 'deny') return refused(verdict);

  const readsFreeText = decideReadingFreeText(ruleSet, facts).outcome === 'allow';
  const deciding = readsFreeText && actor.personId !== grant.requester;
  const [openings, events, key, forApprover] = await Promise.all([
    store.openings(requestId),
    store.events(requestId),
    readsFreeText ? keys.read('evidence', requestId) : null,
    deciding ? approversView(grant, ruleSet, now, dependencies) : null,
    actor.personId === grant.requester
      ? null
      : store.note(`attempts/${requestId}`, 'request-shown', {
          at: now,
          actor: actor.personId,
          data: { freeText: readsFreeText },
        }),
  ]);
  return ok({ ...shownRequest(grant, { openings, events }, key), ...forApprover });
}

/**
 * What whoever approves sees besides: the rules that applied, those that nearly did, and how much this requester has asked
 * for lately. Counts and codes; nothing of a guest.
 */
async function approversView(
  grant: AccessGrant,
  ruleSet: RuleSet,
  now: Date,
  { store, directory, region, cases, ruleSets }: ShowDependencies,
): Promise<object> {
  const [own, facts] = await Promise.all([
    store.byRequester(grant.requester),
    requestFacts(
      { directory, region, cases, now },
      grant,
      frozenScopeFacts(grant),
      grant.scope?.found?.retrievals ?? 0,
    ),
  ]);
  const since = now.getTime() - HISTORY_DAYS * DAY_MS;
  const lately = own.filter(
    ({ requestId, requestedAt }) => requestId !== grant.requestId && Date.parse(requestedAt) >= since,
  );
  const inState = (...states: AccessGrant['state'][]) =>
    lately.filter(({ state }) => states.includes(state)).length;
  return {
    applied: appliedRules(await pinnedOn(grant, ruleSet, ruleSets), grant),
    ...nearOnes(ruleSet, facts),
    matterOnFile: matterOnFile(grant, facts.cases),
    recent: {
      days: HISTORY_DAYS,
      requests: lately.length,
      refused: inState('refused'),
      denied: inState('denied'),
      lapsed: inState('lapsed'),
      openings: lately.reduce((sum, { opened }) => sum + opened, 0),
    },
  };
}

function nearOnes(ruleSet: RuleSet, facts: Parameters<typeof nearRules>[1]): object {
  const { near, more } = nearRules(ruleSet, facts);
  return { near, nearMore: more };
}

/**
 * Whether the matter is on file: one that isn't may be named all the same (T7), and counts once (R4), so that whoever
 * approves must know. Null where the request names none.
 */
function matterOnFile(
  { matter }: AccessGrant,
  { matter: filed }: NamedCases,
): 'open' | 'closed' | 'not-on-file' | null {
  if (matter === null) return null;
  if (filed === null) return 'not-on-file';
  return filed.open ? 'open' : 'closed';
}

/** The set that spoke at check: it may say what the one in force doesn't have any more, or says otherwise. */
async function pinnedOn({ ruleSet }: AccessGrant, current: RuleSet, ruleSets: RuleSets): Promise<RuleSet> {
  if (ruleSet === null || ruleSet === current.digest) return current;
  return readyRuleSet(await ruleSets.byDigest(ruleSet));
}

function appliedRules(ruleSet: RuleSet, { verdict }: AccessGrant): object[] {
  return (verdict?.reasons ?? []).map((reason) => {
    const text = reasonsOf(ruleSet).get(reason);
    return { rule: text?.rule ?? '', reason, zh: text?.zh ?? '', en: text?.en ?? '' };
  });
}
