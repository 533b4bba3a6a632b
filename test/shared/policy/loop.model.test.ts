import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Person } from '../../../shared/domain/person.ts';
import { bundledRuleSet, loadRuleSet, type RuleSet } from '../../../shared/policy/rule-set.ts';
import { type Action, actions, type Fate, happen, staff } from './loop-actions.ts';
import { broken, openingsOf } from './loop-invariants.ts';
import { type Decisions, LoopWorld, PRODUCT } from './loop-world.ts';
import { director, lawyer, officer, secondLawyer } from './staff.ts';

const SEED = 20_260_615;
const RUNS = 300;
const TIME_LIMIT_MS = 120_000;

const base = bundledRuleSet();
/** The same with a chain's own rules: one opening only, and internal audit approves too. */
const tightened = withPolicies(
  `@id("R11.once") @reason("chain-opens-once") @zh("只可打开一次") @en("one opening only")
   forbid (principal, action == Action::"open", resource) when { resource.opened >= 1 };
   @id("T5.audit") @reason("chain-adds-audit") @zh("增加内部审计") @en("internal audit approves too") @route("internal-audit")
   permit (principal, action == Action::"route", resource) when { resource.opens > 1 };`,
);
/** A rule set that allows everything that its schema knows: what holds under it holds under every rule set. */
const lawless = loadRuleSet({
  version: 1,
  schema: base.document.schema,
  policies: [
    {
      file: 'lawless.cedar',
      text: '@id("T3") @reason("anything-goes") @zh("无") @en("none") @route("privacy-officer,infosec-director") permit (principal, action, resource);',
    },
  ],
});

function withPolicies(text: string): RuleSet {
  const { schema, policies } = base.document;
  return loadRuleSet({ version: 1, schema, policies: [...policies, { file: 'chain/own.cedar', text }] });
}

/** The same without a policy that bars an approver for a party's sake. */
function without(id: string): RuleSet {
  const { schema, policies } = base.document;
  const cut = new RegExp(`@id\\("${id}"\\)[^;]*;`);
  return loadRuleSet({
    version: 1,
    schema,
    policies: policies.map(({ file, text }) => ({ file, text: text.replace(cut, '') })),
  });
}

function run(
  people: Person[],
  sequence: [Action, Fate][],
  ruleSets: [RuleSet, ...RuleSet[]],
  decisions: Decisions = PRODUCT,
): LoopWorld {
  const world = new LoopWorld(people, ruleSets, decisions);
  // So that no sequence is spent on nobody asking for anything.
  happen(world, [{ do: 'request', who: 0, recipient: 0, odd: 0 }, 'now']);
  happen(world, [{ do: 'request', who: 3, recipient: 0, odd: 4 }, 'now']);
  for (const each of sequence) happen(world, each);
  return world;
}

describe('whatever people do, in whatever order, with retries, replays and crashes', () => {
  it(
    'nothing opens without two approvals by two others in two roles on this very digest; and every other invariant',
    () => {
      let openings = 0;
      const ends = new Map<string, number>();
      const rules = new Map<string, number>();
      fc.assert(
        fc.property(staff, actions, (people, sequence) => {
          const world = run(people, sequence, [base, tightened]);
          expect(broken(world)).toBeNull();
          openings += openingsOf(world).length;
          for (const { state } of world.rows.values()) ends.set(state, (ends.get(state) ?? 0) + 1);
          for (const [rule, count] of world.refusals) rules.set(rule, (rules.get(rule) ?? 0) + count);
        }),
        { numRuns: RUNS, seed: SEED },
      );
      // The model reaches what it is about.
      expect(openings).toBeGreaterThan(RUNS / 10);
      expect([...ends.keys()]).toEqual(
        expect.arrayContaining(['denied', 'lapsed', 'withdrawn', 'failed', 'revoked', 'archived', 'open']),
      );
      expect([...rules.keys()]).toEqual(expect.arrayContaining(['A1', 'A3', 'A4', 'A7', 'R11', 'R13', 'T7']));
    },
    TIME_LIMIT_MS,
  );

  it(
    'two approvals on this very digest are needed even under a rule set that allows everything',
    () => {
      let openings = 0;
      fc.assert(
        fc.property(staff, actions, (people, sequence) => {
          const world = run(people, sequence, [lawless]);
          expect(broken(world, 'floor')).toBeNull();
          openings += openingsOf(world).length;
        }),
        { numRuns: RUNS, seed: SEED },
      );
      expect(openings).toBeGreaterThan(RUNS / 10);
    },
    TIME_LIMIT_MS,
  );

  it(
    'the model would notice decisions that let everything pass',
    () => {
      const allow = () => ({ outcome: 'allow' as const, reasons: [], rules: [], route: [] });
      const careless: Decisions = { ...PRODUCT, approval: allow, provision: allow, opening: allow };
      const outcome = fc.check(
        fc.property(
          staff,
          actions,
          (people, sequence) => broken(run(people, sequence, [base], careless)) === null,
        ),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
      expect(outcome.failed).toBe(true);
    },
    TIME_LIMIT_MS,
  );

  it.each<[string, (world: LoopWorld) => void]>([
    [
      'A1.recipient',
      (world) => change(world, secondLawyer, { roles: [...secondLawyer.roles, ...officer.roles] }),
    ],
    ['A1.subordinate-of-recipient', (world) => change(world, officer, { manager: secondLawyer.personId })],
    ['A1.enabled-recipient', (world) => change(world, secondLawyer, { roles: given(secondLawyer, officer) })],
    ['A1.role-given-by-a-party', (world) => change(world, officer, { roles: given(officer, secondLawyer) })],
    ['A1.role-after-request', (world) => change(world, officer, { roles: given(officer, director, '2027') })],
  ])(
    'the model notices what a rulebook without %s lets through, and the rulebook lets none of it',
    (id, arrange) => {
      const notices = (ruleSet: RuleSet) => {
        const world = new LoopWorld([lawyer, secondLawyer, director, officer], [ruleSet], PRODUCT);
        arrange(world);
        retrieve(world, id === 'A1.recipient' ? secondLawyer : officer);
        return { openings: openingsOf(world).length, fault: broken(world) };
      };
      expect(notices(without(id))).toEqual({ openings: 1, fault: expect.stringContaining('approved') });
      expect(notices(base)).toEqual({ openings: 0, fault: null });
    },
  );
});

function change(world: LoopWorld, { personId }: Person, to: Partial<Person>): void {
  for (const person of [...world.people.values()]) {
    if (person.personId === personId) world.people.set(personId, { ...person, ...to });
  }
}

function given(who: Person, by: Person, since?: string): Person['roles'] {
  return who.roles.map((held) => ({ ...held, grantedBy: by.personId, since: since ?? held.since }));
}

/** One retrieval from request to opening: a lawyer asks, another receives, the director and this officer approve. */
function retrieve(world: LoopWorld, officerOfIt: Person): void {
  world.request(lawyer, { requesterRole: 'legal', recipient: secondLawyer.personId });
  for (const step of ['check', 'director', 'officer', 'provision', 'open'] as const) {
    const [row] = world.rows.values();
    const who = (personId: string) => world.people.get(personId);
    const [one, other, recipient] = [director, officerOfIt, secondLawyer].map(({ personId }) =>
      who(personId),
    );
    if (!row || !one || !other || !recipient) return;
    const seen = row.requestDigest ?? '';
    if (step === 'check') world.check(row);
    if (step === 'director') world.decide(row, one, 'infosec-director', 'approve', seen);
    if (step === 'officer') world.decide(row, other, 'privacy-officer', 'approve', seen);
    if (step === 'provision') world.provision(row);
    if (step === 'open') world.open(row, recipient, 'k1');
    for (const pending of world.pending.splice(0)) world.commit(pending);
  }
}
