import type { StaffFormat } from '../domain/staff-import.ts';
import { decodeText } from '../sources/bytes/decode-text.ts';
import type { FileFault } from './file-faults.ts';
import { readStaffCsv } from './staff-csv.ts';
import type { StaffLine } from './staff-fields.ts';
import { readStaffJson } from './staff-json.ts';

/** The people of a directory file (docs/directory.md), or every fault of its form: one fault, and nothing of it is read. */
export async function readStaffFile(
  bytes: Uint8Array,
  format: StaffFormat,
): Promise<{ lines: StaffLine[] } | { faults: FileFault[] }> {
  if (format === 'csv') return readStaffCsv(bytes);
  const text = decodeText(bytes, true);
  return text === null ? { faults: [{ line: 1, field: null, code: 'not-utf8' }] } : readStaffJson(text);
}
