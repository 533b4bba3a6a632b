import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROLE_NAMES } from '../../../shared/domain/roles.ts';
import { decideView } from '../../../shared/policy/decide-view.ts';
import { type Span, VIEW_KINDS, type ViewFacts } from '../../../shared/policy/facts.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { NOON, person, REGION, scopeFacts } from './staff.ts';

const HOUR_MS = 3_600_000;
const DAY: Span = { from: new Date('2026-06-14T20:00:00.000Z'), to: new Date('2026-06-15T20:00:00.000Z') };
const ruleSet = bundledRuleSet();
const after = (hours: number) => new Date(NOON.getTime() + hours * HOUR_MS);

/** Always around now. */
const shifts = fc.option(
  fc
    .tuple(fc.integer({ min: -24, max: 0 }), fc.integer({ min: 1, max: 24 }))
    .map(([from, to]): Span => ({ from: after(from), to: after(to) })),
);
const spans = fc
  .tuple(fc.integer({ min: -60, max: 30 }), fc.integer({ min: 0, max: 40 }))
  .map(([from, length]): Span => ({ from: after(from), to: after(from + length) }));
const VIEWING = ['account-manager', 'agent', 'front-desk', 'it-ops', 'supervisor', 'trainee'] as const;
/** True now and then, so that what is allowed comes often enough. */
const seldom = fc.integer({ min: 0, max: 7 }).map((one) => one === 0);
const mostly = seldom.map((one) => !one);

const scopes = fc.record({
  sensitive: fc.constantFrom(0, 0, 0, 2),
  unpublishedPlans: seldom,
  disputeElsewhere: seldom,
  disputeUnknown: seldom,
  ownClients: fc.boolean(),
  withoutConsent: fc.constantFrom<string[]>([], [], ['wecom']),
  categories: fc.constantFrom<string[]>(['enquiry'], ['system'], ['enquiry', 'system']),
});
const facts: fc.Arbitrary<ViewFacts> = fc
  .record({
    role: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...VIEWING) }, fc.constantFrom(...ROLE_NAMES)),
    heldRole: fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, fc.constantFrom(...ROLE_NAMES)),
    kind: fc.constantFrom(...VIEW_KINDS),
    hotel: fc.constantFrom('SHA01', 'SHA01', 'HGH02'),
    shift: shifts,
    ticket: fc.option(fc.record({ open: mostly, assigned: mostly, handedOver: mostly })),
    mentor: fc.option(fc.record({ own: mostly, open: mostly })),
    trained: mostly,
    scope: fc.option(fc.tuple(scopes, spans)),
  })
  .map(({ role, heldRole, trained, scope, ...rest }) => {
    const viewer = person('viewer', heldRole ?? role);
    return {
      ...rest,
      ...{ role, now: NOON, region: REGION, businessDay: DAY, transferOnFile: false },
      viewer: trained ? viewer : { ...viewer, training: { system: null, exam: null } },
      found: scope === null ? null : { scope: scopeFacts(scope[0]), span: scope[1] },
    };
  });

/** What every view that is allowed keeps to, by name. */
const INVARIANTS: Record<string, (facts: ViewFacts) => boolean> = {
  'is in a role with a routine view that the viewer holds': ({ viewer, role }) =>
    ['front-desk', 'supervisor', 'it-ops', 'account-manager', 'trainee', 'agent'].includes(role) &&
    viewer.roles.some((held) => held.role === role),
  'of real conversations is after the training': ({ kind, viewer }) =>
    kind === 'simulated' || viewer.training.system !== null,
  'holds nothing sensitive, no unpublished plan and no dispute of others': ({ found }) =>
    found === null ||
    (found.scope.sensitive === 0 &&
      !found.scope.unpublishedPlans &&
      !found.scope.disputeElsewhere &&
      !found.scope.disputeUnknown),
  'of the front desk is of the own hotel, within the shift or the business day': (one) =>
    one.role !== 'front-desk' ||
    (one.hotel === one.viewer.hotel &&
      (one.kind !== 'guest' ||
        one.found?.span == null ||
        (one.found.span.from >= earliest(one) && one.found.span.to <= latest(one)))),
  'of IT operations is of system logs alone': ({ role, kind, found }) =>
    role !== 'it-ops' ||
    (kind === 'system' && (found?.scope.categories ?? []).every((category) => category === 'system')),
  'of an account manager is of own clients alone': ({ role, found }) =>
    role !== 'account-manager' || found === null || found.scope.ownClients,
  'of an agent is of an own open ticket': ({ role, ticket }) =>
    role !== 'agent' || (ticket?.open === true && ticket.assigned),
  'of a trainee is simulated, or inside the own mentor’s open view': ({ role, kind, mentor }) =>
    role !== 'trainee' || kind === 'simulated' || (kind === 'shared' && mentor?.own === true && mentor.open),
  'of a supervisor is a count': ({ role, kind }) => role !== 'supervisor' || kind === 'aggregates',
};

function earliest({ shift, businessDay }: ViewFacts): Date {
  return shift !== null && shift.from < businessDay.from ? shift.from : businessDay.from;
}

function latest({ shift, businessDay }: ViewFacts): Date {
  return shift !== null && shift.to > businessDay.to ? shift.to : businessDay.to;
}

describe('a routine view that is allowed', () => {
  const allowed = fc
    .sample(facts, { numRuns: 3_000, seed: 20_260_615 })
    .filter((one) => decideView(ruleSet, one).outcome === 'allow');

  it.each(Object.entries(INVARIANTS))('%s', (_name, holds) => {
    expect(allowed.filter((one) => !holds(one))).toEqual([]);
  });

  it('is there at all, in each role that has one', () => {
    expect([...new Set(allowed.map(({ role }) => role))].sort()).toEqual([...VIEWING]);
  });
});
