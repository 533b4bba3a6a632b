import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { digestOf } from '../../shared/domain/digest.ts';
import type { RuleSetDocument } from '../../shared/domain/rule-set-document.ts';
import type { NotedPolicy } from '../../shared/policy/policy-notes.ts';
import { actionGroups, actsOf } from '../../shared/policy/policy-text.ts';
import { bundledRuleSet, type RuleSet, readyRuleSet } from '../../shared/policy/rule-set.ts';
import type { RuleCase } from '../shared/policy/case-builders.ts';
import { caseDiffers } from '../shared/policy/case-differs.ts';
import { everyHat } from '../shared/policy/every-hat.ts';
import { permitsAlone } from '../shared/policy/permits-alone.ts';
import { RULE_CASES } from '../shared/policy/rule-cases.ts';
import { type PolicyMutant, policyMutants } from './policy-mutants.ts';

/**
 * Mutation testing of the policies: each mutant must fail a case of the rulebook's table. Prints those that live and the
 * score; `reports/mutation/cedar.json` has every one. Exits with 1 below LEAST_SCORE. With a rule's id: of that rule alone.
 */
const LEAST_SCORE = 0.9;
const REPORT = new URL('../../reports/mutation/', import.meta.url);

const resultSchema = z.array(
  z.object({
    policy: z.string(),
    what: z.string(),
    text: z.string().nullable(),
    killedBy: z.string().nullable(),
  }),
);
type Result = z.infer<typeof resultSchema>[number];

const base = bundledRuleSet();
const groups = actionGroups(base.document.schema);
const askedAbout = new Map<string, readonly RuleCase[]>();
const [part, only] = process.argv.slice(2);
if (part === 'part') {
  const before = answers(base);
  const results = policyMutants(base, only).map(
    (mutant): Result => ({ ...mutant, killedBy: killerOf(mutant, before) }),
  );
  process.stdout.write(JSON.stringify(results));
} else {
  tellAll(part);
}

/** Rule by rule, each in a process of its own: Cedar forgets no set that it has parsed. */
function tellAll(rule: string | undefined): void {
  const rules = [...new Set([...base.notes.values()].map((note) => note.rule))].filter(
    (one) => rule === undefined || one === rule,
  );
  const results = rules.flatMap((one) => {
    const found = ofRule(one);
    for (const { policy, what, killedBy } of found) {
      if (killedBy === null) process.stdout.write(`lives: ${policy}: ${what}\n`);
    }
    process.stdout.write(`${one}: ${tally(found)}\n`);
    return found;
  });
  const score = detectedOf(results) / results.length;
  process.stdout.write(`policies: ${tally(results)}, score ${(score * 100).toFixed(1)} %\n`);
  mkdirSync(REPORT, { recursive: true });
  writeFileSync(new URL('cedar.json', REPORT), JSON.stringify({ score, results }, null, 2));
  process.exitCode = score >= LEAST_SCORE ? 0 : 1;
}

function tally(results: readonly Result[]): string {
  const detected = detectedOf(results);
  return `${results.length} mutants, ${detected} detected, ${results.length - detected} live`;
}

function detectedOf(results: readonly Result[]): number {
  return results.filter(({ killedBy }) => killedBy !== null).length;
}

function ofRule(rule: string): Result[] {
  const answer = spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'part', rule], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (answer.status !== 0) throw new Error(`the mutants of ${rule} could not be tried`);
  return resultSchema.parse(JSON.parse(answer.stdout));
}

function ruleOf(policy: string): string {
  return policy.replace(/\..*$/, '');
}

/** What the rulebook as it stands says of every case, and of every hat. */
type Answers = { cases: ReadonlyMap<RuleCase, string>; hats: string };

function answers(ruleSet: RuleSet): Answers {
  const letIn = RULE_CASES.find((one) => one.unpermitted && isLetIn(one, ruleSet));
  if (letIn !== undefined) throw new Error(`a permit lets in what no permit should: ${letIn.name}`);
  return { cases: new Map(RULE_CASES.map((one) => [one, said(one, ruleSet)])), hats: hats(ruleSet) };
}

/**
 * Cases that ask the rulebook about an act on which this policy speaks: they come out otherwise where nothing is said of
 * these acts, or where everything that forbids them speaks. The others can't tell a mutant of it from the policy.
 */
function casesAbout(policy: NotedPolicy, before: Answers): readonly RuleCase[] {
  const acts = actsOf(policy, groups);
  const key = acts === null ? 'all' : [...acts].sort().join();
  const known = askedAbout.get(key) ?? about(acts, before);
  askedAbout.set(key, known);
  return known;
}

function about(acts: ReadonlySet<string> | null, before: Answers): readonly RuleCase[] {
  if (acts === null) return RULE_CASES;
  const isOfThem = (one: NotedPolicy) => [...(actsOf(one, groups) ?? [])].some((act) => acts.has(act));
  const silent = ruleSetOf((one) => (isOfThem(one) ? null : one.text));
  const loud = ruleSetOf((one) => (isOfThem(one) && one.effect === 'forbid' ? unconditional(one) : one.text));
  return RULE_CASES.filter((one) =>
    [silent, loud].some((ruleSet) => said(one, ruleSet) !== before.cases.get(one)),
  );
}

function unconditional({ annotations, effect, scope }: NotedPolicy): string {
  const notes = Object.entries(annotations).map(([name, value]) => `@${name}("${value}")`);
  return `${notes.join('\n')}\n${effect} (${scope});`;
}

/** The first case that doesn't hold any more, those of the same policy and rule first; null where none does. */
function killerOf(mutant: PolicyMutant, before: Answers): string | null {
  const ruleSet = mutated(mutant);
  const rule = ruleOf(mutant.policy);
  const near = (one: RuleCase) => (one.policy === mutant.policy ? 0 : ruleOf(one.policy) === rule ? 1 : 2);
  const cases = casesAbout(policyOf(mutant), before);
  const inOrder = cases.toSorted((one, other) => near(one) - near(other));
  const killer = inOrder.find((one) => isKilledBy(one, ruleSet));
  if (killer !== undefined) return `${killer.policy}: ${killer.name}`;
  // What is refused twice is refused by the permits' own text, whatever the policy beside them says.
  const isPermit = policyOf(mutant).effect === 'permit';
  const letIn = isPermit && inOrder.find((one) => one.unpermitted && isLetIn(one, ruleSet));
  if (letIn) return `${letIn.policy}, by permits alone: ${letIn.name}`;
  return hats(ruleSet) === before.hats ? null : 'every hat';
}

/** As the case's own test sees it. */
function isKilledBy(one: RuleCase, ruleSet: RuleSet): boolean {
  try {
    return caseDiffers(one, one.decide(ruleSet), ruleSet) !== null;
  } catch {
    return true;
  }
}

function isLetIn({ decide }: RuleCase, ruleSet: RuleSet): boolean {
  try {
    return decide(permitsAlone(ruleSet)).outcome === 'allow';
  } catch {
    return true;
  }
}

function hats(ruleSet: RuleSet): string {
  try {
    return JSON.stringify(everyHat(ruleSet));
  } catch {
    return 'failed';
  }
}

/** What a case comes to, in one string: its outcome, reasons and route, or that the rulebook failed. */
function said({ decide }: RuleCase, ruleSet: RuleSet): string {
  try {
    const { outcome, reasons, route } = decide(ruleSet);
    return JSON.stringify([outcome, [...reasons].sort(), [...route].sort()]);
  } catch {
    return 'failed';
  }
}

function policyOf({ policy }: PolicyMutant): NotedPolicy {
  const found = base.policies.find(({ note }) => note.id === policy);
  if (found === undefined) throw new Error(`no policy ${policy}`);
  return found;
}

function mutated({ policy, text }: PolicyMutant): RuleSet {
  return ruleSetOf((one) => (one.note.id === policy ? text : one.text));
}

/** The rulebook with each policy's text as given; null leaves it out. */
function ruleSetOf(textOf: (policy: NotedPolicy) => string | null): RuleSet {
  const document: RuleSetDocument = {
    version: 1,
    schema: base.document.schema,
    policies: [{ file: 'mutant.cedar', text: base.policies.flatMap((one) => textOf(one) ?? []).join('\n') }],
  };
  return readyRuleSet({ digest: digestOf(document), document });
}
