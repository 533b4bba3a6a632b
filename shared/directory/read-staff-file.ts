import type { StaffFormat } from '../domain/staff-import.ts';
import { decodeText } from '../sources/bytes/decode-text.ts';
import type { ReadStaff } from './read-fields.ts';
import { readStaffCsv } from './staff-csv.ts';
import { readStaffJson } from './staff-json.ts';

/** The people of a directory file (docs/directory.md), or every fault of its form, with what could be read beside: one fault, and nothing of it is done. */
export async function readStaffFile(bytes: Uint8Array, format: StaffFormat): Promise<ReadStaff> {
  if (format === 'csv') return readStaffCsv(bytes);
  const text = decodeText(bytes, true);
  return text === null
    ? { faults: [{ line: 1, field: null, code: 'not-utf8' }], readable: [] }
    : readStaffJson(text);
}
