import type { z } from 'zod';
import { issueWords } from '../domain/issue-words.ts';
import { LIMITS } from '../domain/limits.ts';
import { joinWords, type Words } from '../domain/words.ts';
import { badInput, type HttpResult } from './http-result.ts';

/** The body of a call as it came over HTTP. */
export type RawBody = { body?: string | undefined; isBase64Encoded: boolean };

/**
 * The body of a call by its schema, or what is wrong with it. The one place that every body passes: size, nesting and
 * the form of each text are bounded before anything acts on it. No value of the body is repeated.
 */
export function parseBody<Body>(
  schema: z.ZodType<Body>,
  raw: RawBody,
  bodyBytes: number = LIMITS.bodyBytes,
): { value: Body } | HttpResult {
  const text = textOf(raw);
  if (text !== undefined && Buffer.byteLength(text) > bodyBytes) {
    return badInput(
      { zh: `内容超过 ${bodyBytes} 字节`, en: `the body is larger than ${bodyBytes} bytes` },
      'body',
      { zh: '减少内容', en: 'send less' },
    );
  }
  let json: unknown;
  try {
    json = text === undefined || text === '' ? undefined : JSON.parse(text);
  } catch {
    return badInput({ zh: '内容不是 JSON', en: 'the body is not JSON' }, 'body', {
      zh: '发送一个 JSON 对象',
      en: 'send one JSON object',
    });
  }
  const fault = faultInJson(json);
  if (fault !== null) return badInput(fault, 'body', { zh: '更正后重试', en: 'correct it and send again' });
  const result = schema.safeParse(json);
  if (result.success) return { value: result.data };
  const issues = issueWords(schema, json).slice(0, 10);
  return badInput(
    // Messages of the schema name what is expected; the value itself is never repeated.
    joinWords(issues.map(({ words }) => words)),
    issues.map(({ path }) => ['body', ...path].join('.')).join(', '),
    { zh: '更正这些字段后重试', en: 'correct these fields and send again' },
  );
}

function textOf({ body, isBase64Encoded }: RawBody): string | undefined {
  if (body === undefined || !isBase64Encoded) return body;
  return Buffer.from(body, 'base64').toString('utf8');
}

/** What no field may be, whatever its schema takes. Without recursion: JSON.parse takes any depth. */
function faultInJson(json: unknown): Words | null {
  const ahead: { value: unknown; depth: number }[] = [{ value: json, depth: 0 }];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && !value.isWellFormed()) {
      return {
        zh: '文字中有半个字符(孤立的代理项)',
        en: 'a text has half of a character (a lone surrogate)',
      };
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth === LIMITS.jsonNesting) {
      return {
        zh: `嵌套超过 ${LIMITS.jsonNesting} 层`,
        en: `nested deeper than ${LIMITS.jsonNesting} levels`,
      };
    }
    for (const [key, inner] of Object.entries(value)) {
      ahead.push({ value: key, depth: depth + 1 }, { value: inner, depth: depth + 1 });
    }
  }
  return null;
}
