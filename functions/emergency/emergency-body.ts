import { z } from 'zod';
import { referenceSchema } from '../../shared/domain/reference.ts';
import { stepUpBodySchema } from '../../shared/domain/step-up.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';

/** The body of `POST /emergencies/{id}/view`: what the viewer's own device signed (A6); without it the look is refused. */
export function emergencyViewBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({ stepUp: stepUpBodySchema.optional(), asOf: asOfField(clock) }).default({});
}

/** The body of `POST /emergencies/{id}/form`: the number of the paper form. */
export function emergencyFormBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({ number: referenceSchema, asOf: asOfField(clock) });
}
