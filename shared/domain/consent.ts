import { z } from 'zod';
import { SOURCES, type Source } from './record.ts';

/** What a guest, or the platform for the guest, said about the collection of records of one source (R8). */
export const CONSENT_STATES = ['agreed', 'refused', 'withdrawn'] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

/** To what: that records are collected (R8), that they are used for marketing (T9), that sensitive ones are used (R14). */
export const CONSENT_PURPOSES = ['collection', 'marketing', 'sensitive'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

/**
 * One dated fact: on this day this guest agreed, refused or withdrew. Facts are never changed: a later one stands over an
 * earlier one. Ids, codes and times only.
 */
export const consentFactSchema = z.object({
  factId: z.string(),
  guestId: z.string(),
  hotel: z.string(),
  source: z.enum(SOURCES),
  /** Absent: to the collection. */
  purpose: z.enum(CONSENT_PURPOSES).optional(),
  state: z.enum(CONSENT_STATES),
  /** ISO 8601 UTC: when it was said. */
  at: z.string(),
  /** Blind index of the employee with whom alone the guest's conversations are meant (WeCom); null: all. */
  staff: z.string().nullable(),
  /** Where it is proven: the batch and record that say it, or the number of a paper or form. */
  evidence: z.union([
    z.object({ batchId: z.string(), recordId: z.string() }),
    z.object({ reference: z.string() }),
  ]),
  recordedAt: z.string(),
  /** Person id, or `function:NAME`. */
  by: z.string(),
});
export type ConsentFact = z.infer<typeof consentFactSchema>;

/**
 * What stands at a time for one purpose, for conversations with one employee or with all: the last fact until then, those about that
 * employee and those about all alike. An export may say no at any time; but whoever brings in exports can't lift a refusal
 * or withdrawal that the privacy officer recorded: after one, an export's yes counts for nothing until the privacy officer
 * records a new one. Null where nothing was said.
 */
export function standingConsent(
  facts: readonly ConsentFact[],
  {
    source,
    staff,
    at,
    purpose = 'collection',
  }: { source: Source; staff: string | null; at: Date; purpose?: ConsentPurpose },
): ConsentFact | null {
  const said = facts
    .filter((fact) => fact.source === source && (fact.purpose ?? 'collection') === purpose)
    .filter((fact) => fact.staff === null || fact.staff === staff)
    .filter((fact) => fact.at <= at.toISOString());
  const recorded = lastOf(said.filter((fact) => !isProvenByExport(fact)));
  if (recorded === null || recorded.state === 'agreed') return lastOf(said);
  return lastOf(said.filter((fact) => !isProvenByExport(fact) || fact.state !== 'agreed'));
}

/** Whether nobody but an export says so. */
function isProvenByExport({ evidence }: ConsentFact): boolean {
  return 'batchId' in evidence;
}

function lastOf(facts: readonly ConsentFact[]): ConsentFact | null {
  return facts.reduce<ConsentFact | null>(
    (last, fact) => (last === null || inOrder(last, fact) < 0 ? fact : last),
    null,
  );
}

/** Of two facts of one moment, the one that gives less stands later. */
function inOrder(a: ConsentFact, b: ConsentFact): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return CONSENT_STATES.indexOf(a.state) - CONSENT_STATES.indexOf(b.state);
}
