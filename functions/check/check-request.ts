import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { isWaitingForOpener } from '../../shared/domain/break-glass.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { nobody } from '../../shared/domain/person.ts';
import { requestDigest } from '../../shared/domain/request-digest.ts';
import { retrievalMonths } from '../../shared/domain/retrieval-count.ts';
import type { StartInput, StepOutput } from '../../shared/domain/step-input.ts';
import { deny, type Verdict } from '../../shared/domain/verdict.ts';
import { scopeOf } from '../../shared/facts/find-records.ts';
import { requestFacts } from '../../shared/facts/gather-facts.ts';
import { retrievalFacts } from '../../shared/facts/retrieval-facts.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { scopeFacts } from '../../shared/facts/scope-facts.ts';
import { writeScope } from '../../shared/facts/scope-object.ts';
import { moveAsItStands } from '../../shared/loop/move-as-it-stands.ts';
import { decideEmergency } from '../../shared/policy/decide-emergency.ts';
import { decideRequest } from '../../shared/policy/decide-request.ts';
import type { RegionFacts, RequestFacts } from '../../shared/policy/facts.ts';
import { isMisoperation } from '../../shared/policy/misoperation.ts';
import type { RuleSet } from '../../shared/policy/rule-set.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ConductKeeping } from '../../shared/ports/conduct.ts';
import type { ConsentStore } from '../../shared/ports/consent-store.ts';
import type { EmergencyCounts, EmergencyUse } from '../../shared/ports/emergency-counts.ts';
import type { EventDraft, GrantStore, MoveResult } from '../../shared/ports/grant-store.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { RetrievalCounts } from '../../shared/ports/retrieval-counts.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { type SearchDependencies, searchSubject } from './search-subject.ts';

export type CheckDependencies = SearchDependencies & {
  store: Pick<GrantStore, 'read' | 'move' | 'breakGlass'>;
  evidence: ObjectStore;
  ruleSets: RuleSets;
  regionFacts: RegionFacts;
  clock: Clock;
  consents: Pick<ConsentStore, 'ofGuests'>;
  counts: RetrievalCounts;
  conduct: Pick<ConductKeeping, 'requestRefused' | 'allowed'>;
  emergencies: EmergencyCounts;
  /** The rulebook refused a request. */
  refused(): void;
  /** The refusal locked the requester's account (R9). */
  accountLocked(): void;
  /** Many sensitive records, or several guests, are asked for (A9). */
  manyOrSensitive(): void;
  /** Break-glass was asked for (L5): IT is told, and whoever is on call. */
  emergencyAsked(): void;
};

const ACTOR = 'function:check';
const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Asks the rulebook, freezes what is found, computes the route and the digest that approvals bind to. A request that is
 * refused anyway is never searched for. A request that was checked before keeps its answer.
 */
export async function checkRequest(
  { requestId }: StartInput,
  dependencies: CheckDependencies,
): Promise<StepOutput> {
  const result = await moveAsItStands<AccessGrant>(dependencies.store, requestId, async (grant) =>
    grant.state === 'requested' && grant.emergencyAsked === undefined
      ? check(grant, dependencies)
      : { outcome: 'stop', answer: grant },
  );
  const grant = result.outcome === 'moved' ? result.grant : result.answer;
  if (result.outcome === 'moved' && grant.state === 'refused') dependencies.refused();
  await keepRequesterConduct(grant, result.outcome === 'moved', dependencies);
  if (result.outcome === 'moved' && grant.verdict?.rules.includes('A9')) dependencies.manyOrSensitive();
  if (result.outcome === 'moved' && isWaitingForOpener(grant)) dependencies.emergencyAsked();
  return { version: 1, requestId, state: grant.state, route: grant.route };
}

/**
 * R9: a refusal is counted once by the request's id, also where an earlier run of this step was cut off before it was; an
 * allowed request ends the requester's row.
 */
async function keepRequesterConduct(
  grant: AccessGrant,
  isNew: boolean,
  { conduct, directory, clock, accountLocked }: CheckDependencies,
): Promise<void> {
  const { requestId, requester, state, verdict } = grant;
  if (state === 'refused' && verdict !== null && isMisoperation(verdict)) {
    const person = (await directory.byId(requester)) ?? nobody(requester);
    const locked = await conduct.requestRefused(person, requestId, clock());
    if (locked?.lock === 'account') accountLocked();
  } else if (isNew && (state === 'awaiting-approval' || isWaitingForOpener(grant))) {
    await conduct.allowed(requester);
  }
}

async function check(grant: AccessGrant, dependencies: CheckDependencies): Promise<MoveResult> {
  const now = dependencies.clock();
  const { directory, cases, records, consents, counts, region, regionFacts } = dependencies;
  const sources = { directory, cases, region: regionFacts, now };
  const [ruleSet, facts] = await Promise.all([
    currentRuleSet(dependencies.ruleSets),
    requestFacts(sources, grant, null),
  ]);
  const emergency = await emergencyUse(grant, now, dependencies);
  const decide = (gathered: RequestFacts) =>
    emergency === null
      ? decideRequest(ruleSet, gathered)
      : decideEmergency(ruleSet, {
          ...gathered,
          actor: gathered.requester,
          role: grant.requesterRole,
          uses: emergency.uses,
        });
  const asked = decide(facts);
  if (asked.outcome === 'deny') return refuse(grant, ruleSet, asked, now, dependencies);

  const found = await searchSubject(grant, dependencies);
  const { scope, digest, guests, media } = scopeOf(found.blocks);
  if (found.tooMuch || scope.records.length > LIMITS.scopeRecords) {
    return refuse(grant, ruleSet, deny('R6', 'scope-too-large'), now, dependencies);
  }
  const { facts: inScope, people } = await scopeFacts(
    found.blocks,
    { grant, requester: facts.requester, departments: found.departments, broughtBy: found.broughtBy },
    { records, consents, cases, directory, consentSources: region.consentSources, now },
  );
  const { retrievals, reservation } = await retrievalFacts(grant, people, {
    counts,
    places: region.hotels,
    now,
  });
  const verdict =
    (reservation?.rows.length ?? 0) > LIMITS.countedGuests
      ? deny('R6', 'scope-too-large')
      : decide({ ...facts, scope: inScope, retrievals });
  if (verdict.outcome === 'deny') return refuse(grant, ruleSet, verdict, now, dependencies);

  await writeScope(dependencies.evidence, scope, digest);
  const { conversations, sensitive } = inScope;
  const deadline = emergency === null ? approvalsDue(now, facts, dependencies) : answerDue(now, dependencies);
  const hotelsElsewhere = grant.hotels.filter((hotel) => !dependencies.regionFacts.hotels.includes(hotel));
  return settled(grant, emergency ?? 'submit', dependencies, {
    now,
    changes: {
      verdict,
      ruleSet: ruleSet.digest,
      route: verdict.route,
      scope: {
        digest,
        conversations,
        records: inScope.records,
        guests,
        sensitive,
        media,
        // Frozen, since whoever decides reads no case again.
        found: {
          ...inScope,
          broughtBy: [...new Set([...facts.cases.broughtBy, ...inScope.broughtBy])],
          retrievals,
        },
      },
      participants: found.participants,
      deadline: deadline.toISOString(),
      remindAt: halfWay(now, deadline).toISOString(),
      ...(hotelsElsewhere.length > 0 ? { hotelsElsewhere } : {}),
      ...(emergency === null ? {} : { emergencyAsked: askedAt(now, emergency) }),
    },
    data: {
      scope: digest,
      conversations,
      records: inScope.records,
      guests: inScope.guests,
      sensitive,
      media: media.inCustody,
      mediaMissing: media.missing,
      retrievals,
      participants: found.participants,
      ...(found.waiting > 0 ? { waiting: found.waiting } : {}),
      deadline: deadline.toISOString(),
      ...(hotelsElsewhere.length > 0 ? { hotelsElsewhere } : {}),
      // IT is told, and the paper form begun at once (L5).
      ...(emergency === null ? {} : { told: ['it-ops'], formBegun: true }),
    },
  });
}

type EmergencyToAsk = EmergencyUse & { uses: number };

/** L5: what this break-glass would count as, and how often the requester used it; null for what is none. */
async function emergencyUse(
  { emergency, requestId, requester, hotels }: AccessGrant,
  now: Date,
  { emergencies, region }: CheckDependencies,
): Promise<EmergencyToAsk | null> {
  if (!emergency) return null;
  const months = retrievalMonths(now, hotels, region.hotels);
  const uses = await emergencies.uses(requester, 'asked', months, requestId);
  return { person: requester, part: 'asked', months, limit: region.rules.emergenciesPerMonth, uses };
}

function askedAt(now: Date, { months }: EmergencyToAsk): NonNullable<AccessGrant['emergencyAsked']> {
  return { at: now.toISOString(), formBegunAt: now.toISOString(), months: [...months] };
}

/** L5: until when the approver on call answers. */
function answerDue(now: Date, { region }: CheckDependencies): Date {
  return new Date(now.getTime() + region.rules.emergencyAnswerMinutes * MINUTE_MS);
}

/** A4: whoever is still missing then is reminded. */
function halfWay(from: Date, deadline: Date): Date {
  return new Date((from.getTime() + deadline.getTime()) / 2);
}

/** A4: within the region's hours, and before an instrument's answer is due where that is earlier and still ahead. */
function approvalsDue(now: Date, { cases }: RequestFacts, { region }: CheckDependencies): Date {
  const usual = new Date(now.getTime() + region.approvals.deadlineHours * HOUR_MS);
  const due = cases.instrument?.dueAt ?? usual;
  return now < due && due < usual ? due : usual;
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
  answer: 'submit' | 'refuse' | EmergencyToAsk,
  { store }: CheckDependencies,
  { now, changes, data }: Settled,
): Promise<MoveResult> {
  const digest = requestDigest({ ...grant, ...changes });
  const { verdict, ruleSet } = changes;
  const event: EventDraft = {
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
  };
  const checked = { ...changes, requestDigest: digest };
  return typeof answer === 'string'
    ? store.move(grant, answer, checked, event)
    : store.breakGlass(grant, 'ask', checked, event, answer);
}
