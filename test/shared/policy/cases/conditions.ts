import type { AccessGrant } from '../../../../shared/domain/access-grant.ts';
import { digestOf } from '../../../../shared/domain/digest.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import { ROLE_NAMES, ROLES, type Role } from '../../../../shared/domain/roles.ts';
import {
  askingContext,
  atOf,
  entitiesOf,
  personUid,
  releasingContext,
  requestUid,
  standingApprovals,
} from '../../../../shared/policy/cedar-facts.ts';
import { decidePrint } from '../../../../shared/policy/decide-print.ts';
import { evaluate } from '../../../../shared/policy/evaluate.ts';
import { NO_CASES, type ProvisionFacts, type RequestFacts } from '../../../../shared/policy/facts.ts';
import {
  allowed,
  asks,
  asksFor,
  decides,
  ends,
  opens,
  provisions,
  type RuleCase,
  refused,
  sees,
  unpermitted,
  writes,
} from '../case-builders.ts';
import {
  approval,
  approved,
  checked,
  director,
  lawyer,
  NOON,
  officer,
  opened,
  person,
  provisionFacts,
  REGION,
  request,
  requestFacts,
  scopeFacts,
  secondLawyer,
} from '../staff.ts';
import { ASKED, askedBy, INSTRUMENT } from './reach.ts';
import { looks } from './views.ts';

/** Conditions of policies, each part by itself: what it takes for a rule to speak, and what it takes not to. */

const onFile = (changes: Partial<RequestFacts['cases']>): Partial<RequestFacts> => ({
  cases: { ...NO_CASES, ...changes },
});
const changed = (role: Role, grant: Partial<AccessGrant>, facts: Partial<RequestFacts> = {}) => {
  const known = ASKED[role] ?? askedBy(role);
  return asks({ ...known, ...facts, grant: { ...(known.grant ?? request()), ...grant } });
};
const byDirector = (grant: Partial<AccessGrant>, facts: Partial<RequestFacts> = {}) =>
  asks(
    askedBy(
      'infosec-director',
      { matter: null, ticket: 'T-77', ...grant },
      { requester: director, ...facts },
    ),
  );
const withoutConsent = { scope: scopeFacts({ withoutConsent: ['wecom'] }) };
const locked = (who: Person): Person => ({
  ...who,
  lock: { sessionUntil: '2026-06-15T12:10:00.000Z', account: false },
});
const left = (who: Person): Person => ({ ...who, active: false });

/** What the rulebook alone says of making ready or opening: the product's own floor isn't asked. */
const releases =
  (act: 'provision' | 'open', changes: Partial<ProvisionFacts> = {}, by?: Person) =>
  (ruleSet: Parameters<RuleCase['decide']>[0]) => {
    const facts = provisionFacts(changes);
    const standing = standingApprovals(facts);
    const people = [
      ...(by ? [by] : []),
      facts.requester,
      facts.recipient,
      ...standing.map((one) => one.person),
    ];
    return evaluate(ruleSet, {
      principal: personUid((by ?? facts.requester).personId),
      act,
      resource: requestUid(facts.grant),
      context: releasingContext({ ...facts, stepUp: 'verified' }, standing, facts.grant.route),
      entities: entitiesOf(facts.grant, people, atOf(facts)),
    });
  };
/** As many people and roles as are named approved; in a region that asks for so many. */
function agreedBy(minimumApprovals: number, ...approvers: [Person, Role][]): RuleCase['decide'] {
  return agreedOn({}, minimumApprovals, ...approvers);
}
function agreedOn(
  changes: Partial<AccessGrant>,
  minimumApprovals: number,
  ...approvers: [Person, Role][]
): RuleCase['decide'] {
  const grant = approved({ route: [...new Set(approvers.map(([, role]) => role))], ...changes });
  const approvals = approvers.map(([who, role]) => approval(grant, who, role));
  return releases('provision', {
    region: { ...REGION, minimumApprovals },
    grant: { ...grant, approvals },
    approvers: approvers.map(([who, role]) => ({
      role,
      person: who,
      managers: [],
      requestDigest: grant.requestDigest ?? '',
      stepUp: 'verified',
    })),
  });
}
const third = person('third', 'internal-audit');
/** Whose agreement a request takes, asked by itself. */
const routes = (facts: Partial<RequestFacts>) => (ruleSet: Parameters<RuleCase['decide']>[0]) => {
  const { grant, requester, recipient, ...others } = requestFacts(facts);
  return evaluate(ruleSet, {
    principal: personUid(requester.personId),
    act: 'route',
    resource: requestUid(grant),
    context: askingContext({ grant, requester, recipient, ...others }),
    entities: entitiesOf(grant, [requester, recipient], atOf(others)),
  });
};
const lockedOut: Person = { ...lawyer, lock: { sessionUntil: null, account: true } };
const tooFew: RuleCase[] = [
  refused('R11.provision', 'made ready in an approver’s name', releases('provision', {}, officer)),
  allowed(
    'T7',
    'the route of a request whose requester is locked out meanwhile',
    routes({ requester: lockedOut, recipient: lockedOut }),
    'infosec-director',
    'privacy-officer',
  ),
  allowed(
    'R11.provision',
    'two people in two roles',
    agreedBy(2, [director, 'infosec-director'], [officer, 'privacy-officer']),
  ),
  refused(
    'A1.too-few',
    'one person in two roles, wherever one is enough',
    agreedBy(1, [officer, 'infosec-director'], [officer, 'privacy-officer']),
  ),
  refused(
    'A1.too-few',
    'two people in one role, wherever one is enough',
    agreedBy(1, [director, 'privacy-officer'], [officer, 'privacy-officer']),
  ),
  refused(
    'A1.too-few',
    'two people in three roles, where three are asked for',
    agreedBy(3, [director, 'infosec-director'], [officer, 'privacy-officer'], [officer, 'internal-audit']),
  ),
  refused(
    'A1.too-few',
    'three people in two roles, where three are asked for',
    agreedBy(3, [director, 'infosec-director'], [officer, 'privacy-officer'], [third, 'privacy-officer']),
  ),
  refused(
    'A7.row',
    'the row was changed behind its digest, says the rulebook by itself',
    releases('provision', { grant: { ...approved(), opens: 20 } }),
    'A7.request',
  ),
  refused(
    'A7.scope',
    'a record is missing, says the rulebook by itself',
    releases('provision', { scopeDigestNow: digestOf('other') }),
  ),
  refused(
    'A7.request',
    'the request has no digest',
    releases('provision', { grant: approved({ requestDigest: null }) }),
    'A7.row',
  ),
];

const receivedByAnother = {
  recipient: secondLawyer,
  grant: checked({ recipient: secondLawyer.personId, route: ['legal', 'privacy-officer'] }),
};
const approving: RuleCase[] = [
  refused(
    'A1.enabled',
    'whoever gave the requester, who receives too, the role: said once',
    decides({ enabledBy: [officer.personId], recipientEnabledBy: [officer.personId] }),
  ),
  refused(
    'A1.subordinate-of-requester',
    'a subordinate of the requester, who receives too: said once',
    decides({ actorManagers: [lawyer.personId] }),
  ),
  refused(
    'A2.own-request',
    'the lawyer who is to receive it reviews it',
    decides({ ...receivedByAnother, actor: secondLawyer, role: 'legal' }),
    'A1.recipient',
  ),
  refused(
    'A2.own-request',
    'the lawyer who asked, where another receives it',
    decides({ ...receivedByAnother, actor: lawyer, role: 'legal' }),
    'A1.requester',
  ),
  refused(
    'A1.requester',
    'a lawyer who asked approves in another role, which is no review by legal',
    decides({
      ...receivedByAnother,
      requester: person('lawyer', 'legal', 'privacy-officer'),
      actor: person('lawyer', 'legal', 'privacy-officer'),
    }),
  ),
  refused(
    'A4',
    'nobody knows until when approvals were due',
    decides({ grant: checked({ deadline: null }) }),
  ),
  unpermitted(
    'A1.role-not-on-route',
    'an auditor, who is one',
    decides({ actor: person('a', 'auditor'), role: 'auditor' }),
  ),
  unpermitted(
    'A1.role-not-held',
    'an auditor as privacy officer',
    decides({ actor: person('a', 'auditor') }),
  ),
  unpermitted(
    'A1.role-not-on-route',
    'an auditor denies',
    decides({ actor: person('a', 'auditor'), role: 'auditor', decision: 'deny' }),
  ),
  unpermitted(
    'A1.role-not-held',
    'an auditor denies as privacy officer',
    decides({ actor: person('a', 'auditor'), decision: 'deny' }),
  ),
];

const redLines: RuleCase[] = [
  refused(
    'R3.unknown',
    'legal asks for a dispute that is not on file, and names no matter',
    asks({ grant: request({ matter: null, ticket: 'T-1' }), scope: scopeFacts({ disputeUnknown: true }) }),
    'T7.matter',
  ),
  refused(
    'R3.unknown',
    'a general manager asks for a dispute that is not on file, and names a matter',
    changed('gm', { matter: 'M-1' }, { scope: scopeFacts({ disputeUnknown: true }) }),
  ),
  allowed(
    'E1',
    'liaison asks for originals of a dispute that is not on file',
    changed('liaison', { masking: 'original' }, { scope: scopeFacts({ disputeUnknown: true }) }),
  ),
  refused(
    'R6.provider-subject',
    'about the system',
    writes('ask-provider', lawyer, { subjectKind: 'system' }),
  ),
  refused('R6.provider-subject', 'about nobody', writes('ask-provider', lawyer, { subjectKind: null })),
  refused(
    'T4.no-retrieval',
    'IT asks for system logs: the subject is no fault',
    asks(askedBy('it-ops', { subjectKind: 'system' })),
  ),
  refused(
    'T4.no-retrieval',
    'IT asks for system logs of work groups: the subject is no fault',
    asks(askedBy('it-ops', { subjectKind: 'system', platforms: ['workgroup'], categories: ['employee'] })),
  ),
  refused(
    'R6.platform',
    'an employee on no platform',
    asksFor({ subjectKind: 'employee', platforms: [], categories: ['employee'] }),
  ),
  refused(
    'R6.category',
    'an employee in no category',
    asksFor({ subjectKind: 'employee', platforms: ['workgroup'], categories: [] }),
  ),
  refused('R6.platform', 'a guest on no platform', asksFor({ platforms: [] })),
  refused('R6.category', 'a guest in no category', asksFor({ categories: [] })),
  allowed(
    'R6.work-groups',
    'a guest, in employees’ talk among others',
    asksFor({ categories: ['employee', 'enquiry'] }),
  ),
  allowed('R6.work-groups', 'a cohort of work groups', changed('trainer', { platforms: ['workgroup'] })),
  ...(['complaint', 'dispute', 'guest-request'] as const).map((purpose) =>
    allowed(
      'R8.basis',
      `consent was withdrawn, and the guest’s contract is the basis for ${purpose}`,
      byDirector({ basis: 'contract', purpose }, withoutConsent),
    ),
  ),
  ...(['training', 'safety', 'law-enforcement'] as const).map((purpose) =>
    refused(
      'R8.basis',
      `consent was withdrawn, and the guest’s contract is no basis for ${purpose}`,
      byDirector({ basis: 'contract', purpose }, withoutConsent),
    ),
  ),
  refused('R8.basis', 'a legal claim without a matter', byDirector({ basis: 'legal-claim' }, withoutConsent)),
  allowed(
    'R8.basis',
    'a legal claim with its matter',
    byDirector({ basis: 'legal-claim', matter: 'M-1' }, withoutConsent),
  ),
  allowed(
    'R8.basis',
    'an instrument obliges, whatever the purpose',
    asks({
      grant: request({ basis: 'legal-obligation', purpose: 'dispute', instrument: true }),
      ...onFile({ instrument: INSTRUMENT }),
      ...withoutConsent,
    }),
  ),
  allowed(
    'R8.basis',
    'somebody’s life is in danger',
    byDirector({ basis: 'vital-interest', purpose: 'safety' }, withoutConsent),
  ),
  refused(
    'R8.basis',
    'somebody’s life is no basis for a dispute',
    byDirector({ basis: 'vital-interest', purpose: 'dispute' }, withoutConsent),
  ),
  allowed(
    'R8.basis',
    'consent stands, and the basis is another',
    byDirector({ basis: 'vital-interest', purpose: 'dispute' }),
  ),
  refused(
    'R6.basis',
    'consent was withdrawn, and no basis is named',
    byDirector({ basis: null }, withoutConsent),
  ),
  refused(
    'R6.purpose',
    'consent was withdrawn, and no purpose is named',
    byDirector({ basis: 'contract', purpose: null }, withoutConsent),
  ),
  allowed(
    'T15.view',
    'an agent serves the guest of the own ticket, without consent',
    looks('agent', 'ticket', {
      ticket: { open: true, assigned: true, handedOver: false },
      found: { scope: scopeFacts({ withoutConsent: ['wecom'] }), span: null },
    }),
  ),
  allowed(
    'R9.session',
    'what somebody approved whose session is locked since',
    provisions({
      approvers: provisionFacts().approvers.map((each) => ({
        ...each,
        person: each.person && locked(each.person),
      })),
    }),
  ),
  allowed(
    'A9',
    'two guests are asked for by somebody whose session is locked since: the route is the same',
    asks({
      ...requestFacts({ scope: scopeFacts({ guests: 2, disputeOrMajorComplaint: true }) }),
      requester: locked(lawyer),
      recipient: locked(lawyer),
    }),
    'infosec-director',
    'legal',
    'privacy-officer',
  ),
  refused(
    'R11.provider-scope',
    'a second hotel than was approved',
    writes('ask-provider', lawyer, {}, { hotels: ['SHA01', 'HGH02'] }),
  ),
  unpermitted('R13.recipient', 'another lawyer opens', opens({ actor: secondLawyer })),
  refused('R11.window', 'a grant is open and has no end', opens({ grant: opened({ windowEnds: null }) })),
  refused(
    'R11.window',
    'a closed grant is opened after its window',
    opens({ now: new Date('2026-06-18T10:00:00.000Z'), grant: opened({ state: 'closed' }) }),
    'R11.not-open',
  ),
  ...[lawyer, secondLawyer].flatMap((party): RuleCase[] => {
    const grant = opened({ opened: 1, recipient: secondLawyer.personId });
    const prints = (actor: Person) => (ruleSet: Parameters<RuleCase['decide']>[0]) =>
      decidePrint(ruleSet, { now: NOON, region: REGION, grant, actor, act: 'end-print' });
    return [
      allowed(
        'R11.close',
        `${party.personId}, a party of two`,
        ends({ grant, ending: 'close', actor: party }),
      ),
      allowed('R13.print-ends', `${party.personId}, a party of two`, prints(party)),
      refused('R13.print-ends-by-other', `${party.personId}, a party of two, who left`, prints(left(party))),
    ];
  }),
  allowed(
    'R12.eu',
    'a court of the country',
    changed('liaison', {}, { region: { ...REGION, jurisdiction: 'EU' } }),
  ),
  allowed('R12.china', 'no instrument at all', asks({ region: { ...REGION, jurisdiction: 'EU' } })),
];

const REACHING: Partial<Record<Role, string>> = {
  'infosec-director': 'T3',
  legal: 'T7',
  ...Object.fromEntries(
    Object.keys(ASKED).map((role) => [role, ROLES[factsOf(role).grant.requesterRole].rule]),
  ),
};
function factsOf(role: string): Partial<RequestFacts> & { grant: AccessGrant } {
  const known = ASKED[role] ?? {};
  return { ...known, grant: known.grant ?? request() };
}
const reach = ROLE_NAMES.flatMap((role): RuleCase[] => {
  const rule = REACHING[role];
  if (rule === undefined || role === 'liaison') return [];
  const another = person('another', role);
  return [
    allowed(
      rule,
      `${role} asks, and another ${role} receives it`,
      role === 'legal' || role === 'infosec-director'
        ? asks(askedBy(role, { ticket: 'T-1', recipient: another.personId }, { recipient: another }))
        : changed(role, { recipient: another.personId }, { recipient: another }),
    ),
    unpermitted(
      `${rule}.role-not-held`,
      `somebody asks as ${role} who is none`,
      changed(role, {}, { requester: { ...(factsOf(role).requester ?? person('asker')), roles: [] } }),
    ),
  ];
});

const COMPLAINT = { open: true, major: false, hotels: ['SHA01'] };
const OFFICERS = ['department-head', 'privacy-officer'] as const;
const hours = (['supervisor', 'duty-manager'] as const).flatMap((role): RuleCase[] => {
  const back = (from: string, facts: Partial<RequestFacts>, grant: Partial<AccessGrant> = {}) =>
    changed(role, { from, to: '2026-06-15T08:00:00.000Z', ...grant }, facts);
  const named = onFile({ complaint: COMPLAINT });
  const theirs = { ...named, scope: scopeFacts({ ofNamedComplaint: true }) };
  const others = { ...named, scope: scopeFacts({ ofNamedComplaint: false }) };
  return [
    allowed(
      'A2.complaint',
      `${role}, a millisecond beyond 72 hours`,
      back('2026-06-12T07:59:59.999Z', theirs),
      ...OFFICERS,
      'legal',
    ),
    allowed(
      'T2.window',
      `${role}, 72 hours to the millisecond: no review`,
      back('2026-06-12T08:00:00.000Z', theirs),
      ...OFFICERS,
    ),
    refused(
      'T2.window',
      `${role}, a millisecond beyond 72 hours without a complaint`,
      back('2026-06-12T07:59:59.999Z', {}),
    ),
    allowed(
      'T2.window',
      `${role}, seven days to the millisecond`,
      back('2026-06-08T08:00:00.000Z', theirs),
      ...OFFICERS,
      'legal',
    ),
    refused(
      'T2.window',
      `${role}, a millisecond beyond seven days`,
      back('2026-06-08T07:59:59.999Z', theirs),
    ),
    allowed(
      'T2.complaint',
      `${role}, 72 hours to the millisecond, of somebody else`,
      back('2026-06-12T08:00:00.000Z', others),
      ...OFFICERS,
    ),
    refused(
      'T2.complaint',
      `${role}, a millisecond beyond 72 hours, of somebody else`,
      back('2026-06-12T07:59:59.999Z', others),
    ),
    refused(
      'T2.window',
      `${role}, for a complaint of one of two hotels`,
      back('2026-06-09T08:00:00.000Z', theirs, { hotels: ['SHA01', 'HGH02'] }),
      'T2.own-hotel',
    ),
    refused('R6.time-range', `${role} says no beginning`, changed(role, { from: null }, theirs)),
  ];
});
const others: RuleCase[] = [
  allowed(
    'T5',
    'a general manager reaches back, whomever the complaint named is about',
    changed(
      'gm',
      {},
      { ...onFile({ complaint: COMPLAINT }), scope: scopeFacts({ ofNamedComplaint: false }) },
    ),
    'internal-audit',
    'privacy-officer',
  ),
  ...(['validFrom', 'validUntil'] as const).map((end) =>
    allowed(
      'T7',
      `legal cites an instrument that is out of its time: ${end}`,
      asks({
        grant: request({ instrument: true }),
        ...onFile({
          instrument: {
            ...INSTRUMENT,
            [end]: new Date(end === 'validFrom' ? '2026-07-01T00:00:00Z' : '2026-01-02T00:00:00Z'),
          },
        }),
      }),
    ),
  ),
  allowed(
    'T7',
    'legal cites an instrument of other records, and of other officers',
    asks({
      grant: request({ instrument: true }),
      ...onFile({ instrument: { ...INSTRUMENT, covers: false, officer: false } }),
    }),
  ),
  allowed(
    'T5',
    'a general manager names an agreement that is over and of other records',
    changed(
      'gm',
      { agreement: 'AG-1' },
      onFile({ agreement: { validFrom: NOON, validUntil: NOON, covers: false } }),
    ),
  ),
  allowed(
    'T5',
    'a general manager names an incident that is long over',
    changed(
      'gm',
      { ticket: 'I-7' },
      onFile({ incident: { open: false, hotels: [], from: new Date(0), to: new Date(0) } }),
    ),
  ),
  allowed(
    'T5',
    'a general manager names a matter that is closed',
    changed('gm', {}, onFile({ matter: { open: false } })),
  ),
];

const TIERS = [
  ['T1.view', 'front-desk', 'guest'],
  ['T2.view', 'supervisor', 'aggregates'],
  ['T4.view', 'it-ops', 'system'],
  ['T6.view', 'account-manager', 'guest'],
  ['T10.view', 'trainee', 'simulated'],
  ['T10.view-shared', 'trainee', 'shared'],
  ['T15.view', 'agent', 'ticket'],
] as const;
const TICKET = { open: true, assigned: true, handedOver: true };
const counts = (...categories: string[]) =>
  looks('supervisor', 'aggregates', { found: { scope: scopeFacts({ categories }), span: null } });
const views: RuleCase[] = [
  ...TIERS.map(([permit, role, kind]) =>
    refused(
      permit,
      `somebody looks as ${role} who is none`,
      looks(role, kind, { ticket: TICKET, mentor: { own: true, open: true } }, { roles: [] }),
    ),
  ),
  allowed(
    'T2.view',
    'a supervisor counts ratings and abnormal tickets',
    counts('service-rating', 'abnormal-ticket'),
  ),
  refused(
    'T2.view-aggregates',
    'a supervisor counts complaints among ratings',
    counts('service-rating', 'complaint'),
  ),
  allowed(
    'T10.view',
    'a trainee abroad looks at simulations',
    looks('trainee', 'simulated', {}, { jurisdiction: 'SG' }),
  ),
];

const agreedByTwo = (scope: Parameters<typeof scopeFacts>[0]): RuleCase['decide'] => {
  const parties = {
    requester: director.personId,
    recipient: director.personId,
    requesterRole: 'infosec-director' as const,
  };
  const grant = approved({
    ...parties,
    necessity: 'sealed',
    impactAssessment: 'P-1',
    route: ['legal', 'privacy-officer'],
  });
  const both = {
    ...grant,
    approvals: [approval(grant, secondLawyer, 'legal'), approval(grant, officer, 'privacy-officer')],
  };
  return provisions({
    ...provisionFacts({ grant: both }),
    requester: director,
    recipient: director,
    scope: scopeFacts(scope),
  });
};
const route: RuleCase[] = [
  ...[lawyer, secondLawyer].map((party) =>
    allowed(
      'T18',
      `${party.personId}, a party of two`,
      sees(party, checked({ recipient: secondLawyer.personId })),
    ),
  ),
  allowed(
    'A3',
    'a hotel of another region too',
    asksFor({ hotels: ['SHA01', 'FRA01'] }),
    'hq-approver',
    'infosec-director',
    'privacy-officer',
  ),
  refused(
    'A3.provider',
    'for hotels of this region and another',
    writes('ask-provider', lawyer, { hotels: ['SHA01', 'FRA01'] }, { hotels: ['SHA01', 'FRA01'] }),
  ),
  allowed(
    'A9.not-agreed',
    'two guests, and the infosec director agreed',
    provisions({ scope: scopeFacts({ guests: 2 }) }),
  ),
  allowed(
    'E1',
    'originals, whoever asks for them',
    routes({ grant: request({ masking: 'original' }), requester: { ...lawyer, roles: [] } }),
    'infosec-director',
    'legal',
    'privacy-officer',
  ),
  allowed('A9.not-agreed', 'forty-nine sensitive records', agreedByTwo({ sensitive: 49 })),
  refused('A9.not-agreed', 'fifty sensitive records', agreedByTwo({ sensitive: 50 }), 'A1.route-incomplete'),
  allowed(
    'A9',
    'fifty sensitive records of one guest',
    changed('gm', { necessity: 'sealed', impactAssessment: 'P-1' }, { scope: scopeFacts({ sensitive: 50 }) }),
    'infosec-director',
    'internal-audit',
    'privacy-officer',
  ),
  allowed(
    'T5',
    'forty-nine sensitive records of one guest',
    changed('gm', { necessity: 'sealed', impactAssessment: 'P-1' }, { scope: scopeFacts({ sensitive: 49 }) }),
    'internal-audit',
    'privacy-officer',
  ),
  allowed(
    'A9',
    'two guests, none of the records sensitive',
    changed('gm', {}, { scope: scopeFacts({ guests: 2 }) }),
    'infosec-director',
    'internal-audit',
    'privacy-officer',
  ),
  allowed(
    'T5',
    'nothing was searched yet',
    changed('gm', {}, { scope: null }),
    'internal-audit',
    'privacy-officer',
  ),
  allowed(
    'A2',
    'a dispute is in scope of a general manager',
    changed('gm', {}, { scope: scopeFacts({ disputeOrMajorComplaint: true }) }),
    'internal-audit',
    'legal',
    'privacy-officer',
  ),
  allowed(
    'E1',
    'legal asks for originals',
    asks({ grant: request({ masking: 'original' }), ...onFile({ matter: { open: true } }) }),
    'infosec-director',
    'legal',
    'privacy-officer',
  ),
];

const SHIFT = { from: new Date('2026-06-15T02:00:00.000Z'), to: new Date('2026-06-15T22:00:00.000Z') };
const TODAY = { from: new Date('2026-06-14T20:00:00.000Z'), to: new Date('2026-06-15T20:00:00.000Z') };
const NIGHT = { from: new Date('2026-06-14T14:00:00.000Z'), to: new Date('2026-06-15T14:00:00.000Z') };
/** The first and the last record that the front desk finds; in the business day from 20:00 to 20:00, on this shift. */
const spans = (from: string, to: string, shift: { from: Date; to: Date } | null) =>
  looks('front-desk', 'guest', {
    shift,
    businessDay: TODAY,
    found: { scope: scopeFacts(), span: { from: new Date(from), to: new Date(to) } },
  });
const DAY_STARTS = '2026-06-14T20:00:00.000Z';
const DAY_ENDS = '2026-06-15T20:00:00.000Z';
const window: RuleCase[] = [
  allowed('T1.view', 'off shift, the whole business day', spans(DAY_STARTS, DAY_ENDS, null)),
  refused(
    'T1.view-window',
    'off shift, a millisecond before the day',
    spans('2026-06-14T19:59:59.999Z', DAY_ENDS, null),
  ),
  refused(
    'T1.view-window',
    'off shift, a millisecond after the day',
    spans(DAY_STARTS, '2026-06-15T20:00:00.001Z', null),
  ),
  allowed(
    'T1.view',
    'from the beginning of the night shift',
    spans('2026-06-14T14:00:00.000Z', DAY_ENDS, NIGHT),
  ),
  refused(
    'T1.view-window',
    'a millisecond before the night shift',
    spans('2026-06-14T13:59:59.999Z', DAY_ENDS, NIGHT),
  ),
  refused(
    'T1.view-window',
    'after the day, on the night shift that is over by then',
    spans(DAY_STARTS, '2026-06-15T20:00:00.001Z', NIGHT),
  ),
  allowed('T1.view', 'to the end of the late shift', spans(DAY_STARTS, '2026-06-15T22:00:00.000Z', SHIFT)),
  refused(
    'T1.view-window',
    'a millisecond after the late shift',
    spans(DAY_STARTS, '2026-06-15T22:00:00.001Z', SHIFT),
  ),
  refused(
    'T1.view-window',
    'before the day, on the late shift that begins later',
    spans('2026-06-14T19:59:59.999Z', DAY_ENDS, SHIFT),
  ),
  allowed(
    'T1.view',
    'a ticket that was handed over, with records of last week',
    looks('front-desk', 'ticket', {
      ticket: { open: true, assigned: false, handedOver: true },
      found: {
        scope: scopeFacts(),
        span: { from: new Date('2026-06-08T00:00:00Z'), to: new Date('2026-06-08T01:00:00Z') },
      },
    }),
  ),
  allowed(
    'T15.view',
    'an agent of one’s own open ticket, that nobody handed over',
    looks('agent', 'ticket', { ticket: { open: true, assigned: true, handedOver: false } }),
  ),
];

const securityAt = (grant: Partial<AccessGrant>, facts: Partial<RequestFacts> = {}) =>
  changed('security', grant, { scope: null, ...facts });
const incident = {
  open: true,
  hotels: ['SHA01'],
  from: new Date('2026-06-10T10:00:00Z'),
  to: new Date('2026-06-10T12:00:00Z'),
};
const AT_NOON = { validFrom: NOON, validUntil: new Date('2026-12-31T00:00:00Z') };
const atEdges: RuleCase[] = [
  refused(
    'T16.categories',
    'security finds enquiries among key-card records',
    securityAt({}, { scope: scopeFacts({ categories: ['key-card', 'enquiry'] }) }),
  ),
  allowed(
    'T16',
    'security finds key-card and CCTV records',
    securityAt({}, { scope: scopeFacts({ categories: ['key-card', 'cctv'] }) }),
  ),
  allowed('T16', 'security asks for CCTV alone', securityAt({ categories: ['cctv'] })),
  refused(
    'T16.incident',
    'the incident was at one of two hotels',
    securityAt({ hotels: ['SHA01', 'HGH02'] }),
  ),
  allowed(
    'T16.window',
    'from a day before it began to a day after it ended',
    securityAt({ from: '2026-06-09T10:00:00.000Z', to: '2026-06-11T12:00:00.000Z' }, onFile({ incident })),
  ),
  refused(
    'T16.window',
    'a millisecond more than a day before it began',
    securityAt({ from: '2026-06-09T09:59:59.999Z', to: '2026-06-11T12:00:00.000Z' }, onFile({ incident })),
  ),
  refused(
    'T16.window',
    'a millisecond more than a day after it ended',
    securityAt({ from: '2026-06-09T10:00:00.000Z', to: '2026-06-11T12:00:00.001Z' }, onFile({ incident })),
  ),
  refused('R6.time-range', 'security says no end', securityAt({ to: null })),
  allowed(
    'T12.validity',
    'an instrument from this moment',
    changed('liaison', {}, onFile({ instrument: { ...INSTRUMENT, ...AT_NOON } })),
  ),
  refused(
    'T12.validity',
    'an instrument until this moment',
    changed('liaison', {}, onFile({ instrument: { ...INSTRUMENT, validUntil: NOON } })),
  ),
  allowed(
    'T13.validity',
    'an agreement from this moment',
    changed('partner', {}, onFile({ agreement: { ...AT_NOON, covers: true } })),
  ),
  refused(
    'T13.validity',
    'an agreement until this moment',
    changed('partner', {}, onFile({ agreement: { validFrom: new Date(0), validUntil: NOON, covers: true } })),
  ),
  refused(
    'T5.own-hotel',
    'a general manager asks for a second hotel',
    changed('gm', { hotels: ['SHA01', 'HGH02'] }),
  ),
  allowed(
    'T11.department',
    'a conversation of the former department and another',
    changed('seconded', {}, { scope: scopeFacts({ departments: ['spa', 'banquets'] }) }),
  ),
  allowed(
    'T11.department',
    'lent to two departments in turn, a conversation of one',
    changed(
      'seconded',
      {},
      {
        requester: {
          ...(factsOf('seconded').requester ?? lawyer),
          secondments: ['banquets', 'spa'].map((department) => ({
            department,
            hotel: 'SHA01',
            from: '2026-05-01T00:00:00.000Z',
            to: '2026-05-31T00:00:00.000Z',
          })),
        },
        scope: scopeFacts({ departments: ['banquets'] }),
      },
    ),
  ),
  ...(['supervisor', 'seconded'] as const).map((role) => {
    const lent = { ...person('asker', role), secondments: factsOf('seconded').requester?.secondments ?? [] };
    const grant = checked({
      requester: lent.personId,
      recipient: lent.personId,
      requesterRole: role,
      route: [...OFFICERS],
    });
    return role === 'supervisor'
      ? allowed(
          'A1',
          'a department head of any department, where nobody was lent',
          decides({
            grant,
            requester: lent,
            recipient: lent,
            actor: { ...person('head', 'department-head'), department: 'spa' },
            role: 'department-head',
          }),
        )
      : allowed(
          'A1',
          'the privacy officer of another department, where somebody was lent',
          decides({ grant, requester: lent, recipient: lent, actor: { ...officer, department: 'spa' } }),
        );
  }),
  unpermitted(
    'T7.matter',
    'legal names a ticket for what is not its matter, which is closed',
    asks({ grant: request({ matter: null, ticket: 'T-1' }), ...onFile({ matter: { open: false } }) }),
    'T7.matter-closed',
  ),
];

const ORIGINAL = { masking: 'original' } as const;
const originals = (instrument: Partial<typeof INSTRUMENT>, more: Partial<RequestFacts['cases']> = {}) =>
  asks({ grant: request(ORIGINAL), ...onFile({ instrument: { ...INSTRUMENT, ...instrument }, ...more }) });
const production: RuleCase[] = [
  allowed('E1.instrument', 'an instrument from this moment', originals(AT_NOON)),
  refused(
    'E1.instrument',
    'an instrument from a millisecond later',
    originals({ validFrom: new Date(NOON.getTime() + 1) }),
  ),
  refused('E1.instrument', 'an instrument until this moment', originals({ validUntil: NOON })),
  refused('E1.instrument', 'an instrument of other records', originals({ covers: false })),
  allowed(
    'E1.instrument',
    'an instrument that is over, beside a filed matter',
    originals({ validUntil: NOON, covers: false }, { matter: { open: true } }),
  ),
  refused(
    'E1.instrument',
    'an instrument that is over, beside a matter that is closed',
    originals({ validUntil: NOON }, { matter: { open: false } }),
    'T7.matter-closed',
  ),
  allowed(
    'E1.basis',
    'originals on a legal obligation',
    asks({
      grant: request({ ...ORIGINAL, basis: 'legal-obligation' }),
      ...onFile({ matter: { open: true } }),
    }),
  ),
  refused(
    'R6.basis',
    'originals on no basis',
    asks({ grant: request({ ...ORIGINAL, basis: null }), ...onFile({ matter: { open: true } }) }),
  ),
  allowed(
    'T7',
    'an instrument of other records, for masked ones',
    asks(onFile({ instrument: { ...INSTRUMENT, covers: false } })),
  ),
  refused(
    'E1.three',
    'two people in three roles approved originals',
    agreedOn(ORIGINAL, 2, [director, 'infosec-director'], [officer, 'privacy-officer'], [officer, 'legal']),
    'E1.not-built',
  ),
  refused(
    'E1.three',
    'three people in two roles approved originals',
    agreedOn(
      ORIGINAL,
      2,
      [director, 'infosec-director'],
      [officer, 'privacy-officer'],
      [third, 'privacy-officer'],
    ),
    'E1.not-built',
  ),
  refused(
    'E1.not-built',
    'three people in three roles approved originals',
    agreedOn(
      ORIGINAL,
      2,
      [director, 'infosec-director'],
      [officer, 'privacy-officer'],
      [secondLawyer, 'legal'],
    ),
  ),
  refused(
    'L1.permission',
    'two approved, and the row says no route',
    agreedOn({ route: [] }, 2, [director, 'infosec-director'], [officer, 'privacy-officer']),
  ),
];

const PARTIES = [person('asker', 'gm'), person('receiver', 'gm')] as const;
const letters = PARTIES.flatMap((party): RuleCase[] => {
  const grant = { requester: PARTIES[0].personId, recipient: PARTIES[1].personId };
  return [
    ...(['ask-provider', 'settle-provider-request'] as const).flatMap((act) => [
      allowed('L8.provider', `${party.personId}, a party of two: ${act}`, writes(act, party, grant)),
      refused(
        'L8.provider-other',
        `${party.personId}, a party who left: ${act}`,
        writes(act, left(party), grant),
      ),
    ]),
    allowed(
      'L8.provider-see',
      `${party.personId}, a party of two`,
      writes('see-provider-requests', party, grant),
    ),
    refused(
      'L8.provider-not-to-see',
      `${party.personId}, a party who left`,
      writes('see-provider-requests', left(party), grant),
    ),
  ];
});

/** One hat at a time: what the other role of the same person may is nothing to it. */
const hats: RuleCase[] = [
  ...TIERS.map(([, role, kind]) =>
    unpermitted(
      'T5.no-view',
      `a general manager who is ${role} too looks as the former: ${kind}`,
      looks(
        'gm',
        kind,
        { ticket: TICKET, mentor: { own: true, open: true } },
        { roles: person('viewer', 'gm', role).roles },
      ),
      ...(kind === 'shared' ? ['T10.view-mentor'] : []),
    ),
  ),
  ...(['liaison', 'partner', 'duty-manager'] as const).map((role) => {
    const both = person('asker', 'gm', role);
    const everything = onFile({ instrument: INSTRUMENT, agreement: { ...AT_NOON, covers: true } });
    return allowed(
      'T5',
      `a general manager who is ${role} too, with all on file that the latter would need`,
      changed('gm', {}, { requester: both, recipient: both, standing: { shift: SHIFT }, ...everything }),
      'internal-audit',
      'privacy-officer',
    );
  }),
];

const STATED = { necessity: 'sealed', impactAssessment: 'PIA-3' };
const DOORS = { categories: ['stay', 'key-card'] } satisfies Partial<AccessGrant>;
const consented = { ...STATED, basis: 'consent' } satisfies Partial<AccessGrant>;
const sensitive: RuleCase[] = [
  refused(
    'R14.assessment',
    'sensitive records alone, before the search',
    asks({ grant: request({ ...DOORS, necessity: 'sealed' }), scope: null }),
  ),
  allowed(
    'R14.assessment',
    'the same, and an assessment on file covers it',
    asks({ grant: request({ ...DOORS, necessity: 'sealed' }), scope: null, ...onFile({ assessment: true }) }),
  ),
  allowed(
    'R14.assessment',
    'the same, and an assessment is named',
    asks({ grant: request({ ...DOORS, ...STATED }), scope: null }),
  ),
  refused(
    'R14.necessity',
    'neither is stated of one sensitive record',
    asks({ scope: scopeFacts({ sensitive: 1 }) }),
    'R14.assessment',
  ),
  allowed(
    'R14.separate-consent',
    'nothing sensitive was found',
    asks({ grant: request(consented), scope: scopeFacts({ withoutSeparateConsent: true }) }),
  ),
  allowed(
    'R14.separate-consent',
    'separate consent stands',
    asks({ grant: request(consented), scope: scopeFacts({ sensitive: 1 }) }),
  ),
  refused(
    'R6.basis',
    'no basis for sensitive records',
    asks({
      grant: request({ ...STATED, basis: null }),
      scope: scopeFacts({ sensitive: 1, withoutSeparateConsent: true }),
    }),
  ),
  ...(['sales', 'trainer', 'analyst', 'marketing'] as const).map((role) =>
    refused(
      'R14.never',
      `${role} asks for stays, before the search`,
      changed(role, { ...STATED, categories: ['stay'] }, { scope: null }),
      ...(role === 'sales' ? ['T8.enquiries-only'] : []),
    ),
  ),
];

export const CONDITION_CASES: readonly RuleCase[] = [
  ...tooFew,
  ...approving,
  ...redLines,
  ...reach,
  ...hours,
  ...others,
  ...views,
  ...route,
  ...window,
  ...atEdges,
  ...production,
  ...letters,
  ...hats,
  ...sensitive,
];
