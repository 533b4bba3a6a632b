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
import { evaluate, RulebookFailedError } from '../../../shared/policy/evaluate.ts';
import { UNWRITTEN_REASON } from '../../../shared/policy/reasons.ts';
import { bundledRuleSet, loadRuleSet } from '../../../shared/policy/rule-set.ts';
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

describe('what a rulebook says', () => {
  const SCHEMA = `entity Person;
entity Request = { opens: Long };
action request, route, see, deny appliesTo { principal: Person, resource: Request, context: { hours: Long } };`;
  type Written = { id: string; route?: string; chain?: true; text: string };
  const rulebook = (...policies: Written[]) =>
    loadRuleSet({
      version: 1,
      schema: SCHEMA,
      policies: policies.map(({ id, route, chain, text }, index) => ({
        file: `${chain ? 'chain/' : ''}${index}.cedar`,
        text: `@id("${id}") @reason("${id.toLowerCase().replace('.', '-')}-says") @zh("理由") @en("why") @route("${route ?? ''}")\n${text};`,
      })),
    });
  const on = (act: string, condition = '') =>
    `(principal, action == Action::"${act}", resource)${condition && ` when { ${condition} }`}`;
  const ask = (ruleSet: ReturnType<typeof rulebook>, act = 'request', context = { hours: 1 }) => {
    const [principal, resource] = [
      { type: 'Person', id: 'p_1' },
      { type: 'Request', id: 'req_1' },
    ];
    return evaluate(ruleSet, {
      principal,
      act,
      resource,
      context,
      entities: [
        { uid: principal, attrs: {}, parents: [] },
        { uid: resource, attrs: { opens: 3 }, parents: [] },
      ],
    });
  };
  const nothing = { outcome: 'deny', reasons: [UNWRITTEN_REASON], rules: [], route: [] };

  it('is every permission that applies, in the order of files, its roles and rules each once', () => {
    const permits = rulebook(
      { id: 'T7.second', route: 'gm,legal', text: `permit ${on('request')}` },
      { id: 'T7', route: 'legal,privacy-officer', text: `permit ${on('request', 'resource.opens == 3')}` },
      { id: 'T3', route: 'sales', text: `permit ${on('request', 'resource.opens == 4')}` },
    );
    expect(ask(permits)).toEqual({
      outcome: 'allow',
      reasons: ['t7-second-says', 't7-says'],
      rules: ['T7'],
      route: ['gm', 'legal', 'privacy-officer'],
    });
  });

  it('is every refusal that applies, whatever permits, and no route', () => {
    const refuses = rulebook(
      { id: 'T7', route: 'gm', text: `permit ${on('request')}` },
      { id: 'R6', text: `forbid ${on('request')}` },
      { id: 'R4', route: 'gm', text: `forbid ${on('request', 'context.hours == 1')}` },
    );
    expect(ask(refuses)).toEqual({
      outcome: 'deny',
      reasons: ['r6-says', 'r4-says'],
      rules: ['R6', 'R4'],
      route: [],
    });
  });

  it('is no where nothing permits', () => {
    const elsewhere = rulebook({ id: 'T7', text: `permit ${on('see')}` });
    expect(ask(elsewhere)).toEqual(nothing);
    expect(ask(elsewhere, 'see').outcome).toBe('allow');
  });

  it('is no where a chain alone permits, which may add roles to a route', () => {
    const chains: Written = {
      id: 'R6',
      chain: true,
      route: 'gm',
      text: 'permit (principal, action, resource)',
    };
    expect(ask(rulebook(chains))).toEqual(nothing);
    expect(ask(rulebook(chains), 'see')).toEqual(nothing);
    expect(ask(rulebook(chains), 'route')).toMatchObject({ outcome: 'allow', route: ['gm'] });
    const both = rulebook(chains, { id: 'T7', route: 'legal', text: `permit ${on('request')}` });
    expect(ask(both)).toMatchObject({ outcome: 'allow', rules: ['R6', 'T7'], route: ['gm', 'legal'] });
  });

  it('is what a chain refuses, where it refuses', () => {
    const strict = rulebook(
      { id: 'T7', text: `permit ${on('request')}` },
      { id: 'R6', chain: true, text: `forbid ${on('request')}` },
    );
    expect(ask(strict)).toMatchObject({ outcome: 'deny', rules: ['R6'] });
  });

  describe('with more policies of a chain than are asked one by one', () => {
    const many = (...more: Written[]) =>
      rulebook(
        { id: 'T7', text: `permit ${on('request')}` },
        ...Array.from(
          { length: 20 },
          (_, hours): Written => ({
            id: `R6.p${hours}`,
            chain: true,
            text: `forbid ${on('request', `context.hours == ${hours} || context.hours == 99`)}`,
          }),
        ),
        ...more,
      );

    it('is the same: those that speak are named, each by itself', () => {
      const said = (hours: number) => ask(many(), 'request', { hours });
      expect(said(50)).toMatchObject({ outcome: 'allow', reasons: ['t7-says'] });
      expect(said(7)).toEqual({ outcome: 'deny', reasons: ['r6-p7-says'], rules: ['R6'], route: [] });
      expect(said(99).reasons).toHaveLength(20);
      const both = many({ id: 'R4', text: `forbid ${on('request', 'context.hours == 7')}` });
      expect(ask(both, 'request', { hours: 7 }).rules).toEqual(['R6', 'R4']);
    });

    it('is no verdict where one of them fails, which is named', () => {
      const failing = many({
        id: 'R6.fails',
        chain: true,
        text: `forbid ${on('request', 'context.hours * 9223372036854775807 > 1')}`,
      });
      expect(() => ask(failing, 'request', { hours: 50 })).toThrow(
        expect.objectContaining({ name: 'RulebookFailedError', policies: ['R6.fails'] }),
      );
    });
  });

  it('is what the rulebook says of acts out of a chain’s reach, whatever the chain refuses', () => {
    const everything: Written = { id: 'R6', chain: true, text: 'forbid (principal, action, resource)' };
    const adds: Written = { id: 'R6.adds', chain: true, route: 'gm', text: `permit ${on('route')}` };
    const strict = rulebook(
      { id: 'T7', route: 'legal', text: 'permit (principal, action, resource)' },
      everything,
      adds,
    );
    expect(ask(strict)).toMatchObject({ outcome: 'deny', rules: ['R6'] });
    expect(ask(strict, 'route')).toMatchObject({ outcome: 'allow', route: ['legal', 'gm'] });
    const own = rulebook(
      { id: 'T7', text: `permit ${on('request')}` },
      { id: 'R6', text: 'forbid (principal, action, resource)' },
    );
    expect(ask(own, 'route')).toMatchObject({ outcome: 'deny', rules: ['R6'] });
  });

  it('is what the rulebook says of them too where a chain’s own fail, by a refusal or by a permission', () => {
    const overflow = 'resource.opens * 9223372036854775807 > 1';
    for (const effect of ['permit', 'forbid'] as const) {
      const failing = rulebook(
        { id: 'T7', text: 'permit (principal, action, resource)' },
        { id: 'R6', chain: true, text: `${effect} ${on('deny', overflow)}` },
        { id: 'R6.all', chain: true, text: `${effect} (principal, action, resource) when { ${overflow} }` },
      );
      expect(ask(failing, 'deny')).toMatchObject({ outcome: 'allow', rules: ['T7'] });
      expect(() => ask(failing, 'see')).toThrow(RulebookFailedError);
    }
  });

  it('is never a verdict where a policy fails: the error names act, policy and fault', () => {
    const overflow = 'resource.opens * 9223372036854775807 > 1';
    const failing = rulebook(
      { id: 'T7', text: `permit ${on('request')}` },
      { id: 'R6', text: `forbid ${on('request', overflow)}` },
      { id: 'R4', text: `forbid ${on('request', `${overflow} || true`)}` },
    );
    expect(() => ask(failing)).toThrow(
      expect.objectContaining({
        name: 'RulebookFailedError',
        policies: expect.arrayContaining(['R6', 'R4']),
        message: expect.stringMatching(
          /^The rulebook could not be asked about "request": R\d: .*overflow.*; R\d: .*overflow/s,
        ),
      }),
    );
  });

  it('is never a verdict where the question is none that its schema knows', () => {
    const permits = rulebook({ id: 'T7', text: `permit ${on('request')}` });
    const fault = {
      name: 'RulebookFailedError',
      policies: [],
      message: expect.stringMatching(/about "unheard-of": ./),
    };
    expect(() => ask(permits, 'unheard-of')).toThrow(expect.objectContaining(fault));
    const [principal, resource] = [
      { type: 'Request', id: 'req_1' },
      { type: 'Person', id: 'p_1' },
    ];
    expect(() =>
      evaluate(permits, { principal, act: 'request', resource, context: { hours: 1 }, entities: [] }),
    ).toThrow(RulebookFailedError);
  });

  it('leaves out facts that its schema doesn’t know yet, and asks for those that it needs', () => {
    const permits = rulebook({ id: 'T7', text: `permit ${on('request')}` });
    const more = { hours: 1, later: 2 };
    expect(ask(permits, 'request', more).outcome).toBe('allow');
    const none: { hours: number } = JSON.parse('{}');
    expect(() => ask(permits, 'request', none)).toThrow(RulebookFailedError);
  });
});
