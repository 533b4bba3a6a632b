import type { Batch } from '../domain/batch.ts';
import type { ConsentFact } from '../domain/consent.ts';
import { derivedId } from '../domain/identifiers.ts';
import type { DraftRecord } from '../sources/importer.ts';

/**
 * What a message itself says about consent, as a dated fact of its guest (R8): proven by the record, and counted once the
 * batch is committed. The same record gives the same fact. Null where it says nothing.
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
): ConsentFact | null {
  if (consent === undefined) return null;
  const { batch, guestId, recordId, staffOf, now } = where;
  const { batchId, hotel, source } = batch;
  return {
    factId: derivedId('cns', guestId, recordId),
    guestId,
    hotel,
    source,
    state: consent.state,
    at: consent.at.toISOString(),
    staff: consent.staff === null ? null : staffOf(consent.staff),
    evidence: { batchId, recordId },
    recordedAt: now.toISOString(),
    by: 'function:ingest',
  };
}
