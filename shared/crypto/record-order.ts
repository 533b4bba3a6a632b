import type { StoredRecord } from '../domain/record.ts';
import { inIndexOrder } from './block-index.ts';

/** A time as records have it, of a year with four digits: such texts sort as their times do. */
const USUAL_CHARACTERS = '2026-05-01T00:00:00.000Z'.length;

/** The order of records in a block, that of its index (`inIndexOrder`), without reading their times where their texts say it. */
export function inRecordOrder(
  a: Pick<StoredRecord, 'at' | 'recordId'>,
  b: Pick<StoredRecord, 'at' | 'recordId'>,
): number {
  if (a.at.length !== USUAL_CHARACTERS || b.at.length !== USUAL_CHARACTERS) {
    return inIndexOrder(dated(a), dated(b));
  }
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.recordId < b.recordId ? -1 : a.recordId > b.recordId ? 1 : 0;
}

function dated({ at, recordId }: Pick<StoredRecord, 'at' | 'recordId'>): { at: Date; recordId: string } {
  return { at: new Date(at), recordId };
}
