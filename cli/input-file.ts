import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { BadInputError } from './failure.ts';

/** A JSON file from the command line, checked: what is wrong and where, before anything is sent. */
export async function readInputFile<Shape>(file: string, schema: z.ZodType<Shape>): Promise<Shape> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new BadInputError('the file can’t be read', file, 'check its path and rights', { cause: error });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'not JSON';
    throw new BadInputError(`not JSON: ${detail.replace(/".*"/s, '…')}`, file, 'correct it and run again', {
      cause: error,
    });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw new BadInputError(
    result.error.issues
      .map((issue) => `${issue.path.join('.') || 'the document'}: ${issue.message}`)
      .join('; '),
    `${file}${first === undefined ? '' : ` at ${first.path.join('.') || 'the top'}`}`,
    'correct these fields and run again',
  );
}
