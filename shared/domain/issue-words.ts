import { z } from 'zod';
import { type Words, wordsOf } from './words.ts';

/** What is wrong with one field, in words; no value is repeated. */
export type IssueWords = { path: readonly (string | number)[]; code: string | undefined; words: Words };

const ENGLISH = withoutEmptiness(z.locales.en().localeError, 'must not be empty');
const CHINESE = withoutEmptiness(z.locales.zhCN().localeError, '不能为空');

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

/** zod counts characters where nothing was written: whoever left it empty is told that. */
function withoutEmptiness(usual: z.core.$ZodErrorMap, empty: string): z.core.$ZodErrorMap {
  return (issue) =>
    issue.code === 'too_small' &&
    (issue.origin === 'string' || issue.origin === 'array') &&
    issue.minimum === 1
      ? empty
      : usual(issue);
}
