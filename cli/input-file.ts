import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BadInputError } from './failure.ts';
import { fieldPath } from './field-path.ts';

const CHINESE = z.locales.zhCN().localeError;

/** A JSON file from the command line, checked: what is wrong and where, before anything is sent. */
export async function readInputFile<Shape>(file: string, schema: z.ZodType<Shape>): Promise<Shape> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new BadInputError(
      '文件无法读取 the file can’t be read',
      file,
      '检查路径与权限 check its path and rights',
      { cause: error },
    );
  }
  let json: unknown;
  try {
    // Editors on Windows put a byte order mark before it.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'not JSON';
    throw new BadInputError(
      `不是 JSON not JSON: ${detail.replace(/".*"/s, '…')}`,
      file,
      '更正后再试 correct it and run again',
      { cause: error },
    );
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const { issues } = result.error;
  // The schema's own messages are what they are; those that zod gives have a Chinese form too.
  const inChinese = schema.safeParse(json, { error: CHINESE }).error?.issues ?? [];
  const faults = issues.map(({ path, message }, index) => {
    const chinese = inChinese[index]?.message;
    const said = chinese === undefined || chinese === message ? message : `${message} · ${chinese}`;
    return `${fieldPath(path) || '文件 the document'}: ${said}`;
  });
  const places = [...new Set(issues.map(({ path }) => fieldPath(path)).filter((path) => path !== ''))];
  throw new BadInputError(
    faults.join('; '),
    places.length === 0 ? file : `${file}: ${places.join(', ')}`,
    '更正这些字段后再试 correct these fields and run again',
  );
}
