import { IANAZone } from 'luxon';
import { z } from 'zod';
import { canonicalJson } from '../domain/canonical-json.ts';
import { type Digest, sha256 } from '../domain/digest.ts';
import { LIMITS } from '../domain/limits.ts';
import { type Category, IDENTIFIER_KINDS } from '../domain/record.ts';
import { categoryOf } from './internal/internal-columns.ts';
import { roleIn } from './table/guest-columns.ts';

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
export const importProfileSchema = profileSchema
  .superRefine(({ values }, { addIssue }) => {
    for (const [column, means] of Object.entries(values ?? {})) {
      for (const [from, to] of Object.entries(means)) {
        const message = faultInMeaning(column, from, to);
        if (message !== null) addIssue({ code: 'custom', path: ['values', column], message });
      }
    }
  })
  .refine(
    (profile) => Buffer.byteLength(JSON.stringify(profile)) <= LIMITS.importProfileBytes,
    `has at most ${LIMITS.importProfileBytes} bytes as JSON · 按 JSON 计最多 ${LIMITS.importProfileBytes} 字节`,
  );
/** What decides who may see a record isn't for a mapping to say. */
function faultInMeaning(column: string, from: string, to: string): string | null {
  const deciding: readonly (Category | null)[] = ['complaint-plan', 'dispute'];
  if (column === 'category' && [from, to].some((cell) => deciding.includes(categoryOf(cell)))) {
    return 'complaint-plan and dispute are neither mapped to nor from · complaint-plan 与 dispute 不可映射';
  }
  if (column === 'from_role' && roleIn(from.trim()) === 'guest' && roleIn(to.trim()) !== 'guest') {
    return 'a guest’s role can’t become another · 不可把客人的角色映射为他人';
  }
  return null;
}

export type ImportProfile = z.infer<typeof importProfileSchema>;

/**
 * The digest by which a batch's events name the mapping that it was read with. Whose conversation the file is stays out of
 * it, but for the kind: the value could be guessed.
 */
export function profileDigest({ guest, ...profile }: ImportProfile): Digest {
  return sha256(canonicalJson({ ...profile, guest: guest?.kind ?? null }));
}
