import type { z } from 'zod';
import { type FileFaultCode, isFileFaultCode } from './file-faults.ts';

type Issue = z.core.$ZodIssue;

/** As fields are named. Anything else that stands in a name's place may be a person's name or number: it is kept nowhere. */
const FIELD_NAME = /^[a-z]+(?:[A-Z][a-z]+){0,3}$/;

/** What an issue of a field's schema is called, and where it stands; of alternatives, what the first of them says. */
export function faultOfIssue(issue: Issue): {
  code: FileFaultCode;
  field: string;
  path: readonly PropertyKey[];
} {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return {
      code: 'unknown-field',
      field: nameOf([...issue.path, FIELD_NAME.test(key) ? key : '?']),
      path: [...issue.path, key],
    };
  }
  const code = isFileFaultCode(issue.message) ? issue.message : 'bad-value';
  return { code, field: nameOf(issue.path), path: issue.path };
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
