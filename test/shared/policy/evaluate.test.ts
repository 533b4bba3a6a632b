import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BASES, MASKINGS, PURPOSES, SUBJECT_KINDS } from '../../../shared/domain/access-request.ts';
import { CATEGORIES, SOURCES } from '../../../shared/domain/record.ts';
import { canMove, REQUEST_STATES, type Transition } from '../../../shared/domain/request-states.ts';
import { ROLE_NAMES } from '../../../shared/domain/roles.ts';
import { decideApproval } from '../../../shared/policy/decide-approval.ts';
import { decideEnding } from '../../../shared/policy/decide-ending.ts';
import { decideOpening } from '../../../shared/policy/decide-opening.ts';
import { decideProvision } from '../../../shared/policy/decide-provision.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { decideShowing } from '../../../shared/policy/decide-showing.ts';
import { RulebookFailedError } from '../../../shared/policy/evaluate.ts';
import { UNWRITTEN_REASON } from '../../../shared/policy/reasons.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import {
  approvalFacts,
  approved,
  checked,
  endingFacts,
  lawyer,
  opened,
  openingFacts,
  person,
  provisionFacts,
  REGION,
  request,
  requestFacts,
  secondLawyer,
} from './staff.ts';

const ruleSet = bundledRuleSet();
const nullable = <Value>(...values: Value[]) => fc.option(fc.constantFrom(...values), { nil: null });

describe('every request', () => {
  const anyRequest = fc.record({
    state: fc.constantFrom(...REQUEST_STATES),
    requesterRole: fc.constantFrom(...ROLE_NAMES),
    purpose: nullable(...PURPOSES),
    basis: nullable(...BASES),
    matter: nullable('M-1'),
    ticket: nullable('T-1'),
    subjectKind: nullable(...SUBJECT_KINDS),
    instrument: fc.boolean(),
    emergency: fc.boolean(),
    platforms: fc.subarray([...SOURCES]),
    hotels: fc.subarray(['SHA01', 'HGH02', 'FRA01']),
    categories: fc.subarray([...CATEGORIES]),
    from: nullable('2026-05-01T00:00:00+08:00', '2026-06-01T00:00:00.000Z'),
    to: nullable('2026-05-31T23:59:59+08:00'),
    masking: fc.constantFrom(...MASKINGS),
    windowHours: fc.integer({ min: 1, max: 720 }),
    opens: fc.integer({ min: 1, max: 20 }),
  });
  const holder = fc.uniqueArray(fc.constantFrom(...ROLE_NAMES), { maxLength: 3 });

  it('gets a verdict that speaks: an allowed one two roles at least, a refused one a rule and a reason that is known', () => {
    fc.assert(
      fc.property(anyRequest, holder, fc.boolean(), (fields, roles, searched) => {
        const requester = person('lawyer', ...roles);
        const verdict = decideRequest(ruleSet, {
          ...requestFacts({ requester, recipient: requester, grant: request(fields) }),
          ...(searched ? {} : { scope: null }),
        });
        expect(verdict.reasons.length).toBeGreaterThan(0);
        expect(verdict.rules.length).toBeGreaterThan(0);
        if (verdict.outcome === 'allow') expect(new Set(verdict.route).size).toBeGreaterThanOrEqual(2);
        else expect(verdict).toMatchObject({ route: [] });
        expect(verdict.reasons).not.toContain(UNWRITTEN_REASON);
      }),
      { numRuns: 300 },
    );
  });

  it('is judged the same way twice: nothing of the clock, the process or earlier questions gets in', () => {
    fc.assert(
      fc.property(anyRequest, holder, (fields, roles) => {
        const facts = requestFacts({ requester: person('lawyer', ...roles), grant: request(fields) });
        expect(decideRequest(ruleSet, facts)).toEqual(decideRequest(ruleSet, facts));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the rulebook and the transition table agree', () => {
  const acts: [Transition, (state: (typeof REQUEST_STATES)[number]) => string][] = [
    ['approve', (state) => decideApproval(ruleSet, approvalFacts({ grant: checked({ state }) })).outcome],
    [
      'deny',
      (state) =>
        decideApproval(ruleSet, approvalFacts({ decision: 'deny', grant: checked({ state }) })).outcome,
    ],
    [
      'provision',
      (state) => decideProvision(ruleSet, provisionFacts({ grant: approved({ state }) })).outcome,
    ],
    ['open', (state) => decideOpening(ruleSet, openingFacts({ grant: opened({ state }) })).outcome],
    ['withdraw', (state) => decideEnding(ruleSet, endingFacts({ grant: checked({ state }) })).outcome],
    [
      'close',
      (state) => decideEnding(ruleSet, endingFacts({ grant: opened({ state }), ending: 'close' })).outcome,
    ],
    [
      'revoke',
      (state) => decideEnding(ruleSet, endingFacts({ grant: opened({ state }), ending: 'revoke' })).outcome,
    ],
  ];
  for (const [transition, decide] of acts) {
    it(`${transition} is allowed in exactly the states that it starts from`, () => {
      const allowed = REQUEST_STATES.filter((state) => decide(state) === 'allow');
      expect(allowed).toEqual(REQUEST_STATES.filter((state) => canMove(state, transition)));
    });
  }
});

describe('facts', () => {
  it('where two reads of one person differ, only what both say counts', () => {
    const facts = requestFacts({ requester: lawyer, recipient: { ...lawyer, roles: [] } });
    expect(decideRequest(ruleSet, facts)).toMatchObject({ outcome: 'deny', rules: ['T7'] });
  });

  it('that contradict each other are an error, never a verdict', () => {
    const facts = requestFacts({ recipient: lawyer, grant: request({ recipient: secondLawyer.personId }) });
    expect(() => decideRequest(ruleSet, facts)).toThrow(RulebookFailedError);
  });

  it('about the sight of a request come without roles outside its hotels', () => {
    const [held] = person('x', 'auditor').roles;
    if (!held) throw new Error('one role is given');
    const actor = { ...person('x'), roles: [{ ...held, hotels: ['HGH02'] }] };
    expect(decideShowing(ruleSet, { region: REGION, grant: checked(), actor }).outcome).toBe('deny');
    expect(
      decideShowing(ruleSet, { region: REGION, grant: checked({ hotels: ['HGH02'] }), actor }).outcome,
    ).toBe('allow');
  });
});
