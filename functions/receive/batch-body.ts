import { z } from 'zod';
import { LIMITS } from '../../shared/domain/limits.ts';
import { CATEGORIES } from '../../shared/domain/record.ts';
import { importProfileSchema } from '../../shared/sources/import-profile.ts';

/** What `POST /batches` takes. Source and hotel are checked by what is built and deployed, so that the answer names it. */
export const batchBodySchema = z.strictObject({
  source: z.string().max(LIMITS.referenceCharacters),
  hotel: z.string().max(LIMITS.referenceCharacters),
  category: z
    .enum(CATEGORIES, `must be one of ${CATEGORIES.join(', ')} · 须为下列之一:${CATEGORIES.join(', ')}`)
    .default('enquiry'),
  timezone: z.string().max(LIMITS.referenceCharacters).optional(),
  bytes: z
    .number()
    .int()
    .min(1, 'an empty file holds nothing · 文件是空的')
    .max(
      LIMITS.uploadBytes,
      `an upload has at most ${LIMITS.uploadBytes} bytes · 一次上传最多 ${LIMITS.uploadBytes} 字节`,
    ),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits · 须为 64 位十六进制数字')
    .transform((digest) => digest.toLowerCase())
    .optional(),
  parts: z.number().int().min(1),
  /** The provider request whose answer this is: the same file is kept for it already. */
  providerRequest: z
    .string()
    .regex(/^prq_[a-z0-9]{1,40}$/, 'must be the id of a provider request · 须为调取函的编号')
    .optional(),
  /** What comes beside the export: docs/formats/media.md. */
  companion: z
    .strictObject({
      bytes: z
        .number()
        .int()
        .min(1)
        .max(
          LIMITS.companionBytes,
          `what comes beside an export has at most ${LIMITS.companionBytes} bytes · 随附对象最多 ${LIMITS.companionBytes} 字节`,
        ),
      /** SHA-256 of its head. */
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits · 须为 64 位十六进制数字')
        .transform((digest) => digest.toLowerCase()),
      parts: z.number().int().min(1),
    })
    .optional(),
});
export type BatchBody = z.infer<typeof batchBodySchema>;

const partsPut = (bytes: number) =>
  z
    .array(z.strictObject({ number: z.number().int().min(1), etag: z.string().max(128) }))
    .min(1)
    .max(Math.ceil(bytes / LIMITS.uploadPartBytes));

/** What `POST /batches/{id}/rerun` takes: what the rejected lines are read with this time. */
export const rerunBodySchema = z.strictObject({
  timezone: z.string().max(LIMITS.referenceCharacters).optional(),
  category: z
    .enum(CATEGORIES, `must be one of ${CATEGORIES.join(', ')} · 须为下列之一:${CATEGORIES.join(', ')}`)
    .optional(),
  profile: importProfileSchema.optional(),
});
export type RerunBody = z.infer<typeof rerunBodySchema>;

/** What `POST /batches/{id}/complete` takes: each part as S3 answered for it. */
export const completionSchema = z.strictObject({
  parts: partsPut(LIMITS.uploadBytes),
  companion: z.strictObject({ parts: partsPut(LIMITS.companionBytes) }).optional(),
});
export type Completion = z.infer<typeof completionSchema>;
