import type { BatchCompleteness } from '../domain/batch.ts';
import { isDocumentedType } from '../domain/documented-types.ts';
import { type HeldNumbers, NO_NUMBERS } from '../domain/held-numbers.ts';
import { LIMITS } from '../domain/limits.ts';
import { withGap } from '../domain/sequence-gap.ts';
import type { DraftRecord, ObservedLack } from '../sources/importer.ts';

/** What one segment of a batch's file was found to hold. */
export type SegmentFindings = {
  lacks: readonly ObservedLack['lack'][];
  drafts: readonly Pick<DraftRecord, 'sourceType' | 'typeKnown' | 'internal' | 'timeKnown'>[];
  /** States of the media of records that were accepted. */
  media: BatchCompleteness['media'];
  rejected: readonly { reason: string }[];
  /** Lines that were not read at all. */
  unread?: number;
  /** The platform's numbers that were in custody before the batch. */
  held?: HeldNumbers;
};

/** Everything that has no place of its own in a list. */
const OTHER = 'other';

/** What is known of a batch's completeness with one more segment. Counts and codes alone: nothing that a file says. */
export function countCompleteness(
  before: BatchCompleteness,
  { lacks, drafts, media, rejected, unread = 0, held = NO_NUMBERS }: SegmentFindings,
): BatchCompleteness {
  const notTaken = (before.media.notTaken ?? 0) + (media.notTaken ?? 0);
  const supplied = (before.media.supplied ?? 0) + (media.supplied ?? 0);
  const undeclared = (before.media.undeclared ?? 0) + (media.undeclared ?? 0);
  const unknown = drafts.filter(({ typeKnown }) => !typeKnown);
  const undated = (before.undated ?? 0) + drafts.filter(({ timeKnown }) => !timeKnown).length;
  return {
    sequenceGaps: withGaps(before.sequenceGaps, lacks, held),
    ...(unread > 0 ? { unreadLines: unread } : {}),
    truncated: before.truncated || lacks.some(({ kind }) => kind === 'truncated'),
    unknownTypes: counted(
      before.unknownTypes,
      unknown.map(({ sourceType }) => (isDocumentedType(sourceType) ? sourceType : OTHER)),
      LIMITS.unknownTypesListed,
    ),
    internalNotes: before.internalNotes + drafts.filter(({ internal }) => internal).length,
    ...(undated === 0 ? {} : { undated }),
    media: {
      present: before.media.present + media.present,
      missing: before.media.missing + media.missing,
      damaged: before.media.damaged + media.damaged,
      reference: before.media.reference + media.reference,
      ...(supplied > 0 ? { supplied } : {}),
      ...(undeclared > 0 ? { undeclared } : {}),
      ...(notTaken > 0 ? { notTaken } : {}),
    },
    rejectedBy: counted(
      before.rejectedBy,
      rejected.map(({ reason }) => reason),
      LIMITS.rejectionReasonsListed,
    ),
  };
}

type SequenceGaps = BatchCompleteness['sequenceGaps'];

function withGaps(before: SequenceGaps, lacks: SegmentFindings['lacks'], held: HeldNumbers): SequenceGaps {
  let gaps = before;
  for (const lack of lacks) {
    if (lack.kind === 'sequence-gap') gaps = withGap(gaps, lack, held);
    if (lack.kind === 'sequence-span') gaps = { ...gaps, first: String(lack.from), last: String(lack.to) };
  }
  return gaps;
}

/** Counts by name, of so many names; those beyond are counted together. */
function counted(
  before: Readonly<Record<string, number>>,
  names: readonly string[],
  most: number,
): Record<string, number> {
  const counts = new Map(Object.entries(before));
  for (const name of names) {
    const known = counts.has(name) || counts.size < most ? name : OTHER;
    counts.set(known, (counts.get(known) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
