import { faultOfIssue } from './fault-of-issue.ts';
import type { FileFault } from './file-faults.ts';
import { type StaffLine, staffFieldsSchema } from './staff-fields.ts';

/** What a file says: everybody in it; or its faults, with whatever could be read beside them. */
export type ReadStaff = { lines: StaffLine[] } | { faults: FileFault[]; readable: StaffLine[] };

type Said = { line: number; said: unknown; lineOf(field: string): number };

/** People by their schema. Of somebody with a fault the other fields are read, and `unread` names those that weren't. */
export function readFields(people: readonly Said[]): ReadStaff {
  const faults: FileFault[] = [];
  const lines = people.flatMap(({ line, said, lineOf }): StaffLine[] => {
    const read = staffFieldsSchema.safeParse(said);
    if (read.success) return [{ line, fields: read.data, lineOf }];
    const found = read.error.issues.map(faultOfIssue);
    faults.push(...found.map(({ code, field }) => ({ line: lineOf(field), field, code })));
    const unread = [...new Set(found.map(({ field }) => field.split('.')[0] ?? ''))];
    const rest = staffFieldsSchema.safeParse(without(said, unread));
    return [{ line, fields: rest.success ? rest.data : {}, lineOf, unread: rest.success ? unread : [''] }];
  });
  return faults.length > 0 ? { faults, readable: lines } : { lines };
}

function without(said: unknown, fields: readonly string[]): object {
  if (typeof said !== 'object' || said === null) return {};
  return Object.fromEntries(Object.entries(said).filter(([name]) => !fields.includes(name)));
}
