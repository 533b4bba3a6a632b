import { z } from 'zod';
import { commitmentIn, type MediumMark } from '../domain/medium-mark.ts';
import { messageOf } from '../domain/message-of.ts';
import { CATEGORIES, SOURCES, type StoredRecord } from '../domain/record.ts';
import type { BlockRow } from '../ports/records-index.ts';
import { attachmentFile } from './attachment-file.ts';
import { type GuestName, nameIndex } from './guest-names.ts';
import { labelledNames } from './labelled-names.ts';
import { counted, type Masking, type MaskingContext, maskText, type Redaction, replacement } from './mask.ts';
import { REDACTION_KINDS, type RedactionKind } from './masked-span.ts';

/**
 * One line of records.ndjson (docs/formats/package.md), before an opening puts its watermark on it. Everything a person
 * wrote is masked already. No salt and no digest of an original is here: a masked phone number would fall to guessing.
 * Media can't be masked: only where names are shown do they come along.
 */
export const stagedRecordSchema = z.strictObject({
  recordId: z.string().regex(/^[0-9a-f]{32}$/),
  conversationId: z.string(),
  platform: z.enum(SOURCES),
  category: z.enum(CATEGORIES),
  hotel: z.string(),
  /** ISO 8601 UTC with milliseconds. */
  at: z.string(),
  /** False where the platform gave no usable time: `at` says nothing then. */
  timeKnown: z.boolean().default(true),
  from: z.strictObject({
    role: z.enum(['guest', 'staff', 'robot', 'system']),
    /** The name or account as the masking level shows it; a label or pseudonym where it doesn't. */
    name: z.string().nullable(),
  }),
  text: z.string(),
  attachments: z.array(
    z.strictObject({
      name: z.string().nullable(),
      mediaType: z.string().nullable(),
      bytes: z.number().nullable(),
      state: z.enum(['present', 'missing', 'damaged', 'reference']),
      /** The medium's entry in the package; null where none came, or where it is withheld, since media can't be masked. */
      file: z.string().nullable().default(null),
      /** What the platform declared of it (`md5:…`, `sha256:…`), where the medium is in the package. */
      digest: z.string().nullable().default(null),
      /**
       * SHA-256(salt ‖ SHA-256 of the medium), as the scope has it; null where no medium was in custody when the scope was
       * frozen. Absent where the scope doesn't name media. The salt stays in custody (docs/formats/media.md).
       */
      commitment: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullable()
        .optional(),
      /** The batch that brought the medium after its record, and whether the platform had declared a digest of it. */
      supplied: z.strictObject({ batchId: z.string(), declared: z.boolean() }).optional(),
    }),
  ),
  /** Whether the platform marks it as changed after it was sent, or another record in the package stands in its place. */
  edited: z.boolean(),
  /** The message in whose place this one stands, in the form of `recalls`. Both are shown. */
  edits: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullable()
    .default(null),
  /** A note of staff to staff about a guest: nothing that the guest was told. */
  internal: z.boolean().default(false),
  /** Whether a later record in the package takes this one back. Both are shown. */
  recalled: z.boolean(),
  /** The message that this one takes back: the ids of all its versions begin with it. */
  recalls: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullable(),
  /** The platform's own name of the message's type. */
  type: z.string(),
  source: z.strictObject({
    batchId: z.string(),
    line: z.number().int().min(1),
    /** SHA-256(salt ‖ original bytes); the salt stays in custody (docs/formats/block.md). */
    commitment: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  redactions: z.array(z.strictObject({ kind: z.enum(REDACTION_KINDS), count: z.number().int().min(1) })),
});
export type StagedRecord = z.infer<typeof stagedRecordSchema>;

/** A record of the scope as provision finds it: what its block says of it, and its commitment from the block's index. */
export type FoundRecord = {
  record: StoredRecord;
  block: Pick<BlockRow, 'conversationId' | 'hotel' | 'batchId' | 'guestId'>;
  commitment: string;
  /** What the scope says of its attachments; absent where it says nothing of them. */
  media?: readonly MediumMark[];
};

/** How many messages after a question for a document may still answer it. */
const ANSWERS_WITHIN = 4;

/**
 * The records of a grant as they may be shown under its masking: by conversation (in the order of their first
 * records), then time, batch, line, place within the line, and id; an edit or a recall after what it is about. A record
 * that was found twice is shown once, the first found stands.
 */
export function stageRecords(found: readonly FoundRecord[], masking: Masking): StagedRecord[] {
  const ordered = inReadingOrder(found);
  const recalled = new Set(ordered.map(({ record }) => record.recalls).filter((id) => id !== null));
  const replaced = new Set(ordered.map(({ record }) => record.edits).filter((id) => id !== null));
  const labels = guestLabels(ordered, masking);
  const names = nameIndex(guestNames(ordered, labels));
  const staged: StagedRecord[] = [];
  let conversation = '';
  let sinceAsked = Number.POSITIVE_INFINITY;
  for (const one of ordered) {
    if (one.block.conversationId !== conversation) sinceAsked = Number.POSITIVE_INFINITY;
    conversation = one.block.conversationId;
    const context = { masking, names, askedFor: sinceAsked < ANSWERS_WITHIN };
    const { line, asks } = stage(one, context, labels.get(speakerOf(one)) ?? null, { recalled, replaced });
    sinceAsked = asks ? 0 : sinceAsked + 1;
    staged.push(line);
  }
  return staged;
}

/** By conversation, time, and place in what was brought in: what stands under one minute is told as its file tells it. */
function inReadingOrder(found: readonly FoundRecord[]): FoundRecord[] {
  const byId = new Map<string, FoundRecord>();
  for (const one of found) if (!byId.has(one.record.recordId)) byId.set(one.record.recordId, one);
  const byPlace = [...byId.values()].sort(
    (a, b) =>
      compare(a.record.at, b.record.at) ||
      // Ids of batches begin with the time at which they were announced.
      compare(batchOf(a), batchOf(b)) ||
      a.record.line - b.record.line ||
      a.record.ordinal - b.record.ordinal ||
      compare(a.record.recordId, b.record.recordId),
  );
  const conversations = Map.groupBy(byPlace, ({ block }) => block.conversationId);
  return [...conversations.values()].flatMap((conversation) => {
    const moments = Map.groupBy(conversation, ({ record }) => record.at);
    return [...moments.values()].flatMap(afterWhatTheyConcern);
  });
}

function batchOf({ record, block }: FoundRecord): string {
  return record.batchId ?? block.batchId;
}

/**
 * Records of one moment, in their order but for those that are about a message of the same moment which stands later
 * (a recall, an edit, a wording that the platform marks as changed): they come right after it.
 */
function afterWhatTheyConcern(moment: readonly FoundRecord[]): FoundRecord[] {
  const ahead = Map.groupBy(moment, ({ record }) => messageOf(record.recordId));
  const waiting = new Map<string, FoundRecord[]>();
  const placed: FoundRecord[] = [];
  for (const one of moment) {
    const { record } = one;
    const about = record.edits ?? record.recalls ?? (record.edited ? messageOf(record.recordId) : null);
    if (about !== null && isAhead(one, about)) waiting.set(about, [...(waiting.get(about) ?? []), one]);
    else place(one);
  }
  // Those that are about each other stand as they came.
  return [...placed, ...[...waiting.values()].flat()];

  /** The other versions of the message, but for those that are marked as changed likewise. */
  function isAhead({ record }: FoundRecord, about: string): boolean {
    const own = about === messageOf(record.recordId);
    return (ahead.get(about) ?? []).some((other) => other.record !== record && !(own && other.record.edited));
  }
  function place(one: FoundRecord): void {
    const message = messageOf(one.record.recordId);
    placed.push(one);
    const left = (ahead.get(message) ?? []).filter((other) => other !== one);
    ahead.set(message, left);
    const own = waiting.get(message) ?? [];
    const freed = own.filter((other) => !isAhead(other, message));
    if (freed.length === 0) return;
    waiting.set(
      message,
      own.filter((other) => !freed.includes(other)),
    );
    for (const other of freed) place(other);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A guest under one account: two people in one conversation never become one, nor one person's accounts two guests. */
function speakerOf({ record, block }: FoundRecord): string {
  return `${block.guestId} ${record.from.id ?? record.from.name ?? ''}`;
}

/**
 * What stands for each guest where names aren't shown. Masked: the role, numbered where several accounts talk in one
 * conversation. Pseudonymised: the same name for the same guest throughout the package, in the order they appear.
 */
function guestLabels(ordered: readonly FoundRecord[], masking: Masking): Map<string, string> {
  const labels = new Map<string, string>();
  const accountsAmong = new Map<string, number>();
  const guests = new Map<string, number>();
  for (const one of ordered) {
    if (one.record.from.role !== 'guest') continue;
    const speaker = speakerOf(one);
    const { guestId, conversationId } = one.block;
    if (labels.has(speaker)) continue;
    const number = guests.get(guestId) ?? guests.size + 1;
    guests.set(guestId, number);
    const among = masking === 'pseudonymised' ? guestId : conversationId;
    const accounts = (accountsAmong.get(among) ?? 0) + 1;
    accountsAmong.set(among, accounts);
    const guest = masking === 'pseudonymised' ? ` ${number}` : '';
    const account = accounts === 1 ? '' : `·${accounts}`;
    labels.set(speaker, `客人 Guest${guest}${account}`);
  }
  return labels;
}

function* guestNames(ordered: readonly FoundRecord[], labels: Map<string, string>): Generator<GuestName> {
  for (const one of ordered) {
    const { role, name } = one.record.from;
    const label = labels.get(speakerOf(one));
    if (role === 'guest' && name !== null && label !== undefined) yield { name, label: `[${label}]` };
  }
  // A system names guests in what it says, a lock its card's holder: no role of theirs tells so. Who spoke goes first.
  for (const { record } of ordered) {
    if (record.from.role !== 'system') continue;
    for (const name of labelledNames(record.text)) yield { name, label: replacement('guest-name') };
  }
}

function stage(
  { record, block, commitment, media }: FoundRecord,
  context: MaskingContext,
  guestLabel: string | null,
  /** Messages that another record takes back, and in whose place another stands. */
  { recalled, replaced }: { recalled: ReadonlySet<string>; replaced: ReadonlySet<string> },
): { line: StagedRecord; asks: boolean } {
  const redactions: Redaction[] = [];
  function masked(text: string, within: MaskingContext = context): string {
    const result = maskText(text, within);
    redactions.push(...result.redactions);
    return result.text;
  }
  function maskedOrNull(text: string | null): string | null {
    return text === null ? null : masked(text, { ...context, askedFor: false });
  }
  const { text, redactions: inText, asks } = maskText(record.text, context);
  redactions.push(...inText);
  const hidesName = record.from.role === 'guest' && context.masking !== 'named';
  const shown = record.from.name ?? record.from.id;
  if (hidesName && shown !== null) redactions.push({ kind: 'guest-name', count: 1 });
  const line: StagedRecord = {
    recordId: record.recordId,
    conversationId: block.conversationId,
    platform: record.platform,
    category: record.category,
    hotel: block.hotel,
    at: record.at,
    timeKnown: record.timeKnown,
    from: { role: record.from.role, name: hidesName ? guestLabel : maskedOrNull(shown) },
    text,
    attachments: record.attachments.map((attachment, position) => {
      const { name, mediaType, bytes, state, mediaId, digest, found, suppliedBy } = attachment;
      const shown = context.masking === 'named' && mediaId !== null;
      const mark = media?.[position];
      return {
        name: maskedOrNull(name),
        mediaType: maskedOrNull(mediaType),
        bytes: bytes ?? found?.bytes ?? null,
        state,
        file: shown ? attachmentFile(record.recordId, position, attachment) : null,
        digest: shown ? (digest ?? found?.digest ?? null) : null,
        ...(mark === undefined ? {} : { commitment: commitmentIn(mark) }),
        ...(suppliedBy === undefined || mediaId === null
          ? {}
          : { supplied: { batchId: suppliedBy, declared: digest !== null } }),
      };
    }),
    edited: record.edited || replaced.has(messageOf(record.recordId)),
    edits: record.edits,
    internal: record.internal,
    recalled: recalled.has(messageOf(record.recordId)),
    recalls: record.recalls,
    type: masked(record.sourceType, { ...context, askedFor: false }),
    source: { batchId: batchOf({ record, block, commitment }), line: record.line, commitment },
    redactions: [],
  };
  return { line: { ...line, redactions: summed(redactions) }, asks };
}

function summed(redactions: Redaction[]): Redaction[] {
  const kinds: RedactionKind[] = redactions.flatMap(({ kind, count }) => new Array(count).fill(kind));
  return counted(kinds);
}
