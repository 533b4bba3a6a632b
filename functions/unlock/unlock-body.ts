import { z } from 'zod';
import { LIMITS } from '../../shared/domain/limits.ts';
import { stepUpBodySchema } from '../../shared/domain/step-up.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';

/** The body of `POST /accounts/unlock`. */
export function unlockBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({
    /** Person id, as the directory shows it. */
    person: z.string().regex(/^p_[a-z0-9]{1,40}$/, 'is no person id · 不是人员编号'),
    reason: z
      .string()
      .trim()
      .min(1, 'a reason is needed · 须写明理由')
      .max(
        LIMITS.freeTextCharacters,
        `at most ${LIMITS.freeTextCharacters} characters · 最多 ${LIMITS.freeTextCharacters} 个字符`,
      ),
    /** What the own device signed (A6). */
    stepUp: stepUpBodySchema.optional(),
    asOf: asOfField(clock),
  });
}
export type UnlockBody = z.infer<ReturnType<typeof unlockBodySchema>>;
