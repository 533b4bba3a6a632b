import { z } from 'zod';
import { decodeBlockIndex, summaryOfIndex } from '../crypto/block-index.ts';
import { packIndex, unpackIndex } from '../crypto/packed-index.ts';
import { CATEGORIES, RECORD_CLASSES, SOURCES } from '../domain/record.ts';
import type { BlockRow } from '../ports/records-index.ts';

/**
 * How a block's rows lie in the records table. There are as many of them as blocks, and most blocks are of one short talk:
 * what keys say already is left out, ids, digests and times are bytes and numbers, and names are short. Whatever has not
 * the usual form stands spelled out, under its whole name, as older rows have all of it.
 */
const wholeRowSchema = z.object({
  blockId: z.string(),
  guestId: z.string(),
  conversationId: z.string(),
  hotel: z.string(),
  platform: z.enum(SOURCES),
  categories: z.array(z.enum(CATEGORIES)),
  recordClass: z.enum(RECORD_CLASSES),
  period: z.string(),
  from: z.string(),
  to: z.string(),
  records: z.number(),
  bytes: z.number(),
  objectKey: z.string(),
  objectDigest: z.string(),
  batchId: z.string(),
  index: z.instanceof(Uint8Array),
  staff: z.array(z.string()),
  media: z.array(z.string()).optional(),
  marks: z.instanceof(Uint8Array).optional(),
});

const bytesSchema = z.instanceof(Uint8Array);
const keysSchema = z.looseObject({ pk: z.string(), sk: z.string(), blockId: z.undefined().optional() });
const packedSchema = z.looseObject({
  /** `hotel/class/period`. */
  at: z.string().optional(),
  /** The index, packed (packed-index.ts). */
  x: bytesSchema.optional(),
  /** SHA-256 of the object. */
  d: bytesSchema.optional(),
  /** Conversation id without its prefix. */
  c: bytesSchema.optional(),
  /** Platform. */
  p: z.string().optional(),
  /** Time of the last record, milliseconds since 1970. */
  t: z.number().optional(),
  /** The marks of the media (media-marks.ts). */
  m: bytesSchema.optional(),
  /** Blind indexes of staff; absent where there are none. */
  s: z.array(bytesSchema).optional(),
});

/** A block's row as the table has it. */
export const blockRowSchema = z.preprocess((item) => {
  const keys = keysSchema.safeParse(item);
  return keys.success ? unpackedBlock(keys.data) : item;
}, wholeRowSchema);

/** A block's row without its keys. */
export function packedBlock(row: BlockRow): Record<string, unknown> {
  const { hotel, recordClass, period, platform, conversationId, objectKey, objectDigest, to, staff } = row;
  const x = packIndex(row.index);
  const said = x === null ? null : summaryOfIndex(row.index);
  const digest = bytesAfter('sha256:', objectDigest, 32);
  const conversation = bytesAfter('cnv_', conversationId, 16);
  const end = millisecondsOf(to);
  const people = staff.flatMap((index) => bytesAfter('', index, 32) ?? []);
  return {
    at: `${hotel}/${recordClass}/${period}`,
    batchId: row.batchId,
    bytes: row.bytes,
    p: platform,
    ...(said === null ? { index: row.index } : { x }),
    ...(said !== null && sameList(said.categories, row.categories) ? {} : { categories: row.categories }),
    ...(said?.records === row.records ? {} : { records: row.records }),
    ...(conversation === null ? { conversationId } : { c: conversation }),
    ...(digest === null ? { objectDigest } : { d: digest }),
    ...(end === null ? { to } : { t: end }),
    ...(people.length < staff.length ? { staff } : people.length === 0 ? {} : { s: people }),
    ...(objectKey === vaultKeyOf(row) ? {} : { objectKey }),
    ...(row.media === undefined ? {} : { media: row.media }),
    ...(row.marks === undefined ? {} : { m: row.marks }),
  };
}

function unpackedBlock({ pk, sk, ...row }: z.infer<typeof keysSchema>): Record<string, unknown> {
  const { at, x, d, c, p, t, m, s, ...spelled } = packedSchema.parse(row);
  const [, from = '', blockId = ''] = sk.split('#');
  const [hotel, recordClass, period] = at?.split('/') ?? [];
  const index = x === undefined ? null : unpackIndex(x);
  const read = {
    ...(at === undefined ? {} : { hotel, recordClass, period }),
    ...(index === null ? {} : { index, ...saidByIndex(index) }),
    ...(d === undefined ? {} : { objectDigest: `sha256:${hexOf(d)}` }),
    ...(c === undefined ? {} : { conversationId: `cnv_${hexOf(c)}` }),
    ...(p === undefined ? {} : { platform: p }),
    ...(t === undefined ? {} : { to: new Date(t).toISOString() }),
    ...(m === undefined ? {} : { marks: m }),
    guestId: pk.slice('GUEST#'.length),
    from,
    blockId,
    staff: (s ?? []).map(hexOf),
    ...spelled,
  };
  const place = placeSchema.safeParse(read);
  const staff = 'staff' in spelled ? spelledStaff.parse(spelled['staff']) : read.staff;
  return { ...(place.success ? { objectKey: vaultKeyOf(place.data) } : {}), ...read, staff };
}

const placeSchema = z.object({
  hotel: z.string(),
  recordClass: z.string(),
  period: z.string(),
  blockId: z.string(),
});
/** Rows of before had blind indexes as bytes under this name, too. */
const spelledStaff = z.array(z.union([z.string(), bytesSchema.transform(hexOf)]));

/** The condition that a row still leads to this object. */
export function leadsToObject(objectDigest: string) {
  const bytes = bytesAfter('sha256:', objectDigest, 32);
  return {
    ConditionExpression: bytes === null ? 'objectDigest = :digest' : 'd = :bytes OR objectDigest = :digest',
    ExpressionAttributeValues: { ':digest': objectDigest, ...(bytes === null ? {} : { ':bytes': bytes }) },
  };
}

/** The filter of a query that leaves out blocks whose last record is earlier. */
export function reachesTo(from: Date) {
  return {
    filter: { expression: '#t >= :fromNumber OR #to >= :from', names: { '#t': 't', '#to': 'to' } },
    values: { ':fromNumber': from.getTime(), ':from': from.toISOString() },
  };
}

/** What a row that points to a block's row holds besides its key, which ends with the block's id. */
export function packedPointer({
  guestId,
  from,
}: Pick<BlockRow, 'guestId' | 'from'>): Record<string, unknown> {
  const t = millisecondsOf(from);
  return {
    ...(guestId.startsWith(GUEST) ? { g: guestId.slice(GUEST.length) } : { guestId }),
    ...(t === null ? { from } : { t }),
  };
}

/** Which block a row of a period or a day points to. */
export const blockPointerSchema = z
  .object({
    sk: z.string(),
    g: z.string().optional(),
    guestId: z.string().optional(),
    t: z.number().optional(),
    from: z.string().optional(),
  })
  .transform(({ sk, g, guestId, t, from }, context) => {
    const guest = guestId ?? (g === undefined ? undefined : `${GUEST}${g}`);
    const at = from ?? (t === undefined ? undefined : new Date(t).toISOString());
    if (guest !== undefined && at !== undefined) {
      return { blockId: sk.slice('BLOCK#'.length), guestId: guest, from: at };
    }
    context.addIssue('The row points to no block');
    return z.NEVER;
  });
const GUEST = 'gst_';

/** The block's key in the vault bucket: one listing shows whether a period is gone. */
export function vaultKeyOf({ hotel, recordClass, period, blockId }: z.infer<typeof placeSchema>): string {
  return `${hotel}/${recordClass}/${period}/${blockId}`;
}

function saidByIndex(index: Uint8Array): Pick<BlockRow, 'categories' | 'records'> {
  const entries = decodeBlockIndex(index);
  return {
    categories: [...new Set(entries.map(({ category }) => category))].sort(),
    records: entries.length,
  };
}

function sameList(ones: readonly string[], others: readonly string[]): boolean {
  return ones.length === others.length && ones.every((one, place) => one === others[place]);
}

/** The bytes that stand in hex after a prefix; null where something else stands there. */
function bytesAfter(prefix: string, text: string, count: number): Buffer | null {
  const hex = text.slice(prefix.length);
  const bytes = Buffer.from(hex, 'hex');
  return text.startsWith(prefix) && bytes.length === count && bytes.toString('hex') === hex ? bytes : null;
}

function millisecondsOf(iso: string): number | null {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) || at.toISOString() !== iso ? null : at.getTime();
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
