import { rolesFor } from '../domain/person.ts';
import { deny, type Verdict } from '../domain/verdict.ts';
import type { ShowingFacts } from './facts.ts';

/**
 * May this person, who may see the request's metadata, also read its free text (remarks, reasons of decisions)? Those
 * may whom it was written for: the requester, and the roles that approve. It can name a guest, so auditors read counts.
 */
export function decideReadingFreeText({ grant, actor }: ShowingFacts): Verdict {
  const approves = rolesFor(actor, grant.hotels).some((role) => grant.route.includes(role));
  if (actor.active && (actor.personId === grant.requester || approves)) {
    return { outcome: 'allow', reasons: [], rules: ['T18'], route: [] };
  }
  return deny('T18', 'free-text-for-requester-and-approvers');
}
