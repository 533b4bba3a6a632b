import { PRODUCT_REASONS } from './product-reasons.ts';
import { bundledRuleSet, type RuleSet } from './rule-set.ts';

/** A reason code in words: the rule it belongs to, in Chinese and English. */
export type Reason = { rule: string; zh: string; en: string };

/** The reason of a denial where no policy permits the act and none forbids it. */
export const UNWRITTEN_REASON = 'nothing-permits-this' satisfies keyof typeof PRODUCT_REASONS;

/** Every reason by its code: the product's own, and those of a rule set from its policies' annotations. */
export function reasonsOf(ruleSet: RuleSet): ReadonlyMap<string, Reason> {
  return new Map<string, Reason>([
    ...Object.entries(PRODUCT_REASONS),
    ...[...ruleSet.notes.values()].map(({ reason, rule, zh, en }): [string, Reason] => [
      reason,
      { rule, zh, en },
    ]),
  ]);
}

/** A reason code in words, by the rule set that lies beside this code; null for a code that it doesn't know. */
export function reasonText(code: string): Reason | null {
  return reasonsOf(bundledRuleSet()).get(code) ?? null;
}
