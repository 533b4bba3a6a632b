import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { preparsePolicySet, preparseSchema, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { buildSync } from 'esbuild';
import { z } from 'zod';
import type { Person } from '../shared/domain/person.ts';
import type { RuleSetDocument } from '../shared/domain/rule-set-document.ts';
import { requestFacts as gathered } from '../shared/facts/gather-facts.ts';
import { askingContext, atOf, entitiesOf, personUid, requestUid } from '../shared/policy/cedar-facts.ts';
import { decideRequest } from '../shared/policy/decide-request.ts';
import { bundledRuleSet, loadRuleSet, type RuleSet } from '../shared/policy/rule-set.ts';
import { inMemoryCases } from '../test/fakes/in-memory-cases.ts';
import { inMemoryDirectory } from '../test/fakes/in-memory-directory.ts';
import {
  lawyer,
  NOON,
  person,
  REGION,
  request,
  requestFacts,
  scopeFacts,
} from '../test/shared/policy/staff.ts';
import { type Measure, median, promised, reported } from './measure.ts';

const ROUNDS = 9;
const DECISIONS = 400;
const COLD_STARTS = 9;
const CHAIN_POLICIES = 500;
const STAFF = 10_000;
const FEW = 10;

export const names = [
  'decision-p99-times-bare-cedar',
  'decision-first-of-cold-function',
  'decision-p99-times-with-500-chain-policies',
  'decision-p99-times-with-10000-staff',
  'decision-first-times-with-500-chain-policies',
  'decision-first-times-with-10000-staff',
  'decision-median',
];

/**
 * A decision on a request (may it be asked for, and who must agree) against one bare authorisation over the same
 * policies; what a chain's 500 policies about requests and 10,000 people do to it; and the first one of a cold function.
 */
export async function measures(): Promise<Measure[]> {
  const base = bundledRuleSet();
  const large = loadRuleSet(withChain(base.document));
  const facts = requestFacts();
  const decide = (ruleSet: RuleSet) => () => {
    decideRequest(ruleSet, facts);
  };
  const few = gathering(base, FEW);
  const many = gathering(base, STAFF);
  const cold = await firstDecisions({
    base: { document: base.document, staff: FEW },
    chain: { document: large.document, staff: FEW },
    staff: { document: base.document, staff: STAFF },
  });
  const coldTimes = (name: 'chain' | 'staff') =>
    median(cold[name].map((time, index) => time / (cold.base[index] ?? Number.NaN)));
  return [
    promised('decision-p99-times-bare-cedar', await ratioOfP99(decide(base), bare(base)), 'ratio', {
      atMost: 2,
    }),
    promised('decision-first-of-cold-function', median(cold.base), 'ms', { atMost: 250 }),
    promised(
      'decision-p99-times-with-500-chain-policies',
      await ratioOfP99(decide(large), decide(base)),
      'times',
      { atMost: 1.5 },
    ),
    promised('decision-p99-times-with-10000-staff', await ratioOfP99(many, few), 'times', { atMost: 1.5 }),
    promised('decision-first-times-with-500-chain-policies', coldTimes('chain'), 'times', { atMost: 1.5 }),
    promised('decision-first-times-with-10000-staff', coldTimes('staff'), 'times', { atMost: 1.5 }),
    reported('decision-median', median(await times(decide(base))), 'ms'),
  ];
}

/** All about the act that is measured: the worst that 500 can be. */
function withChain(document: RuleSetDocument): RuleSetDocument {
  const text = Array.from(
    { length: CHAIN_POLICIES },
    (_, index) => `@id("R6.own-${index}") @reason("own-${index}") @zh("自定") @en("own")
forbid (principal is Person, action == Action::"request", resource is Request)
when { resource.hotels.contains("X${index}") && resource.windowHours > ${index % 90} };`,
  ).join('\n');
  return { ...document, policies: [...document.policies, { file: 'chain/own.cedar', text }] };
}

type Work = () => void | Promise<void>;

/** One authorisation over all policies, as Cedar's own documentation has it. */
function bare({ digest, document }: RuleSet): Work {
  const text = document.policies.map((policies) => policies.text).join('\n');
  preparseSchema('bare', document.schema);
  preparsePolicySet('bare', { staticPolicies: text });
  const facts = requestFacts();
  const question = {
    principal: personUid(facts.requester.personId),
    action: { type: 'Action', id: 'request' },
    resource: requestUid(facts.grant),
    context: askingContext(facts),
    entities: entitiesOf(facts.grant, [facts.requester, facts.recipient], atOf(facts)),
    preparsedSchemaName: 'bare',
    preparsedPolicySetId: 'bare',
    validateRequest: true,
  };
  return () => {
    const answer = statefulIsAuthorized(question);
    if (answer.type === 'failure') throw new Error(`Cedar can't be asked under ${digest}`);
  };
}

function staffOf(count: number): Person[] {
  return [lawyer, ...Array.from({ length: count }, (_, index) => person(`staff-${index}`, 'agent'))];
}

/** Facts from a directory of so many people, and the decision. */
function gathering(ruleSet: RuleSet, staff: number): Work {
  const directory = inMemoryDirectory(...staffOf(staff));
  const cases = inMemoryCases();
  return async () => {
    const facts = await gathered({ directory, region: REGION, now: NOON, cases }, request(), scopeFacts());
    decideRequest(ruleSet, facts);
  };
}

/** How many times the other's p99 ours is: the median of rounds, in which the two take turns decision by decision. */
async function ratioOfP99(ours: Work, other: Work): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [own, others]: [number[], number[]] = [[], []];
    for (let decision = 0; decision < DECISIONS; decision += 1) {
      own.push(await elapsed(ours));
      others.push(await elapsed(other));
    }
    // The first round warms up.
    if (round > 0) ratios.push(p99(own) / p99(others));
  }
  return median(ratios);
}

async function times(work: Work): Promise<number[]> {
  const all: number[] = [];
  for (let decision = 0; decision < DECISIONS; decision += 1) all.push(await elapsed(work));
  return all;
}

async function elapsed(work: Work): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function p99(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Number.NaN;
}

type Cold<Value> = Record<'base' | 'chain' | 'staff', Value>;

/** Milliseconds from the start of a child's code to its first decision, in turns under each document and directory. */
async function firstDecisions(
  worlds: Cold<{ document: RuleSetDocument; staff: number }>,
): Promise<Cold<number[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'dualkey-bench-'));
  try {
    const child = bundled(folder);
    const first = async (name: keyof typeof worlds) => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        child,
        join(folder, `${name}.json`),
        join(folder, name),
      ]);
      const { startedAt, endedAt } = z
        .object({ outcome: z.literal('allow'), startedAt: z.number(), endedAt: z.number() })
        .parse(JSON.parse(stdout));
      return endedAt - startedAt;
    };
    const names = ['base', 'chain', 'staff'] as const;
    for (const name of names) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(worlds[name].document));
      mkdirSync(join(folder, name));
      for (const one of staffOf(worlds[name].staff)) {
        writeFileSync(join(folder, name, `${one.personId}.json`), JSON.stringify(one));
      }
    }
    const found: Cold<number[]> = { base: [], chain: [], staff: [] };
    for (let start = 0; start < COLD_STARTS; start += 1) {
      for (const name of names) found[name].push(await first(name));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As functions are bundled; its code begins with a look at the clock. */
function bundled(folder: string): string {
  const require = createRequire(import.meta.url);
  const loader = require.resolve('@cedar-policy/cedar-wasm/nodejs');
  cpSync(join(dirname(loader), 'cedar_wasm_bg.wasm'), join(folder, 'cedar_wasm_bg.wasm'));
  const outfile = join(folder, 'cold.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('cold-decision.ts', import.meta.url))],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    define: { 'globalThis.startedAt': '__startedAt' },
    banner: {
      js: `const __startedAt = performance.now();
import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));`,
    },
  });
  return outfile;
}
