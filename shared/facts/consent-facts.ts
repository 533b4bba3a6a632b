import { type ConsentFact, type ConsentPurpose, standingConsent } from '../domain/consent.ts';
import { isSensitive } from '../domain/sensitive-categories.ts';
import type { ConsentStore } from '../ports/consent-store.ts';
import type { RecordsIndex } from '../ports/records-index.ts';
import type { FoundBlock } from './find-records.ts';

export type ConsentSources = {
  consents: Pick<ConsentStore, 'ofGuests'>;
  records: Pick<RecordsIndex, 'committedBatches' | 'members'>;
  /** The region's sources that rest on consent. */
  consentSources: readonly string[];
  now: Date;
};

/** Whose consent is missing of what is in scope. */
export type ConsentFacts = {
  /** Platforms that rest on consent, where it doesn't stand now for some guest (R8). */
  withoutConsent: string[];
  /** Somebody of them consented to no use for marketing (T9). */
  withoutMarketingConsent: boolean;
  /** Of somebody with sensitive records in scope no separate (or a guardian's) consent is on file (R14). */
  withoutSeparateConsent: boolean;
};

/**
 * Whose consent stands now, of those in scope: nobody's who never said yes, or said no later. Where consent is given for
 * conversations with one employee, it must stand for each who takes part. Consent to marketing and to the use of sensitive
 * records is given apart from that to the collection, and for the platform that it names.
 */
export async function consentFacts(
  blocks: readonly FoundBlock[],
  { consents, records, consentSources, now }: ConsentSources,
): Promise<ConsentFacts> {
  if (blocks.length === 0) {
    return { withoutConsent: [], withoutMarketingConsent: false, withoutSeparateConsent: false };
  }
  const guests = [...new Set(blocks.map(({ block }) => block.guestId))];
  // Whatever identifier somebody used to say no, it is the same person who said it.
  const people = new Map(
    await Promise.all(guests.map(async (guestId) => [guestId, await records.members(guestId)] as const)),
  );
  const facts = await proven(await consents.ofGuests([...people.values()].flat()), records);

  function stands({ block }: FoundBlock, purpose: ConsentPurpose): boolean {
    const own = facts.filter(({ guestId }) => people.get(block.guestId)?.includes(guestId));
    const parties = block.staff.length === 0 ? [null] : block.staff;
    return parties.every(
      (staff) =>
        standingConsent(own, { source: block.platform, staff, at: now, purpose })?.state === 'agreed',
    );
  }

  const without = blocks
    .filter(({ block }) => consentSources.includes(block.platform))
    .filter((found) => !stands(found, 'collection'));
  const sensitive = blocks.filter(({ entries }) => entries.some(({ category }) => isSensitive(category)));
  return {
    withoutConsent: [...new Set(without.map(({ block }) => block.platform))].sort(),
    withoutMarketingConsent: !blocks.every((found) => stands(found, 'marketing')),
    withoutSeparateConsent: !sensitive.every((found) => stands(found, 'sensitive')),
  };
}

/** What a batch says counts once the batch is in custody. */
async function proven(
  facts: ConsentFact[],
  records: Pick<RecordsIndex, 'committedBatches'>,
): Promise<ConsentFact[]> {
  const batches = facts.flatMap(({ evidence }) => ('batchId' in evidence ? [evidence.batchId] : []));
  if (batches.length === 0) return facts;
  const committed = await records.committedBatches([...new Set(batches)]);
  return facts.filter(({ evidence }) => !('batchId' in evidence) || committed.has(evidence.batchId));
}
