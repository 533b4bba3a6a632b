import { z } from 'zod';

/**
 * On what employees' own talk is collected (R7): the written authorisation of an employee in person, or staff rules
 * lawfully adopted, with prior notice to everybody at a hotel.
 */
export const collectionBasisSchema = z.object({
  basisId: z.string(),
  kind: z.enum(['authorisation', 'notice']),
  hotel: z.string(),
  /** Person id of who authorised; null for a notice. */
  personId: z.string().nullable(),
  /** The number of the paper. */
  reference: z.string(),
  /** ISO 8601 UTC. What was written before isn't collected. */
  from: z.string(),
  /** What was written from then on isn't collected any more; null: until it is withdrawn. */
  until: z.string().nullable(),
  placed: z.object({ by: z.string(), at: z.string() }),
  withdrawn: z.object({ by: z.string(), at: z.string() }).nullable(),
});
export type CollectionBasis = z.infer<typeof collectionBasisSchema>;

/** The basis on which what this person wrote then may be collected; null where there is none. */
export function basisFor(
  bases: readonly CollectionBasis[],
  { personId, at }: { personId: string | null; at: Date },
): CollectionBasis | null {
  const time = at.toISOString();
  return (
    bases.find(
      ({ kind, personId: who, from, until, withdrawn }) =>
        withdrawn === null &&
        (kind === 'notice' || (who !== null && who === personId)) &&
        from <= time &&
        (until === null || time < until),
    ) ?? null
  );
}
