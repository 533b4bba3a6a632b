import { type ConsentFact, standingConsent } from '../domain/consent.ts';
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

/**
 * Platforms in scope that rest on consent, where it doesn't stand now for some guest (R8): nobody ever said yes, or no was
 * said later. Where consent is given for conversations with one employee, it must stand for each who takes part.
 */
export async function platformsWithoutConsent(
  blocks: readonly FoundBlock[],
  { consents, records, consentSources, now }: ConsentSources,
): Promise<string[]> {
  const resting = blocks.filter(({ block }) => consentSources.includes(block.platform));
  if (resting.length === 0) return [];
  const guests = [...new Set(resting.map(({ block }) => block.guestId))];
  // Whatever identifier somebody used to say no, it is the same person who said it.
  const people = new Map(
    await Promise.all(guests.map(async (guestId) => [guestId, await records.members(guestId)] as const)),
  );
  const facts = await proven(await consents.ofGuests([...people.values()].flat()), records);
  const without = resting.filter(({ block }) => {
    const own = facts.filter(({ guestId }) => people.get(block.guestId)?.includes(guestId));
    const parties = block.staff.length === 0 ? [null] : block.staff;
    return !parties.every(
      (staff) => standingConsent(own, { source: block.platform, staff, at: now })?.state === 'agreed',
    );
  });
  return [...new Set(without.map(({ block }) => block.platform))].sort();
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
