import type { AccessGrant } from '../../../../shared/domain/access-grant.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import { ROLES, type Role } from '../../../../shared/domain/roles.ts';
import { decideGuestRight } from '../../../../shared/policy/decide-guest-right.ts';
import {
  GUEST_RIGHTS,
  type GuestRightFacts,
  NO_CASES,
  type RequestFacts,
} from '../../../../shared/policy/facts.ts';
import type { RuleSet } from '../../../../shared/policy/rule-set.ts';
import { allowed, asks, decides, type RuleCase, refused, unpermitted } from '../case-builders.ts';
import { checked, person, request, scopeFacts } from '../staff.ts';

/** Who may reach what (T1 to T18). */

/** A request in this role, by somebody who holds it at the hotel asked for. */
export function askedBy(
  role: Role,
  changes: Partial<AccessGrant> = {},
  facts: Partial<RequestFacts> = {},
): Partial<RequestFacts> {
  const requester = facts.requester ?? person('asker', role);
  const { personId } = requester;
  const grant = request({ requester: personId, recipient: personId, requesterRole: role, ...changes });
  return { requester, recipient: requester, grant, ...facts };
}

/** 71 hours before the request was made, and a second more than 72. */
const RECENT = { from: '2026-06-12T09:00:00.000Z', to: '2026-06-15T08:00:00.000Z' };
const TOO_EARLY = { from: '2026-06-12T07:59:59.000Z', to: '2026-06-15T08:00:00.000Z' };
const SHIFT = { from: new Date('2026-06-15T07:00:00.000Z'), to: new Date('2026-06-15T15:00:00.000Z') };
const ON_SHIFT: Partial<RequestFacts> = { standing: { shift: SHIFT } };
const OF_COMPLAINT = scopeFacts({ ofNamedComplaint: true });
const COMPLAINT = { open: true, major: false, hotels: ['SHA01'] };
const AROUND = { from: '2026-06-09T10:00:00.000Z', to: '2026-06-11T10:00:00.000Z' };
const INCIDENT = {
  open: true,
  hotels: ['SHA01'],
  from: new Date('2026-06-10T10:00:00.000Z'),
  to: new Date('2026-06-10T10:00:00.000Z'),
};
const YEAR = {
  validFrom: new Date('2026-01-01T00:00:00.000Z'),
  validUntil: new Date('2026-12-31T00:00:00.000Z'),
};
const LAST_YEAR = {
  validFrom: new Date('2025-01-01T00:00:00.000Z'),
  validUntil: new Date('2026-06-15T12:00:00.000Z'),
};
const NEXT_YEAR = { ...YEAR, validFrom: new Date('2026-06-15T12:00:00.001Z') };
export const INSTRUMENT = {
  reference: 'JING-2026-15',
  foreign: false,
  chineseApproval: false,
  treaty: false,
  ...YEAR,
  covers: true,
  officer: true,
};
const AGREEMENT = { ...YEAR, covers: true };

function cases(changes: Partial<RequestFacts['cases']>): Partial<RequestFacts> {
  return { cases: { ...NO_CASES, ...changes } };
}

const LENT = {
  department: 'banquets',
  hotel: 'SHA01',
  from: '2026-05-01T00:00:00.000Z',
  to: '2026-05-31T00:00:00.000Z',
};
const lent: Person = { ...person('asker', 'seconded'), secondments: [LENT] };
const headOf = (department: string): Person => ({ ...person('head', 'department-head'), department });

const doors: Partial<AccessGrant> = {
  ...AROUND,
  ticket: 'I-7',
  matter: null,
  platforms: ['keycard'],
  categories: ['key-card', 'cctv'],
  necessity: 'sealed',
  impactAssessment: 'PIA-3',
};
const sales: Partial<AccessGrant> = { categories: ['enquiry'] };
const deIdentified: Partial<AccessGrant> = {
  masking: 'pseudonymised',
  purpose: 'training',
  subjectKind: 'cohort',
  categories: ['enquiry'],
};
const cited: Partial<AccessGrant> = { instrument: true, purpose: 'law-enforcement' };
const agreed: Partial<AccessGrant> = { agreement: 'AG-1' };

/** For each role that may ask: a request that is allowed, as far as the role goes. */
export const ASKED: Record<string, Partial<RequestFacts>> = {
  supervisor: askedBy('supervisor', RECENT),
  'duty-manager': askedBy('duty-manager', RECENT, ON_SHIFT),
  gm: askedBy('gm'),
  security: askedBy('security', doors, {
    ...cases({ incident: INCIDENT }),
    scope: scopeFacts({ categories: ['key-card'], sensitive: 3 }),
  }),
  'account-manager': askedBy('account-manager', {}, { scope: scopeFacts({ ownClients: true }) }),
  sales: askedBy('sales', sales),
  trainer: askedBy('trainer', deIdentified),
  analyst: askedBy('analyst', { ...deIdentified, purpose: 'analytics' }),
  marketing: askedBy('marketing', { ...deIdentified, purpose: 'service-quality' }),
  seconded: askedBy('seconded', {}, { requester: lent, scope: scopeFacts({ departments: ['banquets'] }) }),
  liaison: askedBy('liaison', cited, cases({ instrument: INSTRUMENT })),
  partner: askedBy('partner', agreed, cases({ agreement: AGREEMENT })),
};

/** What every role that may ask has alike: it is held now, and the recipient holds it too. */
const held = Object.keys(ASKED).flatMap((name): RuleCase[] => {
  const facts = ASKED[name] ?? {};
  const grant = facts.grant ?? request();
  const role = grant.requesterRole;
  const { rule } = ROLES[role];
  const someone = person('someone', 'agent');
  const lost: Person = { ...(facts.requester ?? someone), roles: someone.roles };
  return [
    allowed(rule, `${role} asks`, asks(facts)),
    allowed(rule, `${role} asks, before the search`, asks({ ...facts, scope: null })),
    unpermitted(
      `${rule}.role-not-held`,
      `somebody who is no longer ${role} asks as one`,
      asks({ ...facts, requester: lost, recipient: lost }),
    ),
    ...(role === 'liaison'
      ? []
      : [
          refused(
            `${rule}.recipient`,
            `${role} asks for somebody else to receive it`,
            asks({ ...facts, recipient: someone, grant: { ...grant, recipient: someone.personId } }),
          ),
        ]),
  ];
});

const ROUTINE: readonly Role[] = ['front-desk', 'it-ops', 'trainee', 'agent'];
const METADATA: readonly Role[] = [
  'department-head',
  'privacy-officer',
  'internal-audit',
  'hq-approver',
  'auditor',
];
const neverAsks = [...ROUTINE, ...METADATA, 'guest' as const].flatMap((role): RuleCase[] => {
  const { rule } = ROLES[role];
  const what = rule === 'T18' ? 'no-content' : rule === 'T14' ? 'staff' : 'no-retrieval';
  return [
    unpermitted(`${rule}.${what}`, `${role} asks for an escalated retrieval`, asks(askedBy(role))),
    allowed(
      `${rule}.${what}`,
      `somebody who is ${role} and a lawyer asks as a lawyer`,
      asks({ requester: person('lawyer', role, 'legal') }),
    ),
  ];
});

const ownHotel: RuleCase[] = (['supervisor', 'duty-manager'] as const).flatMap((role): RuleCase[] => {
  const standing = role === 'duty-manager' ? ON_SHIFT : {};
  const elsewhere: Person = { ...person('asker', role), hotel: 'HGH02' };
  const named = cases({ complaint: COMPLAINT });
  const week = { from: '2026-06-08T08:00:00.000Z', to: '2026-06-15T08:00:00.000Z', ticket: 'C-9' };
  return [
    refused(
      'T2.own-hotel',
      `${role} of another hotel asks`,
      asks(askedBy(role, RECENT, { ...standing, requester: elsewhere })),
    ),
    refused(
      'T2.own-hotel',
      `${role} asks for a second hotel too`,
      asks(askedBy(role, { ...RECENT, hotels: ['SHA01', 'HGH02'] }, standing)),
    ),
    allowed(
      'T2.window',
      `${role} reaches back exactly 72 hours`,
      asks(askedBy(role, { ...RECENT, from: '2026-06-12T08:00:00.000Z' }, standing)),
    ),
    refused('T2.window', `${role} reaches back a second too far`, asks(askedBy(role, TOO_EARLY, standing))),
    allowed(
      'T2.window',
      `${role} is still within the scope when it is opened days later`,
      asks({
        ...askedBy(role, RECENT, standing),
        now: new Date('2026-06-18T08:00:00.000Z'),
      }),
    ),
    allowed(
      'T2.window',
      `${role} reaches back seven days for a named complaint`,
      asks(askedBy(role, week, { ...standing, ...named, scope: OF_COMPLAINT })),
    ),
    allowed(
      'T2.complaint',
      `${role} names a complaint, before anything is looked for`,
      asks(askedBy(role, week, { ...standing, ...named, scope: null })),
    ),
    refused(
      'T2.complaint',
      `${role} names a complaint about somebody else than who is in scope`,
      asks(askedBy(role, week, { ...standing, ...named, scope: scopeFacts({ ofNamedComplaint: false }) })),
    ),
    allowed(
      'T2.complaint',
      `${role} names a complaint about somebody else and stays within 72 hours`,
      asks(askedBy(role, { ...RECENT, ticket: 'C-9' }, { ...standing, ...named })),
    ),
    refused(
      'T2.window',
      `${role} reaches back more than seven days for a named complaint`,
      asks(
        askedBy(
          role,
          { ...week, from: '2026-06-08T07:59:59.000Z' },
          { ...standing, ...named, scope: OF_COMPLAINT },
        ),
      ),
    ),
    refused(
      'T2.window',
      `${role} names a complaint that is closed`,
      asks(
        askedBy(role, week, {
          ...standing,
          ...cases({ complaint: { ...COMPLAINT, open: false } }),
          scope: OF_COMPLAINT,
        }),
      ),
    ),
    refused(
      'T2.window',
      `${role} names a complaint of another hotel`,
      asks(
        askedBy(role, week, {
          ...standing,
          ...cases({ complaint: { ...COMPLAINT, hotels: ['HGH02'] } }),
          scope: OF_COMPLAINT,
        }),
      ),
    ),
  ];
});

const onShift: RuleCase[] = [
  unpermitted('T17.off-shift', 'a duty manager asks off shift', asks(askedBy('duty-manager', RECENT))),
];

const gm: RuleCase[] = [
  refused(
    'T5.own-hotel',
    'the general manager of another hotel asks',
    asks(askedBy('gm', {}, { requester: { ...person('asker', 'gm'), hotel: 'HGH02' } })),
  ),
];

const around = (changes: Partial<AccessGrant>, facts: Partial<RequestFacts> = {}) =>
  asks(
    askedBy(
      'security',
      { ...doors, ...changes },
      { ...cases({ incident: INCIDENT }), scope: null, ...facts },
    ),
  );
const security: RuleCase[] = [
  refused(
    'T16.categories',
    'security asks for enquiries too',
    around({ categories: ['key-card', 'enquiry'] }),
  ),
  refused(
    'T16.categories',
    'something else was found',
    around({}, { scope: scopeFacts({ categories: ['stay'] }) }),
  ),
  refused('T16.incident', 'no incident is on file', around({}, { cases: NO_CASES })),
  refused(
    'T16.incident',
    'the incident is closed',
    around({}, cases({ incident: { ...INCIDENT, open: false } })),
  ),
  refused(
    'T16.incident',
    'the incident was at another hotel',
    around({}, cases({ incident: { ...INCIDENT, hotels: ['HGH02'] } })),
  ),
  refused('T16.incident', 'no ticket names it', around({ ticket: null, matter: 'M-1' })),
  allowed('T16.window', 'the time is within 24 hours around it', around({})),
  refused('T16.window', 'the time begins too early', around({ from: '2026-06-09T09:59:59.999Z' })),
  refused('T16.window', 'the time ends too late', around({ to: '2026-06-11T10:00:00.001Z' })),
];

const clients: RuleCase[] = [
  refused('T6.own-clients', 'the guest is nobody of the account manager’s', asks(askedBy('account-manager'))),
  refused(
    'T8.enquiries-only',
    'sales asks for complaints',
    asks(askedBy('sales', { categories: ['enquiry', 'complaint'] })),
  ),
  refused(
    'T8.enquiries-only',
    'a dispute was found in the scope of sales',
    asks(askedBy('sales', sales, { scope: scopeFacts({ categories: ['enquiry', 'dispute'] }) })),
  ),
];

const withoutNames: RuleCase[] = [
  refused(
    'T9.masking',
    'a trainer asks for masked records',
    asks(askedBy('trainer', { ...deIdentified, masking: 'masked' })),
  ),
  refused(
    'T9.purpose',
    'an analyst asks about a complaint',
    asks(askedBy('analyst', { ...deIdentified, purpose: 'complaint' })),
  ),
  refused(
    'T9.cohort',
    'an analyst asks for one guest',
    asks(askedBy('analyst', { ...deIdentified, subjectKind: 'phone' })),
  ),
  refused(
    'T9.marketing-consent',
    'a guest in the scope of marketing consented to nothing',
    asks(askedBy('marketing', deIdentified, { scope: scopeFacts({ withoutMarketingConsent: true }) })),
  ),
  allowed(
    'T9.marketing-consent',
    'a trainer needs no consent to marketing',
    asks(askedBy('trainer', deIdentified, { scope: scopeFacts({ withoutMarketingConsent: true }) })),
  ),
];

const byLent = (changes: Partial<AccessGrant>, scope: RequestFacts['scope'] = null) =>
  asks(askedBy('seconded', changes, { requester: lent, scope }));
const decidesOnLent = (head: Person, decision: 'approve' | 'deny' = 'approve') =>
  decides({
    requester: lent,
    recipient: lent,
    grant: checked({
      requester: lent.personId,
      recipient: lent.personId,
      requesterRole: 'seconded',
      route: ['department-head', 'privacy-officer'],
    }),
    actor: head,
    role: 'department-head',
    decision,
  });
const seconded: RuleCase[] = [
  refused('T11.dates', 'the time begins before the transfer', byLent({ from: '2026-04-30T23:59:59.999Z' })),
  refused('T11.dates', 'the time ends after the transfer', byLent({ to: '2026-05-31T00:00:00.001Z' })),
  refused('T11.dates', 'the transfer was to another hotel', byLent({ hotels: ['HGH02'] })),
  refused('T11.dates', 'the transfer was to one of two hotels', byLent({ hotels: ['SHA01', 'HGH02'] })),
  refused('T11.dates', 'no beginning of the time is named', byLent({ from: null }), 'R6.time-range'),
  refused('T11.dates', 'no hotel is named', byLent({ hotels: [] }), 'R6.hotel'),
  refused('T11.dates', 'no end of the time is named', byLent({ to: null }), 'R6.time-range'),
  refused(
    'T11.department',
    'a conversation is of another department',
    byLent({}, scopeFacts({ departments: ['spa'] })),
  ),
  allowed('T11.department-head', 'the head of that department approves', decidesOnLent(headOf('banquets'))),
  refused('T11.department-head', 'the head of another department approves', decidesOnLent(headOf('spa'))),
  refused(
    'T11.department-head',
    'the head of another department denies',
    decidesOnLent(headOf('spa'), 'deny'),
  ),
];

const byInstrument = (instrument: RequestFacts['cases']['instrument'], changes: Partial<AccessGrant> = {}) =>
  asks(askedBy('liaison', { ...cited, ...changes }, cases({ instrument })));
const byAgreement = (agreement: RequestFacts['cases']['agreement']) =>
  asks(askedBy('partner', agreed, cases({ agreement })));
const outside: RuleCase[] = [
  unpermitted('T12.instrument', 'liaison cites nothing', byInstrument(null, { instrument: false })),
  unpermitted('T12.instrument', 'liaison cites what is not on file', byInstrument(null)),
  refused('T12.validity', 'the instrument has expired', byInstrument({ ...INSTRUMENT, ...LAST_YEAR })),
  refused('T12.validity', 'the instrument is not valid yet', byInstrument({ ...INSTRUMENT, ...NEXT_YEAR })),
  refused('T12.covers', 'more than the instrument names', byInstrument({ ...INSTRUMENT, covers: false })),
  refused('T12.officer', 'nobody of its officers receives', byInstrument({ ...INSTRUMENT, officer: false })),
  refused('T12.not-for-this-role', 'a general manager cites one', asks(askedBy('gm', { instrument: true }))),
  allowed(
    'T12.not-for-this-role',
    'legal cites one beside its matter',
    asks({ grant: request({ instrument: true }) }),
  ),
  unpermitted('T13.agreement', 'no agreement is on file', byAgreement(null)),
  refused('T13.validity', 'the agreement has expired', byAgreement({ ...AGREEMENT, ...LAST_YEAR })),
  refused('T13.validity', 'the agreement is not valid yet', byAgreement({ ...AGREEMENT, ...NEXT_YEAR })),
  refused('T13.covers', 'more than the agreement names', byAgreement({ ...AGREEMENT, covers: false })),
];

const legal: RuleCase[] = [
  allowed('T7.matter-closed', 'the matter is open', asks(cases({ matter: { open: true } }))),
  allowed('T7.matter-closed', 'the matter is not on file', asks({})),
  refused('T7.matter-closed', 'the matter is closed', asks(cases({ matter: { open: false } }))),
];

const uses = (facts: Partial<GuestRightFacts>) => (ruleSet: RuleSet) =>
  decideGuestRight(ruleSet, { right: 'see', identityProven: true, own: true, ...facts });
const guests: RuleCase[] = [
  ...GUEST_RIGHTS.map((right) => allowed('T14', `a guest may ${right}: the own records`, uses({ right }))),
  unpermitted('T14.identity', 'somebody whose identity is not proven', uses({ identityProven: false })),
  unpermitted('T14.own', 'a guest reaches for another’s records', uses({ own: false, right: 'erase' })),
];

export const REACH_CASES: readonly RuleCase[] = [
  ...held,
  ...neverAsks,
  ...ownHotel,
  ...onShift,
  ...gm,
  ...security,
  ...clients,
  ...withoutNames,
  ...seconded,
  ...outside,
  ...legal,
  ...guests,
];
