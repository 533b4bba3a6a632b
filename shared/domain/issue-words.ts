import { z } from 'zod';
import { type Words, wordsOf } from './words.ts';

/** What is wrong with one field, in words; no value is repeated. */
export type IssueWords = { path: readonly (string | number)[]; code: string | undefined; words: Words };

const ENGLISH = plainer(z.locales.en().localeError, {
  empty: 'must not be empty',
  boolean: 'must be true or false',
});
const CHINESE = plainer(z.locales.zhCN().localeError, {
  empty: '不能为空',
  boolean: '须为 true(是)或 false(否)',
});

/**
 * What a schema finds wrong with a document: zod's own messages in either language, and those of the schema as it has
 * them in both (`wordsOf`). Empty where nothing is.
 */
export function issueWords(schema: z.ZodType, document: unknown): IssueWords[] {
  const english = schema.safeParse(document, { error: ENGLISH }).error?.issues ?? [];
  const chinese = schema.safeParse(document, { error: CHINESE }).error?.issues ?? [];
  return english.map(({ path, code, message }, index) => ({
    path: path.map((step) => (typeof step === 'number' ? step : String(step))),
    code,
    words: wordsOf(message) ?? { zh: chinese[index]?.message ?? message, en: message },
  }));
}

/**
 * zod counts characters where nothing was written: whoever left it empty is told that; and it names a type where somebody
 * wrote a word for yes or no: they are told what to write.
 */
function plainer(
  usual: z.core.$ZodErrorMap,
  { empty, boolean }: { empty: string; boolean: string },
): z.core.$ZodErrorMap {
  return (issue) => {
    const isEmpty =
      issue.code === 'too_small' &&
      (issue.origin === 'string' || issue.origin === 'array') &&
      issue.minimum === 1;
    if (isEmpty) return empty;
    const isNoBoolean =
      issue.code === 'invalid_type' && issue.expected === 'boolean' && issue.input !== undefined;
    return isNoBoolean ? boolean : usual(issue);
  };
}
