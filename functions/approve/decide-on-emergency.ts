import type { AccessGrant, Approval } from '../../shared/domain/access-grant.ts';
import { isWaitingForOpener } from '../../shared/domain/break-glass.ts';
import { retrievalMonths } from '../../shared/domain/retrieval-count.ts';
import type { StepUpUse } from '../../shared/domain/step-up.ts';
import { deny, type Verdict } from '../../shared/domain/verdict.ts';
import { frozenScopeFacts, requestFacts } from '../../shared/facts/gather-facts.ts';
import { decideEmergencyOpening, decideFollowUp } from '../../shared/policy/decide-emergency.ts';
import { decideUnder } from '../../shared/policy/decide-under.ts';
import type { ApprovalFacts, RegionFacts } from '../../shared/policy/facts.ts';
import type { RuleSet } from '../../shared/policy/rule-set.ts';
import type { Cases } from '../../shared/ports/cases.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { EmergencyCounts } from '../../shared/ports/emergency-counts.ts';
import type { EventDraft, GrantStore, MoveResult } from '../../shared/ports/grant-store.ts';

const HOUR_MS = 3_600_000;

export type EmergencySources = {
  directory: Directory;
  region: RegionFacts;
  /** The region's hotels: months are those of their zones. */
  places: readonly { code: string; zone: string }[];
  cases: Cases;
  emergencies: EmergencyCounts;
};

/**
 * L5: may this approver open it, or refuse to; or, once it is open, agree afterwards or deny? What allowed it to be asked for
 * is asked again of the people of now; the records themselves are asked about again at each view.
 */
export async function emergencyVerdict(
  facts: ApprovalFacts,
  inForce: readonly [RuleSet, ...RuleSet[]],
  { directory, region, places, cases, emergencies }: EmergencySources,
): Promise<Verdict> {
  const { grant, actor, role, now } = facts;
  if (grant.state !== 'requested') return decideUnder(inForce, decideFollowUp, facts);
  if (!isWaitingForOpener(grant)) return deny('L5', 'break-glass-not-waiting');
  const months = retrievalMonths(now, grant.hotels, places);
  const [asked, requesterUses, approverUses] = await Promise.all([
    requestFacts({ directory, region, cases, now }, grant, frozenScopeFacts(grant)),
    emergencies.uses(grant.requester, 'asked', grant.emergencyAsked?.months ?? months, grant.requestId),
    emergencies.uses(actor.personId, 'opened', months, grant.requestId),
  ]);
  return decideUnder(inForce, decideEmergencyOpening, {
    approval: facts,
    asking: { ...asked, actor: asked.requester, role: grant.requesterRole, uses: requesterUses },
    answering: { ...facts, uses: approverUses, role, actor },
  });
}

/** Writes what the approver decided: it opens, is refused, is agreed to afterwards, or is taken back at once. */
export function moveEmergency(
  grant: AccessGrant,
  approval: Approval,
  event: EventDraft,
  stepUp: StepUpUse,
  { store, region, places }: Pick<EmergencySources, 'region' | 'places'> & { store: GrantStore },
): Promise<MoveResult> {
  const approvals = [...grant.approvals, approval];
  const denied = approval.decision === 'deny';
  if (grant.state !== 'requested') {
    return denied
      ? store.move(grant, 'revoke', { approvals, endReason: 'denied' }, event, stepUp)
      : store.move(grant, 'follow', { approvals }, event, stepUp);
  }
  if (denied) return store.move(grant, 'refuse', { approvals, endReason: 'denied' }, event, stepUp);
  const { emergencyHours, emergencyFollowUpHours, emergenciesPerMonth } = region.rules;
  const later = (hours: number) => new Date(event.at.getTime() + hours * HOUR_MS).toISOString();
  const times = {
    windowEnds: later(Math.min(grant.windowHours, emergencyHours)),
    deadline: later(emergencyFollowUpHours),
  };
  return store.breakGlass(
    grant,
    'break',
    {
      approvals,
      provisionedAt: event.at.toISOString(),
      ...times,
      breakGlass: { openedBy: approval.by, form: null, views: 0 },
    },
    { ...event, data: { ...event.data, ...times, told: ['internal-audit'] } },
    {
      person: approval.by,
      part: 'opened',
      months: retrievalMonths(event.at, grant.hotels, places),
      limit: emergenciesPerMonth,
    },
    stepUp,
  );
}
