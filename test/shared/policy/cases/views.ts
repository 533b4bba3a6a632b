import type { Person } from '../../../../shared/domain/person.ts';
import type { Role } from '../../../../shared/domain/roles.ts';
import { decideView } from '../../../../shared/policy/decide-view.ts';
import type { Span, ViewFacts, ViewKind } from '../../../../shared/policy/facts.ts';
import type { RuleSet } from '../../../../shared/policy/rule-set.ts';
import { allowed, type RuleCase, refused, unpermitted } from '../case-builders.ts';
import { NOON, person, REGION, scopeFacts } from '../staff.ts';

/** The business day from four in the morning of Shanghai; noon UTC is eight in the evening there. */
const TODAY: Span = { from: new Date('2026-06-14T20:00:00.000Z'), to: new Date('2026-06-15T20:00:00.000Z') };
/** A shift that began before the business day, across midnight and four. */
const NIGHT: Span = { from: new Date('2026-06-14T14:00:00.000Z'), to: new Date('2026-06-15T14:00:00.000Z') };
const at = (time: string): Span => ({ from: new Date(time), to: new Date(time) });
const THIS_MORNING = at('2026-06-15T01:00:00.000Z');
const LAST_NIGHT = at('2026-06-14T16:30:00.000Z');
const LAST_WEEK = at('2026-06-08T03:00:00.000Z');

const OWN_TICKET = { open: true, assigned: true, handedOver: false };
const HANDED_OVER = { open: true, assigned: false, handedOver: true };

function found(scope: Parameters<typeof scopeFacts>[0] = {}, span: Span = THIS_MORNING): ViewFacts['found'] {
  return { scope: scopeFacts({ categories: ['enquiry'], ...scope }), span };
}

export const looks =
  (role: Role, kind: ViewKind, changes: Partial<ViewFacts> = {}, who: Partial<Person> = {}) =>
  (ruleSet: RuleSet) =>
    decideView(ruleSet, {
      now: NOON,
      region: REGION,
      viewer: { ...person('viewer', role), ...who },
      role,
      hotel: 'SHA01',
      kind,
      shift: null,
      businessDay: TODAY,
      ticket: null,
      mentor: null,
      transferOnFile: false,
      found: null,
      ...changes,
    });
const seesGuest = (scope: Parameters<typeof scopeFacts>[0], span: Span = THIS_MORNING) =>
  looks('front-desk', 'guest', { found: found(scope, span) });

const UNTRAINED: Partial<Person> = { training: { system: null, exam: '2026-05-04T00:00:00.000Z' } };
const EXAM_LAPSED: Partial<Person> = {
  training: { system: '2026-01-05T00:00:00.000Z', exam: '2025-11-04T00:00:00.000Z' },
};

/** Roles without a routine view, each under its own rule. */
const WITHOUT: readonly [string, Role][] = [
  ['T3', 'infosec-director'],
  ['T5', 'gm'],
  ['T7', 'legal'],
  ['T8', 'sales'],
  ['T9', 'analyst'],
  ['T11', 'seconded'],
  ['T12', 'liaison'],
  ['T13', 'partner'],
  ['T14', 'guest'],
  ['T16', 'security'],
  ['T17', 'duty-manager'],
  ['T18', 'department-head'],
];

export const VIEW_CASES: readonly RuleCase[] = [
  allowed('T1.view', 'the front desk before anything is searched for', looks('front-desk', 'guest')),
  allowed('T1.view', 'a conversation of the business day', seesGuest({})),
  allowed('T1.view', 'a handed-over ticket', looks('front-desk', 'ticket', { ticket: HANDED_OVER })),
  allowed(
    'T1.view-window',
    'a conversation of the shift, before the business day began',
    looks('front-desk', 'guest', { shift: NIGHT, found: found({}, LAST_NIGHT) }),
  ),
  allowed(
    'T1.view-window',
    'records from the shift and from the business day together',
    looks('front-desk', 'guest', {
      shift: { from: NIGHT.from, to: NOON },
      found: found({}, { from: LAST_NIGHT.from, to: THIS_MORNING.to }),
    }),
  ),
  refused('T1.view-window', 'a conversation of last night, off shift', seesGuest({}, LAST_NIGHT)),
  refused(
    'T1.view-window',
    'a conversation of last week, on shift',
    looks('front-desk', 'guest', { shift: NIGHT, found: found({}, LAST_WEEK) }),
  ),
  unpermitted('T1.view-kind', 'the front desk looks at system logs', looks('front-desk', 'system')),
  refused(
    'T1.view-own-hotel',
    'the front desk of another hotel',
    looks('front-desk', 'guest', {}, { hotel: 'HGH02' }),
  ),
  refused(
    'T1.view-ticket',
    'a ticket that nobody handed over to this shift',
    looks('front-desk', 'ticket', { ticket: OWN_TICKET }),
  ),
  refused(
    'T1.view-ticket',
    'a handed-over ticket that is closed',
    looks('front-desk', 'ticket', { ticket: { ...HANDED_OVER, open: false } }),
  ),
  allowed('T2.view', 'a supervisor counts ratings', looks('supervisor', 'aggregates')),
  refused('T2.view-aggregates', 'a supervisor looks for a guest', looks('supervisor', 'guest')),
  refused(
    'T2.view-aggregates',
    'a supervisor counts at another hotel',
    looks('supervisor', 'aggregates', {}, { hotel: 'HGH02' }),
  ),
  refused(
    'T2.view-aggregates',
    'a supervisor counts complaints',
    looks('supervisor', 'aggregates', { found: found({ categories: ['complaint'] }) }),
  ),
  allowed('T4.view', 'IT operations looks at system logs', looks('it-ops', 'system')),
  allowed(
    'T4.view',
    'system logs that were found',
    looks('it-ops', 'system', { found: found({ guests: 0, categories: ['system'] }) }),
  ),
  refused('T4.view-system-only', 'IT operations looks for a guest', looks('it-ops', 'guest')),
  refused(
    'T4.view-system-only',
    'an enquiry among the logs',
    looks('it-ops', 'system', { found: found({ categories: ['enquiry', 'system'] }) }),
  ),
  allowed(
    'T6.view',
    'an account manager looks at the own account',
    looks('account-manager', 'guest', { found: found({ ownClients: true }, LAST_WEEK) }),
  ),
  refused(
    'T6.view-own-clients',
    'an account manager looks at somebody else’s',
    looks('account-manager', 'guest', { found: found({ ownClients: false }) }),
  ),
  refused('T6.view-own-clients', 'an account manager counts', looks('account-manager', 'aggregates')),
  allowed(
    'T10.view',
    'a trainee without training looks at simulations',
    looks('trainee', 'simulated', {}, { training: { system: null, exam: null } }),
  ),
  allowed(
    'T10.view-shared',
    'a trainee looks with the mentor',
    looks('trainee', 'shared', { mentor: { own: true, open: true }, found: found({}, LAST_WEEK) }),
  ),
  unpermitted('T10.view-alone', 'a trainee looks for a guest', looks('trainee', 'guest')),
  unpermitted('T10.view-mentor', 'there is no view', looks('trainee', 'shared')),
  unpermitted(
    'T10.view-mentor',
    'the view of somebody else’s mentor',
    looks('trainee', 'shared', { mentor: { own: false, open: true } }),
  ),
  unpermitted(
    'T10.view-mentor',
    'the mentor’s view is over',
    looks('trainee', 'shared', { mentor: { own: true, open: false } }),
  ),
  allowed('T15.view', 'an agent looks at the own ticket', looks('agent', 'ticket', { ticket: OWN_TICKET })),
  refused(
    'T15.view-own-open-ticket',
    'an agent looks at a colleague’s ticket',
    looks('agent', 'ticket', { ticket: HANDED_OVER }),
  ),
  refused(
    'T15.view-own-open-ticket',
    'an agent looks at an own ticket that is closed',
    looks('agent', 'ticket', { ticket: { ...OWN_TICKET, open: false } }),
  ),
  refused('T15.view-own-open-ticket', 'an agent looks for a guest', looks('agent', 'guest')),
  ...WITHOUT.map(([rule, role]) =>
    unpermitted(`${rule}.no-view`, `${role} looks for a guest`, looks(role, 'guest')),
  ),
  refused('A3.view', 'the front desk abroad', looks('front-desk', 'guest', {}, { jurisdiction: 'SG' })),
  allowed(
    'A3.view',
    'abroad with a transfer mechanism on file',
    looks('front-desk', 'guest', { transferOnFile: true }, { jurisdiction: 'SG' }),
  ),
  refused('R2.view', 'an unpublished plan', seesGuest({ unpublishedPlans: true })),
  refused('R3.view', 'a dispute elsewhere', seesGuest({ disputeElsewhere: true })),
  refused('R3.view', 'a dispute that nobody has on file', seesGuest({ disputeUnknown: true })),
  refused(
    'R8.view',
    'an account manager where consent does not stand',
    looks('account-manager', 'guest', { found: found({ ownClients: true, withoutConsent: ['wecom'] }) }),
  ),
  refused(
    'R8.view',
    'a trainee in the mentor’s view, where consent does not stand',
    looks('trainee', 'shared', {
      mentor: { own: true, open: true },
      found: found({ withoutConsent: ['wecom'] }),
    }),
  ),
  allowed(
    'R8.view',
    'the front desk serves the guest’s own contract without it',
    seesGuest({ withoutConsent: ['wecom'] }),
  ),
  refused('R10.view-training', 'before the training', looks('front-desk', 'guest', {}, UNTRAINED)),
  refused('R10.view-exam', 'with the exam lapsed', looks('front-desk', 'guest', {}, EXAM_LAPSED)),
  refused('R14.view', 'key-card records', seesGuest({ sensitive: 1 })),
];
