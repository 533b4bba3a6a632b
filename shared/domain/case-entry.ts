import { z } from 'zod';
import { CASE_KINDS, type Case, type CaseKind, caseSchema } from './case.ts';
import { guestIdentifierSchema } from './hotel-guest.ts';
import { issueWords } from './issue-words.ts';
import { LIMITS } from './limits.ts';
import type { Words } from './words.ts';

/** A case as a file or a call states it: whom it names by identifiers, which are looked up and stand nowhere. */
export type CaseEntry = { filed: Case; guests: z.infer<typeof guestIdentifierSchema>[] };

/** What is wrong with an entry: the field, and why in Chinese and English. No value is repeated. */
export type EntryFault = { path: readonly (string | number)[]; message: Words };

const kindSchema = z.enum(CASE_KINDS);
const guestsSchema = z.array(guestIdentifierSchema).max(LIMITS.guestsPerCase);
/** What the product adds: who filed it, when, who brought what of it gives more, and what it once named. */
const OWN_FIELDS = ['recordedAt', 'recordedBy', 'broughtBy', 'formerly'];
const NOT_YET = { recordedAt: '1970-01-01T00:00:00.000Z', recordedBy: '', broughtBy: [] };

/** Fields of a kind, as an entry may have them. */
export function entryFields(kind: CaseKind): readonly string[] {
  return Object.keys(shapeOf(kind)).filter((field) => !OWN_FIELDS.includes(field));
}

/** Whether a field of this kind is a list. */
export function isList(kind: CaseKind, field: string): boolean {
  return shapeOf(kind)[field]?.safeParse([]).success === true || field === 'hotels' || field === 'guests';
}

/** An entry, or every fault in it. A field that may say nothing may be left out. */
export function parseCaseEntry(raw: unknown): { entry: CaseEntry } | { faults: EntryFault[] } {
  const object = z.record(z.string(), z.unknown()).safeParse(raw);
  if (!object.success) {
    return { faults: [{ path: [], message: { zh: '须为对象', en: 'must be an object' } }] };
  }
  const kind = kindSchema.safeParse(object.data['kind']);
  if (!kind.success) {
    const known = CASE_KINDS.join(', ');
    return {
      faults: [
        {
          path: ['kind'],
          message: { zh: `未知的种类,须为 ${known} 之一`, en: `unknown kind: must be one of ${known}` },
        },
      ],
    };
  }
  const fields = entryFields(kind.data);
  const unknown = Object.keys(object.data).filter(
    (field) => object.data[field] !== undefined && !fields.includes(field),
  );
  if (unknown.length > 0) {
    return {
      faults: unknown.map((field) => ({
        path: [field],
        message: {
          zh: `${kind.data} 没有此字段,字段有:${fields.join(', ')}`,
          en: `${kind.data} has no such field: ${fields.join(', ')}`,
        },
      })),
    };
  }
  const shape = shapeOf(kind.data);
  const silent = fields.filter(
    (field) => object.data[field] === undefined && shape[field]?.safeParse(null).success === true,
  );
  const stated = {
    ...object.data,
    ...Object.fromEntries(silent.map((field) => [field, null])),
    ...(fields.includes('guests') ? { guests: [] } : {}),
    ...NOT_YET,
  };
  const guests = guestsSchema.safeParse(object.data['guests'] ?? []);
  const filed = caseSchema.safeParse(stated);
  if (filed.success && guests.success) {
    const faults = faultsInTimes(filed.data);
    return faults.length > 0 ? { faults } : { entry: { filed: inUtc(filed.data), guests: guests.data } };
  }
  return {
    faults: [
      ...faultsOf(caseSchema, stated),
      ...faultsOf(guestsSchema, object.data['guests'] ?? [], 'guests'),
    ],
  };
}

/** Whom it is about by their ids, who filed it and when. */
export function filedCase(entry: CaseEntry, guests: string[], by: string, at: Date): Case {
  const { filed } = entry;
  const recorded = { recordedBy: by, recordedAt: at.toISOString(), broughtBy: [] };
  return 'guests' in filed ? { ...filed, guests, ...recorded } : { ...filed, ...recorded };
}

function shapeOf(kind: CaseKind): Record<string, z.ZodType> {
  return caseSchema.options.find((option) => option.shape.kind.value === kind)?.shape ?? {};
}

function faultsOf(schema: z.ZodType, document: unknown, within?: string): EntryFault[] {
  return issueWords(schema, document).map(({ path, words }) => ({
    path: [...(within === undefined ? [] : [within]), ...path],
    message: words,
  }));
}

/** What ends no later than it begins. */
function faultsInTimes(filed: Case): EntryFault[] {
  const spans: [string, string | null, string, string | null][] = [
    ...('validFrom' in filed
      ? [
          ['validFrom', filed.validFrom, 'validUntil', filed.validUntil] satisfies [
            string,
            string,
            string,
            string,
          ],
        ]
      : []),
    ...('from' in filed && 'to' in filed
      ? [['from', filed.from, 'to', filed.to] satisfies [string, string | null, string, string | null]]
      : []),
    ...('openedAt' in filed
      ? [
          ['openedAt', filed.openedAt, 'closedAt', filed.closedAt] satisfies [
            string,
            string,
            string,
            string | null,
          ],
        ]
      : []),
  ];
  return spans.flatMap(([first, begins, last, ends]) =>
    begins !== null && ends !== null && Date.parse(ends) < Date.parse(begins)
      ? [{ path: [last], message: { zh: `早于 ${first}`, en: `is before ${first}` } }]
      : [],
  );
}

/** Times are kept in UTC, so that the same time is the same text. */
function inUtc(filed: Case): Case {
  return caseSchema.parse(utc(filed));
}

function utc(value: unknown): unknown {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(value)) {
    return new Date(value).toISOString();
  }
  if (Array.isArray(value)) return value.map(utc);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, utc(inner)]));
  }
  return value;
}
