import { type ReadAssertion, rpIdHash } from '../crypto/assertion.ts';
import { type RelyingParty, type StepUpStatement, stepUpChallenge } from '../domain/step-up.ts';

/** What an assertion lacks to be about this statement, for this site, by a device that verified its user; null for nothing. */
export function faultInAssertion(
  read: ReadAssertion,
  statement: StepUpStatement,
  { rpId, origins }: RelyingParty,
): 'other-statement' | 'other-origin' | 'other-relying-party' | 'user-not-verified' | null {
  if (read.type !== 'webauthn.get' || read.challenge !== stepUpChallenge(statement)) return 'other-statement';
  // A page within another site's page: whoever sees it doesn't see whose it is.
  if (!origins.includes(read.origin) || read.crossOrigin) return 'other-origin';
  if (read.rpIdHash !== rpIdHash(rpId)) return 'other-relying-party';
  return read.userPresent && read.userVerified ? null : 'user-not-verified';
}
