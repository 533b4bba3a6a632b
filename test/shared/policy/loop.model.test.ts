import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { broughtBy } from '../../../shared/domain/case.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { Role } from '../../../shared/domain/roles.ts';
import type { Verdict } from '../../../shared/domain/verdict.ts';
import { retrievalFacts } from '../../../shared/facts/retrieval-facts.ts';
import { decideApproval } from '../../../shared/policy/decide-approval.ts';
import { decideOpening } from '../../../shared/policy/decide-opening.ts';
import type { OpeningFacts } from '../../../shared/policy/facts.ts';
import { bundledRuleSet, loadRuleSet, type RuleSet } from '../../../shared/policy/rule-set.ts';
import {
  type Action,
  actions,
  type Fate,
  happen,
  type RetrievalAction,
  retrievals,
  staff,
} from './loop-actions.ts';
import { broken, FLOOR, INVARIANTS, type InvariantName, isInvariant, openingsOf } from './loop-invariants.ts';
import { ALL_CONDITIONS } from './loop-store.ts';
import { LoopWorld, type Parts, PRODUCT } from './loop-world.ts';
import { director, lawyer, officer, person, scopeFacts, secondLawyer } from './staff.ts';

const SEED = 20_260_615;
const RUNS = 150;
const FEWER_RUNS = 40;
/** As many as it may take until somebody comes across what is broken. */
const BROKEN_RUNS = 400;
const MOST_RETRIEVALS = 12;
const RETRIEVAL_RUNS = 60;
const TIME_LIMIT_MS = 240_000;
const NAMES = Object.keys(INVARIANTS).filter(isInvariant);

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

/** The same without one policy. */
function without(id: string): RuleSet {
  const { schema, policies } = base.document;
  const cut = new RegExp(`@id\\("${id.replace('.', '\\.')}"\\)[^;]*;`);
  return loadRuleSet({
    version: 1,
    schema,
    policies: policies.map(({ file, text }) => ({ file, text: text.replace(cut, '') })),
  });
}

type Sequence = readonly (readonly [Action | RetrievalAction, Fate])[];

async function run(
  people: readonly Person[],
  sequence: Sequence,
  ruleSets: readonly [RuleSet, ...RuleSet[]],
  parts: Parts = PRODUCT,
): Promise<LoopWorld> {
  const world = new LoopWorld(people, ruleSets, parts);
  // So that no sequence is spent on nobody asking for anything.
  await happen(world, [{ do: 'request', who: 0, recipient: 0, odd: 0, guest: 0 }, 'now']);
  await happen(world, [{ do: 'request', who: 3, recipient: 0, odd: 4, guest: 0 }, 'now']);
  for (const each of sequence) await happen(world, each);
  return world;
}

/** A director and a lawyer, who retrieve and retrieve. */
async function retrieving(sequence: Sequence, parts: Parts = PRODUCT): Promise<LoopWorld> {
  const people = [director, lawyer, secondLawyer, officer, person('other-director', 'infosec-director')];
  const world = new LoopWorld(people, [base], parts, MOST_RETRIEVALS);
  for (const each of sequence) await happen(world, each);
  return world;
}

const life = fc.tuple(staff, actions);

/** Runs the same sequences once and asks every invariant of each. */
function ofEveryLife(
  names: readonly InvariantName[],
  ruleSets: readonly [RuleSet, ...RuleSet[]],
): LoopWorld[] {
  const worlds: LoopWorld[] = [];
  beforeAll(async () => {
    for (const [people, sequence] of fc.sample(life, { numRuns: RUNS, seed: SEED })) {
      worlds.push(await run(people, sequence, ruleSets));
    }
  }, TIME_LIMIT_MS);
  for (const name of names) {
    it(name, () => {
      expect(worlds).toHaveLength(RUNS);
      // By number: the sequence is `fc.sample(life, { numRuns: RUNS, seed: SEED })[number]`.
      const faults = worlds.map((world, number) => ({ number, fault: INVARIANTS[name](world) }));
      expect(faults.filter(({ fault }) => fault !== null)).toEqual([]);
    });
  }
  return worlds;
}

function countOf<Key>(keys: Iterable<Key>): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

describe('whatever people do, in whatever order, with retries, replays and crashes', () => {
  const worlds = ofEveryLife(NAMES, [base, tightened]);

  it('and all of it was there to go wrong: openings, ends, refusals by their rules, locks, deputies, roles', () => {
    const history = worlds.flatMap(({ store }) => store.history);
    const moves = countOf(history.flatMap((entry) => (entry.what === 'moved' ? [entry.transition] : [])));
    const rules = worlds.flatMap(({ refusals }) => [...refusals.keys()]);
    const openings = worlds.flatMap(openingsOf);
    expect(openings.length).toBeGreaterThan(RUNS / 10);
    expect([...moves.keys()]).toEqual(
      expect.arrayContaining([
        'refuse',
        'submit',
        'approve',
        'complete',
        'deny',
        'lapse',
        'withdraw',
        'provision',
        'open',
        'close',
        'expire',
        'revoke',
        'fail',
        'archive',
      ]),
    );
    expect([...new Set(rules)]).toEqual(
      expect.arrayContaining([
        'A1',
        'A3',
        'A4',
        'A5',
        'A6',
        'A7',
        'E1',
        'L2',
        'R2',
        'R3',
        'R5',
        'R6',
        'R8',
        'R9',
        'R10',
        'R11',
        'R13',
        'R14',
        'T7',
      ]),
    );
    const reasons = new Set(worlds.flatMap((world) => [...world.reasons]));
    expect([...reasons]).toEqual(
      expect.arrayContaining([
        'account-locked',
        'session-locked',
        'sign-in-after-lock',
        'step-up-used-already',
        'device-revoked',
        'matter-is-closed',
        'chain-opens-once',
      ]),
    );
    const askedIn = new Set(openings.map(({ row }) => row.requesterRole));
    expect(askedIn.size).toBeGreaterThan(4);
    expect(history.some((entry) => entry.what === 'approved' && entry.asDeputyOf !== undefined)).toBe(true);
    const unlockings = worlds.flatMap(({ around }) => [...around.conduct.values()]);
    expect(unlockings.some(({ unlocking }) => unlocking !== undefined)).toBe(true);
    expect(worlds.flatMap(({ calls }) => calls).some(({ lockedThen }) => lockedThen)).toBe(true);
  });
});

describe('even under a rule set that allows everything', () => {
  const worlds = ofEveryLife(FLOOR, [lawless]);

  it('and it opens', () => {
    expect(worlds.flatMap(openingsOf).length).toBeGreaterThan(RUNS / 10);
  });
});

describe('R4, whoever grants beside whom', () => {
  it(
    'R4 is never exceeded under concurrency, across month ends, for guests who are linked and taken apart',
    async () => {
      let [refused, most, monthsSeen] = [0, 0, 0];
      const property = fc.asyncProperty(retrievals, async (sequence) => {
        const world = await retrieving(sequence);
        expect(broken(world)).toBeNull();
        refused += world.refusals.get('R4') ?? 0;
        const granted = world.store.history.filter((entry) => entry.what === 'retrieved');
        const byDirector = granted.filter(({ requester }) => requester === director.personId);
        most = Math.max(most, ...countOf(byDirector.map(({ month, ids }) => `${month} ${ids}`)).values());
        monthsSeen = Math.max(monthsSeen, new Set(granted.map(({ month }) => month)).size);
      });
      await fc.assert(property, { numRuns: RETRIEVAL_RUNS, seed: SEED, endOnFailure: true });
      expect(refused).toBeGreaterThan(RETRIEVAL_RUNS / 10);
      expect(most).toBe(3);
      expect(monthsSeen).toBeGreaterThan(1);
    },
    TIME_LIMIT_MS,
  );

  it('T7 counts once a matter: a fifth retrieval for it is granted', async () => {
    const world = new LoopWorld([lawyer, director, officer], [base], PRODUCT, 5);
    for (let time = 0; time < 5; time += 1) {
      await happen(world, [{ do: 'request', who: 0, recipient: 0, odd: 0, guest: 0 }, 'now']);
      for (const state of ['requested', 'awaiting-approval', 'awaiting-approval', 'provisioning']) {
        expect([...world.rows.values()].at(-1)?.state).toBe(state);
        await happen(world, [
          { do: 'step', row: time, who: 0, key: 0, signed: { outcome: 'verified', again: false } },
          'now',
        ]);
      }
    }
    expect([...world.rows.values()].map(({ state }) => state)).toEqual(Array(5).fill('open'));
    expect([...world.around.counts.values()].map(({ keys }) => keys)).toEqual([['matter/M-1']]);
    expect(broken(world)).toBeNull();
  });
});

const allow = (): Verdict => ({ outcome: 'allow', reasons: [], rules: [], route: [] });
const deciding = (decisions: Partial<Parts['decisions']>): Partial<Parts> => ({
  decisions: { ...PRODUCT.decisions, ...decisions },
});
const openingBelieves = (believed: (facts: OpeningFacts) => Partial<OpeningFacts>): Partial<Parts> =>
  deciding({ opening: (ruleSet, facts) => decideOpening(ruleSet, { ...facts, ...believed(facts) }) });
const unconditional = (...missing: (keyof Parts['conditions'])[]): Partial<Parts> => ({
  conditions: { ...ALL_CONDITIONS, ...Object.fromEntries(missing.map((condition) => [condition, false])) },
});

describe('the model notices', () => {
  const BROKEN: [string, InvariantName, Partial<Parts>][] = [
    [
      'decisions that let everything pass',
      'nothing opens without two distinct approvers in two roles',
      deciding({ approval: allow, provision: allow, opening: allow }),
    ],
    [
      'releases that ask for no digest',
      'approvals bind to the digest',
      deciding({ provision: allow, opening: allow }),
    ],
    ['releases that hash no scope', 'scope never grows', deciding({ provision: allow, opening: allow })],
    [
      'a commit on whatever state, of an opening that asks for none',
      'nothing is readable outside open',
      { ...unconditional('state'), ...deciding({ opening: allow }) },
    ],
    [
      'an opening that believes none was counted',
      'nothing opens past the limit',
      openingBelieves(({ grant }) => ({ grant: { ...grant, opened: 0 } })),
    ],
    ['commits on whatever version', 'nothing opens past the limit', unconditional('version')],
    [
      'an opening that looks at no window',
      'nothing opens past the window',
      openingBelieves(({ grant, now }) => ({
        grant: { ...grant, provisionedAt: now.toISOString(), windowEnds: '2099-01-01T00:00:00.000Z' },
      })),
    ],
    [
      'an opening that takes any step-up',
      'nothing is approved or opened without the own enrolled device, each signature once',
      openingBelieves(() => ({ stepUp: 'verified' })),
    ],
    [
      'an approval that takes any step-up',
      'nothing is approved or opened without the own enrolled device, each signature once',
      deciding({
        approval: (ruleSet, facts) => decideApproval(ruleSet, { ...facts, stepUp: 'verified' }),
      }),
    ],
    [
      'a commit that uses no signature up',
      'nothing is approved or opened without the own enrolled device, each signature once',
      unconditional('stepUp'),
    ],
    [
      'an opening that reads the directory no more',
      'nothing opens past a revocation',
      deciding({ opening: allow }),
    ],
    [
      'an opening that believes its scope to be harmless',
      'red lines hold whatever the approvals',
      openingBelieves(() => ({ scope: scopeFacts() })),
    ],
    [
      'an opening that believes everybody trained',
      'red lines hold whatever the approvals',
      openingBelieves(({ requester, actor }) => ({
        requester: { ...requester, training: lawyer.training },
        actor: { ...actor, training: lawyer.training },
        recipient: { ...actor, training: lawyer.training },
      })),
    ],
    [
      'commits that repeat',
      'every refusal and every access has exactly one custody event',
      unconditional('version', 'stepUp'),
    ],
    [
      'refusals without an event',
      'every refusal and every access has exactly one custody event',
      { eventsOfARefusal: 0 },
    ],
    [
      'refusals with two events',
      'every refusal and every access has exactly one custody event',
      { eventsOfARefusal: 2 },
    ],
    ['a gate that lets the locked in', 'an account that is locked does nothing', { gate: () => null }],
    [
      'approvers who may be anybody',
      'nobody under the thumb of a party approves',
      deciding({ approval: allow, provision: allow, opening: allow }),
    ],
    [
      'commits on whatever state',
      'a final state is final',
      { ...unconditional('state'), ...deciding({ ending: allow }) },
    ],
  ];

  it.each(BROKEN)(
    '%s: "%s" fails',
    async (_, name, parts) => {
      const property = fc.asyncProperty(life, async ([people, sequence]) => {
        return INVARIANTS[name](await run(people, sequence, [base], { ...PRODUCT, ...parts })) === null;
      });
      const outcome = await fc.check(property, { numRuns: BROKEN_RUNS, seed: SEED, endOnFailure: true });
      expect(outcome.failed).toBe(true);
    },
    TIME_LIMIT_MS,
  );

  it.each<[string, Partial<Parts>]>([
    ['grants that are committed whatever the counters say', unconditional('retrievals')],
    [
      'counters that are never read',
      { retrievals: async (...asked) => ({ ...(await retrievalFacts(...asked)), retrievals: 0 }) },
    ],
    [
      'a provision that counts nothing',
      { retrievals: async (...asked) => ({ ...(await retrievalFacts(...asked)), reservation: null }) },
    ],
  ])(
    '%s: "R4 is never exceeded, and every grant is counted" fails',
    async (_, parts) => {
      const property = fc.asyncProperty(retrievals, async (sequence) => {
        const world = await retrieving(sequence, { ...PRODUCT, ...parts });
        return INVARIANTS['R4 is never exceeded, and every grant is counted'](world) === null;
      });
      const outcome = await fc.check(property, { numRuns: BROKEN_RUNS, seed: SEED, endOnFailure: true });
      expect(outcome.failed).toBe(true);
    },
    TIME_LIMIT_MS,
  );

  it('an approval that is broken alone is caught where it is relied on', async () => {
    const property = fc.asyncProperty(life, async ([people, sequence]) => {
      const world = await run(people, sequence, [base], { ...PRODUCT, ...deciding({ approval: allow }) });
      const name = 'nothing opens without two distinct approvers in two roles';
      expect(
        INVARIANTS[name](world) ?? INVARIANTS['nobody under the thumb of a party approves'](world),
      ).toBeNull();
    });
    await fc.assert(property, { numRuns: FEWER_RUNS, seed: SEED, endOnFailure: true });
  });

  it('a provision that is broken alone is caught by the opening', async () => {
    const property = fc.asyncProperty(life, async ([people, sequence]) => {
      const world = await run(people, sequence, [base], { ...PRODUCT, ...deciding({ provision: allow }) });
      expect(
        broken(world, [
          'approvals bind to the digest',
          'scope never grows',
          'red lines hold whatever the approvals',
        ]),
      ).toBeNull();
    });
    await fc.assert(property, { numRuns: FEWER_RUNS, seed: SEED, endOnFailure: true });
  });

  const twoHats = person('two-hats', 'infosec-director', 'privacy-officer');
  /** The last is what happens between the two approvals. */
  it.each<[string, Role, Happening, Person?, Happening?]>([
    [
      'A1.recipient',
      'privacy-officer',
      (world) => change(world, secondLawyer, { roles: [...secondLawyer.roles, ...officer.roles] }),
      secondLawyer,
    ],
    [
      'A1.subordinate-of-recipient',
      'privacy-officer',
      (world) => change(world, officer, { manager: secondLawyer.personId }),
    ],
    [
      'A1.enabled-recipient',
      'privacy-officer',
      (world) => change(world, secondLawyer, { roles: given(secondLawyer, officer) }),
    ],
    [
      'A1.enabled-by-case',
      'privacy-officer',
      (world) => {
        for (const [key, { filed, version }] of world.around.cases.rows) {
          world.around.cases.rows.set(key, { filed: broughtBy(filed, [officer.personId]), version });
        }
      },
    ],
    [
      'A1.role-given-by-a-party',
      'privacy-officer',
      (world) => change(world, officer, { roles: given(officer, secondLawyer) }),
    ],
    [
      'A1.role-after-request',
      'privacy-officer',
      (world) => change(world, officer, { roles: given(officer, director, '2027') }),
    ],
    [
      'A1.line-after-request',
      'privacy-officer',
      (world) =>
        change(world, officer, {
          lostSuperiors: { p_manager: [beforeApprovals(world)] },
        }),
    ],
    [
      'A1.superior-after-request',
      'privacy-officer',
      () => undefined,
      officer,
      (world) =>
        change(world, director, { lostSuperiors: { p_officer: [new Date(world.now).toISOString()] } }),
    ],
    [
      'A1.enabled-approver',
      'privacy-officer',
      (world) => change(world, director, { enablers: { p_officer: [beforeApprovals(world)] } }),
    ],
    [
      'A1.enabled-by-a-party',
      'privacy-officer',
      (world) => change(world, officer, { enablers: { [secondLawyer.personId]: [beforeApprovals(world)] } }),
    ],
    [
      'A8.for-a-party',
      'privacy-officer',
      (world) => change(world, officer, { roles: deputies(officer, secondLawyer) }),
    ],
    [
      'A8.twice',
      'privacy-officer',
      (world) => {
        change(world, director, { roles: deputies(director, twoHats) });
        change(world, officer, { roles: deputies(officer, twoHats) });
      },
    ],
  ])(
    'what a rulebook without %s lets through, and the rulebook lets none of it',
    async (id, _, arrange, approver = officer, meanwhile = () => undefined) => {
      const notices = async (ruleSet: RuleSet) => {
        const world = new LoopWorld([lawyer, secondLawyer, director, officer, twoHats], [ruleSet]);
        arrange(world);
        await retrieve(world, approver, meanwhile);
        return { openings: openingsOf(world).length, fault: broken(world) };
      };
      expect(await notices(without(id))).toEqual({ openings: 1, fault: expect.any(String) });
      expect(await notices(base)).toEqual({ openings: 0, fault: null });
    },
  );
});

function change(world: LoopWorld, { personId }: Person, to: Partial<Person>): void {
  const person = world.people.get(personId);
  if (person) world.people.set(personId, { ...person, ...to });
}

function given(who: Person, by: Person, since?: string): Person['roles'] {
  return who.roles.map((held) => ({ ...held, grantedBy: by.personId, since: since ?? held.since }));
}

/** Who holds what they hold in another's place alone. */
function deputies(who: Person, standingInFor: Person): Person['roles'] {
  return who.roles.map((held) => ({
    ...held,
    deputyOf: standingInFor.personId,
    from: '2026-06-01T00:00:00.000Z',
    until: '2026-07-01T00:00:00.000Z',
  }));
}

/** One retrieval from request to opening: a lawyer asks, another receives, the director and this officer approve. */
/** Between the request and what is decided of it, and between the two decisions. */
const BEFORE_APPROVALS_MS = 1000;
type Happening = (world: LoopWorld) => void;

function beforeApprovals(world: LoopWorld): string {
  return new Date(world.now + BEFORE_APPROVALS_MS / 2).toISOString();
}

async function retrieve(world: LoopWorld, officerOfIt: Person, meanwhile: Happening): Promise<void> {
  world.around.write('gst_1', 'enquiry', world.now - 3_600_000);
  await world.request(lawyer, { requesterRole: 'legal', recipient: secondLawyer.personId });
  for (const step of ['check', 'director', 'officer', 'provision', 'open'] as const) {
    const [row] = world.rows.values();
    if (!row) return;
    const seen = row.requestDigest ?? '';
    if (step === 'check') {
      await world.check(row);
      world.now += BEFORE_APPROVALS_MS;
    }
    if (step === 'director') await world.decide(row, director, 'infosec-director', 'approve', seen);
    if (step === 'officer') {
      world.now += BEFORE_APPROVALS_MS;
      meanwhile(world);
    }
    if (step === 'officer') await world.decide(row, officerOfIt, 'privacy-officer', 'approve', seen);
    if (step === 'provision') await world.provision(row);
    if (step === 'open') await world.open(row, secondLawyer, 'k1');
    for (const pending of world.pending.splice(0)) await world.commit(pending);
  }
}
