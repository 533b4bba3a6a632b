import { z } from 'zod';
import { batchCompletenessSchema } from '../domain/batch.ts';
import { mediumMark } from '../domain/medium-mark.ts';
import { conflictsAmong, messageOf } from '../domain/message-of.ts';
import { CATEGORIES, SOURCES } from '../domain/record.ts';
import type { Scope, ScopeEntry } from '../domain/scope.ts';
import type { StagedRecord } from './staged-records.ts';

/**
 * What a batch committed to, for the conversations of a package and the others that it brought of their guests, against
 * what lies in custody now. `read`: compared;
 * `altered`: the object, or the sequence of a conversation, is not the one that was committed to; `missing`: it is gone.
 */
export const commitmentFactsSchema = z.strictObject({
  digest: z.string(),
  state: z.enum(['read', 'altered', 'missing']),
  /** Records that the batch brought into these conversations, whatever their time. */
  committed: z.number().int(),
  present: z.number().int(),
  /** Gone with the key of their period: deleted by retention, which certifies it. */
  deleted: z.number().int(),
  /** Gone although their key is there. */
  lost: z.number().int(),
  /** Conversations that were compared. */
  conversations: z.number().int().optional(),
  /** Of those, how many have nothing left although not all of it was deleted. */
  conversationsLost: z.number().int().optional(),
});
export type CommitmentFacts = z.infer<typeof commitmentFactsSchema>;

/** What is known of a batch that records of the package came from; null where its row says nothing. */
export const batchFactsSchema = z.strictObject({
  batchId: z.string(),
  platform: z.enum(SOURCES),
  hotel: z.string(),
  /** Records of this package that came with the batch. */
  records: z.number().int(),
  accepted: z.number().int().nullable(),
  duplicates: z.number().int().nullable(),
  /** Of the accepted, those that say something else than another version of the same message. */
  conflicts: z.number().int().nullable(),
  rejected: z.number().int().nullable(),
  /** What the batch lacks or holds unread; null where its row doesn't say. */
  lacks: batchCompletenessSchema.nullable().default(null),
  /** The provider request whose answer the batch is; absent for any other. */
  providerRequest: z.string().optional(),
  /** Null for a batch that committed to nothing. */
  commitment: commitmentFactsSchema.nullable().default(null),
});
export type BatchFacts = z.infer<typeof batchFactsSchema>;

/** A batch that brought media after their records. */
export const supplierSchema = z.strictObject({
  batchId: z.string(),
  /** Person id of whoever brought it in; null where its row doesn't say. */
  by: z.string().nullable(),
  /** Media of this package's records that it brought. */
  media: z.number().int(),
  /** Of those, how many of which the platform had declared no digest: what they are rests on whoever brought them. */
  undeclared: z.number().int(),
});
export type Supplier = z.infer<typeof supplierSchema>;

/** completeness.json: what was approved against what is here, and what the batches behind it left out. */
export const completenessSchema = z.strictObject({
  version: z.literal(1),
  scope: z.strictObject({ digest: z.string(), records: z.number().int() }),
  found: z.strictObject({ records: z.number().int(), conversations: z.number().int() }),
  /** Record ids of the scope that are not in the package. */
  missing: z.array(z.string()),
  categories: z.partialRecord(z.enum(CATEGORIES), z.number().int()),
  recalled: z.number().int(),
  /** Messages that were changed after they were sent, whether their first wording is here or not. */
  edited: z.number().int().optional(),
  /**
   * Messages that lie in custody in versions that differ: the record ids of each, here or come since the approval. None was
   * chosen: which of them is genuine is for whoever reads to find out.
   */
  conflicts: z.array(z.array(z.string()).min(2)),
  attachments: z.strictObject({
    present: z.number().int(),
    missing: z.number().int(),
    damaged: z.number().int(),
    reference: z.number().int(),
    /** Of those present or damaged, how many are not in the package: media can't be masked. */
    withheld: z.number().int().default(0),
    /**
     * Media of these records that came into custody after the request was checked: not in the package, and counted as they
     * were then (A7). Absent where there are none.
     */
    later: z.number().int().optional(),
  }),
  /** Batches that brought media of these records after them, before the request was checked. Absent where there are none. */
  suppliers: z.array(supplierSchema).optional(),
  /**
   * How far losses were looked for: the batches whose commitment could be read, and the conversations in them (one that
   * several batches brought counts for each). What no record of the package leads to was not looked for.
   */
  compared: z.strictObject({ batches: z.number().int(), conversations: z.number().int() }).optional(),
  /** Hotels that were asked for and lie in other regions: their records were not searched, and none is here. */
  hotelsElsewhere: z.array(z.string()).optional(),
  batches: z.array(batchFactsSchema),
});
export type Completeness = z.infer<typeof completenessSchema>;

/** Counts of a batch as its row has them. */
export type BatchCounts = Pick<
  BatchFacts,
  'batchId' | 'accepted' | 'duplicates' | 'conflicts' | 'rejected' | 'lacks' | 'providerRequest'
> & {
  /** Whoever brought it in. */
  by?: string;
};

export function completenessOf({
  scope,
  scopeDigest,
  records,
  newer,
  batches,
  commitments,
  hotelsElsewhere = [],
  mediaLater = 0,
}: {
  scope: Scope;
  scopeDigest: string;
  records: readonly StagedRecord[];
  /** Ids of records that match the request and came after it was checked. */
  newer: readonly string[];
  batches: readonly BatchCounts[];
  /** By batch, what it committed to against what is there. */
  commitments: ReadonlyMap<string, CommitmentFacts>;
  hotelsElsewhere?: readonly string[];
  /** Media that came into custody after the request was checked. */
  mediaLater?: number;
}): Completeness {
  const found = new Set(records.map(({ recordId }) => recordId));
  const attachments = { present: 0, missing: 0, damaged: 0, reference: 0, withheld: withheldMedia(records) };
  const suppliers = suppliersOf(records, batches);
  const categories: Completeness['categories'] = {};
  for (const record of records) {
    categories[record.category] = (categories[record.category] ?? 0) + 1;
    for (const { state } of record.attachments) attachments[state] += 1;
  }
  return {
    version: 1,
    scope: { digest: scopeDigest, records: scope.records.length },
    found: {
      records: records.length,
      conversations: new Set(records.map(({ conversationId }) => conversationId)).size,
    },
    missing: scope.records.filter(({ recordId }) => !found.has(recordId)).map(({ recordId }) => recordId),
    categories,
    recalled: records.filter(({ recalled }) => recalled).length,
    edited: editedMessages(records),
    conflicts: conflictsAmong([...found, ...newer]).filter((versions) =>
      versions.some((id) => found.has(id)),
    ),
    attachments: { ...attachments, ...(mediaLater > 0 ? { later: mediaLater } : {}) },
    ...(suppliers.length > 0 ? { suppliers } : {}),
    compared: comparedIn(commitments),
    ...(hotelsElsewhere.length > 0 ? { hotelsElsewhere: [...hotelsElsewhere] } : {}),
    batches: batchesOf(records, batches, commitments),
  };
}

function comparedIn(commitments: ReadonlyMap<string, CommitmentFacts>): Completeness['compared'] {
  const read = [...commitments.values()].filter(({ state }) => state === 'read');
  return {
    batches: read.length,
    conversations: read.reduce((sum, { conversations = 0 }) => sum + conversations, 0),
  };
}

/** Messages that these records say were changed: marked so by the platform, or with another record in their place. */
export function editedMessages(
  records: readonly Pick<StagedRecord, 'recordId' | 'edited' | 'edits'>[],
): number {
  const changed = records.flatMap(
    ({ recordId, edited, edits }) => edits ?? (edited ? messageOf(recordId) : []),
  );
  return new Set(changed).size;
}

/** A record of the package as the scope names it. */
export function entryOf({
  recordId,
  source,
  attachments,
}: Pick<StagedRecord, 'recordId' | 'source' | 'attachments'>): ScopeEntry {
  const media = attachments.flatMap(({ state, commitment }) =>
    commitment === undefined ? [] : [mediumMark(state, commitment)],
  );
  const { commitment } = source;
  return media.length === 0 ? { recordId, commitment } : { recordId, commitment, media };
}

/** The batches that brought media of these records after them, by id. */
export function suppliersOf(
  records: readonly Pick<StagedRecord, 'attachments'>[],
  batches: readonly { batchId: string; by?: string | null }[],
): Supplier[] {
  const brought = records.flatMap(({ attachments }) => attachments.flatMap(({ supplied }) => supplied ?? []));
  return [...Map.groupBy(brought, ({ batchId }) => batchId)]
    .map(([batchId, media]) => ({
      batchId,
      by: batches.find((batch) => batch.batchId === batchId)?.by ?? null,
      media: media.length,
      undeclared: media.filter(({ declared }) => !declared).length,
    }))
    .sort((a, b) => (a.batchId < b.batchId ? -1 : 1));
}

/** Media in custody that the package doesn't have. */
export function withheldMedia(records: readonly StagedRecord[]): number {
  return records
    .flatMap(({ attachments }) => attachments)
    .filter(({ state, file }) => (state === 'present' || state === 'damaged') && file === null).length;
}

function batchesOf(
  records: readonly StagedRecord[],
  counts: readonly BatchCounts[],
  commitments: ReadonlyMap<string, CommitmentFacts>,
): BatchFacts[] {
  const known = new Map(counts.map((batch) => [batch.batchId, batch]));
  const facts = new Map<string, BatchFacts>();
  for (const { source, platform, hotel } of records) {
    const { batchId } = source;
    const {
      accepted = null,
      duplicates = null,
      conflicts = null,
      rejected = null,
      lacks = null,
      providerRequest,
    } = known.get(batchId) ?? {};
    const batch = facts.get(batchId) ?? {
      batchId,
      platform,
      hotel,
      records: 0,
      accepted,
      duplicates,
      conflicts,
      rejected,
      lacks,
      ...(providerRequest === undefined ? {} : { providerRequest }),
      commitment: commitments.get(batchId) ?? null,
    };
    facts.set(batchId, { ...batch, records: batch.records + 1 });
  }
  return [...facts.values()].sort((a, b) => (a.batchId < b.batchId ? -1 : 1));
}
