import { z } from 'zod';
import { LIMITS } from '../../shared/domain/limits.ts';

/** The body of `POST /cases`. Entries are read by their kind (shared/domain/case-entry.ts). */
export const importBodySchema = z.strictObject({
  cases: z
    .array(z.record(z.string(), z.unknown()))
    .min(1, '没有登记事项 no case')
    .max(
      LIMITS.casesPerImport,
      `登记事项过多,请分成多个文件 at most ${LIMITS.casesPerImport} cases: split the file`,
    ),
});
export type ImportBody = z.infer<typeof importBodySchema>;

/** The body of `POST /case-changes/{id}/confirm` and `/reject`. */
export const settleBodySchema = z.strictObject({});
