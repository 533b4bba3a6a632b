import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { issueWords } from '../shared/domain/issue-words.ts';
import { BadInputError, inWords } from './failure.ts';
import { fieldPath } from './field-path.ts';

const DOCUMENT = { zh: '文件', en: 'the document' };

/** A JSON file from the command line, checked: what is wrong and where, before anything is sent. */
export async function readInputFile<Shape>(file: string, schema: z.ZodType<Shape>): Promise<Shape> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new BadInputError(
      { zh: '文件无法读取', en: 'the file can’t be read' },
      file,
      { zh: '检查路径与权限', en: 'check its path and rights' },
      { cause: error },
    );
  }
  let json: unknown;
  try {
    // Editors on Windows put a byte order mark before it.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    const said = detail.replace(/".*"/s, '…');
    throw new BadInputError(
      { zh: `不是 JSON:${said}`, en: `not JSON: ${said}` },
      file,
      { zh: '更正后再试', en: 'correct it and run again' },
      { cause: error },
    );
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issues = issueWords(schema, json);
  const told = (languages: 'zh' | 'en') =>
    issues
      .map(
        ({ path, words }) =>
          `${fieldPath(path) || inWords(DOCUMENT, languages)}: ${inWords(words, languages)}`,
      )
      .join('; ');
  const places = [...new Set(issues.map(({ path }) => fieldPath(path)).filter((path) => path !== ''))];
  throw new BadInputError(
    { zh: told('zh'), en: told('en') },
    places.length === 0 ? file : `${file}: ${places.join(', ')}`,
    {
      zh: '更正这些字段后再试',
      en: 'correct these fields and run again',
    },
  );
}
