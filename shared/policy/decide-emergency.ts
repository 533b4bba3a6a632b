import type { Context } from '@cedar-policy/cedar-wasm/nodejs';
import { deny, stricter, type Verdict } from '../domain/verdict.ts';
import {
  askingContext,
  atOf,
  decidingContext,
  emergencyContext,
  emergencyViewContext,
  entitiesOf,
  personUid,
  requestUid,
  standingApprovals,
} from './cedar-facts.ts';
import { decideReliance } from './decide-reliance.ts';
import { evaluate } from './evaluate.ts';
import type { ApprovalFacts, EmergencyAct, EmergencyFacts, EmergencyViewFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** Beyond the red lines, what holds in an emergency too; and the one red line that counts escalated retrievals alone. */
const ALSO_HELD = ['A3', 'E1'];
const NOT_COUNTED = 'R4';

/**
 * May break-glass be asked for (L5)? The reach of roles (T) is lifted, the red lines hold: whatever a red line refuses of
 * an ordinary request it refuses here. The route names the approver who opens it and the two who follow.
 */
export function decideEmergency(ruleSet: RuleSet, facts: EmergencyFacts): Verdict {
  const asked = evaluateEmergency(ruleSet, facts, 'ask-emergency');
  const red = redLines(ruleSet, facts);
  const verdict = red === null ? asked : stricter(asked, red);
  return verdict.outcome === 'deny'
    ? { ...verdict, route: [] }
    : { ...verdict, route: [...asked.route].sort() };
}

/** May this approver open it, or refuse to (L5, A1, A6)? */
export function decideEmergencyOpening(
  ruleSet: RuleSet,
  facts: { asking: EmergencyFacts; answering: EmergencyFacts; approval: ApprovalFacts },
): Verdict {
  const verdicts = [
    decideApprovalAs(ruleSet, facts.approval, 'open-emergency'),
    evaluateEmergency(ruleSet, facts.answering, 'answer-emergency'),
    // What was allowed when it was asked for must be allowed still.
    ...(facts.approval.decision === 'approve' ? [decideEmergency(ruleSet, facts.asking)] : []),
  ];
  return { ...verdicts.reduce(stricter), route: [] };
}

/** May this approver agree afterwards, or deny (which revokes it)? */
export function decideFollowUp(ruleSet: RuleSet, facts: ApprovalFacts): Verdict {
  return decideApprovalAs(ruleSet, facts, 'follow-up');
}

/**
 * May the masked records be seen now? Everything that allowed it is asked again on the facts of now, each approval on
 * record as provision and open ask it, and the viewer's own device signs each look (A6, R5).
 */
export function decideEmergencyView(ruleSet: RuleSet, facts: EmergencyViewFacts): Verdict {
  const seen = evaluateEmergency(ruleSet, facts, 'view-emergency', emergencyViewContext(facts));
  const red = redLines(ruleSet, facts);
  const relied = reliedOn(ruleSet, facts);
  return { ...[...relied, ...(red === null ? [] : [red])].reduce(stricter, seen), route: [] };
}

function reliedOn(ruleSet: RuleSet, { onRecord, ...asked }: EmergencyViewFacts): Verdict[] {
  if (onRecord === null) return [];
  const facts = { ...asked, ...onRecord };
  const { grant, requester, recipient } = facts;
  const approvals = standingApprovals(facts);
  const people = [requester, recipient, ...approvals.map(({ person }) => person)];
  return decideReliance(ruleSet, facts, { approvals, entities: entitiesOf(grant, people, atOf(facts)) });
}

/** May this person bring the paper form's number? */
export function decideForm(ruleSet: RuleSet, facts: EmergencyFacts): Verdict {
  return evaluateEmergency(ruleSet, facts, 'bring-form');
}

function decideApprovalAs(
  ruleSet: RuleSet,
  facts: ApprovalFacts,
  act: 'open-emergency' | 'follow-up',
): Verdict {
  return evaluate(ruleSet, {
    principal: personUid(facts.actor.personId),
    act,
    resource: requestUid(facts.grant),
    context: decidingContext(facts),
    entities: entitiesOf(facts.grant, [facts.requester, facts.recipient, facts.actor], atOf(facts)),
  });
}

function evaluateEmergency(
  ruleSet: RuleSet,
  facts: EmergencyFacts,
  act: EmergencyAct,
  context: Context = emergencyContext(facts),
): Verdict {
  return evaluate(ruleSet, {
    principal: personUid(facts.actor.personId),
    act,
    resource: requestUid(facts.grant),
    context,
    entities: entitiesOf(facts.grant, [facts.requester, facts.recipient, facts.actor], atOf(facts)),
  });
}

/** What the red lines refuse of this as an ordinary request; null where they refuse nothing. */
function redLines(ruleSet: RuleSet, facts: EmergencyFacts): Verdict | null {
  const asked = evaluate(ruleSet, {
    principal: personUid(facts.requester.personId),
    act: 'request',
    resource: requestUid(facts.grant),
    context: askingContext(facts),
    entities: entitiesOf(facts.grant, [facts.requester, facts.recipient], atOf(facts)),
  });
  if (asked.outcome === 'allow') return null;
  const held = [...ruleSet.notes.values()].filter(
    ({ rule, reason }) => asked.reasons.includes(reason) && isHeld(rule),
  );
  return held.length === 0 ? null : held.map(({ rule, reason }) => deny(rule, reason)).reduce(stricter);
}

function isHeld(rule: string): boolean {
  return rule !== NOT_COUNTED && (/^R\d+$/.test(rule) || ALSO_HELD.includes(rule));
}
