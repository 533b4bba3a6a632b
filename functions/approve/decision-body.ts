import { z } from 'zod';
import { LIMITS } from '../../shared/domain/limits.ts';
import { ROLE_NAMES } from '../../shared/domain/roles.ts';
import { stepUpBodySchema } from '../../shared/domain/step-up.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';

const DIGEST_CHARACTERS = 80;

/** The body of `POST /requests/{id}/decisions`. */
export function decisionBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({
    decision: z.enum(['approve', 'deny']),
    reason: z
      .string()
      .trim()
      .min(1, 'a reason is needed · 须写明理由')
      .max(
        LIMITS.freeTextCharacters,
        `at most ${LIMITS.freeTextCharacters} characters · 最多 ${LIMITS.freeTextCharacters} 个字符`,
      ),
    /** The digest of the request that was looked at: what is decided on (A7). Empty where it has none yet. */
    requestDigest: z.string().max(DIGEST_CHARACTERS),
    /** For somebody who holds several roles of the route. */
    role: z.enum(ROLE_NAMES).optional(),
    /** What the own device signed (A6); a decision that is repeated needs none. */
    stepUp: stepUpBodySchema.optional(),
    asOf: asOfField(clock),
  });
}
export type DecisionBody = z.infer<ReturnType<typeof decisionBodySchema>>;
