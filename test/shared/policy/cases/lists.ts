import type { AccessGrant } from '../../../../shared/domain/access-grant.ts';
import { CASE_KINDS, type CaseKind } from '../../../../shared/domain/case.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import { REQUEST_STATES, type RequestState } from '../../../../shared/domain/request-states.ts';
import { ROLE_NAMES, ROLES, type Role } from '../../../../shared/domain/roles.ts';
import { decideDevice } from '../../../../shared/policy/decide-device.ts';
import { decideDuty } from '../../../../shared/policy/decide-duty.ts';
import { decideEmergency, decideEmergencyOpening } from '../../../../shared/policy/decide-emergency.ts';
import { decidePrint } from '../../../../shared/policy/decide-print.ts';
import { decideReadingFreeText } from '../../../../shared/policy/decide-reading-free-text.ts';
import { decideUnlocking } from '../../../../shared/policy/decide-unlocking.ts';
import {
  type DeviceAct,
  type Duty,
  NO_CASES,
  type RequestFacts,
  VIEW_KINDS,
  type ViewKind,
} from '../../../../shared/policy/facts.ts';
import type { RuleSet } from '../../../../shared/policy/rule-set.ts';
import {
  allowed,
  asks,
  does,
  ends,
  type RuleCase,
  refused,
  sees,
  unpermitted,
  writes,
} from '../case-builders.ts';
import {
  approvalFacts,
  checked,
  clerk,
  lawyer,
  NOON,
  opened,
  person,
  REGION,
  request,
  scopeFacts,
} from '../staff.ts';
import { asked, emergencyFacts, waiting } from './break-glass.ts';
import { ASKED, INSTRUMENT } from './reach.ts';
import { looks } from './views.ts';

/**
 * Lists of roles, kinds and states: each member of a list is let in, and everybody and everything that isn't in it is
 * kept out. Written down from the rulebook, never read from the policies.
 */

/** Who may: by role, the policy that lets it in; and the policy that turns away every other role. */
type Listed = {
  what: string;
  may: Partial<Record<Role, string>>;
  refusedBy: string;
  /** Policies that turn this role away beside it. */
  and?: (role: Role) => string[];
  /** Only the policy that refuses names the list, and a permit none. */
  isInRefusalAlone?: boolean;
  decide: (actor: Person, role: Role) => RuleCase['decide'];
};

const as = (policy: string, ...roles: Role[]): Partial<Record<Role, string>> =>
  Object.fromEntries(roles.map((role) => [role, policy]));

function everyRole({
  what,
  may,
  refusedBy,
  and = () => [],
  isInRefusalAlone = false,
  decide,
}: Listed): RuleCase[] {
  const turnsAway = isInRefusalAlone ? refused : unpermitted;
  return ROLE_NAMES.map((role) => {
    const by = may[role];
    const decided = decide(person('somebody', role), role);
    return by === undefined
      ? turnsAway(refusedBy, `${role} ${what}`, decided, ...and(role))
      : allowed(by, `${role} ${what}`, decided);
  });
}

const AUDITING = ['internal-audit', 'auditor'] as const;
const METADATA = ['department-head', 'privacy-officer', 'hq-approver', ...AUDITING] as const;

const duties = (
  [
    ['place-hold', as('D3', 'legal'), 'D3.not-legal'],
    ['release-hold', as('D3', 'legal'), 'D3.not-legal'],
    ['see-holds', as('D3.see', 'legal', 'privacy-officer', ...AUDITING), 'D3.not-to-see'],
    ['run-retention', as('D4', 'privacy-officer'), 'D4.not-responsible'],
    [
      'see-certificates',
      { ...as('D4', 'privacy-officer'), ...as('D4.see', 'legal', ...AUDITING) },
      'D4.not-to-see',
    ],
    ['authorise-collection', as('R7.basis', 'privacy-officer'), 'R7.not-responsible'],
    ['record-consent', as('R8.record', 'privacy-officer'), 'R8.not-responsible'],
    ['see-consents', as('R8.see', 'privacy-officer', 'legal', ...AUDITING), 'R8.not-to-see'],
    ['unlink-identifiers', as('T14.separate', 'privacy-officer'), 'T14.not-to-separate'],
    [
      'keep-directory',
      as('T18.keep-directory', 'infosec-director', 'hq-approver'),
      'T18.not-keeping-directory',
    ],
    [
      'confirm-directory-change',
      as('T18.confirm-directory-change', 'infosec-director', 'hq-approver', 'privacy-officer'),
      'T18.not-confirming-directory-change',
    ],
    [
      'see-directory',
      as('T18.see-directory', 'infosec-director', 'hq-approver', 'privacy-officer', ...AUDITING),
      'T18.not-to-see-directory',
    ],
  ] as const satisfies [Duty, Partial<Record<Role, string>>, string][]
).flatMap(([duty, may, refusedBy]) =>
  everyRole({ what: `has the duty ${duty}`, may, refusedBy, decide: (actor) => does(duty, actor) }),
);

/** Kinds of cases that a role keeps, confirms or sees; legal, and the rest below, those of every kind. */
const OF_HOTELS: readonly CaseKind[] = ['complaint', 'plan', 'dispute', 'incident', 'ticket'];
const OF_SHIFTS: readonly CaseKind[] = ['complaint', 'incident', 'ticket'];
const PAPERS: readonly CaseKind[] = ['instrument', 'agreement', 'transfer', 'assessment'];
const either = (on: boolean, policy: string, ...roles: Role[]) => (on ? as(policy, ...roles) : {});
const cases = CASE_KINDS.flatMap((kind): RuleCase[] => {
  const about = (duty: Duty) => (actor: Person) => (ruleSet: RuleSet) =>
    decideDuty(ruleSet, { now: NOON, region: REGION, actor, duty, hotels: ['SHA01'], caseKind: kind });
  const heads = either(OF_HOTELS.includes(kind), 'R3.department-head-keeps-cases', 'department-head');
  const shifts = either(OF_SHIFTS.includes(kind), 'T2.keeps-cases', 'supervisor', 'duty-manager');
  const guards = either(kind === 'incident', 'T16.keeps-incidents', 'security');
  const managers = either(kind === 'incident', 'T16.confirms-incidents', 'gm');
  const handOver = either(kind === 'ticket', 'T17.confirms-hand-over', 'supervisor', 'duty-manager');
  const officers = either(PAPERS.includes(kind), 'R14.keeps-cases', 'privacy-officer');
  const lawyers = as('T7.keeps-cases', 'legal');
  return [
    ...everyRole({
      what: `files a case: ${kind}`,
      may: { ...lawyers, ...officers, ...heads, ...shifts, ...guards },
      refusedBy: 'R6.not-to-keep-cases',
      decide: about('keep-cases'),
    }),
    ...everyRole({
      what: `confirms a change of a case: ${kind}`,
      may: {
        ...lawyers,
        ...as('A1.privacy-officer-confirms', 'privacy-officer'),
        ...heads,
        ...handOver,
        ...managers,
      },
      refusedBy: 'A1.not-to-confirm-cases',
      decide: about('confirm-case-change'),
    }),
    ...everyRole({
      what: `sees the cases: ${kind}`,
      may: {
        ...lawyers,
        ...as('T18.sees-cases', 'privacy-officer', ...AUDITING),
        ...heads,
        ...shifts,
        ...guards,
        ...managers,
      },
      refusedBy: 'T18.not-to-see-cases',
      decide: about('see-cases'),
    }),
  ];
});

const ofClerks = (act: DeviceAct) => (actor: Person) => (ruleSet: RuleSet) =>
  decideDevice(ruleSet, { now: NOON, region: REGION, actor, owner: clerk, act });
const devices: RuleCase[] = [
  ...everyRole({
    what: 'confirms somebody’s device',
    may: as('A6.confirm', 'infosec-director', 'gm'),
    refusedBy: 'A6.not-to-confirm',
    decide: ofClerks('confirm-device'),
  }),
  ...everyRole({
    what: 'revokes somebody’s device',
    may: as('R5.revoke', 'infosec-director'),
    refusedBy: 'R5.not-to-revoke',
    decide: ofClerks('revoke-device'),
  }),
  ...everyRole({
    what: 'sees somebody’s devices',
    may: as('R5.see', 'infosec-director', 'privacy-officer', ...AUDITING),
    refusedBy: 'R5.not-to-see',
    decide: ofClerks('see-devices'),
  }),
  ...everyRole({
    what: 'unlocks somebody’s account',
    may: as('R9.unlock', 'infosec-director'),
    refusedBy: 'R9.not-to-unlock',
    decide: (actor) => (ruleSet) =>
      decideUnlocking(ruleSet, { now: NOON, region: REGION, actor, locked: clerk, stepUp: 'verified' }),
  }),
];

/** On whose route stand two roles that no list names: whoever is let in besides is so by the list. */
const ROUTED = { route: ['gm', 'security'] } satisfies Partial<AccessGrant>;
const requests: RuleCase[] = [
  ...everyRole({
    what: 'sees the metadata of another’s request',
    may: as('T18', ...METADATA, ...ROUTED.route),
    refusedBy: 'T18.no-part',
    decide: (actor) => sees(actor, checked(ROUTED)),
  }),
  ...everyRole({
    what: 'reads the remarks of another’s request',
    may: as('T18.free-text', ...ROUTED.route),
    refusedBy: 'T18.no-free-text',
    decide: (actor) => (ruleSet) =>
      decideReadingFreeText(ruleSet, { region: REGION, grant: checked(ROUTED), actor }),
  }),
  ...everyRole({
    what: 'withdraws another’s request',
    may: {},
    refusedBy: 'R11.withdraw-by-other',
    decide: (actor) => ends({ grant: checked(ROUTED), actor }),
  }),
  ...everyRole({
    what: 'closes another’s grant',
    may: {},
    refusedBy: 'R11.close-by-other',
    decide: (actor) => ends({ grant: opened(ROUTED), actor, ending: 'close' }),
  }),
  ...everyRole({
    what: 'revokes another’s grant',
    may: as('R11.revoke', 'privacy-officer', 'infosec-director', 'internal-audit', ...ROUTED.route),
    refusedBy: 'R11.revoke-by-other',
    decide: (actor) => ends({ grant: opened(ROUTED), actor, ending: 'revoke' }),
  }),
  ...everyRole({
    what: 'numbers prints of what another received',
    may: {},
    refusedBy: 'R13.print-by-other',
    decide: (actor) => (ruleSet) =>
      decidePrint(ruleSet, {
        now: NOON,
        region: REGION,
        grant: opened({ opened: 1 }),
        actor,
        act: 'number-print',
      }),
  }),
  ...everyRole({
    what: 'ends prints of what another received',
    may: as('R13.print-ends', 'privacy-officer', 'internal-audit'),
    refusedBy: 'R13.print-ends-by-other',
    decide: (actor) => (ruleSet) =>
      decidePrint(ruleSet, {
        now: NOON,
        region: REGION,
        grant: opened({ opened: 1 }),
        actor,
        act: 'end-print',
      }),
  }),
  ...(['ask-provider', 'settle-provider-request'] as const).flatMap((act) =>
    everyRole({
      what: `asks another’s grant for ${act}`,
      may: as('L8.provider', 'legal'),
      refusedBy: 'L8.provider-other',
      decide: (actor) => writes(act, actor, ROUTED),
    }),
  ),
  ...everyRole({
    what: 'sees letters to providers of another’s grant',
    may: as('L8.provider-see', 'legal', 'privacy-officer', ...AUDITING),
    refusedBy: 'L8.provider-not-to-see',
    decide: (actor) => writes('see-provider-requests', actor, ROUTED),
  }),
];

const ownRequest = (who: Person, role: Role, changes: Partial<AccessGrant> = {}) =>
  request({
    ...asked,
    requester: who.personId,
    recipient: who.personId,
    requesterRole: role,
    ...changes,
  });
const emergencies: RuleCase[] = [
  ...everyRole({
    what: 'starts break-glass',
    may: as('L5', 'duty-manager', 'security', 'gm', 'legal'),
    refusedBy: 'L5.role',
    decide: (actor, role) => (ruleSet) =>
      decideEmergency(
        ruleSet,
        emergencyFacts({ grant: ownRequest(actor, role), requester: actor, recipient: actor, actor, role }),
      ),
  }),
  ...everyRole({
    what: 'opens break-glass on call',
    may: as('L5.opens', 'privacy-officer', 'infosec-director'),
    refusedBy: 'L5.on-call',
    isInRefusalAlone: true,
    and: (role) => (role === 'legal' ? [] : ['A1.role-not-on-route']),
    decide: (actor, role) => (ruleSet) => {
      const grant = waiting();
      const { requester, recipient } = emergencyFacts({ grant });
      return decideEmergencyOpening(ruleSet, {
        approval: approvalFacts({ grant, requester, recipient, actor, role }),
        asking: emergencyFacts({ grant }),
        answering: emergencyFacts({ grant, actor, role }),
      });
    },
  }),
];

/** What a request of each role that may ask comes to with something more in it. */
const ASKING: readonly Role[] = [
  'supervisor',
  'duty-manager',
  'gm',
  'security',
  'account-manager',
  'sales',
  'trainer',
  'analyst',
  'marketing',
  'seconded',
  'liaison',
  'partner',
];
const NEVER_SENSITIVE: readonly Role[] = ['sales', 'trainer', 'analyst', 'marketing'];
const DE_IDENTIFIED: readonly Role[] = ['trainer', 'analyst', 'marketing'];
const factsOf = (role: Role): Partial<RequestFacts> & { grant: AccessGrant } => {
  const facts = ASKED[role] ?? {};
  return { ...facts, grant: facts.grant ?? request() };
};
const changed = (role: Role, changes: Partial<AccessGrant>, facts: Partial<RequestFacts> = {}) => {
  const { grant, ...others } = factsOf(role);
  return asks({ ...others, ...facts, grant: { ...grant, ...changes } });
};
const scopeOf = (role: Role, changes: Parameters<typeof scopeFacts>[0]) => ({
  scope: { ...(factsOf(role).scope ?? scopeFacts()), ...changes },
});
const asking = ASKING.flatMap((role): RuleCase[] => {
  const { cases: onFile = NO_CASES } = factsOf(role);
  const filed = { cases: { ...onFile, matter: { open: true } } };
  const cited = { cases: { ...onFile, instrument: INSTRUMENT } };
  const sensitive = scopeOf(role, { sensitive: 1 });
  const stated = { necessity: 'sealed', impactAssessment: 'PIA-3' };
  const never = NEVER_SENSITIVE.includes(role);
  return [
    role === 'liaison'
      ? allowed('E1.role', `${role} asks for originals`, changed(role, { masking: 'original' }, filed))
      : refused(
          'E1.role',
          `${role} asks for originals of a filed matter`,
          changed(role, { masking: 'original' }, filed),
          ...(DE_IDENTIFIED.includes(role) ? ['T9.masking'] : []),
        ),
    role === 'liaison'
      ? allowed('T12.not-for-this-role', `${role} cites an instrument`, changed(role, {}, cited))
      : refused(
          'T12.not-for-this-role',
          `${role} cites an instrument`,
          changed(role, { instrument: true }, cited),
        ),
    never
      ? refused('R14.never', `${role} reaches a sensitive record`, changed(role, stated, sensitive))
      : allowed('R14.never', `${role} reaches a sensitive record`, changed(role, stated, sensitive)),
    DE_IDENTIFIED.includes(role)
      ? allowed('R6.subject-kind', `${role} asks for a cohort`, changed(role, {}))
      : refused(
          'R6.subject-kind',
          `${role} asks for a cohort`,
          changed(role, { subjectKind: 'cohort', platforms: ['wecom'] }),
        ),
    refused(
      'R6.subject-kind',
      `${role} asks for system logs`,
      changed(role, { subjectKind: 'system' }),
      ...(DE_IDENTIFIED.includes(role) ? ['T9.cohort'] : []),
    ),
  ];
});

const withoutNames = DE_IDENTIFIED.flatMap((role): RuleCase[] => [
  ...(['masked', 'named'] as const).map((masking) =>
    refused('T9.masking', `${role} asks for ${masking} records`, changed(role, { masking })),
  ),
  ...(['training', 'analytics', 'service-quality'] as const).map((purpose) =>
    allowed('T9.purpose', `${role} asks for ${purpose}`, changed(role, { purpose })),
  ),
  ...(['complaint', 'dispute', 'safety'] as const).map((purpose) =>
    refused('T9.purpose', `${role} asks for ${purpose}`, changed(role, { purpose })),
  ),
  refused('T9.cohort', `${role} asks for one guest`, changed(role, { subjectKind: 'phone' })),
]);

/** In which states something may be done; in every other it is refused. */
function everyState(
  what: string,
  [permit, forbid]: readonly [string, string],
  may: readonly RequestState[],
  decide: (state: RequestState) => RuleCase['decide'],
): RuleCase[] {
  return REQUEST_STATES.map((state) =>
    may.includes(state)
      ? allowed(permit, `${what} ${state}`, decide(state))
      : refused(forbid, `${what} ${state}`, decide(state)),
  );
}
const inState = (ending: 'withdraw' | 'close' | 'revoke') => (state: RequestState) =>
  ends({ grant: opened({ state }), ending });
const states: RuleCase[] = [
  ...everyState(
    'the requester withdraws what is',
    ['R11.withdraw', 'R11.withdraw-state'],
    ['awaiting-approval'],
    inState('withdraw'),
  ),
  // Break-glass that isn't complete can't be closed (L5): it has cases of its own.
  ...everyState(
    'the requester closes what is',
    ['R11.close', 'R11.close-state'],
    ['open'],
    inState('close'),
  ).filter(({ name }) => !name.endsWith('emergency')),
  ...everyState(
    'the requester revokes what is',
    ['R11.revoke', 'R11.revoke-state'],
    ['provisioning', 'open', 'emergency'],
    inState('revoke'),
  ),
  ...everyState(
    'the requester writes to a provider on what is',
    ['L8.provider', 'R11.provider-state'],
    ['provisioning', 'open'],
    (state) => writes('ask-provider', lawyer, { state }),
  ),
];

/** Routine views: what each role may look at, by which policy; and which one turns it away from everything else. */
const TIERS: Partial<Record<Role, { kinds: Partial<Record<ViewKind, string>>; else: string }>> = {
  'front-desk': { kinds: { guest: 'T1.view', ticket: 'T1.view' }, else: 'T1.view-kind' },
  supervisor: { kinds: { aggregates: 'T2.view' }, else: 'T2.view-aggregates' },
  'it-ops': { kinds: { system: 'T4.view' }, else: 'T4.view-system-only' },
  'account-manager': { kinds: { guest: 'T6.view' }, else: 'T6.view-own-clients' },
  trainee: { kinds: { simulated: 'T10.view', shared: 'T10.view-shared' }, else: 'T10.view-alone' },
  agent: { kinds: { ticket: 'T15.view' }, else: 'T15.view-own-open-ticket' },
};
const views = ROLE_NAMES.flatMap((role) =>
  VIEW_KINDS.map((kind): RuleCase => {
    const tier = TIERS[role];
    const decide = looks(role, kind, {
      ticket: { open: true, assigned: true, handedOver: true },
      mentor: { own: true, open: true },
    });
    const by = tier?.kinds[kind];
    const what = `${role} looks: ${kind}`;
    if (by !== undefined) return allowed(by, what, decide);
    const alone = kind === 'shared' && role !== 'trainee' ? ['T10.view-mentor'] : [];
    return unpermitted(tier?.else ?? `${ROLES[role].rule}.no-view`, what, decide, ...alone);
  }),
);

export const LIST_CASES: readonly RuleCase[] = [
  ...duties,
  ...cases,
  ...devices,
  ...requests,
  ...emergencies,
  ...asking,
  ...withoutNames,
  ...states,
  ...views,
];
