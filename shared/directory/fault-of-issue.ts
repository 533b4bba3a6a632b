import type { z } from 'zod';
import { type FileFaultCode, isFileFaultCode } from './file-faults.ts';

type Issue = z.core.$ZodIssue;

/** What an issue of a field's schema is called, and where it stands; of alternatives, what the first of them says. */
export function faultOfIssue(issue: Issue): {
  code: FileFaultCode;
  field: string;
  path: readonly PropertyKey[];
} {
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, ...issue.keys.slice(0, 1)];
    return { code: 'unknown-field', field: nameOf(path), path };
  }
  const code = isFileFaultCode(issue.message) ? issue.message : 'bad-value';
  return { code, field: nameOf(issue.path), path: issue.path };
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
