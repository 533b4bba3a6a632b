import { badInput, type HttpResult } from '../../shared/runtime/http-result.ts';

/** Faults with where they stand in the body; the first few of many. */
export function faulty(faults: { path: readonly (string | number)[]; message: string }[]): HttpResult {
  const shown = faults.slice(0, 10);
  return badInput(
    [...new Set(shown.map(({ message }) => message))].join('; '),
    shown.map(({ path }) => ['body', 'cases', ...path].join('.')).join(', '),
    '更正后重新导入,本次未作任何更改 correct it and import again; nothing of this file was taken',
  );
}
