import type { Reason, Reasons } from '../domain/verdict.ts';
import { PRODUCT_REASONS } from './product-reasons.ts';
import { bundledRuleSet, type RuleSet } from './rule-set.ts';

/** The reason of a denial where no policy permits the act and none forbids it. */
export const UNWRITTEN_REASON = 'nothing-permits-this' satisfies keyof typeof PRODUCT_REASONS;

const PRODUCT: ReadonlyMap<string, Reason> = new Map(
  Object.entries(PRODUCT_REASONS).map(([code, { rule, zh, en }]) => [code, { rule, zh, en }]),
);
const knownOf = new WeakMap<RuleSet, ReadonlyMap<string, Reason>>();

/** Every reason by its code: the product's own, and those of a rule set from its policies' annotations. */
export function reasonsOf(ruleSet: RuleSet): ReadonlyMap<string, Reason> {
  const known = knownOf.get(ruleSet) ?? new Map([...PRODUCT, ...notedReasons(ruleSet)]);
  knownOf.set(ruleSet, known);
  return known;
}

/** These codes in words, as the product has them and a rule set where one is given; a code that neither has is left out. */
export function inReasons(codes: readonly string[], ruleSet: RuleSet | null): Reasons {
  const known = ruleSet === null ? PRODUCT : reasonsOf(ruleSet);
  return Object.fromEntries(
    codes.flatMap((code) => {
      const reason = known.get(code);
      return reason === undefined ? [] : [[code, reason]];
    }),
  );
}

/**
 * A reason code in words: those that came with it, from the rule set that spoke; where none came, those of the rule set
 * that lies beside this code. Null for a code that neither has.
 */
export function reasonText(code: string, said: Reasons = {}): Reason | null {
  return (Object.hasOwn(said, code) ? said[code] : reasonsOf(bundledRuleSet()).get(code)) ?? null;
}

function notedReasons({ notes }: RuleSet): [string, Reason][] {
  return [...notes.values()].map(({ reason, rule, zh, en }) => [reason, { rule, zh, en }]);
}
