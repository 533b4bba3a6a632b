import { z } from 'zod';
import { LIMITS } from '../../shared/domain/limits.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';

const reason = z
  .string()
  .trim()
  .min(1, 'a reason is needed · 须写明理由')
  .max(
    LIMITS.freeTextCharacters,
    `at most ${LIMITS.freeTextCharacters} characters · 最多 ${LIMITS.freeTextCharacters} 个字符`,
  );

/** The body of `withdraw` and `close`. */
export function endingBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({ reason: reason.optional(), asOf: asOfField(clock) }).default({});
}

/** The body of `revoke`: whoever takes a grant away says why. */
export function revokingBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({ reason, asOf: asOfField(clock) });
}
