import { z } from 'zod';
import { CONSENT_STATES } from '../domain/consent.ts';
import { CATEGORIES, IDENTIFIER_KINDS, storedRecordSchema } from '../domain/record.ts';
import { BEGINNING, type DraftRecord } from '../sources/importer.ts';

/** What a draft has in common with the record that it becomes. */
const record = storedRecordSchema.shape;
const dateSchema = z.iso.datetime().transform((text) => new Date(text));
const placementSchema = z.object({
  conversation: z.string(),
  identifiers: z.array(z.object({ kind: z.enum(IDENTIFIER_KINDS), value: z.string() })),
});
const draftSchema = z.object({
  sourceMessageId: z.string().nullable(),
  recalls: z.string().nullable(),
  edits: z.string().nullable(),
  placements: z.tuple([placementSchema], placementSchema),
  staff: z.array(z.string()),
  at: dateSchema,
  timeKnown: z.boolean(),
  category: z.enum(CATEGORIES).nullable(),
  from: record.from,
  text: z.string(),
  attachments: z.array(
    record.attachments.element
      .omit({ state: true, mediaId: true, found: true, ending: true })
      .extend({ refs: z.array(z.string()) }),
  ),
  edited: z.boolean(),
  internal: z.boolean(),
  sourceType: z.string(),
  typeKnown: z.boolean(),
  consent: z.object({ state: z.enum(CONSENT_STATES), staff: z.array(z.string()), at: dateSchema }).optional(),
  content: z.string(),
  ordinal: z.number().int().min(0).optional(),
  original: z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64'))),
});

/** A record as its importer read it, in the form in which it waits, sealed, for its block. */
export function encodeDraft(draft: DraftRecord): Uint8Array {
  const { kind: _kind, line: _line, end: _end, original, ...rest } = draft;
  return Buffer.from(JSON.stringify({ ...rest, original: Buffer.from(original).toString('base64') }));
}

/** The record that waited; `line` is its place among those that are sealed with it. Throws ZodError, SyntaxError. */
export function decodeDraft(bytes: Uint8Array, line: number): DraftRecord {
  const { consent, ordinal, ...draft } = draftSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  return {
    kind: 'record',
    line,
    end: BEGINNING,
    ...draft,
    ...(ordinal === undefined ? {} : { ordinal }),
    ...(consent === undefined ? {} : { consent }),
  };
}
