import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDualkey } from './run-dualkey.ts';

const REQUEST = {
  purpose: 'dispute',
  basis: 'legal-claim',
  matter: 'M-2026-014',
  ticket: null,
  subject: { kind: 'phone', value: '+86 138 0013 8000' },
  platforms: ['wecom'],
  hotels: ['SHA01'],
  categories: ['enquiry', 'complaint'],
  from: '2026-05-01T00:00:00+08:00',
  to: '2026-05-31T23:59:59+08:00',
  masking: 'masked',
  instrument: null,
  emergency: null,
  paperForm: null,
  remarks: '',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** No deployment here: whatever gets as far as calling one ends with 3. */
const nothingRuns = () => ({ DUALKEY_LOCAL_DIR: join(folder, 'none') });

describe('the dualkey command', () => {
  it('answers a command line that is wrong with one document too, where --json is given', async () => {
    const cases: [string[], string][] = [
      [['ingest', 'x.jsonl', '--source', 'wecom', '--json'], '--hotel'],
      [['ingest', 'x', '--source', 'wecom', '--hotel', 'SHA01', '--frobnicate', '--json'], '--frobnicate'],
      [['frobnicate', '--json'], 'dualkey'],
      [['--json'], 'dualkey'],
    ];
    for (const [arguments_, where] of cases) {
      const { code, stdout, stderr } = await runDualkey(arguments_, nothingRuns());
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toEqual({
        error: { what: expect.stringMatching(/./), where, remedy: expect.stringContaining('--help') },
      });
      expect(stderr).toContain('Usage');
    }
  });

  it('answers bad input with exit code 2, saying what and where, before anything is sent', async () => {
    const cases: [string, string[], RegExp][] = [
      ['an unknown command', ['frobnicate'], /unknown command/],
      ['a missing option', ['ingest', 'x.jsonl', '--source', 'wecom'], /--hotel/],
      [
        'an unknown source',
        ['ingest', 'x', '--source', 'pigeon', '--hotel', 'SHA01'],
        /must be one of wecom/,
      ],
      [
        'an unreadable export',
        ['ingest', join(folder, 'none.jsonl'), '--source', 'wecom', '--hotel', 'SHA01', '--as', 'x'],
        /can’t be read/,
      ],
      [
        'an empty export',
        ['ingest', file('empty', ''), '--source', 'wecom', '--hotel', 'SHA01', '--as', 'x'],
        /empty/,
      ],
      [
        'a request that isn’t there',
        ['request', 'create', '--file', join(folder, 'none.json'), '--as', 'x'],
        /can’t be read/,
      ],
      [
        'a request that isn’t JSON',
        ['request', 'create', '--file', file('a.json', '{ purpose: '), '--as', 'x'],
        /not JSON/,
      ],
      [
        'a date without a zone',
        [
          'request',
          'create',
          '--file',
          file('b.json', JSON.stringify({ ...REQUEST, from: '2026-05-01T00:00:00' })),
          '--as',
          'x',
        ],
        /from: must be an ISO 8601 date and time with a zone/,
      ],
      [
        'a missing field',
        [
          'request',
          'create',
          '--file',
          file('c.json', JSON.stringify({ ...REQUEST, hotels: undefined })),
          '--as',
          'x',
        ],
        /hotels/,
      ],
      [
        'an unknown field',
        [
          'request',
          'create',
          '--file',
          file('d.json', JSON.stringify({ ...REQUEST, role: 'gm' })),
          '--as',
          'x',
        ],
        /role/,
      ],
      [
        'an unknown purpose',
        [
          'request',
          'create',
          '--file',
          file('e.json', JSON.stringify({ ...REQUEST, purpose: 'curiosity' })),
          '--as',
          'x',
        ],
        /purpose/,
      ],
      [
        'a package that can’t be saved',
        ['open', 'req_1', '--as', 'x', '--out', join(folder, 'no', 'such', 'p.zip')],
        /can’t be written/,
      ],
      [
        'a guest without a kind',
        ['hold', 'place', '--matter', 'M', '--guest', '13800138000', '--hotel', 'SHA01', '--as', 'x'],
        /KIND:VALUE/,
      ],
    ];
    for (const [what, arguments_, message] of cases) {
      const { code, stderr } = await runDualkey(arguments_, nothingRuns());
      expect({ what, code, stderr }).toEqual({ what, code: 2, stderr: expect.stringMatching(message) });
    }
  });

  it('repeats no value of the input in its messages', async () => {
    const wrong = {
      ...REQUEST,
      subject: { kind: 'phone', value: '+86 138 0013 8000', extra: '张三' },
      remarks: 7,
    };
    const { stdout, stderr } = await runDualkey(
      ['request', 'create', '--json', '--as', 'x', '--file', file('f.json', JSON.stringify(wrong))],
      nothingRuns(),
    );
    expect(stdout + stderr).not.toMatch(/138 0013|张三/);
  });

  it('says that nothing is running, and how to start it, with exit code 3', async () => {
    const { code, stderr } = await runDualkey(
      ['request', 'create', '--as', 'x', '--file', file('ok.json', JSON.stringify(REQUEST))],
      nothingRuns(),
    );
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('npm run up') });
  });

  it('writes one JSON document on standard output with --json, errors too', async () => {
    const { stdout, code } = await runDualkey(
      ['request', 'show', 'req_1', '--json', '--as', 'x'],
      nothingRuns(),
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { what: expect.any(String) } });
  });

  it('takes an access token from the environment where people sign in with their own provider', async () => {
    const { code, stderr } = await runDualkey(['request', 'list'], {
      ...nothingRuns(),
      DUALKEY_TOKEN: 'a.b.c',
      DUALKEY_API_URL: 'http://127.0.0.1:9',
    });
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('can’t be reached') });
  });

  it('asks who acts where nobody is named', async () => {
    const { code, stderr } = await runDualkey(['request', 'list'], nothingRuns());
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--as') });
  });

  it('tells what the command line itself gets wrong in the language that was asked for', async () => {
    const cases: [string[], string, string][] = [
      [['frobnicate'], '没有命令 frobnicate', 'unknown command frobnicate'],
      [['request', 'list', '--loud'], '没有选项 --loud', 'unknown option --loud'],
      [['request', 'create'], '缺少必需的选项 --file <file>', 'the option --file <file> is needed'],
      [['request', 'show'], '缺少参数 <id>', 'the argument <id> is missing'],
      [
        ['approve', 'req_1', '--reason'],
        '选项 --reason <reason> 未给出值',
        'the option --reason <reason> has no value',
      ],
      [['request', 'list', 'all', 'x'], '参数过多', 'too many arguments'],
      [['staff', 'import', 'f', '--format', 'xml'], '选项 --format <format> 的值', 'has none of its values'],
    ];
    for (const [arguments_, zh, en] of cases) {
      const inChinese = await runDualkey(['--lang', 'zh', ...arguments_], nothingRuns());
      expect(inChinese).toMatchObject({ code: 2, stderr: expect.stringContaining(`输入有误: ${zh}`) });
      expect(inChinese.stderr).toContain('用法:');
      const inEnglish = await runDualkey(['--lang', 'en', ...arguments_, '--json'], nothingRuns());
      expect(inEnglish.code).toBe(2);
      expect(JSON.parse(inEnglish.stdout)).toMatchObject({ error: { what: expect.stringContaining(en) } });
      expect(inEnglish.stderr + inEnglish.stdout).not.toMatch(/\p{Script=Han}/u);
    }
  }, 60_000);

  it('shows its help with exit code 0', async () => {
    const { code, stdout } = await runDualkey(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('request');
  });
});
