import { z } from 'zod';
import { type Digest, digestOf } from './digest.ts';

/**
 * What a request opens: each record by its id and its salted content commitment, never by where it lies, so that
 * moving a block changes nothing. The object is kept in the evidence bucket under its digest.
 */
export const scopeEntrySchema = z.object({
  /** 32 lower-case hex digits. */
  recordId: z.string().regex(/^[0-9a-f]{32}$/),
  /** SHA-256(salt ‖ original bytes), 64 lower-case hex digits (docs/formats/block.md). */
  commitment: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ScopeEntry = z.infer<typeof scopeEntrySchema>;

export const scopeSchema = z.object({ version: z.literal(1), records: z.array(scopeEntrySchema) });
export type Scope = z.infer<typeof scopeSchema>;

/** The scope over these entries: sorted by record id; one record found twice counts once, the first found stands. */
export function freezeScope(entries: Iterable<ScopeEntry>): { scope: Scope; digest: Digest } {
  const byId = new Map<string, ScopeEntry>();
  for (const { recordId, commitment } of entries) {
    if (!byId.has(recordId)) byId.set(recordId, { recordId, commitment });
  }
  const records = [...byId.values()].sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
  const scope: Scope = { version: 1, records };
  return { scope, digest: digestOf(scope) };
}
