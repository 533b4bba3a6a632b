import { z } from 'zod';
import { requestFileSchema } from '../../shared/domain/access-request.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { ROLE_NAMES } from '../../shared/domain/roles.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';

/** The body of `POST /requests`: the request file, and what is about sending it. */
export function requestBodySchema(clock: 'system' | 'injectable') {
  return requestFileSchema.extend({
    /** In which role the person asks, where that isn't the first that can ask. */
    role: z.enum(ROLE_NAMES).optional(),
    /** The same key of the same person is the same request. */
    idempotencyKey: z
      .string()
      .regex(/^[\w-]+$/, 'letters, digits, - and _ only · 只能用字母、数字、- 和 _')
      .max(LIMITS.idempotencyKeyCharacters)
      .optional(),
    asOf: asOfField(clock),
  });
}
export type RequestBody = z.infer<ReturnType<typeof requestBodySchema>>;
