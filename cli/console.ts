import type { Verdict } from '../shared/domain/verdict.ts';
import { visibleText } from '../shared/domain/visible-text.ts';
import type { Languages } from '../shared/domain/words.ts';
import { reasonText } from '../shared/policy/reasons.ts';
import { minuteOf } from './aligned.ts';
import { BadInputError, EXIT, FailedError, inWords, RefusedError } from './failure.ts';
import { roleNames, ruleWords, type Say, speaking } from './language.ts';

/** Where a command writes: its one document on standard output, progress and diagnostics on standard error. */
export type Console = {
  /** The command's result: the document itself with `--json`, otherwise the lines for a person. */
  result(document: object, lines: string[]): void;
  progress(text: string): void;
};

/** No line commands the terminal or hides a word, whatever somebody typed into what it shows. */
export function terminal(json: boolean): Console {
  // Whoever reads may have read enough: `dualkey request list --json | head` is no fault.
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return {
    result(document, lines) {
      process.stdout.write(json ? `${JSON.stringify(document)}\n` : `${lines.map(visibleText).join('\n')}\n`);
    },
    progress(text) {
      process.stderr.write(`${visibleText(text)}\n`);
    },
  };
}

/** A verdict as a person reads it: each reason with its rule, in the languages that were asked for. */
export function verdictLines(verdict: Verdict, languages: Languages): string[] {
  const say = speaking(languages);
  const denied = verdict.outcome === 'deny';
  const reasons = reasonsIn(verdict, languages);
  // The rules of the reasons below: what is shown must not name another rule than what it shows.
  const shown = [...new Set(reasons.flatMap(({ rules }) => rules))];
  const rules = denied && shown.length > 0 ? shown : verdict.rules;
  return [
    `${denied ? say('不准', 'refused') : say('准许', 'allowed')}${rules.length > 0 ? ` (${rules.join(', ')})` : ''}`,
    ...reasonLines(verdict, languages),
    ...(verdict.route.length > 0 ? [`  ${say('审批路线', 'route')}: ${roleNames(say, verdict.route)}`] : []),
  ];
}

function reasonLines(verdict: Verdict, languages: Languages): string[] {
  return reasonsIn(verdict, languages).map(({ rules, words }) => `  · ${[...rules, words].join(' ')}`);
}

function reasonsIn(verdict: Verdict, languages: Languages): { rules: string[]; words: string }[] {
  const known = verdict.reasons.flatMap((reason) => reasonText(reason, verdict.words)?.rule ?? []);
  // A code that came without words and isn't known here belongs to one of the rules that no known reason stands for.
  const others = verdict.rules.filter((rule) => !known.includes(rule));
  const unknown = others.length > 0 ? others : verdict.rules;
  return verdict.reasons.map((code) => {
    const text = reasonText(code, verdict.words);
    return text === null
      ? { rules: unknown, words: code }
      : { rules: [text.rule], words: ruleWords(languages, text) };
  });
}

/** Until when a session is locked; an account stays so until somebody lifts it, as its reason says. */
function untilLines(until: string | null, say: Say): string[] {
  return until === null ? [] : [`    ${say('锁定至', 'locked until')} ${minuteOf(until)}`];
}

/** What is wrong with the input, where, and what to do. */
export function badInputLines(
  { what, where, remedy }: { what: string; where: string; remedy: string },
  languages: Languages,
): string[] {
  const say = speaking(languages);
  return [
    `${say('输入有误', 'bad input')}: ${what}`,
    `  ${say('位置', 'where')}: ${where}`,
    `  ${say('处理', 'what to do')}: ${remedy}`,
  ];
}

/** Writes what went wrong and says which exit code it means. */
export function reportFailure(
  error: unknown,
  console: Console,
  { json, languages }: { json: boolean; languages: Languages },
): number {
  const say = speaking(languages);
  if (error instanceof RefusedError) {
    const { result, verdict, lock, until, earlier } = error;
    console.result(result, [
      ...verdictLines(verdict, languages),
      ...untilLines(until, say),
      ...(earlier === null
        ? []
        : [
            `${say('该申请不准的理由', 'why the request was refused')} (${earlier.rules.join(', ')}):`,
            ...reasonLines(earlier, languages),
          ]),
      ...(lock === null
        ? []
        : [
            say('并已锁定', 'and locked now'),
            ...reasonLines(lock, languages),
            ...untilLines(lock.until ?? null, say),
          ]),
    ]);
    return EXIT.refused;
  }
  if (error instanceof BadInputError) {
    const told = error.toldIn(languages);
    if (json) console.result({ error: told }, []);
    console.progress(badInputLines(told, languages).join('\n'));
    return EXIT.badInput;
  }
  const message = error instanceof FailedError ? inWords(error.words, languages) : messageOf(error);
  if (json) console.result({ error: { what: message, where: 'dualkey', remedy: 'npx dualkey --help' } }, []);
  console.progress(`${say('未完成', 'failed')}: ${message}`);
  return EXIT.failed;
}

/** What broke without anybody having foreseen it says so in its own words. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
