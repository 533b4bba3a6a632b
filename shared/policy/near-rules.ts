import { decideRequest } from './decide-request.ts';
import { type FactChange, singleChanges } from './fact-changes.ts';
import type { RequestFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** A rule that nearly spoke: what it would have said, and the one fact that would have had to differ. */
export type NearRule = {
  rule: string;
  reason: string;
  zh: string;
  en: string;
  effect: 'refuses' | 'allows' | 'adds-roles';
  if: { zh: string; en: string };
};

/** So many are shown: what an approver reads, and no more. */
const MOST_SHOWN = 24;

/**
 * Rules that say nothing of this request and would, were one fact of it another. Who asks is not supposed to be somebody
 * else. Bounded by the changes that there are, and by what is shown.
 */
export function nearRules(ruleSet: RuleSet, facts: RequestFacts): NearRule[] {
  const spoke = new Set(decideRequest(ruleSet, facts).reasons);
  const near = new Map<string, NearRule>();
  for (const change of singleChanges(facts)) {
    if (isSomebodyElse(change)) continue;
    for (const reason of decideRequest(ruleSet, change.facts).reasons) {
      if (spoke.has(reason) || near.has(reason)) continue;
      const found = nearRule(ruleSet, reason, change);
      if (found !== null) near.set(reason, found);
    }
    if (near.size >= MOST_SHOWN) break;
  }
  return [...near.values()].slice(0, MOST_SHOWN);
}

function nearRule(ruleSet: RuleSet, code: string, { zh: whenZh, en: whenEn }: FactChange): NearRule | null {
  const note = [...ruleSet.notes.values()].find(({ reason }) => reason === code);
  // What a slip would have led to tells an approver nothing.
  if (note === undefined || note.slip) return null;
  const { rule, reason, zh, en, route } = note;
  const effect = note.effect === 'forbid' ? 'refuses' : route.length > 0 ? 'adds-roles' : 'allows';
  return { rule, reason, zh, en, effect, if: { zh: whenZh, en: whenEn } };
}

function isSomebodyElse({ what }: FactChange): boolean {
  return what.startsWith('role:') || what === 'role-not-held' || what === 'inactive';
}
