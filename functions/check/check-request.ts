import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { requestDigest } from '../../shared/domain/request-digest.ts';
import type { StartInput, StepOutput } from '../../shared/domain/step-input.ts';
import { deny, type Verdict } from '../../shared/domain/verdict.ts';
import { platformsWithoutConsent } from '../../shared/facts/consent-facts.ts';
import { scopeOf } from '../../shared/facts/find-records.ts';
import { requestFacts, UNKNOWN } from '../../shared/facts/gather-facts.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { writeScope } from '../../shared/facts/scope-object.ts';
import { moveAsItStands } from '../../shared/loop/move-as-it-stands.ts';
import { decideRequest } from '../../shared/policy/decide-request.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import type { RuleSet } from '../../shared/policy/rule-set.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ConsentStore } from '../../shared/ports/consent-store.ts';
import type { EventDraft, GrantStore, MoveResult } from '../../shared/ports/grant-store.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { type SearchDependencies, searchSubject } from './search-subject.ts';

export type CheckDependencies = SearchDependencies & {
  store: Pick<GrantStore, 'read' | 'move'>;
  evidence: ObjectStore;
  ruleSets: RuleSets;
  regionFacts: RegionFacts;
  clock: Clock;
  consents: Pick<ConsentStore, 'ofGuests'>;
  /** The rulebook refused a request. */
  refused(): void;
};

const ACTOR = 'function:check';
const HOUR_MS = 60 * 60 * 1000;

/**
 * Asks the rulebook, freezes what is found, computes the route and the digest that approvals bind to. A request that is
 * refused anyway is never searched for. A request that was checked before keeps its answer.
 */
export async function checkRequest(
  { requestId }: StartInput,
  dependencies: CheckDependencies,
): Promise<StepOutput> {
  const result = await moveAsItStands<AccessGrant>(dependencies.store, requestId, async (grant) =>
    grant.state === 'requested' ? check(grant, dependencies) : { outcome: 'stop', answer: grant },
  );
  const grant = result.outcome === 'moved' ? result.grant : result.answer;
  if (result.outcome === 'moved' && grant.state === 'refused') dependencies.refused();
  return { version: 1, requestId, state: grant.state, route: grant.route };
}

async function check(grant: AccessGrant, dependencies: CheckDependencies): Promise<MoveResult> {
  const now = dependencies.clock();
  const [ruleSet, facts] = await Promise.all([
    currentRuleSet(dependencies.ruleSets),
    requestFacts({ directory: dependencies.directory, region: dependencies.regionFacts, now }, grant, null),
  ]);
  const asked = decideRequest(ruleSet, facts);
  if (asked.outcome === 'deny') return refuse(grant, ruleSet, asked, now, dependencies);

  const found = await searchSubject(grant, dependencies);
  const { scope, digest, guests, facts: counts } = scopeOf(found.blocks);
  const withoutConsent = await platformsWithoutConsent(found.blocks, {
    ...dependencies,
    consentSources: dependencies.region.consentSources,
    now,
  });
  const scopeFacts = { ...counts, ...UNKNOWN, withoutConsent };
  const verdict =
    scope.records.length > LIMITS.scopeRecords
      ? deny('R6', 'scope-too-large')
      : decideRequest(ruleSet, { ...facts, scope: scopeFacts });
  if (verdict.outcome === 'deny') return refuse(grant, ruleSet, verdict, now, dependencies);

  await writeScope(dependencies.evidence, scope, digest);
  const { conversations, records, sensitive } = scopeFacts;
  const deadline = new Date(now.getTime() + dependencies.region.approvals.deadlineHours * HOUR_MS);
  return settled(grant, 'submit', dependencies, {
    now,
    changes: {
      verdict,
      ruleSet: ruleSet.digest,
      route: verdict.route,
      scope: { digest, conversations, records, guests, sensitive },
      participants: found.participants,
      deadline: deadline.toISOString(),
    },
    data: {
      scope: digest,
      conversations,
      records,
      guests: guests.length,
      sensitive,
      participants: found.participants,
      ...(found.waiting > 0 ? { waiting: found.waiting } : {}),
      deadline: deadline.toISOString(),
    },
  });
}

function refuse(
  grant: AccessGrant,
  ruleSet: RuleSet,
  verdict: Verdict,
  now: Date,
  dependencies: CheckDependencies,
): Promise<MoveResult> {
  return settled(grant, 'refuse', dependencies, {
    now,
    changes: { verdict, ruleSet: ruleSet.digest, route: [], endReason: verdict.reasons[0] ?? null },
    data: {},
  });
}

type Settled = {
  now: Date;
  changes: Partial<AccessGrant> & { verdict: Verdict; ruleSet: string };
  data: EventDraft['data'];
};

/** Either answer fixes the digest of the whole request, and says in its event what it rests on. */
function settled(
  grant: AccessGrant,
  transition: 'submit' | 'refuse',
  { store }: CheckDependencies,
  { now, changes, data }: Settled,
): Promise<MoveResult> {
  const digest = requestDigest({ ...grant, ...changes });
  const { verdict, ruleSet } = changes;
  return store.move(
    grant,
    transition,
    { ...changes, requestDigest: digest },
    {
      at: now,
      actor: ACTOR,
      data: {
        ...data,
        requestDigest: digest,
        ruleSet,
        rules: verdict.rules,
        reasons: verdict.reasons,
        route: verdict.route,
      },
    },
  );
}
