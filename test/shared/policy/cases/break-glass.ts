import type { AccessGrant } from '../../../../shared/domain/access-grant.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import {
  decideEmergency,
  decideEmergencyOpening,
  decideEmergencyView,
  decideFollowUp,
  decideForm,
} from '../../../../shared/policy/decide-emergency.ts';
import type {
  ApprovalFacts,
  ApprovalsOnRecord,
  EmergencyFacts,
  EmergencyViewFacts,
} from '../../../../shared/policy/facts.ts';
import type { RuleSet } from '../../../../shared/policy/rule-set.ts';
import { allowed, asksFor, ends, opens, type RuleCase, refused, unpermitted } from '../case-builders.ts';
import {
  approval,
  approvalFacts,
  checked,
  clerk,
  director,
  officer,
  opened,
  person,
  provisionFacts,
  request,
  requestFacts,
  scopeFacts,
  secondLawyer,
} from '../staff.ts';

export const manager = person('duty', 'duty-manager');
export const asked: Partial<AccessGrant> = {
  requester: manager.personId,
  requesterRole: 'duty-manager',
  recipient: manager.personId,
  purpose: 'safety',
  basis: 'vital-interest',
  matter: null,
  ticket: 'INC-1',
  emergency: true,
  windowHours: 4,
};
/** As check left it: waiting for the approver on call. */
export const waiting = (changes: Partial<AccessGrant> = {}) =>
  checked({
    ...asked,
    state: 'requested',
    route: ['infosec-director', 'legal', 'privacy-officer'],
    deadline: null,
    ...changes,
  });
/** Opened two hours ago by the privacy officer. */
export const inUse = (changes: Partial<AccessGrant> = {}) => {
  const grant = waiting({
    state: 'emergency',
    provisionedAt: '2026-06-15T10:00:00.000Z',
    windowEnds: '2026-06-15T14:00:00.000Z',
    deadline: '2026-06-16T10:00:00.000Z',
    breakGlass: { openedBy: officer.personId, form: null, views: 0 },
    ...changes,
  });
  return { ...grant, approvals: changes.approvals ?? [approval(grant, officer, 'privacy-officer')] };
};

/** A duty manager who asks for break-glass, or has it. */
export function emergencyFacts(changes: Partial<EmergencyFacts> = {}): EmergencyFacts {
  const grant = changes.grant ?? request(asked);
  return {
    ...requestFacts({ grant, requester: manager, recipient: manager }),
    actor: manager,
    role: 'duty-manager',
    uses: 0,
    ...changes,
  };
}

/** A signed look, with the approvals that the row has, each by its person as the directory has them and signed as it should be. */
export function emergencyViewFacts(
  changes: Partial<EmergencyViewFacts> = {},
  others: Partial<ApprovalsOnRecord> = {},
): EmergencyViewFacts {
  const facts = emergencyFacts({ grant: inUse(), ...changes });
  const { approvers, requesterManagers, enabledBy, recipientEnabledBy } = provisionFacts({
    grant: facts.grant,
  });
  const onRecord = { approvers, requesterManagers, enabledBy, recipientEnabledBy, ...others };
  return { stepUp: 'verified', ...facts, onRecord, ...changes };
}
/** The privacy officer’s opening on record, looked at again, with something else about it. */
const openedBy = (change: Partial<ApprovalsOnRecord['approvers'][number]>): Partial<ApprovalsOnRecord> => ({
  approvers: provisionFacts({ grant: inUse() }).approvers.map((each) => ({ ...each, ...change })),
});

const breaks = (changes: Partial<EmergencyFacts>) => (ruleSet: RuleSet) =>
  decideEmergency(ruleSet, emergencyFacts(changes));
const views =
  (changes: Partial<EmergencyViewFacts>, onRecord: Partial<ApprovalsOnRecord> = {}) =>
  (ruleSet: RuleSet) =>
    decideEmergencyView(ruleSet, emergencyViewFacts(changes, onRecord));
const brings = (changes: Partial<EmergencyFacts>) => (ruleSet: RuleSet) =>
  decideForm(ruleSet, emergencyFacts({ grant: inUse(), ...changes }));
const answers =
  (changes: Partial<ApprovalFacts> = {}, uses = 0, asking: Partial<EmergencyFacts> = {}) =>
  (ruleSet: RuleSet) => {
    const grant = changes.grant ?? waiting();
    const facts = approvalFacts({
      grant,
      requester: manager,
      recipient: manager,
      actor: officer,
      role: 'privacy-officer',
      ...changes,
    });
    return decideEmergencyOpening(ruleSet, {
      approval: facts,
      asking: emergencyFacts({ grant, ...asking }),
      answering: emergencyFacts({ grant, actor: facts.actor, role: facts.role, uses }),
    });
  };
const follows =
  (changes: Partial<ApprovalFacts> = {}) =>
  (ruleSet: RuleSet) =>
    decideFollowUp(
      ruleSet,
      approvalFacts({
        grant: inUse(),
        requester: manager,
        recipient: manager,
        actor: director,
        role: 'infosec-director',
        ...changes,
      }),
    );

const inactive = (who: Person): Person => ({ ...who, active: false });
const untrained: Person = { ...manager, training: { ...manager.training, system: null } };
const everyone = inUse({
  approvals: [
    approval(inUse(), officer, 'privacy-officer'),
    approval(inUse(), director, 'infosec-director'),
    approval(inUse(), secondLawyer, 'legal'),
  ],
});
const form = { number: 'F-9', at: '2026-06-15T11:00:00.000Z', by: manager.personId };

export const BREAK_GLASS_CASES: readonly RuleCase[] = [
  allowed('L5', 'a duty manager breaks the glass for one guest in danger', breaks({})),
  ...(['security', 'gm', 'legal'] as const).map((role) => {
    const who = person('starter', role);
    return allowed(
      'L5',
      `${role} breaks the glass`,
      breaks({
        requester: who,
        recipient: who,
        actor: who,
        role,
        grant: request({
          ...asked,
          requester: who.personId,
          recipient: who.personId,
          requesterRole: role,
          matter: role === 'legal' ? 'M-1' : null,
        }),
      }),
    );
  }),
  unpermitted(
    'L5.role',
    'a clerk breaks the glass',
    breaks({
      requester: clerk,
      recipient: clerk,
      actor: clerk,
      role: 'front-desk',
      grant: request({
        ...asked,
        requester: clerk.personId,
        recipient: clerk.personId,
        requesterRole: 'front-desk',
      }),
    }),
  ),
  refused(
    'L5.inactive',
    'somebody who left breaks the glass',
    breaks({ requester: inactive(manager), recipient: inactive(manager), actor: inactive(manager) }),
    'L5.role',
  ),
  refused(
    'L5.danger',
    'for the quality of service',
    breaks({ grant: request({ ...asked, purpose: 'service-quality' }) }),
  ),
  refused('L5.danger', 'on consent', breaks({ grant: request({ ...asked, basis: 'consent' }) })),
  refused('L5.masked', 'with names shown', breaks({ grant: request({ ...asked, masking: 'named' }) })),
  refused(
    'L5.recipient',
    'for somebody else to see',
    breaks({ grant: request({ ...asked, recipient: clerk.personId }), recipient: clerk }),
  ),
  refused(
    'L5.one-subject',
    'of a ticket that names two guests',
    breaks({ grant: request({ ...asked, subjectKind: 'ticket' }), scope: scopeFacts({ guests: 2 }) }),
  ),
  refused('L5.one-subject', 'of two guests', breaks({ scope: scopeFacts({ guests: 2 }) })),
  allowed(
    'L5.one-subject',
    'of one incident with one guest',
    breaks({ grant: request({ ...asked, subjectKind: 'ticket' }), scope: scopeFacts({ guests: 1 }) }),
  ),
  refused('L5.requester-quota', 'for the fourth time this month', breaks({ uses: 3 })),
  refused(
    'R10.training',
    'somebody without the training breaks the glass: red lines hold',
    breaks({ requester: untrained, recipient: untrained, actor: untrained }),
  ),
  refused('L5.separate', 'as an ordinary request', asksFor({ emergency: true })),
  allowed('L5.opens', 'the privacy officer on call opens it', answers()),
  allowed(
    'L5.opens',
    'the infosec director on call opens it',
    answers({ actor: director, role: 'infosec-director' }),
  ),
  refused('L5.on-call', 'another lawyer opens it', answers({ actor: secondLawyer, role: 'legal' })),
  refused('L5.approver-quota', 'an approver opens a fourth this month', answers({}, 3)),
  refused('L5.not-waiting', 'it is in use already', answers({ grant: inUse({ approvals: [] }) })),
  refused('L5.requester-quota', 'the requester has used it up meanwhile', answers({}, 0, { uses: 3 })),
  refused(
    'A1.subordinate-of-requester',
    'a subordinate of the requester opens it',
    answers({ actorManagers: [manager.personId] }),
  ),
  refused(
    'L5.unanswered',
    'the answer comes after the hour',
    answers({ grant: waiting({ deadline: '2026-06-15T12:00:00.000Z' }) }),
  ),
  allowed('L5.follows', 'a second approver agrees afterwards', follows()),
  refused('L5.not-opened-yet', 'before it was opened', follows({ grant: waiting() })),
  refused('L5.not-in-use', 'a follow-up after it was closed', follows({ grant: inUse({ state: 'closed' }) })),
  refused(
    'A1.same-person',
    'the one who opened it follows up too',
    follows({ actor: person('officer', 'infosec-director') }),
  ),
  refused(
    'L5.follow-up-overdue',
    'after the hours allowed',
    follows({ now: new Date('2026-06-16T10:00:00.000Z') }),
  ),
  allowed('L5.views', 'the starter looks within the hours', views({})),
  refused(
    'L5.hours',
    'the starter looks when the hours are over',
    views({ now: new Date('2026-06-15T14:00:00.000Z') }),
  ),
  refused('L5.recipient', 'the approver looks', views({ actor: officer, role: 'privacy-officer' })),
  refused(
    'L5.not-opened-yet',
    'the starter looks before it is opened',
    views({ grant: waiting(), onRecord: null }),
  ),
  refused(
    'L5.hours',
    'the row says that it is in use, and not until when',
    views({ grant: inUse({ windowEnds: null }) }),
  ),
  allowed('L5.views', 'the starter looks once the two others agreed', views({ grant: everyone })),
  refused(
    'L5.not-opened',
    'the row says that it was opened, and has nobody’s approval',
    views({ grant: inUse({ approvals: [] }) }),
  ),
  refused(
    'L5.not-opened',
    'the row has the approval of somebody alone who doesn’t open break-glass',
    views({ grant: inUse({ approvals: [approval(inUse(), secondLawyer, 'legal')] }) }),
  ),
  allowed(
    'L5.not-opened',
    'the information security director opened it',
    views({ grant: inUse({ approvals: [approval(inUse(), director, 'infosec-director')] }) }),
  ),
  refused(
    'A6.missing',
    'nobody signed what the row says of its opening',
    views({}, openedBy({ stepUp: 'missing' })),
  ),
  refused(
    'A6.signature',
    'what was kept of its opening is signed by another device',
    views({}, openedBy({ stepUp: 'signature-invalid' })),
  ),
  refused(
    'A6.missing',
    'nobody signed what the row says of a further approval',
    views(
      { grant: everyone },
      {
        approvers: provisionFacts({ grant: everyone }).approvers.map((each) =>
          each.role === 'legal' ? { ...each, stepUp: 'missing' as const } : each,
        ),
      },
    ),
  ),
  refused(
    'A1.subordinate-of-requester',
    'whoever opened it is the starter’s subordinate by now',
    views({}, openedBy({ managers: [manager.personId] })),
  ),
  refused(
    'A1.role-not-held',
    'whoever opened it has left the role by now',
    views({}, openedBy({ person: { ...officer, roles: [] } })),
  ),
  refused('A7.seen', 'its opening was of another request', views({}, openedBy({ requestDigest: 'another' }))),
  refused(
    'L5.screen',
    'break-glass is opened as a grant is',
    opens({ grant: opened({ emergency: true }) }),
    'L5.separate',
  ),
  allowed('L5.form', 'the starter brings the form', brings({})),
  refused(
    'L5.not-in-use',
    'the form comes after it was revoked',
    brings({ grant: inUse({ state: 'revoked' }) }),
  ),
  refused(
    'L5.unfinished',
    'the starter closes it before two more approved',
    ends({ grant: inUse(), actor: manager, ending: 'close' }),
  ),
  allowed(
    'L5.unfinished',
    'the starter closes it once all is there',
    ends({
      grant: { ...everyone, breakGlass: { openedBy: officer.personId, form, views: 1 } },
      actor: manager,
      ending: 'close',
    }),
  ),
  refused(
    'L5.unfinished',
    'all approved and the form is missing',
    ends({ grant: everyone, actor: manager, ending: 'close' }),
  ),
  allowed(
    'R11.revoke',
    'an approver takes it back',
    ends({ grant: inUse(), actor: director, ending: 'revoke' }),
  ),
];
