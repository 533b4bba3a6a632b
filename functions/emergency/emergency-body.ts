import { z } from 'zod';
import { referenceSchema } from '../../shared/domain/reference.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';

/** The body of `POST /emergencies/{id}/view`. */
export function emergencyViewBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({ asOf: asOfField(clock) }).default({});
}

/** The body of `POST /emergencies/{id}/form`: the number of the paper form. */
export function emergencyFormBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({ number: referenceSchema, asOf: asOfField(clock) });
}
