import type { Verdict } from '../shared/domain/verdict.ts';
import { visibleText } from '../shared/domain/visible-text.ts';
import { reasonText } from '../shared/policy/reasons.ts';
import { BadInputError, EXIT, RefusedError } from './failure.ts';

/** Where a command writes: its one document on standard output, progress and diagnostics on standard error. */
export type Console = {
  /** The command's result: the document itself with `--json`, otherwise the lines for a person. */
  result(document: object, lines: string[]): void;
  progress(text: string): void;
};

/** No line commands the terminal or hides a word, whatever somebody typed into what it shows. */
export function terminal(json: boolean): Console {
  return {
    result(document, lines) {
      process.stdout.write(json ? `${JSON.stringify(document)}\n` : `${lines.map(visibleText).join('\n')}\n`);
    },
    progress(text) {
      process.stderr.write(`${visibleText(text)}\n`);
    },
  };
}

/** A verdict as a person reads it: each reason with its rule, in Chinese and English. */
export function verdictLines(verdict: Verdict): string[] {
  const head = verdict.outcome === 'allow' ? '准许 allowed' : '不准 refused';
  // The rules of the reasons below: what is shown must not name another rule than what it shows.
  const shown = [...new Set(verdict.reasons.flatMap((reason) => reasonText(reason)?.rule ?? []))];
  const rules = verdict.outcome === 'deny' && shown.length > 0 ? shown : verdict.rules;
  return [
    `${head}${rules.length > 0 ? ` (${rules.join(', ')})` : ''}`,
    ...verdict.reasons.map((reason) => {
      const text = reasonText(reason);
      return text === null ? `  · ${reason}` : `  · ${text.rule} ${text.zh} / ${text.en}`;
    }),
    ...(verdict.route.length > 0 ? [`  审批路线 route: ${verdict.route.join(' + ')}`] : []),
  ];
}

/** Writes what went wrong and says which exit code it means. */
export function reportFailure(error: unknown, console: Console, json: boolean): number {
  if (error instanceof RefusedError) {
    console.result(error.result, verdictLines(error.verdict));
    return EXIT.refused;
  }
  if (error instanceof BadInputError) {
    const { what, where, remedy } = error;
    if (json) console.result({ error: { what, where, remedy } }, []);
    console.progress(`输入有误 bad input: ${what}\n  位置 where: ${where}\n  处理 what to do: ${remedy}`);
    return EXIT.badInput;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (json) console.result({ error: { what: message, where: 'dualkey', remedy: 'npx dualkey --help' } }, []);
  console.progress(`未完成 failed: ${message}`);
  return EXIT.failed;
}
