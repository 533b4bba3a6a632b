import { isDeepStrictEqual } from 'node:util';
import { decideAsked } from './decide-asked.ts';
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

/** The nearest of them, and how many more there are. */
export type NearRules = { near: NearRule[]; more: number };

/** So many are shown: what an approver reads, and no more. */
const MOST_SHOWN = 5;

/**
 * Rules that say nothing of this request and would, were one thing of it otherwise: the nearest ones, each rule once.
 * Nearer is what fewer facts would have to change for; then what may come about by itself (the records, the cases on
 * file, the time) before what the requester would have had to write otherwise, since approvals are void then (A7). Who
 * asks is not supposed to be somebody else. Bounded by the changes that there are.
 */
export function nearRules(ruleSet: RuleSet, facts: RequestFacts): NearRules {
  const spoke = new Set(decideAsked(ruleSet, facts).reasons);
  const nearest = new Map<string, { found: NearRule; far: number }>();
  for (const change of singleChanges(facts)) {
    if (isSomebodyElse(change) || isFarAhead(change)) continue;
    const far =
      differing(facts, change.facts) + (isDeepStrictEqual(facts.grant, change.facts.grant) ? 0 : 0.5);
    for (const reason of decideAsked(ruleSet, change.facts).reasons) {
      const found = spoke.has(reason) ? null : nearRule(ruleSet, reason, change);
      if (found === null || (nearest.get(found.rule)?.far ?? Infinity) <= far) continue;
      nearest.set(found.rule, { found, far });
    }
  }
  const all = [...nearest.values()].sort((one, other) => one.far - other.far).map(({ found }) => found);
  return { near: all.slice(0, MOST_SHOWN), more: Math.max(0, all.length - MOST_SHOWN) };
}

/** How many facts differ: each field that has a value of its own, each member of a list that is there or not. */
function differing(one: unknown, other: unknown): number {
  if (isDeepStrictEqual(one, other)) return 0;
  if (Array.isArray(one) && Array.isArray(other)) {
    const outside = (list: readonly unknown[], of: readonly unknown[]) =>
      list.filter((member) => !of.some((known) => isDeepStrictEqual(known, member))).length;
    return outside(one, other) + outside(other, one);
  }
  if (!isRecord(one) || !isRecord(other)) return 1;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].reduce(
    (sum, field) => sum + differing(one[field], other[field]),
    0,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function nearRule(ruleSet: RuleSet, code: string, { zh: whenZh, en: whenEn }: FactChange): NearRule | null {
  const note = [...ruleSet.notes.values()].find(({ reason }) => reason === code);
  // What a slip would have led to tells an approver nothing.
  if (note === undefined || note.slip) return null;
  const { rule, reason, zh, en, route } = note;
  const effect = note.effect === 'forbid' ? 'refuses' : route.length > 0 ? 'adds-roles' : 'allows';
  return { rule, reason, zh, en, effect, if: { zh: whenZh, en: whenEn } };
}

/** Nobody approves then any more (A4). */
function isFarAhead({ what }: FactChange): boolean {
  return what === 'long-after';
}

function isSomebodyElse({ what }: FactChange): boolean {
  return what.startsWith('role:') || what === 'role-not-held' || what === 'inactive';
}
