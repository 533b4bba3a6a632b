import { z } from 'zod';
import { BASES, PURPOSES } from './access-request.ts';
import { instantSchema } from './instant.ts';
import { CATEGORIES, SOURCES } from './record.ts';
import { referenceKey, referenceSchema } from './reference.ts';
import { INSTRUMENT_TYPES } from './stated-instrument.ts';

const hotelCode = z.string().regex(/^[A-Z0-9]{3,12}$/, 'must be a hotel code such as SHA01 · 须为酒店代码');
const guests = z.array(z.string()).max(50);
const validity = { validFrom: instantSchema, validUntil: instantSchema };

/**
 * What the rules need to know about the hotel's own affairs (cases table): ids, codes, times, and guests by their random
 * ids. No name, no identifier, nobody's words. `reference` is the file number by which requests name a case.
 */
const common = {
  reference: referenceSchema,
  hotels: z.array(hotelCode).min(1),
  recordedAt: instantSchema,
  /** Person id. */
  recordedBy: z.string(),
  /**
   * Person ids of whoever put it on file, or proposed or confirmed what of it gives somebody more: A1 bars them from
   * approving what rests on it. Nobody leaves this list.
   */
  broughtBy: z.array(z.string()).default([]),
  /** Whom and where it once named and no longer does: what was taken off opens as much as what was closed (A1). */
  formerly: z
    .object({ guests: z.array(z.string()), hotels: z.array(z.string()) })
    .default({ guests: [], hotels: [] }),
};

export const caseSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('complaint'),
    ...common,
    guests,
    /** A2: a major complaint adds legal's review. */
    major: z.boolean(),
    openedAt: instantSchema,
    closedAt: instantSchema.nullable(),
  }),
  z.object({
    kind: z.literal('dispute'),
    ...common,
    guests,
    /** In whose hands it is (R3). */
    department: z.string(),
    matter: referenceSchema.nullable(),
    openedAt: instantSchema,
    closedAt: instantSchema.nullable(),
  }),
  z.object({
    kind: z.literal('plan'),
    ...common,
    guests,
    complaint: referenceSchema,
    /** R2: out of every scope until then. */
    publishedAt: instantSchema.nullable(),
  }),
  z.object({
    kind: z.literal('matter'),
    ...common,
    openedAt: instantSchema,
    closedAt: instantSchema.nullable(),
  }),
  z.object({
    kind: z.literal('instrument'),
    ...common,
    type: z.enum(INSTRUMENT_TYPES),
    authority: z.string(),
    /** Of a court or authority of another jurisdiction (R12). */
    foreign: z.boolean(),
    /** The Chinese authority's approval number, or the treaty it rests on (R12). */
    approvalNumber: referenceSchema.nullable(),
    treaty: z.string().nullable(),
    ...validity,
    /** When the answer is due: drives A4. */
    dueAt: instantSchema.nullable(),
    /** What it names; null: it doesn't limit that. */
    platforms: z.array(z.enum(SOURCES)).nullable(),
    categories: z.array(z.enum(CATEGORIES)).nullable(),
    from: instantSchema.nullable(),
    to: instantSchema.nullable(),
    /** Person ids of its officers, as the directory has them (liaison). */
    officers: z.array(z.string()),
    /** The guest may not be told (L6). */
    secret: z.boolean(),
  }),
  z.object({
    kind: z.literal('agreement'),
    ...common,
    /** Person id of who receives for the partner. */
    recipient: z.string(),
    /** Processor agreements are marked 委托处理 (T13). */
    role: z.enum(['processor', 'recipient']),
    purposes: z.array(z.enum(PURPOSES)),
    bases: z.array(z.enum(BASES)),
    categories: z.array(z.enum(CATEGORIES)),
    ...validity,
  }),
  z.object({
    kind: z.literal('incident'),
    ...common,
    /** When it happened (T16), and until when it stands open. */
    from: instantSchema,
    to: instantSchema,
    closedAt: instantSchema.nullable(),
  }),
  z.object({
    kind: z.literal('ticket'),
    ...common,
    guests,
    /** Person id of whose ticket it is (T15); null: nobody's. */
    assignee: z.string().nullable(),
    /** Handed over to the shift of this person at this time (T1). */
    handedOver: z.object({ to: z.string(), at: instantSchema }).nullable(),
    closedAt: instantSchema.nullable(),
  }),
  z.object({
    kind: z.literal('transfer'),
    ...common,
    /** Person id of the recipient in another jurisdiction for whom a transfer mechanism is on file (A3). */
    recipient: z.string(),
    mechanism: z.string(),
    ...validity,
  }),
  z.object({
    kind: z.literal('assessment'),
    ...common,
    /** An impact assessment (R14): the purposes and categories that it covers. */
    purposes: z.array(z.enum(PURPOSES)),
    categories: z.array(z.enum(CATEGORIES)),
    ...validity,
  }),
]);
export type Case = z.infer<typeof caseSchema>;
export type CaseKind = Case['kind'];
export type CaseOf<Kind extends CaseKind> = Extract<Case, { kind: Kind }>;

export const CASE_KINDS = caseSchema.options.map((option) => option.shape.kind.value);

/** A case's subject in the chain of custody: one chain, however its number is typed. */
export function caseSubject({ kind, reference }: Pick<Case, 'kind' | 'reference'>): string {
  return `case/${kind}/${referenceKey(reference)}`;
}

/** The case, brought on file by these people, each once. */
export function broughtBy<Filed extends Case>(filed: Filed, people: readonly string[]): Filed {
  return { ...filed, broughtBy: [...new Set(people)] };
}

/** The case in the place of `prior`, with whom and where that one named, or once had, and this one doesn't. */
export function inThePlaceOf<Filed extends Case>(filed: Filed, prior: Case | null): Filed {
  if (prior === null) return filed;
  const gone = (before: readonly string[], now: readonly string[]) =>
    [...new Set(before)].filter((one) => !now.includes(one));
  return {
    ...filed,
    formerly: {
      guests: gone(everyGuestOfCase(prior), guestsOfCase(filed)),
      hotels: gone(everyHotelOfCase(prior), filed.hotels),
    },
  };
}

/** The guests whom a case names; none where its kind names nobody. */
export function guestsOfCase(filed: Case): readonly string[] {
  return 'guests' in filed ? filed.guests : [];
}

/** The same, and the guests whom it once named. */
export function everyGuestOfCase(filed: Case): readonly string[] {
  return [...guestsOfCase(filed), ...filed.formerly.guests];
}

/** The hotels of a case, and those of which it once was. */
export function everyHotelOfCase(filed: Case): readonly string[] {
  return [...filed.hotels, ...filed.formerly.hotels];
}

export function isOfKind<Kind extends CaseKind>(filed: Case, kind: Kind): filed is CaseOf<Kind> {
  return filed.kind === kind;
}
