import { z } from 'zod';
import { type Digest, digestOf } from './digest.ts';
import { type MediumMark, mediumMarkSchema } from './medium-mark.ts';

/**
 * What a request opens: each record by its id and its salted content commitment, and each of its media by its state and
 * salted commitment, never by where they lie, so that moving a block changes nothing. The object is kept in the evidence
 * bucket under its digest.
 */
export const scopeEntrySchema = z.object({
  /** 32 lower-case hex digits. */
  recordId: z.string().regex(/^[0-9a-f]{32}$/),
  /** SHA-256(salt ‖ original bytes), 64 lower-case hex digits (docs/formats/block.md). */
  commitment: z.string().regex(/^[0-9a-f]{64}$/),
  /**
   * Its attachments in their order; absent where it has none, and where nothing told of them: in scopes of before they were
   * counted, and of blocks of before their rows had marks.
   */
  media: z.array(mediumMarkSchema).min(1).readonly().optional(),
});
export type ScopeEntry = z.infer<typeof scopeEntrySchema>;

/** Version 2 names media, version 1 doesn't: whoever doesn't know of them can't read a scope with some. */
export const scopeSchema = z
  .object({ version: z.union([z.literal(1), z.literal(2)]), records: z.array(scopeEntrySchema) })
  .refine(({ version, records }) => version === versionOf(records));
export type Scope = z.infer<typeof scopeSchema>;

/** The scope over these entries: sorted by record id; one record found twice counts once, the first found stands. */
export function freezeScope(entries: Iterable<ScopeEntry>): { scope: Scope; digest: Digest } {
  const byId = new Map<string, ScopeEntry>();
  for (const { recordId, commitment, media } of entries) {
    if (!byId.has(recordId)) byId.set(recordId, scopeEntry(recordId, commitment, media));
  }
  const records = [...byId.values()].sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
  const scope: Scope = { version: versionOf(records), records };
  return { scope, digest: digestOf(scope) };
}

function versionOf(records: readonly ScopeEntry[]): 1 | 2 {
  return records.some(({ media }) => media !== undefined) ? 2 : 1;
}

function scopeEntry(
  recordId: string,
  commitment: string,
  media: readonly MediumMark[] | undefined,
): ScopeEntry {
  return { recordId, commitment, ...(media === undefined || media.length === 0 ? {} : { media }) };
}
