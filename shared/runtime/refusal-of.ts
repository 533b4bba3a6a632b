import type { Verdict } from '../domain/verdict.ts';
import { type Attempted, type HttpResult, refused } from './http-result.ts';

/** Reasons that say what the request is now rather than who asks: whoever looks again may decide again. */
const STALE_REASONS = [
  'digest-seen-is-not-the-requests',
  'not-awaiting-approval',
  'role-decided-already',
  'denied-by-an-approver',
  'nothing-to-withdraw',
  'nothing-to-close',
  'nothing-to-revoke',
  'request-not-approved-now',
];

/** A denial as an answer: 409 where all that stands in the way is the request's state, 403 otherwise. */
export function refusalOf(verdict: Verdict, attempted?: Attempted): HttpResult {
  const stale =
    verdict.reasons.length > 0 && verdict.reasons.every((reason) => STALE_REASONS.includes(reason));
  return { ...refused(verdict, attempted), ...(stale ? { status: 409 } : {}) };
}
