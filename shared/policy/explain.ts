import type { Role } from '../domain/roles.ts';
import type { Verdict } from '../domain/verdict.ts';
import { decideAsked } from './decide-asked.ts';
import { type FactChange, singleChanges } from './fact-changes.ts';
import type { RequestFacts } from './facts.ts';
import { reasonsOf } from './reasons.ts';
import type { RuleSet } from './rule-set.ts';

/** A rule that spoke, in words, and where it is written; `policy` is null for what the product says by itself. */
export type SpokenRule = {
  rule: string;
  policy: string | null;
  effect: 'permit' | 'forbid';
  reason: string;
  zh: string;
  en: string;
  route: Role[];
  file: string | null;
  line: number | null;
};

/** What would be decided, were this so. */
export type OtherAnswer = {
  what: string[];
  zh: string;
  en: string;
} & Pick<Verdict, 'outcome' | 'route' | 'rules' | 'reasons'>;

/** `judgedAs`: an emergency that is cited is judged as break-glass (L5). */
export type Explanation = {
  judgedAs: 'retrieval' | 'break-glass';
  verdict: Verdict;
  spoke: SpokenRule[];
  changes: OtherAnswer[];
};

type Decide = (facts: RequestFacts) => Verdict;

/** Changes that are supposed together where none alone is enough. */
const MOST_TOGETHER = 4;

/**
 * Why a request is decided as it is, and what would change the answer: every single change after which it is allowed
 * instead of refused, refused instead of allowed, or goes another way. Where a refused request has no such change, the few
 * together that would allow it, found by taking away the most reasons at each step. `uses`: of break-glass by the requester
 * this month.
 */
export function explain(ruleSet: RuleSet, facts: RequestFacts, uses = 0): Explanation {
  const decide: Decide = (supposed) => decideAsked(ruleSet, supposed, uses);
  const verdict = decide(facts);
  const changed = singleChanges(facts).map((change) => ({
    change,
    verdict: decide(change.facts),
  }));
  const changes = changed
    .filter((other) => answerOf(other.verdict) !== answerOf(verdict))
    .map((other) => otherAnswer([other.change], other.verdict));
  const allowing = changes.some(({ outcome }) => outcome === 'allow');
  const together = verdict.outcome === 'deny' && !allowing ? allowedTogether(decide, facts, verdict) : null;
  return {
    judgedAs: facts.grant.emergency ? 'break-glass' : 'retrieval',
    verdict,
    spoke: spokenRules(ruleSet, verdict),
    changes: together === null ? changes : [...changes, together],
  };
}

function answerOf({ outcome, route }: Verdict): string {
  return outcome === 'allow' ? [...route].sort().join('+') : 'deny';
}

function otherAnswer(
  changes: readonly FactChange[],
  { outcome, route, rules, reasons }: Verdict,
): OtherAnswer {
  return {
    what: changes.map(({ what }) => what),
    zh: changes.map(({ zh }) => zh).join(';'),
    en: changes.map(({ en }) => en).join('; '),
    outcome,
    route,
    rules,
    reasons,
  };
}

function allowedTogether(decide: Decide, facts: RequestFacts, verdict: Verdict): OtherAnswer | null {
  const taken: FactChange[] = [];
  let now = { facts, verdict };
  while (taken.length < MOST_TOGETHER && now.verdict.outcome === 'deny') {
    let best: { change: FactChange; verdict: Verdict } | null = null;
    for (const change of singleChanges(now.facts)) {
      // Break-glass is another question: its reasons don't count against those of an ordinary request.
      if (change.facts.grant.emergency !== facts.grant.emergency) continue;
      const next = decide(change.facts);
      if (weight(next) < weight(best?.verdict ?? now.verdict)) best = { change, verdict: next };
    }
    if (best === null) return null;
    taken.push(best.change);
    now = { facts: best.change.facts, verdict: best.verdict };
  }
  return now.verdict.outcome === 'allow' ? otherAnswer(taken, now.verdict) : null;
}

function weight({ outcome, reasons }: Verdict): number {
  return outcome === 'allow' ? 0 : reasons.length;
}

function spokenRules(ruleSet: RuleSet, verdict: Verdict): SpokenRule[] {
  const reasons = reasonsOf(ruleSet);
  const notes = new Map([...ruleSet.notes.values()].map((note) => [note.reason, note]));
  return verdict.reasons.map((reason) => {
    const note = notes.get(reason);
    const text = reasons.get(reason);
    return {
      rule: text?.rule ?? '',
      policy: note?.id ?? null,
      effect: note?.effect ?? 'forbid',
      reason,
      zh: text?.zh ?? reason,
      en: text?.en ?? reason,
      route: note?.route ?? [],
      file: note?.file ?? null,
      line: note?.line ?? null,
    };
  });
}
