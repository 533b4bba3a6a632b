import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';

export type Place = { file: string; line: number };

/** A rule set document that can't be used; nothing of it comes into force. `file` and `line` say where (line 1 is the first). */
export class RuleSetInvalidError extends Error {
  override name = 'RuleSetInvalidError';
  readonly file: string;
  readonly line: number;
  /** What is wrong, in English, and the same in Chinese. */
  readonly reason: string;
  readonly zh: string;
  /** The other place that the reason names, where two don't go together. */
  readonly other: Place | null;

  constructor(
    file: string,
    line: number,
    { zh, en }: { zh: string; en: string },
    other: Place | null = null,
  ) {
    super(`${file}:${line}: ${zh} ${en}`);
    this.file = file;
    this.line = line;
    this.reason = en;
    this.zh = zh;
    this.other = other;
  }
}

/** What Cedar found wrong in a text that begins at `firstLine` of its file. */
export function faultOf(
  file: string,
  text: string,
  errors: readonly DetailedError[],
  firstLine = 1,
): RuleSetInvalidError {
  const [first] = errors;
  if (!first) {
    const unsaid = { zh: 'Cedar 未说明理由即拒绝', en: 'Cedar refused it without a reason' };
    return new RuleSetInvalidError(file, firstLine, unsaid);
  }
  const at = first.sourceLocations?.[0]?.start ?? 0;
  // Cedar counts bytes of UTF-8, not characters.
  const before = Buffer.from(text, 'utf8').subarray(0, at).toString('utf8');
  const hint = first.help ?? first.sourceLocations?.[0]?.label;
  const said = hint ? `${first.message} (${hint})` : first.message;
  return new RuleSetInvalidError(file, firstLine + before.split('\n').length - 1, {
    zh: `${kindOf(said)}(Cedar:${said})`,
    en: said,
  });
}

/** What kind of fault Cedar's own words, which are English alone, speak of. */
function kindOf(said: string): string {
  if (/unexpected token|parse|expected/i.test(said)) return '语法错误';
  if (/attribute/i.test(said)) return '没有这样的属性,或该属性可能缺失';
  if (/unrecognized action|action/i.test(said)) return '没有这样的操作';
  if (/impossible|always false/i.test(said)) return '该规则永远不会适用';
  return '规则不合模式';
}
