import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';

/** A rule set document that can't be used; nothing of it comes into force. `file` and `line` say where (line 1 is the first). */
export class RuleSetInvalidError extends Error {
  override name = 'RuleSetInvalidError';
  readonly file: string;
  readonly line: number;
  readonly reason: string;

  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`);
    this.file = file;
    this.line = line;
    this.reason = reason;
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
  if (!first) return new RuleSetInvalidError(file, firstLine, 'Cedar refused it without a reason');
  const at = first.sourceLocations?.[0]?.start ?? 0;
  // Cedar counts bytes of UTF-8, not characters.
  const before = Buffer.from(text, 'utf8').subarray(0, at).toString('utf8');
  const hint = first.help ?? first.sourceLocations?.[0]?.label;
  return new RuleSetInvalidError(
    file,
    firstLine + before.split('\n').length - 1,
    hint ? `${first.message} (${hint})` : first.message,
  );
}
