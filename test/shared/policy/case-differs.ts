import type { Verdict } from '../../../shared/domain/verdict.ts';
import type { RuleSet } from '../../../shared/policy/rule-set.ts';
import type { RuleCase } from './case-builders.ts';

/**
 * How a verdict differs from what its case says; null where it doesn't. A refusal gives exactly the reasons named; a
 * permission the permit's own, and where the case names a route exactly those roles.
 */
export function caseDiffers(
  { policy, outcome, and, route }: RuleCase,
  verdict: Verdict,
  { notes }: RuleSet,
): string | null {
  const reasons = [policy, ...and].map((id) => notes.get(id)?.reason ?? `no policy ${id}`);
  if (verdict.outcome !== outcome) return `${verdict.outcome}: ${verdict.reasons.join(', ')}`;
  if (outcome === 'deny') {
    if (!isSame(verdict.reasons, reasons)) return `refused as ${verdict.reasons.join(', ')}`;
    return verdict.rules.includes(ruleOf(policy)) ? null : `refused by ${verdict.rules.join(', ')}`;
  }
  const isPermit = notes.get(policy)?.effect === 'permit';
  if (isPermit && !reasons.every((reason) => verdict.reasons.includes(reason))) {
    return `allowed as ${verdict.reasons.join(', ')}`;
  }
  return route.length === 0 || isSame(verdict.route, route) ? null : `routed to ${verdict.route.join(', ')}`;
}

function ruleOf(policy: string): string {
  return policy.replace(/\..*$/, '');
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join();
}
