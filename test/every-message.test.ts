import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { dualkeyProgram, everyCommand } from '../cli/program.ts';
import { FILE_FAULTS } from '../shared/directory/file-faults.ts';
import { issueWords } from '../shared/domain/issue-words.ts';
import * as labels from '../shared/domain/labels.ts';
import { ROLES } from '../shared/domain/roles.ts';
import { inBoth, joinWords, type Words, wordsOf } from '../shared/domain/words.ts';
import { LIMITS_OF_PROOF } from '../shared/package/limits-of-proof.ts';
import { CASE_GIFT_LABELS } from '../shared/policy/case-gives-more.ts';
import { reasonsOf } from '../shared/policy/reasons.ts';
import { bundledRuleSet } from '../shared/policy/rule-set.ts';
import { REJECTION_REASONS } from '../shared/sources/rejection-reasons.ts';
import { type Around, type Literal, literalsOf } from './support/literals.ts';

const ROOT = join(import.meta.dirname, '..');
const HAN = /\p{Script=Han}/u;
/** Words of English in a row: more than a name. */
const ENGLISH = /(?<![\w`-])[a-z’']{2,}(?: [a-z’']+){2,}/i;
/** What reads the same in either language: names of products, commands, files, codes. */
const COMMAND = /(?:dualkey|npm run|npx) [\w …-]+/g;
const NAMES = ['WhatsApp', 'LINE', '…', ''];

/** What is wrong with a message in both languages; nothing where it is right. */
function faultIn({ zh, en }: Words): string | null {
  if (zh === en && (NAMES.includes(zh) || !HAN.test(zh + en))) return null;
  if (!HAN.test(zh) && /[a-z]{3}/i.test(zh.replaceAll('…', ''))) return `no Chinese: ${zh}`;
  if (isSentence(zh)) return `English in the Chinese: ${zh}`;
  if (HAN.test(en)) return `Chinese in the English: ${en}`;
  return en.trim() === '' ? `no English beside ${zh}` : null;
}

function faultsIn(messages: readonly Words[]): string[] {
  return messages.flatMap((words) => faultIn(words) ?? []);
}

function isSentence(text: string): boolean {
  return ENGLISH.test(text.replace(COMMAND, ''));
}

describe('what a code means', () => {
  const tables: [string, readonly Words[]][] = [
    ...Object.entries(labels).map(([name, table]): [string, Words[]] => [name, Object.values(table)]),
    ['roles', Object.values(ROLES)],
    ['reasons', [...reasonsOf(bundledRuleSet()).values()]],
    ['faults of a directory file', Object.values(FILE_FAULTS)],
    ['why a line is rejected', Object.values(REJECTION_REASONS)],
    ['what to do about a line', Object.values(REJECTION_REASONS).map(({ remedy }) => remedy)],
    ['limits of proof', LIMITS_OF_PROOF],
    ['what a change of a case gives', Object.values(CASE_GIFT_LABELS)],
  ];
  it.each(tables)('%s is said in Chinese and in English', (_name, messages) => {
    expect(messages.length).toBeGreaterThan(0);
    expect(faultsIn(messages)).toEqual([]);
  });
});

describe('help of the command line', () => {
  it('has every description in either language', () => {
    const commands = everyCommand(dualkeyProgram(() => 'both'));
    const descriptions = commands.flatMap((command) => [
      command.description(),
      ...command.options.map(({ description }) => description),
      ...command.registeredArguments.map(({ description }) => description),
    ]);
    expect(descriptions.length).toBeGreaterThan(150);
    const said = descriptions.filter((text) => HAN.test(text) || isSentence(text));
    expect(said.filter((text) => wordsOf(text) === null)).toEqual([]);
    expect(faultsIn(said.flatMap((text) => wordsOf(text) ?? []))).toEqual([]);
  });
});

/** Where people are spoken to: the command line, and whatever answers a call. */
const SPOKEN = [
  'cli/**/*.ts',
  'functions/**/*.ts',
  'shared/{runtime,domain,directory}/**/*.ts',
  'shared/policy/{explain,fact-changes,refuse-*,floor-table,rule-set*,check-policies,policy-notes}.ts',
  'shared/sources/{built-sources,import-profile}.ts',
];
/** Calls that say something in two languages, with the place of each. */
const SAID_IN: Readonly<Record<string, { zh: number; en: number }>> = {
  say: { zh: 0, en: 1 },
  inLanguages: { zh: 1, en: 2 },
  asPerson: { zh: 1, en: 2 },
  field: { zh: 1, en: 2 },
  reaching: { zh: 1, en: 2 },
  on: { zh: 1, en: 2 },
  named: { zh: 1, en: 2 },
  found: { zh: 1, en: 2 },
};
/** For whoever keeps the product running, not for whoever uses it: errors that break off, logs, metrics, configuration. */
const FOR_OPERATORS = /(?:Error|log|describe|environment|Error\.call)$/;
const OPERATORS_FILES =
  /shared\/domain\/(?:region-config|medium-mark|limits|notice-text|custody-event|deletion-certificate)\.ts|shared\/runtime\/(?:metrics-catalogue|environment|log)\.ts|functions\/reconcile\//;
/** Words that stand in pairs by their places, and words that are looked for rather than said. */
const PAIRED_OR_SOUGHT =
  /shared\/domain\/(?:authority-document|issue-words|placeholder)\.ts|shared\/policy\/(?:policy-notes|rule-set-invalid-error)\.ts/;
/** Letters, records and packages are in both languages as they are: nobody picks one. */
const IN_BOTH =
  /functions\/(?:provider\/(?:letter|issue-letter)|view\/simulated-conversations|render|archive|retain)\b/;

const FILES = SPOKEN.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).filter(
  (file) => ![OPERATORS_FILES, PAIRED_OR_SOUGHT, IN_BOTH].some((left) => left.test(file)),
);

function languageOf(around: readonly Around[]): 'zh' | 'en' | null {
  for (const one of around) {
    if (one.in === 'object' && (one.key === 'zh' || one.key === 'en')) return one.key;
    if (one.in === 'call') {
      const { zh, en } = SAID_IN[one.name] ?? { zh: -1, en: -1 };
      if (one.argument === zh) return 'zh';
      if (one.argument === en) return 'en';
    }
  }
  return null;
}

function isForOperators({ around }: Literal): boolean {
  return around.some((one) => one.in === 'call' && FOR_OPERATORS.test(one.name));
}

/** What is wrong with a text of the source, by what it is said to be. */
function faultOf(literal: Literal): string | null {
  const { text, around } = literal;
  const language = languageOf(around);
  if (language === 'zh') {
    return isSentence(text) ? 'English where Chinese is said' : null;
  }
  if (language === 'en') return HAN.test(text) ? 'Chinese where English is said' : null;
  if (!HAN.test(text) && (!isSentence(text) || isForOperators(literal))) return null;
  const words = wordsOf(text);
  if (words !== null) return faultIn(words);
  return HAN.test(text) ? 'Chinese alone' : 'English alone';
}

/** Not said to anybody, or the machine's own: what is read from files, and characters of other texts. */
const NOT_SAID = new Set([
  // Cells of a file that say yes and no.
  'cli/case-file.ts 是',
  'cli/case-file.ts 否',
]);

describe('a text of the source that somebody reads', () => {
  it('is said in Chinese and in English, each where that language is asked for', () => {
    const faults = FILES.flatMap((file) =>
      literalsOf(readFileSync(join(ROOT, file), 'utf8')).flatMap((literal) => {
        const fault = NOT_SAID.has(`${file} ${literal.text}`) ? null : faultOf(literal);
        return fault === null ? [] : [`${file}:${literal.line} ${fault}: ${literal.text}`];
      }),
    );
    expect(FILES.length).toBeGreaterThan(200);
    expect(faults).toEqual([]);
  });

  it('is found wherever it stands', () => {
    const [bare, chinese, english, mixed, thrown, called] = literalsOf(
      [
        "tell('this is said in English alone');",
        `const words = { zh: '中文', en: \`some $\{one('x')} English words\` };`,
        "throw new Error('it broke off in the middle');",
        "say('这里 is some more English', 'x');",
      ].join('\n'),
    ).filter(({ text }) => text !== 'x');
    expect([bare, chinese, english, mixed, thrown, called].map((one) => one && faultOf(one))).toEqual([
      'English alone',
      null,
      null,
      null,
      'English where Chinese is said',
      undefined,
    ]);
  });
});

describe('a message that is one text', () => {
  it.each([
    ['缺少列 the column is missing', { zh: '缺少列', en: 'the column is missing' }],
    ['must be a number · 须为数字', { zh: '须为数字', en: 'must be a number' }],
    ['须为数字 · must be a number', { zh: '须为数字', en: 'must be a number' }],
  ])('%s is taken apart', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it.each(['only English', '只有中文', 'SHA01', 'English · more English', '一 · two · 三'])(
    '%s is no message in both',
    (text) => {
      expect(wordsOf(text)).toBeNull();
    },
  );

  it('is both in one line where nobody knows which is read', () => {
    const words = joinWords([
      { zh: '一', en: 'one' },
      { zh: '二', en: 'two' },
    ]);
    expect(inBoth(words)).toBe('一; 二 one; two');
  });
});

describe('what a schema finds', () => {
  const schema = z.strictObject({
    name: z.string().min(1),
    count: z.number().max(3),
    own: z.string().regex(/^a$/, 'must be a · 须为 a'),
    kind: z.enum(['one', 'two']),
  });

  it.each([
    [{}, ['name', 'count', 'own', 'kind']],
    [{ name: '', count: 4, own: 'b', kind: 'three', more: 1 }, ['name', 'count', 'own', 'kind', '']],
    [null, ['']],
  ])('%j is told in either language, by field', (document, fields) => {
    const issues = issueWords(schema, document);
    expect(issues.map(({ path }) => path.join('.'))).toEqual(fields);
    expect(faultsIn(issues.map(({ words }) => words))).toEqual([]);
  });

  it('of an empty text says that it must not be empty', () => {
    const [issue] = issueWords(schema, { name: '', count: 1, own: 'a', kind: 'one' });
    expect(issue?.words).toEqual({ zh: '不能为空', en: 'must not be empty' });
  });
});
