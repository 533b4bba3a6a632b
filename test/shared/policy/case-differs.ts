import type { Verdict } from '../../../shared/domain/verdict.ts';
import type { PolicyNote } from '../../../shared/policy/policy-notes.ts';
import { UNWRITTEN_REASON } from '../../../shared/policy/reasons.ts';
import type { RuleSet } from '../../../shared/policy/rule-set.ts';
import type { RuleCase } from './case-builders.ts';

/**
 * How a verdict differs from what its case says; null where it doesn't. A refusal gives exactly the reasons named, and
 * where a permit is named instead, that nothing permits it; a
 * permission the permit's own, and where the case names a route exactly those roles.
 */
export function caseDiffers(
  { policy, outcome, and, route }: RuleCase,
  verdict: Verdict,
  { notes }: RuleSet,
): string | null {
  if (!notes.has(policy)) return `no policy ${policy}`;
  const reasons = [policy, ...and].map((id) => reasonOf(notes.get(id), outcome) ?? `no policy ${id}`);
  if (verdict.outcome !== outcome) return `${verdict.outcome}: ${verdict.reasons.join(', ')}`;
  if (outcome === 'deny') {
    if (!isSame(verdict.reasons, reasons)) return `refused as ${verdict.reasons.join(', ')}`;
    const isForbid = notes.get(policy)?.effect === 'forbid';
    return !isForbid || verdict.rules.includes(ruleOf(policy))
      ? null
      : `refused by ${verdict.rules.join(', ')}`;
  }
  const isPermit = notes.get(policy)?.effect === 'permit';
  if (isPermit && !reasons.every((reason) => verdict.reasons.includes(reason))) {
    return `allowed as ${verdict.reasons.join(', ')}`;
  }
  return route.length === 0 || isSame(verdict.route, route) ? null : `routed to ${verdict.route.join(', ')}`;
}

/** A permit that doesn't reach so far says nothing: then nothing permits it. */
function reasonOf(note: PolicyNote | undefined, outcome: Verdict['outcome']): string | undefined {
  return note?.effect === 'permit' && outcome === 'deny' ? UNWRITTEN_REASON : note?.reason;
}

function ruleOf(policy: string): string {
  return policy.replace(/\..*$/, '');
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join();
}
