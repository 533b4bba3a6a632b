import { preparsePolicySet } from '@cedar-policy/cedar-wasm/nodejs';
import { OUT_OF_A_CHAINS_REACH } from './out-of-a-chains-reach.ts';
import type { NotedPolicy } from './policy-notes.ts';
import { actionGroups, actsOf, conditionOf } from './policy-text.ts';
import type { RuleSet } from './rule-set.ts';
import { faultOf } from './rule-set-invalid-error.ts';

/**
 * The policies that can speak on one act, parsed under a name of their own: Cedar looks at every policy of a set that it
 * is asked with. `screen` is there where a chain has many: the same with the chain's joined into a few, each true where
 * one of them is, so that an answer in which none of those speaks is the slice's own.
 */
export type Slice = {
  screen: string | null;
  /** The slice's own name; it is parsed when it is first asked for. */
  whole(): string;
};

/** Ids of joined policies begin so, as no rule's does. */
export const SCREEN_ID = 'screen:';

/** From so many policies of a chain on one act, asking twice where one of them speaks costs less than asking all. */
const SCREEN_FROM = 16;

const slices = new WeakMap<RuleSet, Map<string, Slice>>();
const ofActs = new WeakMap<RuleSet, readonly { policy: NotedPolicy; acts: ReadonlySet<string> | null }[]>();

/** @throws RuleSetInvalidError where a set that nobody checked doesn't parse. */
export function sliceFor(ruleSet: RuleSet, act: string): Slice {
  const known = slices.get(ruleSet) ?? new Map<string, Slice>();
  slices.set(ruleSet, known);
  const slice = known.get(act) ?? parsed(ruleSet, act);
  known.set(act, slice);
  return slice;
}

function parsed(ruleSet: RuleSet, act: string): Slice {
  const policies = speakingOn(ruleSet, act);
  const id = `${ruleSet.digest}/${act}`;
  let isParsed = false;
  const whole = () => {
    if (!isParsed) {
      parse(
        id,
        policies.map(({ note, text }) => [note.id, text]),
        policies[0],
      );
    }
    isParsed = true;
    return id;
  };
  const own = policies.filter(({ note }) => note.chain);
  if (own.length < SCREEN_FROM) return { screen: null, whole };
  const screen = `${id}/screen`;
  const others = policies.filter(({ note }) => !note.chain);
  parse(
    screen,
    [
      ...others.map(({ note, text }): [string, string] => [note.id, text]),
      ...joined(own).map((text, index): [string, string] => [`${SCREEN_ID}${index}`, text]),
    ],
    own[0],
  );
  return { screen, whole };
}

function speakingOn(ruleSet: RuleSet, act: string): NotedPolicy[] {
  const known = ofActs.get(ruleSet) ?? withActs(ruleSet);
  ofActs.set(ruleSet, known);
  const isOut = OUT_OF_A_CHAINS_REACH.includes(act);
  return known
    .filter(({ acts, policy: { note } }) => {
      // By construction, not by a check of the set alone: nobody is barred from what protects, by a chain's refusal or by a
      // policy of a chain that fails; no role leaves a route.
      if (isOut && note.chain && !(act === 'route' && note.effect === 'permit')) return false;
      return acts === null || acts.has(act);
    })
    .map(({ policy }) => policy);
}

function withActs({ document, policies }: RuleSet) {
  const groups = actionGroups(document.schema);
  return policies.map((policy) => ({ policy, acts: actsOf(policy, groups) }));
}

function parse(id: string, texts: [string, string][], first: NotedPolicy | undefined): void {
  const answer = preparsePolicySet(id, { staticPolicies: Object.fromEntries(texts) });
  if (answer.type === 'failure') throw faultOf(first?.note.file ?? 'rule set', '', answer.errors);
}

/** Policies of one effect and scope become one, true where any of them is. */
function joined(policies: readonly NotedPolicy[]): string[] {
  const alike = Map.groupBy(policies, ({ effect, scope }) => `${effect} (${scope})`);
  return [...alike].map(([head, those]) => `${head} when { ${anyOf(those.map(conditionOf))} };`);
}

/** A balanced tree: hundreds of `||` in a row would nest as deep. */
function anyOf(conditions: readonly string[]): string {
  if (conditions.length < 3) return conditions.join(' || ');
  const half = Math.ceil(conditions.length / 2);
  return `(${anyOf(conditions.slice(0, half))}) || (${anyOf(conditions.slice(half))})`;
}
