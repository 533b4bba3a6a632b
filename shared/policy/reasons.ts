import { PRODUCT_REASONS } from './product-reasons.ts';
import { bundledRuleSet, type RuleSet } from './rule-set.ts';

/** A reason code in words: the rule it belongs to, in Chinese and English. */
export type Reason = { rule: string; zh: string; en: string };

/** The reason of a denial where no policy permits the act and none forbids it. */
export const UNWRITTEN_REASON = 'nothing-permits-this';

const UNWRITTEN: Reason = { rule: '', zh: '没有任何规则允许此操作', en: 'no rule permits this' };

/** Every reason of a rule set by its code, from the policies' own annotations, and the product's own. */
export function reasonsOf(ruleSet: RuleSet): ReadonlyMap<string, Reason> {
  return new Map([
    [UNWRITTEN_REASON, UNWRITTEN],
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
