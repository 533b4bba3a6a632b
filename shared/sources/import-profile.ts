import { IANAZone } from 'luxon';
import { z } from 'zod';
import { LIMITS } from '../domain/limits.ts';
import { IDENTIFIER_KINDS } from '../domain/record.ts';

const shortText = z.string().min(1).max(LIMITS.identifierCharacters);

const profileSchema = z.strictObject({
  /** Words for whoever writes the file, in place of comments, which JSON doesn't have; nothing reads them. */
  about: z.array(z.string().max(LIMITS.freeTextCharacters)).max(32).optional(),
  /** Column of this product → header or headers of the file. */
  columns: z.record(shortText, z.union([shortText, z.array(shortText).min(1).max(16)])).optional(),
  /** Column → value in the file → value of this product: `{"from_role": {"宾客": "guest"}}`. */
  values: z.record(shortText, z.record(shortText, shortText)).optional(),
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  encoding: z.enum(['utf-8', 'gb18030']).optional(),
  /** Zone of times that have none, over `--timezone`. */
  timezone: shortText
    .refine(
      (zone) => IANAZone.isValidZone(zone),
      'must be an IANA zone such as Asia/Shanghai · 须为 IANA 时区',
    )
    .optional(),
  /** How dates are written, in Luxon's tokens (`dd/MM/yyyy HH:mm`), tried in turn after ISO 8601. */
  dateFormats: z.array(shortText).max(8).optional(),
  /** The order of day and month where a file's dates leave it open. */
  dayOrder: z.enum(['day-first', 'month-first']).optional(),
  /** Names under which the hotel speaks, besides those of the region's configuration. */
  ownNames: z.array(shortText).max(50).optional(),
  /** Whose conversation the file is, for exports that name the guest by a display name alone. */
  guest: z.strictObject({ kind: z.enum(IDENTIFIER_KINDS), value: shortText }).optional(),
});

/**
 * What an uploader says about a file that its format leaves open (`--map`): docs/sources.md. It travels with the upload,
 * never in a row, since it may name a guest.
 */
export const importProfileSchema = profileSchema.refine(
  (profile) => Buffer.byteLength(JSON.stringify(profile)) <= LIMITS.importProfileBytes,
  `has at most ${LIMITS.importProfileBytes} bytes as JSON · 按 JSON 计最多 ${LIMITS.importProfileBytes} 字节`,
);
export type ImportProfile = z.infer<typeof importProfileSchema>;
