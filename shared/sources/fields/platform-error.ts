import { type JsonObject, textOf } from '../json/json-value.ts';

/**
 * The rejection of a page that the platform answered with an error instead of messages (WeChat and WeCom `errcode`, Weibo
 * `error_code`): `platform-error:45009`, its digits alone. Null where the page is none.
 */
export function platformError(page: JsonObject): string | null {
  const code = textOf(page['errcode'] ?? page['error_code']);
  if (code === '' || /^0+$/.test(code)) return null;
  return `platform-error:${/\d{1,10}/.exec(code)?.[0] ?? 'unknown'}`;
}
