import { z } from 'zod';

/** One measured value; `limit` and `ok` are null where nothing is promised. */
export const measureSchema = z.strictObject({
  measure: z.string(),
  value: z.number(),
  unit: z.string(),
  limit: z.number().nullable(),
  ok: z.boolean().nullable(),
});
export type Measure = z.infer<typeof measureSchema>;

/** A promise that holds where the value is at least, or at most, the limit. */
export function promised(
  measure: string,
  value: number,
  unit: string,
  bound: { atLeast: number } | { atMost: number },
): Measure {
  const rounded = Number(value.toPrecision(4));
  return 'atLeast' in bound
    ? { measure, value: rounded, unit, limit: bound.atLeast, ok: value >= bound.atLeast }
    : { measure, value: rounded, unit, limit: bound.atMost, ok: value <= bound.atMost };
}

export function reported(measure: string, value: number, unit: string): Measure {
  return { measure, value: Number(value.toPrecision(4)), unit, limit: null, ok: null };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
