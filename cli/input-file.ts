import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BadInputError, inWords } from './failure.ts';
import { fieldPath } from './field-path.ts';

const DOCUMENT = { zh: '文件', en: 'the document' };
const ENGLISH = withoutEmptiness(z.locales.en().localeError, 'must not be empty');
const CHINESE = withoutEmptiness(z.locales.zhCN().localeError, '不能为空');

/** zod counts characters where nothing was written: whoever left it empty is told that. */
function withoutEmptiness(usual: z.core.$ZodErrorMap, empty: string): z.core.$ZodErrorMap {
  return (issue) =>
    issue.code === 'too_small' &&
    (issue.origin === 'string' || issue.origin === 'array') &&
    issue.minimum === 1
      ? empty
      : usual(issue);
}

/** What a schema says itself is written `English · 中文`. */
function ofBoth(message: string, languages: 'zh' | 'en'): string {
  const [en, zh, ...more] = message.split(' · ');
  if (en === undefined || zh === undefined || more.length > 0 || !/\p{Script=Han}/u.test(zh)) return message;
  return languages === 'zh' ? zh : en;
}

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
  const { issues } = result.error;
  // The schema's own messages are what they are; those that zod gives have a Chinese form too.
  const said = [ENGLISH, CHINESE].map((error) => schema.safeParse(json, { error }).error?.issues ?? []);
  const told = (languages: 'zh' | 'en') =>
    issues
      .map(({ path, message }, index) => {
        const own = said[languages === 'zh' ? 1 : 0]?.[index]?.message ?? message;
        return `${fieldPath(path) || inWords(DOCUMENT, languages)}: ${ofBoth(own, languages)}`;
      })
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
