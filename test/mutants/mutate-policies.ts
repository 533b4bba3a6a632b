import { mkdirSync, writeFileSync } from 'node:fs';
import { preparseSchema } from '@cedar-policy/cedar-wasm/nodejs';
import { type Digest, digestOf } from '../../shared/domain/digest.ts';
import { type NotedPolicy, notedPolicies } from '../../shared/policy/policy-notes.ts';
import { actionGroups, actsOf } from '../../shared/policy/policy-text.ts';
import { bundledRuleSet, type RuleSet } from '../../shared/policy/rule-set.ts';
import type { RuleCase } from '../shared/policy/case-builders.ts';
import { caseDiffers } from '../shared/policy/case-differs.ts';
import { everyHat } from '../shared/policy/every-hat.ts';
import { RULE_CASES } from '../shared/policy/rule-cases.ts';
import { type PolicyMutant, policyMutants } from './policy-mutants.ts';

/**
 * Mutation testing of the policies: of each mutant a case of the rulebook's table must fail, as its own test would, or what
 * everybody in every hat is answered must change. Prints those that live, a count by rule and the score;
 * `reports/mutation/cedar.json` has every one. Exits with 1 below LEAST_SCORE. With ids of rules: of those alone.
 */
const LEAST_SCORE = 0.9;
const REPORT = new URL('../../reports/mutation/', import.meta.url);

type Result = PolicyMutant & { killedBy: string | null };

const base = bundledRuleSet();
const groups = actionGroups(base.document.schema);
const hatsBefore = hats(base);
const knownCases = new Map<string, readonly RuleCase[]>();
// Cedar forgets nothing that it has parsed until something else is parsed under its name: all rule sets here share two names.
const ALL = named('all');
const PERMITS = named('permits');

const asked = process.argv.slice(2);
const all = [...new Set([...base.notes.values()].map(({ rule }) => rule))];
const results: Result[] = [];
for (const rule of asked.length === 0 ? all : asked) {
  const found = policyMutants(base, rule).map(
    (mutant): Result => ({ ...mutant, killedBy: killerOf(mutant) }),
  );
  for (const { policy, what, killedBy } of found) {
    if (killedBy === null) process.stdout.write(`lives: ${policy}: ${what}\n`);
  }
  process.stdout.write(`${rule}: ${tally(found)}\n`);
  results.push(...found);
  mkdirSync(REPORT, { recursive: true });
  writeFileSync(new URL('cedar.json', REPORT), JSON.stringify({ score: scoreOf(results), results }, null, 2));
}
process.stdout.write(`policies: ${tally(results)}, score ${(scoreOf(results) * 100).toFixed(1)} %\n`);
process.exitCode = scoreOf(results) >= LEAST_SCORE ? 0 : 1;

function tally(found: readonly Result[]): string {
  const detected = detectedOf(found);
  return `${found.length} mutants, ${detected} detected, ${found.length - detected} live`;
}

function scoreOf(found: readonly Result[]): number {
  return detectedOf(found) / found.length;
}

function detectedOf(found: readonly Result[]): number {
  return found.filter(({ killedBy }) => killedBy !== null).length;
}

/** The first case that doesn't hold any more, those of the same policy and rule first; null where all do. */
function killerOf(mutant: PolicyMutant): string | null {
  const policy = base.policies.find(({ note }) => note.id === mutant.policy);
  if (policy === undefined) throw new Error(`no policy ${mutant.policy}`);
  const { rule } = policy.note;
  const ruleSet = mutated(mutant);
  const near = RULE_CASES.filter((one) => ruleOf(one) === rule).sort(
    (one, other) => Number(other.policy === mutant.policy) - Number(one.policy === mutant.policy),
  );
  const killer =
    near.find((one) => isKilledBy(one, ruleSet)) ??
    casesAbout(policy).find((one) => ruleOf(one) !== rule && isKilledBy(one, ruleSet));
  if (killer !== undefined) return `${killer.policy}: ${killer.name}`;
  // What is refused twice is refused by the permits' own text, whatever the policy beside them says.
  if (policy.effect === 'permit') {
    const permits = permitsOf(ruleSet);
    const letIn = casesAbout(policy).find((one) => one.unpermitted && isLetIn(one, permits));
    if (letIn !== undefined) return `${letIn.policy}, by permits alone: ${letIn.name}`;
  }
  return hats(ruleSet) === hatsBefore ? null : 'every hat';
}

function ruleOf({ policy }: RuleCase): string {
  return policy.replace(/\..*$/, '');
}

/**
 * Cases that ask the rulebook about an act on which this policy speaks: they come out otherwise where nothing is said of
 * these acts, or where everything that forbids them speaks. The others can't tell a mutant of it from the policy.
 */
function casesAbout(policy: NotedPolicy): readonly RuleCase[] {
  const acts = actsOf(policy, groups);
  if (acts === null) return RULE_CASES;
  const key = [...acts].sort().join();
  const known = knownCases.get(key) ?? about(acts);
  knownCases.set(key, known);
  return known;
}

function about(acts: ReadonlySet<string>): readonly RuleCase[] {
  const isOfThem = (one: NotedPolicy) => [...(actsOf(one, groups) ?? [])].some((act) => acts.has(act));
  const silent = ruleSetOf(base.policies.filter((one) => !isOfThem(one)));
  const told = RULE_CASES.map((one) => said(one, base));
  const without = RULE_CASES.filter((one, at) => said(one, silent) !== told[at]);
  const loud = ruleSetOf(
    base.policies.map((one) => (isOfThem(one) && one.effect === 'forbid' ? unconditional(one) : one)),
  );
  return RULE_CASES.filter((one, at) => without.includes(one) || said(one, loud) !== told[at]);
}

function unconditional(policy: NotedPolicy): NotedPolicy {
  return { ...policy, text: `${policy.effect} (${policy.scope});`, conditions: [] };
}

/** As the case's own test sees it. */
function isKilledBy(one: RuleCase, ruleSet: RuleSet): boolean {
  try {
    return caseDiffers(one, one.decide(ruleSet), ruleSet) !== null;
  } catch {
    return true;
  }
}

function isLetIn({ decide }: RuleCase, permits: RuleSet): boolean {
  try {
    return decide(permits).outcome === 'allow';
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

function mutated({ policy, text }: PolicyMutant): RuleSet {
  const changed =
    text === null ? [] : notedPolicies({ ...base.document, policies: [{ file: 'mutant.cedar', text }] });
  return ruleSetOf(base.policies.flatMap((one) => (one.note.id === policy ? changed : [one])));
}

/** One rule set at a time under each name: what was parsed for the one before is gone. */
function ruleSetOf(policies: readonly NotedPolicy[], digest: Digest = ALL): RuleSet {
  return { ...base, digest, policies, notes: new Map(policies.map(({ note }) => [note.id, note])) };
}

function permitsOf({ policies }: RuleSet): RuleSet {
  return ruleSetOf(
    policies.filter(({ effect }) => effect === 'permit'),
    PERMITS,
  );
}

function named(name: string): Digest {
  const digest = digestOf(name);
  const answer = preparseSchema(digest, base.document.schema);
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message);
  return digest;
}
