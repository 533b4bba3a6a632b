import type { AccessGrant } from '../../../../shared/domain/access-grant.ts';
import {
  decideEmergency,
  decideEmergencyOpening,
  decideEmergencyView,
  decideFollowUp,
  decideForm,
} from '../../../../shared/policy/decide-emergency.ts';
import type { ApprovalFacts, EmergencyFacts } from '../../../../shared/policy/facts.ts';
import { allowed, ends, type RuleCase, refused, unpermitted } from '../case-builders.ts';
import { approvalFacts, auditor, clerk, director, officer, person, request, secondLawyer } from '../staff.ts';
import { asked, emergencyFacts, emergencyViewFacts, inUse, manager, waiting } from './break-glass.ts';

/** Break-glass (L5), each part of its conditions by itself. */

const breaks = (grant: Partial<AccessGrant>, facts: Partial<EmergencyFacts> = {}): RuleCase['decide'] => {
  return (ruleSet) =>
    decideEmergency(ruleSet, emergencyFacts({ grant: request({ ...asked, ...grant }), ...facts }));
};
const answers = (changes: Partial<ApprovalFacts>): RuleCase['decide'] => {
  return (ruleSet) => {
    const grant = changes.grant ?? waiting();
    const { requester, recipient } = emergencyFacts({ grant });
    const facts = { actor: officer, role: 'privacy-officer' as const, ...changes };
    return decideEmergencyOpening(ruleSet, {
      approval: approvalFacts({ grant, requester, recipient, ...facts }),
      asking: emergencyFacts({ grant }),
      answering: emergencyFacts({ grant, actor: facts.actor, role: facts.role }),
    });
  };
};
const follows = (changes: Partial<ApprovalFacts>): RuleCase['decide'] => {
  return (ruleSet) => {
    const grant = inUse();
    const { requester, recipient } = emergencyFacts({ grant });
    return decideFollowUp(ruleSet, approvalFacts({ grant, requester, recipient, ...changes }));
  };
};
const views = (facts: Partial<EmergencyFacts>): RuleCase['decide'] => {
  return (ruleSet) => decideEmergencyView(ruleSet, emergencyViewFacts(facts));
};

export const BREAK_GLASS_CONDITION_CASES: readonly RuleCase[] = [
  allowed(
    'L5',
    'one approver opens it, and two more follow',
    breaks({}),
    'infosec-director',
    'legal',
    'privacy-officer',
  ),
  unpermitted(
    'L5.role',
    'somebody asks as a duty manager who is none',
    breaks({}, { requester: person('duty', 'agent'), actor: person('duty', 'agent') }),
  ),
  refused('L5', 'an ordinary request is asked as break-glass', breaks({ emergency: false })),
  ...(
    [
      ['safety', 'vital-interest'],
      ['safety', 'legal-obligation'],
      ['law-enforcement', 'vital-interest'],
      ['law-enforcement', 'legal-obligation'],
    ] as const
  ).map(([purpose, basis]) => allowed('L5.danger', `for ${purpose} on ${basis}`, breaks({ purpose, basis }))),
  ...(['complaint', 'dispute', 'guest-request', 'training', 'analytics'] as const).map((purpose) =>
    refused('L5.danger', `for ${purpose}`, breaks({ purpose })),
  ),
  ...(['contract', 'legal-claim', 'notice'] as const).map((basis) =>
    refused('L5.danger', `on ${basis}`, breaks({ basis })),
  ),
  refused(
    'L5.one-subject',
    'of an employee',
    breaks({ subjectKind: 'employee', platforms: ['workgroup'], categories: ['employee'] }),
  ),
  ...(['cohort', 'system'] as const).map((subjectKind) =>
    refused('L5.one-subject', `of a ${subjectKind}`, breaks({ subjectKind }), 'R6.subject-kind'),
  ),
  refused('R6.subject', 'of nobody', breaks({ subjectKind: null })),
  refused(
    'L5.on-call',
    'somebody answers as privacy officer who is none',
    answers({ actor: clerk }),
    'A1.role-not-held',
  ),
  unpermitted(
    'L5.not-waiting',
    'an ordinary request is refused as break-glass',
    answers({ grant: waiting({ emergency: false }), decision: 'deny' }),
    'L5.opens',
  ),
  ...(['approve', 'deny'] as const).flatMap((decision): RuleCase[] => [
    unpermitted(
      'A1.role-not-on-route',
      `an auditor follows up: ${decision}`,
      follows({ actor: auditor, role: 'auditor', decision }),
    ),
    unpermitted(
      'A1.role-not-held',
      `a clerk follows up as infosec director: ${decision}`,
      follows({ actor: clerk, role: 'infosec-director', decision }),
    ),
    ...(
      [
        [director, 'infosec-director'],
        [secondLawyer, 'legal'],
      ] as const
    ).map(([actor, role]) =>
      allowed('L5.follows', `${role}: ${decision}`, follows({ actor, role, decision })),
    ),
  ]),
  unpermitted('L5.recipient', 'the approver looks on', views({ actor: officer, role: 'privacy-officer' })),
  refused(
    'L5.recipient',
    'somebody looks who receives it and did not start it',
    views({
      grant: inUse({ recipient: clerk.personId }),
      recipient: clerk,
      actor: clerk,
      role: 'front-desk',
    }),
  ),
  refused(
    'L5.recipient',
    'whoever started it looks, and another receives it',
    views({ grant: inUse({ recipient: clerk.personId }), recipient: clerk }),
  ),
  refused(
    'L5.hours',
    'a look at what was revoked, after its hours',
    views({ grant: inUse({ state: 'revoked' }), now: new Date('2026-06-15T14:00:00.000Z') }),
    'L5.not-in-use',
  ),
  refused(
    'L5.hours',
    'a look at what is in use and has no end',
    views({ grant: inUse({ windowEnds: null }) }),
  ),
  refused('L5.form', 'somebody else brings the form', (ruleSet) =>
    decideForm(ruleSet, emergencyFacts({ grant: inUse(), actor: officer, role: 'privacy-officer' })),
  ),
  refused(
    'R11.close-state',
    'it is closed after it was revoked, unfinished',
    ends({ grant: inUse({ state: 'revoked' }), actor: manager, ending: 'close' }),
  ),
];
