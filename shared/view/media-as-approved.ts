import { commitmentIn, type MediumMark, stateIn } from '../domain/medium-mark.ts';
import type { StoredRecord } from '../domain/record.ts';
import type { Scope } from '../domain/scope.ts';
import type { FoundRecord } from '../package/staged-records.ts';

type Attachment = StoredRecord['attachments'][number];

/**
 * Records with those of their media alone that were in custody when the scope was frozen (A7): any other stands as it did
 * then, whatever came since. `later`: how many came since. Where nothing told of a record's media then, those are in that came
 * with the record itself, since they were there whenever it was; what was brought after it is out.
 */
export function mediaAsApproved<Found extends FoundRecord>(
  found: readonly Found[],
  frozen: Scope,
): { records: Found[]; later: number } {
  const approved = new Map(frozen.records.map(({ recordId, media }) => [recordId, media]));
  const later = new Set<string>();
  const records = found.map((one) => {
    const { record } = one;
    if (record.attachments.length === 0) return one;
    const media = approved.get(record.recordId);
    const attachments = record.attachments.map((attachment, position) => {
      const before = stateBefore(attachment, media, position);
      if (before === null) return attachment;
      if (attachment.mediaId !== null) later.add(`${record.recordId} ${position}`);
      return { ...attachment, state: before, mediaId: null, found: null };
    });
    const own = { ...one, record: { ...record, attachments } };
    return media === undefined ? own : { ...own, media };
  });
  return { records, later: later.size };
}

/** What was said of a medium that is no part of what was approved; null of one that is. */
function stateBefore(
  { mediaId, suppliedBy }: Attachment,
  media: readonly MediumMark[] | undefined,
  position: number,
): Attachment['state'] | null {
  if (media === undefined) return mediaId !== null && suppliedBy !== undefined ? 'reference' : null;
  const mark = media[position] ?? 'missing';
  return commitmentIn(mark) === null ? stateIn(mark) : null;
}
