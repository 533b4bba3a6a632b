import type { AccessGrant } from '../../../../shared/domain/access-grant.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import type { Role } from '../../../../shared/domain/roles.ts';
import {
  type ApprovalFacts,
  NO_CASES,
  type ProvisionFacts,
  type RequestFacts,
} from '../../../../shared/policy/facts.ts';
import {
  allowed,
  asks,
  asksFor,
  decides,
  does,
  ends,
  opens,
  provisions,
  type RuleCase,
  reads,
  refused,
  sees,
  writes,
} from '../case-builders.ts';
import {
  approval,
  approved,
  auditor,
  checked,
  clerk,
  director,
  lawyer,
  officer,
  opened,
  person,
  provisionFacts,
  REGION,
  request,
  scopeFacts,
  secondLawyer,
  secondOfficer,
} from '../staff.ts';

const directorAsks: Partial<RequestFacts> = {
  requester: director,
  recipient: director,
  grant: request({
    requester: director.personId,
    recipient: director.personId,
    requesterRole: 'infosec-director',
    matter: null,
    ticket: 'T-77',
  }),
};
const lawyerAndOfficer = person('lawyer', 'legal', 'privacy-officer');
const inactive = (who: Person): Person => ({ ...who, active: false });
const onlyAt = (hotel: string, who: Person): Person => ({
  ...who,
  roles: who.roles.map((held) => ({ ...held, hotels: [hotel] })),
});
const oneApproval = approved({ approvals: [approval(approved(), director, 'infosec-director')] });
const afterDirector = checked({ approvals: [approval(checked(), director, 'infosec-director')] });
const twoHats = person('two-hats', 'infosec-director', 'privacy-officer');
const twiceTheSame = approved({
  approvals: [
    approval(approved(), twoHats, 'infosec-director'),
    approval(approved(), twoHats, 'privacy-officer'),
  ],
});
const twoOfOneRole = approved({
  approvals: [
    approval(approved(), officer, 'privacy-officer'),
    approval(approved(), secondOfficer, 'privacy-officer'),
  ],
});
/** The approvals of a request as facts, one of them changed. */
function approversWith(
  role: Role,
  change: Partial<ProvisionFacts['approvers'][number]>,
  grant: AccessGrant = approved(),
) {
  return provisionFacts({ grant }).approvers.map((each) =>
    each.role === role ? { ...each, ...change } : each,
  );
}

const receivedByAnother: Partial<ApprovalFacts> = {
  recipient: secondLawyer,
  grant: checked({ recipient: secondLawyer.personId }),
};
const releasedToAnother: Partial<ProvisionFacts> = {
  recipient: secondLawyer,
  grant: approved({ recipient: secondLawyer.personId }),
};
const givenBy = (giver: Person, who: Person): Person => ({
  ...who,
  roles: who.roles.map((held) => ({ ...held, grantedBy: giver.personId })),
});
const since = (time: string, who: Person): Person => ({
  ...who,
  roles: who.roles.map((held) => ({ ...held, since: time })),
});
const cutLoose = (time: string, who: Person, from = 'p_manager'): Person => ({
  ...who,
  lostSuperiors: { [from]: [time] },
});
const letAct = (time: string, who: Person, by: Person): Person => ({
  ...who,
  enablers: { p_hr: [time], [by.personId]: [time] },
});
/** A decision after the director's, of whom the directory says this by now. */
const beside = (director: Person, facts: Partial<ApprovalFacts> = {}) =>
  decides({ grant: afterDirector, approverPeople: { [director.personId]: director }, ...facts });
/** The director approved at ten, the privacy officer at eleven. */
const oneAfterTheOther = approved({
  approvals: [
    approval(approved(), director, 'infosec-director'),
    { ...approval(approved(), officer, 'privacy-officer'), at: '2026-06-15T11:00:00.000Z' },
  ],
});

const whoMayAsk: RuleCase[] = [
  allowed('T3', 'the infosec director asks on a ticket', asks(directorAsks)),
  refused(
    'T3.role-not-held',
    'somebody who is no longer the infosec director asks as one',
    asks({ ...directorAsks, requester: person('director', 'agent') }),
  ),
  refused(
    'T3.recipient',
    'the infosec director asks for somebody else to receive it',
    asks({
      ...directorAsks,
      recipient: lawyer,
      grant: { ...(directorAsks.grant ?? request()), recipient: lawyer.personId },
    }),
  ),
  allowed('T7', 'legal asks for a named matter', asksFor({})),
  allowed('T7', 'legal asks for a dispute', asksFor({ categories: ['dispute'] })),
  refused('T7.matter', 'legal asks on a ticket alone', asksFor({ matter: null, ticket: 'T-1' })),
  refused(
    'T7.role-not-held',
    'a lawyer of one hotel asks for another',
    asks({ requester: onlyAt('HGH02', lawyer) }),
  ),
  refused('T7.role-not-held', 'a lawyer who left asks', asks({ requester: inactive(lawyer) })),
  refused(
    'T7.recipient',
    'legal asks for a clerk to receive it',
    asks({ recipient: clerk, grant: request({ recipient: clerk.personId }) }),
  ),
  allowed(
    'T7.recipient',
    'legal asks for another lawyer to receive it',
    asks({ recipient: secondLawyer, grant: request({ recipient: secondLawyer.personId }) }),
  ),
];

const seeing: RuleCase[] = [
  allowed('T18', 'an auditor sees the metadata', sees(auditor)),
  allowed('T18', 'the requester sees the metadata', sees(lawyer)),
  allowed('T18', 'a role of the route sees the metadata', sees(director)),
  allowed('T18', 'the recipient sees the metadata', sees(clerk, checked({ recipient: clerk.personId }))),
  refused('T18.no-part', 'a clerk sees the metadata', sees(clerk)),
  refused('T18.no-part', 'a privacy officer of another hotel sees it', sees(onlyAt('HGH02', officer))),
  refused('T18.inactive', 'a requester who left sees it', sees(inactive(lawyer))),
  allowed('T18.free-text', 'the requester reads the remarks', reads(lawyer)),
  allowed('T18.free-text', 'a role of the route reads the remarks', reads(officer)),
  refused('T18.no-free-text', 'an auditor reads the remarks', reads(auditor)),
  refused('T18.no-free-text', 'a requester who left reads the remarks', reads(inactive(lawyer))),
];

const twoPeople: RuleCase[] = [
  allowed('A1', 'the privacy officer approves', decides({})),
  allowed('A1', 'the infosec director approves', decides({ actor: director, role: 'infosec-director' })),
  allowed('A1', 'a superior of the requester approves', decides({ requesterManagers: [officer.personId] })),
  allowed('A1', 'the second of two approves', decides({ grant: afterDirector })),
  refused('A1.role-not-on-route', 'an auditor approves', decides({ actor: auditor, role: 'auditor' })),
  refused('A1.role-not-held', 'an auditor approves as privacy officer', decides({ actor: auditor })),
  refused(
    'A1.role-not-held',
    'the privacy officer of another hotel approves',
    decides({ actor: onlyAt('HGH02', officer) }),
  ),
  refused(
    'A1.inactive',
    'a privacy officer who left approves',
    decides({ actor: inactive(officer) }),
    'A1.role-not-held',
  ),
  refused(
    'A1.requester',
    'the requester approves in another role',
    decides({
      actor: lawyerAndOfficer,
      requester: lawyerAndOfficer,
      grant: checked({ recipient: secondLawyer.personId }),
      recipient: secondLawyer,
    }),
  ),
  refused(
    'A1.recipient',
    'the recipient approves',
    decides({
      actor: person('second-lawyer', 'legal', 'privacy-officer'),
      recipient: person('second-lawyer', 'legal', 'privacy-officer'),
      grant: checked({ recipient: secondLawyer.personId }),
    }),
  ),
  refused(
    'A1.same-person',
    'one person approves in a second role',
    decides({
      actor: twoHats,
      grant: checked({ approvals: [approval(checked(), twoHats, 'infosec-director')] }),
    }),
  ),
  refused(
    'A1.same-role',
    'a second person approves in the same role',
    decides({
      actor: secondOfficer,
      grant: checked({ approvals: [approval(checked(), officer, 'privacy-officer')] }),
    }),
  ),
  refused(
    'A1.same-person',
    'the same decision comes again',
    decides({ grant: checked({ approvals: [approval(checked(), officer, 'privacy-officer')] }) }),
    'A1.same-role',
  ),
  refused(
    'A1.subordinate-of-requester',
    'a subordinate of the requester approves',
    decides({ actorManagers: ['p_somebody', lawyer.personId] }),
  ),
  refused(
    'A1.subordinate-of-approver',
    'a subordinate of the first approver approves',
    decides({ grant: afterDirector, actorManagers: [director.personId] }),
  ),
  refused(
    'A1.superior-of-approver',
    'a superior of the first approver approves',
    decides({ grant: afterDirector, approverManagers: { [director.personId]: [officer.personId] } }),
  ),
  refused(
    'A1.participant',
    'somebody who wrote in the conversation approves',
    decides({ grant: checked({ participants: [officer.personId] }) }),
  ),
  refused(
    'A1.enabled',
    'whoever made the requester a lawyer approves',
    decides({ enabledBy: [officer.personId] }),
  ),
  refused(
    'A1.enabled-by-case',
    'whoever confirmed the agreement that the request rests on approves',
    decides({ cases: { ...NO_CASES, broughtBy: ['p_hr', officer.personId] } }),
  ),
  refused(
    'A1.enabled-by-case',
    'whoever filed the dispute as over, which opens the scope, approves',
    decides({ scope: scopeFacts({ broughtBy: [officer.personId] }) }),
  ),
  allowed(
    'A1.enabled-by-case',
    'others brought the case on file',
    decides({ cases: { ...NO_CASES, broughtBy: ['p_hr', lawyer.personId] } }),
  ),
  refused(
    'A1.subordinate-of-recipient',
    'a subordinate of the recipient approves',
    decides({ ...receivedByAnother, actorManagers: ['p_somebody', secondLawyer.personId] }),
  ),
  allowed(
    'A1.subordinate-of-recipient',
    'a superior of the recipient approves',
    decides({ ...receivedByAnother, recipient: { ...secondLawyer, manager: officer.personId } }),
  ),
  refused(
    'A1.enabled-recipient',
    'whoever made the recipient a lawyer approves',
    decides({ ...receivedByAnother, recipientEnabledBy: [officer.personId] }),
  ),
  allowed(
    'A1.enabled-recipient',
    'the recipient’s role is from somebody else',
    decides({ ...receivedByAnother, recipientEnabledBy: ['p_hr', director.personId] }),
  ),
  ...[lawyer, secondLawyer].flatMap((party): RuleCase[] => [
    refused(
      'A1.role-given-by-a-party',
      `${party.personId}, a party, made the approver privacy officer`,
      decides({ ...receivedByAnother, actor: givenBy(party, officer) }),
    ),
    refused(
      'A1.role-given-by-a-party',
      `${party.personId}, a party, made the denier privacy officer`,
      decides({ ...receivedByAnother, decision: 'deny', actor: givenBy(party, officer) }),
    ),
    refused(
      'A1.role-given-by-a-party',
      `${party.personId}, a party, has given an approver the role since, in place of whoever had`,
      provisions({
        ...releasedToAnother,
        approvers: approversWith(
          'privacy-officer',
          { person: givenBy(party, officer) },
          releasedToAnother.grant,
        ),
      }),
    ),
  ]),
  allowed(
    'A1.role-given-by-a-party',
    'a party gave the approver a role that somebody else had given before',
    decides({ actor: { ...officer, roles: [...givenBy(lawyer, officer).roles, ...officer.roles] } }),
  ),
  refused(
    'A1.role-given-by-a-party',
    'a party gave the role for this hotel, somebody else only for another',
    decides({
      actor: {
        ...officer,
        roles: [...givenBy(lawyer, officer).roles, ...onlyAt('HGH02', officer).roles],
      },
    }),
  ),
  refused(
    'A1.role-after-request',
    'a privacy officer approves who became one a millisecond after the request',
    decides({ actor: since('2026-06-15T08:00:00.001Z', officer) }),
  ),
  refused(
    'A1.role-after-request',
    'the requester made the approver privacy officer after the request',
    decides({ actor: since('2026-06-15T09:00:00.000Z', givenBy(lawyer, officer)) }),
  ),
  refused(
    'A1.role-after-request',
    'nobody can tell since when the approver is privacy officer',
    decides({ actor: since('', officer) }),
  ),
  refused(
    'A1.role-after-request',
    'by the time of provision an approver’s role is one given after the request',
    provisions({
      approvers: approversWith('privacy-officer', { person: since('2026-06-15T11:00:00Z', officer) }),
    }),
  ),
  refused(
    'A1.role-after-request',
    'by the time of the opening an approver’s role is one given after the request',
    opens({
      approvers: approversWith('infosec-director', { person: since('2026-06-15T11:00:00Z', director) }),
    }),
  ),
  allowed(
    'A1.role-after-request',
    'a privacy officer approves who became one as the request was made, in another zone’s words',
    decides({ actor: since('2026-06-15T16:00:00.000+08:00', officer) }),
  ),
  refused(
    'A1.line-after-request',
    'a privacy officer approves who was under somebody until a millisecond after the request',
    decides({ actor: cutLoose('2026-06-15T08:00:00.001Z', officer) }),
  ),
  refused(
    'A1.line-after-request',
    'a privacy officer denies who was under somebody when the request was made, in another zone’s words',
    decides({ decision: 'deny', actor: cutLoose('2026-06-15T16:30:00.000+08:00', officer) }),
  ),
  refused(
    'A1.line-after-request',
    'nobody can tell until when the approver was under somebody',
    decides({ actor: cutLoose('', officer) }),
  ),
  refused(
    'A1.line-after-request',
    'at provision, of an approver who was under somebody until the approval',
    provisions({
      approvers: approversWith('privacy-officer', { person: cutLoose('2026-06-15T10:00:00.000Z', officer) }),
    }),
  ),
  refused(
    'A1.line-after-request',
    'at an opening, of an approver who was under somebody until after the request',
    opens({
      approvers: approversWith('infosec-director', {
        person: cutLoose('2026-06-15T08:30:00.000Z', director),
      }),
    }),
  ),
  allowed(
    'A1.line-after-request',
    'a privacy officer approves who was under somebody until the request was made, in another zone’s words',
    decides({ actor: cutLoose('2026-06-15T16:00:00.000+08:00', officer) }),
  ),
  allowed(
    'A1.line-after-request',
    'at provision, of an approver who was moved a millisecond after the approval',
    provisions({
      approvers: approversWith('privacy-officer', { person: cutLoose('2026-06-15T10:00:00.001Z', officer) }),
    }),
  ),
  allowed(
    'A1.line-after-request',
    'at an opening, of an approver who was moved after the approval',
    opens({
      approvers: approversWith('infosec-director', { person: cutLoose('2026-06-15T11:00:00Z', director) }),
    }),
  ),
  refused(
    'A1.superior-after-request',
    'somebody approves who was above the first approver until that one had approved',
    beside(cutLoose('2026-06-15T11:00:00.000Z', director, officer.personId)),
  ),
  refused(
    'A1.superior-after-request',
    'somebody denies who was above the first approver when the request was made, in another zone’s words',
    beside(cutLoose('2026-06-15T16:00:00.001+08:00', director, officer.personId), { decision: 'deny' }),
  ),
  refused(
    'A1.superior-after-request',
    'nobody can tell until when somebody was above the first approver',
    beside(cutLoose('', director, officer.personId)),
  ),
  refused(
    'A1.superior-after-request',
    'at provision, of one who was above the first approver until the own approval',
    provisions({
      grant: oneAfterTheOther,
      approvers: approversWith(
        'infosec-director',
        { person: cutLoose('2026-06-15T11:00:00.000Z', director, officer.personId) },
        oneAfterTheOther,
      ),
    }),
  ),
  refused(
    'A1.superior-after-request',
    'at an opening, of one who was above the first approver when both approved',
    opens({
      approvers: approversWith('infosec-director', {
        person: cutLoose('2026-06-15T10:00:00.000Z', director, officer.personId),
      }),
    }),
    'A1.line-after-request',
  ),
  allowed(
    'A1.superior-after-request',
    'somebody approves who was above the first approver until the request was made',
    beside(cutLoose('2026-06-15T08:00:00.000Z', director, officer.personId)),
  ),
  allowed(
    'A1.superior-after-request',
    'the first approver was moved out from under somebody else meanwhile',
    beside(cutLoose('2026-06-15T11:00:00.000Z', director)),
  ),
  allowed(
    'A1.superior-after-request',
    'at provision, of one under whom the first approver came and went after both had approved',
    provisions({
      grant: oneAfterTheOther,
      approvers: approversWith(
        'infosec-director',
        { person: cutLoose('2026-06-15T11:00:00.001Z', director, officer.personId) },
        oneAfterTheOther,
      ),
    }),
  ),
  refused(
    'A1.enabled-approver',
    'somebody approves who gave the first approver a login after the request was made',
    beside(letAct('2026-06-15T10:00:00.000Z', director, officer)),
  ),
  refused(
    'A1.enabled-approver',
    'somebody denies who gave the first approver a login a millisecond after the request',
    beside(letAct('2026-06-15T08:00:00.001Z', director, officer), { decision: 'deny' }),
  ),
  refused(
    'A1.enabled-approver',
    'nobody can tell when somebody gave the first approver a login',
    beside(letAct('', director, officer)),
  ),
  refused(
    'A1.enabled-approver',
    'at provision, of one who made another approver active while the request waited',
    provisions({
      approvers: approversWith('infosec-director', {
        person: letAct('2026-06-15T09:00:00.000Z', director, officer),
      }),
    }),
  ),
  allowed(
    'A1.enabled-approver',
    'somebody approves who gave the first approver a login before the request was made',
    beside(letAct('2026-06-15T08:00:00.000Z', director, officer)),
  ),
  allowed(
    'A1.enabled-approver',
    'somebody approves who gave the first approver another name after that one had approved',
    beside(letAct('2026-06-15T10:00:00.001Z', director, officer)),
  ),
  allowed(
    'A1.enabled-approver',
    'others gave the first approver a login after the request was made',
    beside(letAct('2026-06-15T10:00:00.000Z', director, clerk)),
  ),
  refused(
    'A1.enabled-approver',
    'somebody approves to whom the first approver gave a login after the request was made',
    beside(director, { actor: letAct('2026-06-15T11:00:00.000Z', officer, director) }),
  ),
  refused(
    'A1.enabled-approver',
    'at an opening, of one whom another approver made active while the request waited',
    opens({
      approvers: approversWith('privacy-officer', {
        person: letAct('2026-06-15T09:00:00.000Z', officer, director),
      }),
    }),
  ),
  allowed(
    'A1.enabled-approver',
    'somebody approves to whom the first approver gave a login before the request was made',
    beside(director, { actor: letAct('2026-06-15T08:00:00.000Z', officer, director) }),
  ),
  allowed(
    'A1.enabled-approver',
    'at an opening, of one to whom another approver gave another name after both had approved',
    opens({
      approvers: approversWith('privacy-officer', {
        person: letAct('2026-06-15T10:00:00.001Z', officer, director),
      }),
    }),
  ),
  ...[lawyer, secondLawyer].flatMap((party): RuleCase[] => [
    refused(
      'A1.enabled-by-a-party',
      `${party.personId}, a party, gave the approver a login after the request was made`,
      decides({ ...receivedByAnother, actor: letAct('2026-06-15T09:00:00.000Z', officer, party) }),
    ),
    refused(
      'A1.enabled-by-a-party',
      `at provision, of one whom ${party.personId}, a party, made active while the request waited`,
      provisions({
        ...releasedToAnother,
        approvers: approversWith(
          'privacy-officer',
          { person: letAct('2026-06-15T09:00:00.000Z', officer, party) },
          releasedToAnother.grant,
        ),
      }),
    ),
  ]),
  allowed(
    'A1.enabled-by-a-party',
    'a party gave the approver a login before the request was made',
    decides({ actor: letAct('2026-06-15T08:00:00.000Z', officer, lawyer) }),
  ),
  refused(
    'A1.not-awaiting',
    'an approval comes while the grant is open',
    decides({ grant: opened({ approvals: [] }) }),
  ),
  refused(
    'A1.not-awaiting',
    'an approval comes after a withdrawal',
    decides({ grant: checked({ state: 'withdrawn' }) }),
  ),
  allowed('A1', 'two people in two roles approved', provisions({})),
  refused(
    'A1.too-few',
    'one approval is provisioned',
    provisions({ grant: oneApproval }),
    'A1.route-incomplete',
  ),
  refused(
    'A1.too-few',
    'no approval is provisioned',
    provisions({ grant: approved({ approvals: [] }) }),
    'A1.route-incomplete',
    'L1.permission',
  ),
  refused(
    'A1.too-few',
    'a region that asks for three is given two',
    provisions({ region: { ...REGION, minimumApprovals: 3 } }),
  ),
  refused(
    'A1.too-few',
    'one person approved twice in two roles',
    provisions({
      grant: twiceTheSame,
      approvers: twiceTheSame.approvals.map(({ role, requestDigest }) => ({
        role,
        requestDigest,
        stepUp: 'verified' as const,
        person: twoHats,
        managers: [],
      })),
    }),
    'A1.same-person',
  ),
  refused(
    'A1.too-few',
    'two people approved in one role',
    provisions({ grant: twoOfOneRole }),
    'A1.same-role',
    'A1.route-incomplete',
  ),
  refused(
    'A1.route-incomplete',
    'a role that was added to the route has not approved',
    provisions({
      grant: approved({ route: ['infosec-director', 'internal-audit', 'privacy-officer'] }),
    }),
  ),
  refused(
    'A1.role-not-held',
    'an approver has lost the role since',
    provisions({ approvers: approversWith('privacy-officer', { person: person('officer', 'agent') }) }),
  ),
  refused(
    'A1.inactive',
    'an approver has gone from the directory since',
    provisions({ approvers: approversWith('privacy-officer', { person: null }) }),
    'A1.role-not-held',
    'A1.too-few',
  ),
  refused(
    'A1.superior-of-approver',
    'one approver has become the other’s manager since',
    provisions({ approvers: approversWith('privacy-officer', { managers: [director.personId] }) }),
    'A1.subordinate-of-approver',
  ),
  refused(
    'A1.subordinate-of-requester',
    'an approver works for the requester since',
    provisions({ approvers: approversWith('privacy-officer', { managers: [lawyer.personId] }) }),
  ),
  refused(
    'A1.enabled',
    'an approver has given the requester the role since',
    opens({ enabledBy: [officer.personId] }),
  ),
  refused(
    'A1.enabled-by-case',
    'an approver has confirmed a longer term of the agreement since',
    provisions({ cases: { ...NO_CASES, broughtBy: [officer.personId] } }),
  ),
  refused(
    'A1.subordinate-of-recipient',
    'an approver works for the recipient since',
    provisions({
      ...releasedToAnother,
      approvers: approversWith(
        'privacy-officer',
        { managers: [secondLawyer.personId] },
        releasedToAnother.grant,
      ),
    }),
  ),
  refused(
    'A1.enabled-recipient',
    'an approver has given the recipient the role since',
    opens({
      grant: opened({ recipient: secondLawyer.personId }),
      recipient: secondLawyer,
      actor: secondLawyer,
      recipientEnabledBy: [officer.personId],
    }),
  ),
  refused(
    'A1.role-not-held',
    'an approver has lost the role by the time of the opening',
    opens({ approvers: approversWith('infosec-director', { person: person('director', 'agent') }) }),
  ),
  refused(
    'T7.role-not-held',
    'the requester has lost the role by the time of provision',
    provisions({ requester: person('lawyer', 'agent') }),
  ),
];

const deadline: RuleCase[] = [
  allowed(
    'A4',
    'an approval comes a moment before the deadline',
    decides({ now: new Date('2026-06-16T07:59:59.999Z') }),
  ),
  refused('A4', 'an approval comes at the deadline', decides({ now: new Date('2026-06-16T08:00:00.000Z') })),
  refused(
    'A4',
    'a denial comes after the deadline',
    decides({ decision: 'deny', now: new Date('2026-06-17T08:00:00.000Z') }),
  ),
  refused(
    'A4',
    'an approval comes after the request lapsed',
    decides({ grant: checked({ state: 'lapsed' }), now: new Date('2026-06-16T08:00:01.000Z') }),
    'A1.not-awaiting',
  ),
];

const denial: RuleCase[] = [
  allowed('A5', 'the privacy officer denies', decides({ decision: 'deny' })),
  allowed('A5', 'the second of two denies', decides({ decision: 'deny', grant: afterDirector })),
  refused(
    'A1.participant',
    'somebody who wrote in the conversation denies',
    decides({ decision: 'deny', grant: checked({ participants: [officer.personId] }) }),
  ),
  refused(
    'A5.denied',
    'an approval comes after a denial',
    decides({
      grant: checked({
        state: 'denied',
        approvals: [approval(checked(), director, 'infosec-director', 'deny')],
      }),
    }),
    'A1.not-awaiting',
  ),
  refused(
    'A5.denied',
    'a denied request is provisioned',
    provisions({
      grant: approved({
        approvals: [...approved().approvals, approval(approved(), auditor, 'auditor', 'deny')],
      }),
      approvers: provisionFacts().approvers,
    }),
  ),
];

const binding: RuleCase[] = [
  allowed('A7.seen', 'the approver saw this very request', decides({})),
  refused('A7.seen', 'the approver saw another request', decides({ seenDigest: `sha256:${'9'.repeat(64)}` })),
  refused(
    'A7.seen',
    'a request without a digest is approved',
    decides({ grant: checked({ requestDigest: null }) }),
    'A7.row',
  ),
  refused('A7.row', 'the row was changed behind its digest', decides({ grant: { ...checked(), opens: 20 } })),
  refused(
    'A7.seen',
    'one approval was given for an earlier request',
    provisions({
      approvers: approversWith('privacy-officer', { requestDigest: `sha256:${'9'.repeat(64)}` }),
    }),
  ),
  refused(
    'A7.request',
    'the request changed after it was approved',
    provisions({ requestDigestNow: `sha256:${'9'.repeat(64)}` }),
  ),
  refused(
    'A7.scope',
    'a record of the scope is missing or changed',
    provisions({ scopeDigestNow: `sha256:${'9'.repeat(64)}` }),
  ),
  refused(
    'A7.scope',
    'a record of the scope is missing or changed at the opening',
    opens({ scopeDigestNow: `sha256:${'9'.repeat(64)}` }),
  ),
  refused(
    'A7.row',
    'the row was changed behind its digest before the opening',
    opens({ grant: { ...opened(), opens: 20 }, requestDigestNow: opened().requestDigest ?? '' }),
  ),
];

const fishing: RuleCase[] = [
  allowed('R6.purpose', 'a purpose is stated', asksFor({ purpose: 'complaint' })),
  refused('R6.purpose', 'no purpose is stated', asksFor({ purpose: null })),
  refused('R6.basis', 'no basis is stated', asksFor({ basis: null })),
  refused(
    'R6.matter-or-ticket',
    'neither matter nor ticket is named',
    asks({ ...directorAsks, grant: { ...(directorAsks.grant ?? request()), ticket: null } }),
  ),
  allowed(
    'R6.matter-or-ticket',
    'a matter is named instead of a ticket',
    asks({ ...directorAsks, grant: { ...(directorAsks.grant ?? request()), ticket: null, matter: 'M-1' } }),
  ),
  refused('R6.subject', 'no subject is named', asksFor({ subjectKind: null })),
  refused('R6.subject-kind', 'system logs are asked for by legal', asksFor({ subjectKind: 'system' })),
  refused('R6.subject-kind', 'a cohort is asked for by legal', asksFor({ subjectKind: 'cohort' })),
  allowed('R6.subject-kind', 'a ticket is asked for', asksFor({ subjectKind: 'ticket' })),
  refused(
    'R6.employee-in-work-groups',
    'an employee is looked for among guests’ conversations',
    asksFor({ subjectKind: 'employee', platforms: ['wecom'], categories: ['employee'] }),
  ),
  refused(
    'R6.employee-in-work-groups',
    'an employee is asked for, and enquiries alone',
    asksFor({ subjectKind: 'employee', platforms: ['workgroup'], categories: ['enquiry'] }),
  ),
  allowed(
    'R6.employee-in-work-groups',
    'an employee’s talk in work groups is asked for',
    asksFor({ subjectKind: 'employee', platforms: ['workgroup', 'wecom'], categories: ['employee'] }),
  ),
  refused(
    'R6.work-groups',
    'a guest is looked for in work groups',
    asksFor({ subjectKind: 'phone', platforms: ['workgroup'], categories: ['enquiry', 'employee'] }),
  ),
  refused(
    'R6.work-groups',
    'employees’ talk about a guest is asked for',
    asksFor({ subjectKind: 'phone', platforms: ['wecom'], categories: ['employee'] }),
  ),
  allowed(
    'R6.work-groups',
    'a guest is looked for in work groups among others',
    asksFor({ subjectKind: 'phone', platforms: ['workgroup', 'wecom'] }),
  ),
  refused('R6.category', 'no category is named', asksFor({ categories: [] })),
  refused('R6.platform', 'no platform is named', asksFor({ platforms: [] })),
  refused('R6.hotel', 'no hotel is named', asksFor({ hotels: [] })),
  refused('R6.time-range', 'the time range has no start', asksFor({ from: null })),
  refused('R6.time-range', 'the time range has no end', asksFor({ to: null })),
  refused(
    'R6.time-order',
    'the time range ends where it starts',
    asksFor({ from: '2026-05-01T00:00:00.000Z', to: '2026-05-01T00:00:00.000Z' }),
  ),
  allowed(
    'R6.time-order',
    'the time range is a millisecond long',
    asksFor({ from: '2026-05-01T00:00:00.000Z', to: '2026-05-01T00:00:00.001Z' }),
  ),
  refused(
    'R6.time-order',
    'the time range runs backwards across zones',
    asksFor({ from: '2026-05-01T01:00:00+00:00', to: '2026-05-01T08:30:00+08:00' }),
  ),
  refused(
    'R6.empty-scope',
    'nothing was found',
    asks({
      scope: scopeFacts({ guests: 0, conversations: 0, records: 0, categories: [] }),
    }),
  ),
  allowed('R6.empty-scope', 'the search has not been made yet', asks({ scope: null })),
];

const bounds: RuleCase[] = [
  allowed('R11.provision', 'an approved request is provisioned', provisions({})),
  refused(
    'R11.not-provisioning',
    'a request is provisioned that was revoked meanwhile',
    provisions({ grant: approved({ state: 'revoked' }) }),
  ),
  allowed('R11', 'the recipient opens', opens({})),
  allowed('R11', 'the recipient opens for the last time', opens({ grant: opened({ opened: 2 }) })),
  allowed(
    'R11.window',
    'the recipient opens in the last moment of the window',
    opens({ now: new Date('2026-06-18T09:59:59.999Z') }),
  ),
  refused(
    'R11.window',
    'the recipient opens as the window ends',
    opens({ now: new Date('2026-06-18T10:00:00.000Z') }),
  ),
  refused(
    'R11.window',
    'the row says a later end than was approved',
    opens({
      now: new Date('2026-06-18T10:00:00.000Z'),
      grant: opened({ windowEnds: '2026-12-31T00:00:00.000Z' }),
    }),
  ),
  refused('R11.opens', 'the openings are used up', opens({ grant: opened({ opened: 3 }) })),
  refused('R11.not-open', 'a closed grant is opened', opens({ grant: opened({ state: 'closed' }) })),
  refused('R11.not-open', 'a failed grant is opened', opens({ grant: opened({ state: 'failed' }) })),
  refused(
    'R11.not-open',
    'a request that awaits approval is opened',
    opens({ grant: checked({ approvals: [] }) }),
    'A1.too-few',
    'A1.route-incomplete',
    'L1.permission',
    'L1.staged',
  ),
  refused(
    'R11.not-open',
    'a grant is opened that everyone approved and nobody made ready yet',
    opens({ grant: approved() }),
    'L1.staged',
  ),
  refused(
    'R11.inactive',
    'a recipient who left opens',
    opens({ actor: inactive(lawyer), requester: inactive(lawyer), recipient: inactive(lawyer) }),
    'T7.role-not-held',
  ),
  refused('R13.recipient', 'somebody else opens', opens({ actor: secondLawyer })),
  refused('R13.recipient', 'an approver opens', opens({ actor: officer })),
  allowed(
    'R13.recipient',
    'the recipient opens what another lawyer asked for',
    opens({
      grant: opened({ recipient: secondLawyer.personId }),
      recipient: secondLawyer,
      actor: secondLawyer,
    }),
  ),
  refused(
    'R13.recipient',
    'the requester opens what another lawyer is to receive',
    opens({ grant: opened({ recipient: secondLawyer.personId }), recipient: secondLawyer }),
  ),
];

const endings: RuleCase[] = [
  allowed('R11.withdraw', 'the requester withdraws', ends({})),
  refused('R11.withdraw-by-other', 'an approver withdraws', ends({ actor: officer })),
  refused('R11.withdraw-state', 'the requester withdraws an open grant', ends({ grant: opened() })),
  allowed('R11.close', 'the requester closes', ends({ grant: opened(), ending: 'close' })),
  allowed(
    'R11.close',
    'the recipient closes',
    ends({ grant: opened({ recipient: secondLawyer.personId }), ending: 'close', actor: secondLawyer }),
  ),
  refused(
    'R11.close-by-other',
    'an approver closes',
    ends({ grant: opened(), ending: 'close', actor: officer }),
  ),
  refused('R11.close-state', 'the requester closes what is not open', ends({ ending: 'close' })),
  allowed('R11.revoke', 'an approver revokes', ends({ grant: opened(), ending: 'revoke', actor: officer })),
  allowed('R11.revoke', 'the requester revokes', ends({ grant: approved(), ending: 'revoke' })),
  allowed(
    'R11.revoke',
    'internal audit revokes',
    ends({ grant: opened(), ending: 'revoke', actor: person('inspector', 'internal-audit') }),
  ),
  refused(
    'R11.revoke-by-other',
    'a clerk revokes',
    ends({ grant: opened(), ending: 'revoke', actor: clerk }),
  ),
  refused(
    'R11.revoke-by-other',
    'a privacy officer of another hotel revokes',
    ends({ grant: opened(), ending: 'revoke', actor: onlyAt('HGH02', officer) }),
  ),
  refused(
    'R11.revoke-state',
    'an approver revokes what awaits approval',
    ends({ ending: 'revoke', actor: officer }),
  ),
  refused('R11.inactive-ending', 'a requester who left withdraws', ends({ actor: inactive(lawyer) })),
];

const asksWith = (basis: AccessGrant['basis'], withoutConsent: string[]) =>
  asks({
    grant: request({ basis }),
    scope: scopeFacts({ records: 2, withoutConsent }),
  });

const consent: RuleCase[] = [
  allowed('R8', 'consent is the basis, and it stands', asksWith('consent', [])),
  allowed('R8', 'consent was withdrawn, and a legal claim is the basis', asksWith('legal-claim', ['wecom'])),
  ...(
    [
      ['contract', 'analytics', { matter: 'M-1' }],
      ['legal-obligation', 'analytics', { matter: 'M-1' }],
      ['vital-interest', 'service-quality', { matter: 'M-1' }],
    ] as const
  ).map(([basis, purpose, more]) =>
    refused(
      'R8.basis',
      `consent was withdrawn, and ${basis} is named for ${purpose}`,
      asks({
        grant: request({ basis, purpose, ...more }),
        scope: scopeFacts({ records: 2, withoutConsent: ['wecom'] }),
      }),
    ),
  ),
  allowed(
    'R8.basis',
    'consent was withdrawn, and an instrument obliges',
    asks({
      grant: request({ basis: 'legal-obligation', purpose: 'law-enforcement' }),
      scope: scopeFacts({ records: 2, withoutConsent: ['wecom'] }),
    }),
  ),
  refused('R8', 'consent is the basis, and it was withdrawn', asksWith('consent', ['wecom'])),
  refused('R8', 'a notice is the basis, where consent is needed', asksWith('notice', ['wecom'])),
];

const duties: RuleCase[] = [
  allowed('R7.basis', 'the privacy officer records an authorisation', does('authorise-collection', officer)),
  refused('R7.not-responsible', 'legal records an authorisation', does('authorise-collection', lawyer)),
  allowed('R8.record', 'the privacy officer records consent', does('record-consent', officer)),
  refused('R8.not-responsible', 'a clerk records consent', does('record-consent', clerk)),
  allowed('R8.see', 'an auditor sees consents', does('see-consents', auditor)),
  refused('R8.not-to-see', 'a clerk sees consents', does('see-consents', clerk)),
  allowed('T14.separate', 'the privacy officer separates identifiers', does('unlink-identifiers', officer)),
  refused('T14.not-to-separate', 'legal separates identifiers', does('unlink-identifiers', lawyer)),
  allowed('D3', 'legal places a hold', does('place-hold', lawyer)),
  allowed('D3', 'legal releases a hold', does('release-hold', lawyer)),
  refused('D3.not-legal', 'the privacy officer places a hold', does('place-hold', officer)),
  refused('D3.not-legal', 'the privacy officer releases a hold', does('release-hold', officer)),
  refused(
    'D3.not-legal',
    'legal of another hotel places a hold',
    does('place-hold', onlyAt('HGH02', lawyer)),
  ),
  allowed('D3.see', 'an auditor sees holds', does('see-holds', auditor)),
  refused('D3.not-to-see', 'a clerk sees holds', does('see-holds', clerk)),
  allowed('D4', 'the privacy officer runs the deletion of what is due', does('run-retention', officer)),
  refused('D4.not-responsible', 'legal runs the deletion of what is due', does('run-retention', lawyer)),
  refused(
    'D4.not-responsible',
    'a privacy officer who left runs it',
    does('run-retention', inactive(officer)),
  ),
  allowed('D4', 'the privacy officer sees certificates', does('see-certificates', officer)),
  allowed('D4.see', 'an auditor sees certificates', does('see-certificates', auditor)),
  refused('D4.not-to-see', 'a clerk sees certificates', does('see-certificates', clerk)),
  allowed('A3.duty', 'a hold at both hotels of the region', does('place-hold', lawyer, ['SHA01', 'HGH02'])),
  refused('A3.duty', 'a hold at a hotel of another region', does('place-hold', lawyer, ['FRA01'])),
];

const providers: RuleCase[] = [
  allowed('L8.provider', 'the requester drafts a letter to a provider', writes('ask-provider', lawyer)),
  allowed(
    'L8.provider',
    'another lawyer records the answer',
    writes('settle-provider-request', secondLawyer),
  ),
  allowed(
    'L8.provider',
    'the answer comes after the grant ended',
    writes('settle-provider-request', lawyer, { state: 'archived' }),
  ),
  refused('L8.provider-other', 'the privacy officer writes a letter', writes('ask-provider', officer)),
  refused('L8.provider-other', 'a clerk records an answer', writes('settle-provider-request', clerk)),
  refused('L8.provider-other', 'a requester who left', writes('ask-provider', inactive(lawyer))),
  allowed('L8.provider-see', 'an auditor sees how letters stand', writes('see-provider-requests', auditor)),
  refused('L8.provider-not-to-see', 'a clerk sees letters', writes('see-provider-requests', clerk)),
  allowed(
    'R11.provider-state',
    'the grant is being provisioned',
    writes('ask-provider', lawyer, { state: 'provisioning' }),
  ),
  refused(
    'R11.provider-state',
    'the request awaits approval',
    writes('ask-provider', lawyer, { state: 'awaiting-approval' }),
  ),
  refused('R11.provider-state', 'the grant was closed', writes('ask-provider', lawyer, { state: 'closed' })),
  refused(
    'R11.provider-scope',
    'another platform than was approved',
    writes('ask-provider', lawyer, {}, { platform: 'ctrip' }),
  ),
  refused(
    'R11.provider-scope',
    'another hotel than was approved',
    writes('ask-provider', lawyer, {}, { hotels: ['HGH02'] }),
  ),
  refused('R1.provider', 'by a document number', writes('ask-provider', lawyer, { subjectKind: 'document' })),
  allowed('R1.provider', 'by a phone number', writes('ask-provider', lawyer, { subjectKind: 'phone' })),
  refused('R6.provider-subject', 'about a cohort', writes('ask-provider', lawyer, { subjectKind: 'cohort' })),
  allowed('R6.provider-subject', 'about a ticket', writes('ask-provider', lawyer, { subjectKind: 'ticket' })),
  refused(
    'A3.provider',
    'for a hotel of another region',
    writes('ask-provider', lawyer, { hotels: ['FRA01'] }, { hotels: ['FRA01'] }),
  ),
];

export const LOOP_CASES: readonly RuleCase[] = [
  ...whoMayAsk,
  ...seeing,
  ...twoPeople,
  ...deadline,
  ...denial,
  ...binding,
  ...fishing,
  ...bounds,
  ...endings,
  ...consent,
  ...duties,
  ...providers,
];
