import type { AccessGrant } from '../../../../shared/domain/access-grant.ts';
import { digestOf } from '../../../../shared/domain/digest.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import type { Role } from '../../../../shared/domain/roles.ts';
import {
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
  (act: 'provision' | 'open', changes: Partial<ProvisionFacts> = {}) =>
  (ruleSet: Parameters<RuleCase['decide']>[0]) => {
    const facts = provisionFacts(changes);
    const standing = standingApprovals(facts);
    const people = [facts.requester, facts.recipient, ...standing.map((one) => one.person)];
    return evaluate(ruleSet, {
      principal: personUid(facts.requester.personId),
      act,
      resource: requestUid(facts.grant),
      context: releasingContext({ ...facts, stepUp: 'verified' }, standing, facts.grant.route),
      entities: entitiesOf(facts.grant, people, atOf(facts)),
    });
  };
/** As many people and roles as are named approved; in a region that asks for so many. */
function agreedBy(minimumApprovals: number, ...approvers: [Person, Role][]): RuleCase['decide'] {
  const grant = approved({ route: [...new Set(approvers.map(([, role]) => role))] });
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
const tooFew: RuleCase[] = [
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
    'the row was changed behind its digest',
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

export const CONDITION_CASES: readonly RuleCase[] = [...tooFew, ...approving, ...redLines];
