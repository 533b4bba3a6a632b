import { joinWords, type Words } from '../../shared/domain/words.ts';
import { badInput, type HttpResult } from '../../shared/runtime/http-result.ts';

/** Faults with where they stand in the body; the first few of many. */
export function faulty(faults: { path: readonly (string | number)[]; message: Words }[]): HttpResult {
  const shown = faults.slice(0, 10);
  return badInput(
    joinWords([...new Map(shown.map(({ message }) => [message.en, message])).values()]),
    shown.map(({ path }) => ['body', 'cases', ...path].join('.')).join(', '),
    {
      zh: '更正后重新导入,本次未作任何更改',
      en: 'correct it and import again; nothing of this file was taken',
    },
  );
}
