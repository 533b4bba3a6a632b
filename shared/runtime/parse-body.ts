import type { z } from 'zod';
import { LIMITS } from '../domain/limits.ts';
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
    return badInput(`the body is larger than ${bodyBytes} bytes`, 'body', '减少内容 send less');
  }
  let json: unknown;
  try {
    json = text === undefined || text === '' ? undefined : JSON.parse(text);
  } catch {
    return badInput('the body is not JSON', 'body', 'send one JSON object');
  }
  const fault = faultInJson(json);
  if (fault !== null) return badInput(fault, 'body', '更正后重发 correct it and send again');
  const result = schema.safeParse(json);
  if (result.success) return { value: result.data };
  const issues = result.error.issues.slice(0, 10);
  return badInput(
    // Messages of the schema name what is expected; the value itself is never repeated.
    issues.map((issue) => issue.message).join('; '),
    issues.map((issue) => ['body', ...issue.path.map(String)].join('.')).join(', '),
    '更正这些字段后重发 correct these fields and send again',
  );
}

function textOf({ body, isBase64Encoded }: RawBody): string | undefined {
  if (body === undefined || !isBase64Encoded) return body;
  return Buffer.from(body, 'base64').toString('utf8');
}

/** What no field may be, whatever its schema takes. Without recursion: JSON.parse takes any depth. */
function faultInJson(json: unknown): string | null {
  const ahead: { value: unknown; depth: number }[] = [{ value: json, depth: 0 }];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && !value.isWellFormed()) {
      return 'a text has half of a character (a lone surrogate)';
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth === LIMITS.jsonNesting) return `nested deeper than ${LIMITS.jsonNesting} levels`;
    for (const [key, inner] of Object.entries(value)) {
      ahead.push({ value: key, depth: depth + 1 }, { value: inner, depth: depth + 1 });
    }
  }
  return null;
}
