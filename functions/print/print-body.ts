import { z } from 'zod';
import { LIMITS } from '../../shared/domain/limits.ts';
import { PRINT_ENDINGS } from '../../shared/domain/print.ts';
import { referenceSchema } from '../../shared/domain/reference.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';

/** The body of `POST /requests/{id}/prints`. */
export function printBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({ seal: referenceSchema, asOf: asOfField(clock) });
}

/** The body of `POST /requests/{id}/prints/end`. */
export function printEndBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({
    number: z.number().int().min(1).max(LIMITS.prints),
    ending: z.enum(PRINT_ENDINGS),
    reason: z
      .string()
      .trim()
      .min(1, 'a reason is needed · 须写明理由')
      .max(
        LIMITS.freeTextCharacters,
        `at most ${LIMITS.freeTextCharacters} characters · 最多 ${LIMITS.freeTextCharacters} 个字符`,
      ),
    asOf: asOfField(clock),
  });
}
