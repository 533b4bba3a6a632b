import type { z } from 'zod';
import { issueWords } from '../shared/domain/issue-words.ts';
import { BadInputError } from './failure.ts';

/** The options of a command by their schema. Throws BadInputError, which names the first option that is wrong. */
export function parseOptions<Options>(schema: z.ZodType<Options>, raw: unknown): Options {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = issueWords(schema, raw);
  const option = String(issue?.path[0] ?? '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new BadInputError(issue?.words ?? { zh: '选项有误', en: 'bad option' }, `--${option}`, {
    zh: '更正该选项',
    en: 'correct the option',
  });
}
