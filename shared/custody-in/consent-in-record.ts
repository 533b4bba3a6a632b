import type { Batch } from '../domain/batch.ts';
import type { ConsentFact } from '../domain/consent.ts';
import { derivedId } from '../domain/identifiers.ts';
import type { DraftRecord } from '../sources/importer.ts';

/**
 * What a message itself says about consent, as dated facts of its guest (R8), one for each employee who is meant: proven by
 * the record, and counted once the batch is committed. The same record gives the same facts.
 */
export function consentInRecord(
  { consent }: DraftRecord,
  where: {
    batch: Pick<Batch, 'batchId' | 'hotel' | 'source'>;
    guestId: string;
    recordId: string;
    staffOf: (account: string) => string;
    now: Date;
  },
): ConsentFact[] {
  if (consent === undefined) return [];
  const { batch, guestId, recordId, staffOf, now } = where;
  const { batchId, hotel, source } = batch;
  const parties = consent.staff.length === 0 ? [null] : consent.staff.map(staffOf);
  return parties.map((staff) => ({
    factId: derivedId('cns', guestId, recordId, staff ?? ''),
    guestId,
    hotel,
    source,
    state: consent.state,
    at: consent.at.toISOString(),
    staff,
    evidence: { batchId, recordId },
    recordedAt: now.toISOString(),
    by: 'function:ingest',
  }));
}
