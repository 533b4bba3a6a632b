import { decodeBlockIndex } from '../crypto/block-index.ts';
import type { Scope } from '../domain/scope.ts';
import type { FoundBlock } from '../facts/find-records.ts';
import { type StagedRecord, stageRecords } from '../package/staged-records.ts';
import { type DecryptDependencies, decryptScope } from './decrypt-scope.ts';
import { mediaAsApproved } from './media-as-approved.ts';

/** A record as a view shows it: masked, attachments named and never shown; nothing of how it lies in custody. */
export type ViewedRecord = Omit<StagedRecord, 'attachments' | 'source'> & {
  attachments: Pick<StagedRecord['attachments'][number], 'name' | 'mediaType' | 'state'>[];
};

export type MaskedRecords =
  | {
      /** Newest first. */
      records: ViewedRecord[];
      /** There are more than are shown. */
      more: boolean;
    }
  /** Records whose keys are shredded; nothing was decrypted. */
  | { unreadable: number };

/**
 * The newest of what was found, at most `limit` records, as they may be seen on a screen: every field that masking knows
 * is replaced before it leaves here. Masking sees the rest of their blocks too: a name that another record gives, or a
 * question for a document right before, masks here as well. What doesn't fit is not decrypted where its block isn't.
 * What became of their media is said as it stands now; of a scope that was frozen (`frozen`), as it stood then (A7).
 * Throws as `decryptScope`.
 */
export async function maskedRecords(
  found: readonly FoundBlock[],
  limit: number,
  dependencies: DecryptDependencies,
  frozen?: Scope,
): Promise<MaskedRecords> {
  const times = new Map<string, number>();
  for (const { recordId, at } of found.flatMap(({ entries }) => entries)) times.set(recordId, at.getTime());
  const newest = [...times].sort(([a, one], [b, other]) => other - one || (a < b ? 1 : -1)).slice(0, limit);
  const shown = new Map(newest.map(([recordId], position) => [recordId, position]));
  const decrypted = await decryptScope(
    found
      .filter(({ entries }) => entries.some(({ recordId }) => shown.has(recordId)))
      .map(({ block }) => ({ block, entries: decodeBlockIndex(block.index) })),
    dependencies,
  );
  if ('unreadable' in decrypted) return decrypted;
  const stood = frozen === undefined ? decrypted.records : mediaAsApproved(decrypted.records, frozen).records;
  const records = stageRecords(stood, 'masked')
    .filter(({ recordId }) => shown.has(recordId))
    .sort((a, b) => (shown.get(a.recordId) ?? 0) - (shown.get(b.recordId) ?? 0))
    .map(viewed);
  return { records, more: times.size > records.length };
}

function viewed({ attachments, source: _, ...record }: StagedRecord): ViewedRecord {
  return {
    ...record,
    attachments: attachments.map(({ name, mediaType, state }) => ({ name, mediaType, state })),
  };
}
