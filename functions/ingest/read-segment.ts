import type { KeyObject } from 'node:crypto';
import type { Inbox } from '../../shared/aws/inbox.ts';
import type { BroughtMedia } from '../../shared/custody-in/brought-media.ts';
import type { CollectionDoor } from '../../shared/custody-in/collection-door.ts';
import { keptDrafts } from '../../shared/custody-in/kept-drafts.ts';
import { recordTimeOf } from '../../shared/custody-in/record-time.ts';
import type { Batch } from '../../shared/domain/batch.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { isQuarantined, type QuarantinedLine } from '../../shared/domain/quarantine.ts';
import type {
  DraftRecord,
  Importer,
  ImportOptions,
  Item,
  ObservedLack,
  ResumePoint,
} from '../../shared/sources/importer.ts';
import { isOfWholeFile } from '../../shared/sources/rejection-reasons.ts';
import { rerunLines } from './rerun-lines.ts';

/** What a batch's file holds between two checkpoints. */
export type Segment = {
  drafts: DraftRecord[];
  rejected: { line: number; reason: string }[];
  /** The rejected lines themselves, to be kept for correction. */
  quarantine: QuarantinedLine[];
  lacks: ObservedLack['lack'][];
  /** Lines behind what makes the whole file unreadable, such as an unknown header: none of them was read. */
  unread: number;
  /** The platform's numbers of what came and wasn't rejected to be corrected, by line. `kept`: as far as the file tells. */
  numbers: Map<number, { number: bigint; kept: boolean }>;
  /** How many of the file's items it has. */
  items: number;
  end: ResumePoint;
};

const LF = 0x0a;
const SPACE = 0x20;

type SegmentReading = {
  batch: Batch;
  importer: Importer;
  options: ImportOptions;
  door: CollectionDoor;
  /** The index key, by which records get their ids. */
  key: KeyObject;
  /** What came along with the batch; null where no media did. */
  media: Pick<BroughtMedia, 'find'> | null;
  /** How many items it has at most. */
  limit: number;
};

type SegmentSources = {
  inbox: Pick<Inbox, 'read'>;
  /** Rejected lines of a batch, decrypted, always in the same order. */
  quarantined(batchId: string): AsyncIterable<QuarantinedLine>;
};

/** What the batch's file holds from the checkpoint on, or the lines of another batch that are read again. */
function itemsOf(
  { batch, importer, options }: SegmentReading,
  { inbox, quarantined }: SegmentSources,
): AsyncIterable<readonly Item[]> {
  const { rerunOf, checkpoint, objectKey, bytes } = batch;
  if (rerunOf !== null) return oneByOne(rerunLines(importer, quarantined(rerunOf), checkpoint, options));
  const file = inbox.read(objectKey, checkpoint.offset, bytes);
  return importer.readRuns?.(file, checkpoint, options) ?? oneByOne(importer.read(file, checkpoint, options));
}

async function* oneByOne(items: AsyncIterable<Item>): AsyncGenerator<readonly Item[]> {
  for await (const item of items) yield [item];
}

function sizeOf(item: Item): number {
  return item.kind === 'record' || item.kind === 'rejected' ? item.original.length : 0;
}

/** Lines that hold anything. */
async function linesIn(bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let lines = 0;
  let blank = true;
  for await (const chunk of bytes) {
    for (const byte of chunk) {
      if (byte === LF) blank = true;
      else if (blank && byte > SPACE) {
        blank = false;
        lines += 1;
      }
    }
  }
  return lines;
}

/** Items from the checkpoint on, as many as a segment holds. A file that can't be read on counts as read to its end. */
export async function readSegment(reading: SegmentReading, sources: SegmentSources): Promise<Segment> {
  const { batch, door, key, media } = reading;
  const from: ResumePoint = batch.checkpoint;
  const kept = keptDrafts(key, batch);
  const { drafts } = kept;
  const segment: Segment = {
    drafts,
    rejected: [],
    quarantine: [],
    lacks: [],
    unread: 0,
    numbers: new Map(),
    items: 0,
    end: { ...from },
  };
  const receivedAt = new Date(batch.receivedAt ?? batch.createdAt);
  let [bytes, mediaBytes] = [0, 0];
  let givenUp = false;
  /** The line on which the item before began, and how many began there; of a document that goes on, those given before. */
  let place = { line: 0, items: 0 };
  for await (const items of itemsOf(reading, sources)) {
    for (const item of items) {
      take(item);
      givenUp = item.kind === 'rejected' && endsTheFile(item);
      segment.items += 1;
      // What is only known at the end of the file belongs to its last segment.
      if (segment.end.offset >= batch.bytes) continue;
      if (segment.items >= reading.limit || isFull()) return segment;
    }
  }
  if (givenUp && batch.rerunOf === null && segment.end.offset < batch.bytes) {
    segment.unread = await linesIn(sources.inbox.read(batch.objectKey, segment.end.offset, batch.bytes));
  }
  segment.end = { ...segment.end, offset: batch.bytes };
  return segment;

  function isFull(): boolean {
    return bytes >= LIMITS.segmentBytes || mediaBytes >= LIMITS.segmentMediaBytes;
  }

  /** Nothing is read behind a header that can't be, nor of a chat in which nobody can be told. */
  function endsTheFile({ reason }: { reason: string }): boolean {
    const alone = from.offset === 0 && drafts.length === 0 && segment.rejected.length === 1;
    return alone || isOfWholeFile(reason);
  }

  function take(item: Item): void {
    const { state, items: before } = segment.end;
    const ordinal = item.line === place.line ? place.items : place.line === 0 ? before : 0;
    place = { line: item.line, items: ordinal + 1 };
    bytes += batch.rerunOf === null ? item.end.offset - segment.end.offset : sizeOf(item);
    segment.end = item.end;
    const refused = item.kind === 'record' ? door(item) : null;
    // What may not be collected leaves its line and reason alone (R7).
    if (refused !== null) segment.rejected.push({ line: item.line, reason: refused });
    else if (item.kind === 'record') {
      if (ordinal > 0) item.ordinal = ordinal;
      keepAtItsTime(item, state);
    }
    noteNumber(item, refused === null);
    if (item.kind === 'lack') segment.lacks.push(item.lack);
    if (item.kind === 'rejected') reject(item, state);
  }

  function noteNumber(item: Item, collected: boolean): void {
    // As in most files.
    if (item.kind === 'record' && item.number === undefined) return;
    if ((item.kind !== 'record' && item.kind !== 'rejected') || item.number === undefined) return;
    // What was not to be collected lacks nowhere; what is to be corrected lacks until it is.
    if (item.kind === 'rejected' && isQuarantined(batch.source, item.reason)) return;
    segment.numbers.set(item.line, { number: item.number, kept: item.kind === 'record' && collected });
  }

  function keepAtItsTime(draft: DraftRecord, state: string | null): void {
    const time = recordTimeOf(draft, receivedAt);
    for (const attachment of draft.attachments) {
      mediaBytes += (media?.find(attachment).medium?.bytes ?? 0) * draft.placements.length;
    }
    if ('at' in time) kept.keep(draft, { at: time.at, state });
    else reject({ ...draft, reason: time.reason, bytes: draft.original.length }, state);
  }

  function reject(
    { line, reason, original, bytes: length }: Omit<QuarantinedLine, 'state'>,
    state: string | null,
  ): void {
    segment.rejected.push({ line, reason });
    // A copy, since the bytes around it go. What may not be kept isn't held either.
    if (isQuarantined(batch.source, reason)) {
      segment.quarantine.push({ line, reason, original: Uint8Array.from(original), bytes: length, state });
    }
  }
}
