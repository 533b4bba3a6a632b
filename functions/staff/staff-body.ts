import { z } from 'zod';
import { LIMITS } from '../../shared/domain/limits.ts';
import { STAFF_FORMATS } from '../../shared/domain/staff-import.ts';

/** The body of `POST /staff/imports`. */
export const importBodySchema = z.strictObject({
  format: z.enum(STAFF_FORMATS),
  bytes: z
    .number()
    .int()
    .min(1, '文件是空的 the file is empty')
    .max(
      LIMITS.staffFileBytes,
      `at most ${LIMITS.staffFileBytes} bytes: split the file · 最多 ${LIMITS.staffFileBytes} 字节:请分成多个文件`,
    ),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ImportBody = z.infer<typeof importBodySchema>;

/** The body of `POST /staff/imports/{id}/complete`. */
export const completeBodySchema = z.strictObject({
  uploadId: z.string().min(1).max(1_024),
  etag: z.string().min(1).max(128),
});
export type CompleteBody = z.infer<typeof completeBodySchema>;

/** The body of `POST /staff/changes/{id}/confirm` and `/reject`. */
export const settleBodySchema = z.strictObject({
  reason: z.string().trim().min(1, 'a reason is needed · 须写明理由').max(LIMITS.freeTextCharacters),
});
export type SettleBody = z.infer<typeof settleBodySchema>;
