import type { Role } from '../../../shared/domain/roles.ts';
import type { OpeningFacts } from '../../../shared/policy/facts.ts';

/**
 * The red lines of the rulebook, said once more and apart from the policies: which facts of an opening cross which one.
 * (R7 is about what is collected. R4 is counted where the grant is made ready.)
 */
export const RED_LINES: Readonly<Record<string, (facts: OpeningFacts) => boolean>> = {
  R1: ({ grant }) => !['masked', 'named', 'pseudonymised'].includes(grant.masking),
  R2: ({ scope }) => scope === null || scope.unpublishedPlans,
  // Whose own dispute a lawyer's matter is, was left out of the facts.
  R3: ({ scope, grant }) =>
    scope === null ||
    scope.disputeElsewhere ||
    (scope.disputeUnknown && !(grant.requesterRole === 'legal' && grant.matter !== null)),
  R4: ({ retrievals, region }) => retrievals >= region.rules.retrievalsPerMonth,
  R5: ({ stepUp }) => ['device-not-enrolled', 'device-not-confirmed', 'device-revoked'].includes(stepUp),
  R6: ({ grant }) =>
    grant.purpose === null ||
    (grant.matter === null && grant.ticket === null) ||
    grant.subjectKind === null ||
    grant.platforms.length === 0 ||
    grant.categories.length === 0 ||
    grant.hotels.length === 0 ||
    grant.from === null ||
    grant.to === null ||
    (grant.subjectKind === 'system' && grant.requesterRole !== 'it-ops') ||
    (grant.subjectKind === 'cohort' && !isOneOf(grant.requesterRole, 'trainer', 'analyst', 'marketing')),
  R8: ({ scope, grant }) => scope === null || (scope.withoutConsent.length > 0 && !replacesConsent(grant)),
  R9: ({ actor, now }) =>
    actor.lock.account || (actor.lock.sessionUntil !== null && now < new Date(actor.lock.sessionUntil)),
  R10: ({ actor, requester, now }) => [actor, requester].some((person) => !isTrained(person.training, now)),
  R11: ({ grant, now }) =>
    grant.state !== 'open' ||
    grant.windowEnds === null ||
    now >= new Date(grant.windowEnds) ||
    grant.opened >= grant.opens,
  R12: ({ cases: { instrument }, region }) =>
    instrument?.foreign === true &&
    ((region.jurisdiction === 'CN' && !instrument.chineseApproval) ||
      (region.jurisdiction === 'EU' && !instrument.treaty)),
  R13: ({ actor, grant }) => actor.personId !== grant.recipient,
  R14: ({ scope, grant, cases }) =>
    scope === null ||
    (scope.sensitive > 0 &&
      (grant.necessity === undefined ||
        (grant.impactAssessment === undefined && !cases.assessment) ||
        isOneOf(grant.requesterRole, 'sales', 'trainer', 'analyst', 'marketing') ||
        (grant.basis === 'consent' && scope.withoutSeparateConsent))),
};

/** The guest's own contract, a claim in a named matter, a duty to an authority, danger: each for its own purpose. */
function replacesConsent({ basis, purpose, matter, instrument }: OpeningFacts['grant']): boolean {
  if (basis === 'contract') return isAmong(purpose, 'complaint', 'dispute', 'guest-request');
  if (basis === 'legal-claim') return matter !== null;
  if (basis === 'legal-obligation') return purpose === 'law-enforcement' || instrument;
  return basis === 'vital-interest' && purpose === 'safety';
}

function isAmong<Code extends string>(code: Code | null, ...codes: Code[]): boolean {
  return code !== null && codes.includes(code);
}

export function redLinesCrossed(facts: OpeningFacts): string[] {
  return Object.entries(RED_LINES).flatMap(([rule, isCrossed]) => (isCrossed(facts) ? [rule] : []));
}

function isOneOf(role: Role, ...roles: Role[]): boolean {
  return roles.includes(role);
}

/** The exam of this calendar quarter or of the one before it. */
function isTrained({ system, exam }: { system: string | null; exam: string | null }, now: Date): boolean {
  if (system === null || new Date(system) > now || exam === null || new Date(exam) > now) return false;
  const firstOfLast = new Date(
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (now.getUTCMonth() % 3) - 3),
  );
  return new Date(exam) >= firstOfLast;
}
