import type { Clock } from '../ports/clock.ts';

/** An injected time was given where the region's configuration doesn't allow one. */
export class ClockNotInjectableError extends Error {
  override name = 'ClockNotInjectableError';
}

/**
 * The clock of one invocation: the system's, or the time that the caller injected where the deployment allows that
 * (never in a cloud account: a time in the future would lapse, expire or delete early).
 */
export function clockAt(mode: 'system' | 'injectable', asOf?: string | undefined): Clock {
  if (asOf === undefined) return () => new Date();
  if (mode !== 'injectable') throw new ClockNotInjectableError('This deployment takes no injected time');
  const fixed = new Date(asOf);
  if (Number.isNaN(fixed.getTime()))
    throw new ClockNotInjectableError('The injected time is not an ISO time');
  return () => new Date(fixed);
}
