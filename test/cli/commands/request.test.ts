import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { requestLines, shownRequest } from '../../../cli/commands/request.ts';
import { runDualkey } from '../run-dualkey.ts';

const SHOWN = {
  requestId: 'req_1',
  state: 'denied',
  verdict: { outcome: 'allow', reasons: [], rules: ['T7'], route: ['gm', 'privacy-officer'] },
  route: ['gm', 'privacy-officer'],
  scope: { conversations: 2, records: 9, digest: 'd' },
  requestDigest: 'abc',
  requester: 'p_1',
  requesterRole: 'legal',
  recipient: 'p_1',
  purpose: 'dispute',
  basis: 'legal-claim',
  matter: 'M-2026-014',
  ticket: 'T-77',
  instrumentNumber: 'I-5',
  impactAssessment: 'PIA-3',
  agreement: 'AG-9',
  subjectKind: 'phone',
  platforms: ['wecom'],
  hotels: ['SHA01'],
  categories: ['enquiry'],
  from: null,
  to: null,
  masking: 'masked',
  windowHours: 48,
  opens: 5,
  deadline: '2026-06-04T00:00:00.000Z',
  endReason: 'denied',
  necessity: 'the claim\nneeds it',
  approvals: [],
  denial: { role: 'gm', by: 'p_2', at: '2026-06-01T00:00:00.000Z', reason: 'too wide\ntoo long' },
  openings: [],
  applied: [{ rule: 'T7', reason: 'x', zh: '法务可以申请', en: 'legal may ask' }],
  near: [{ rule: 'T14', zh: '总部加入', en: 'headquarters joins', if: { zh: '两家酒店', en: 'two hotels' } }],
  matterOnFile: 'not-on-file',
  recent: { days: 90, requests: 4, refused: 1, denied: 0, openings: 2 },
};

const request = shownRequest.parse(SHOWN);
const text = (languages: 'zh' | 'en' | 'both') => requestLines(request, languages).join('\n');

describe('a request, for people', () => {
  it('shows who denied it and why, each line of what they typed marked as theirs', () => {
    expect(text('en')).toContain(
      '  denial: general manager · p_2 · 2026-06-01T00:00:00.000Z\n  reason of the denial:\n    │ too wide\n    │ too long',
    );
  });

  it('says of originals, before anybody signs, that the sealed package is not there yet (E1)', () => {
    const original = { ...request, masking: 'original' };
    expect(requestLines(original, 'en').join('\n')).toMatch(/not available yet.*even if all three approve/);
    expect(requestLines(original, 'zh').join('\n')).toMatch(/尚未启用.*不会准备或打开/);
    expect(text('both')).not.toContain('not available yet');
  });

  it('shows a denial without its reason to those who may not read it', () => {
    const unread = { ...request, denial: { role: 'gm', by: 'p_2', at: 'then', reason: null } };
    const lines = requestLines(unread, 'en');
    expect(lines).toContain('  denial: general manager · p_2 · then');
    expect(lines.join('\n')).not.toContain('reason of the denial');
  });

  it('shows the requester’s role, the deadline and the numbers of what it names', () => {
    expect(text('en')).toContain('requester p_1 (legal)');
    expect(text('en')).toContain('deadline 2026-06-04T00:00:00.000Z');
    expect(text('both')).toContain(
      '工单 ticket T-77 · 法律文书 legal instrument I-5 · 影响评估 impact assessment PIA-3 · 协议 agreement AG-9',
    );
  });

  it('says how many media an approval reaches, and how many are not in custody', () => {
    const scope = { conversations: 2, records: 9, digest: 'd' };
    const lines = (media?: object) =>
      requestLines(shownRequest.parse({ ...SHOWN, scope: { ...scope, media } }), 'en');
    expect(lines({ inCustody: 3, missing: 2 })).toContain(
      '  scope: 9 records, 2 conversations, 3 media (not in custody besides 2)',
    );
    expect(lines({ inCustody: 0, missing: 0 })).toContain('  scope: 9 records, 2 conversations, 0 media');
    expect(lines()).toContain('  scope: 9 records, 2 conversations');
  });

  it('leaves out what an answer doesn’t have', () => {
    const newer = /Role|ticket|instrument|impact|agreement|deadline|denial/;
    const less = Object.fromEntries(Object.entries(SHOWN).filter(([field]) => !newer.test(field)));
    const lines = requestLines(shownRequest.parse(less), 'en').join('\n');
    expect(lines).toContain('requester p_1 · recipient');
    expect(lines).not.toMatch(/ticket|instrument|assessment|agreement|deadline|denial|undefined/);
  });

  it('speaks to those who approve in the language that was asked for', () => {
    expect(text('en')).toContain('· T7 legal may ask');
    expect(text('en')).toContain('· T14 headquarters joins (if: two hotels)');
    expect(text('en')).not.toMatch(/\p{Script=Han}/u);
    expect(text('zh')).toContain('· T7 法务可以申请');
    expect(text('zh')).toContain('· T14 总部加入 (若: 两家酒店)');
    expect(text('zh')).not.toMatch(/legal may ask|two hotels|approval|requests|rules/);
    expect(text('both')).toContain('· T7 法务可以申请 / legal may ask');
  });

  it('shows those who approve all that they sign for, labelled in their language', () => {
    const shown = shownRequest.parse({ ...SHOWN, remarks: 'ok⟨U+202E⟩evorppa\u001b[2J', nearMore: 7 });
    const told = (languages: 'zh' | 'en') => requestLines(shown, languages);
    for (const [languages, labels] of [
      [
        'zh',
        ['用途', '依据', '案号', '范围', '适用规则', '接近触发的规则', '申请人近 90 天', '备注', '申请摘要'],
      ],
      [
        'en',
        [
          'purpose',
          'basis',
          'matter',
          'scope',
          'rules that applied',
          'rules that nearly did',
          'requester, last 90 days',
          'remarks',
          'request digest',
        ],
      ],
    ] as const) {
      for (const label of labels) expect(told(languages).join('\n')).toContain(label);
    }
    expect(told('zh')).toContain('  范围: 9 条记录, 2 个会话');
    expect(told('zh')).toContain('    … 另有 7 条较远');
    expect(told('en')).toContain('    … and 7 farther ones');
    expect(told('en')).toContain(
      '  requester, last 90 days: 4 requests, 1 refused, 0 denied, 0 lapsed, 2 openings',
    );
    expect(told('en')).toContain('    │ ok⟨U+202E⟩evorppa\u001b[2J');
  });

  it('shows whoever is on call that it is break-glass, and what is in danger; no openings, which it has none of (L5)', () => {
    const citations = JSON.stringify({ instrument: null, emergency: { danger: 'life', description: 'x' } });
    const asked = shownRequest.parse({ ...SHOWN, emergency: true, citations });
    const told = (languages: 'zh' | 'en') => requestLines(asked, languages).join('\n');
    expect(told('en')).toContain('break-glass (L5): danger to life\n  grant: 48 hours, on screen alone');
    expect(told('zh')).toContain('紧急调阅 (L5): 生命危险');
    expect(text('en')).not.toContain('break-glass');
    const unread = shownRequest.parse({ ...SHOWN, emergency: true });
    expect(requestLines(unread, 'en').join('\n')).toContain('break-glass (L5): not shown');
  });

  it('says a chain’s own reasons in the words that came with them, of the verdict and of what ended it', () => {
    const own = { rule: 'R6', zh: '本酒店另须写明工单', en: 'this hotel wants a ticket too' };
    const code = 'hotel-wants-a-ticket-too';
    const ended = shownRequest.parse({
      ...SHOWN,
      state: 'refused',
      verdict: { outcome: 'deny', reasons: [code], rules: ['R6'], route: [], words: { [code]: own } },
      endReason: code,
      words: { [code]: own },
    });
    const told = (languages: 'zh' | 'en') => requestLines(ended, languages).join('\n');
    expect(told('zh')).toMatch(/: 不准 \(本酒店另须写明工单\)\n/);
    expect(told('zh')).toContain('不准 (R6)\n    · R6 本酒店另须写明工单');
    expect(told('en')).toContain('refused (R6)\n    · R6 this hotel wants a ticket too');
    expect(told('en')).toContain('refused (this hotel wants a ticket too)');
    expect(told('zh') + told('en')).not.toContain(code);
  });

  it('shows what check found as check’s, beside what became of the request since', () => {
    const reasons = ['sales-beyond-enquiries'];
    const verdict = { outcome: 'allow', reasons, rules: ['L5'], route: ['gm'] };
    const shown = shownRequest.parse({ ...SHOWN, state: 'refused', verdict });
    const told = (languages: 'zh' | 'en') => requestLines(shown, languages);
    expect(told('zh')).toContain('  三查结论: 准许 (L5)');
    expect(told('en')).toContain('  check’s verdict: allowed (L5)');
    expect(told('en').filter((line) => /^(refused|allowed)/.test(line))).toEqual([]);
  });

  it('shows who ended it, and why to those who may read it', () => {
    const ending = { kind: 'revoke', by: 'p_9', at: '2026-06-03T00:00:00.000Z', reason: 'no danger\nat all' };
    const told = (languages: 'zh' | 'en', reason: string | null) =>
      requestLines(
        shownRequest.parse({ ...SHOWN, state: 'revoked', ending: { ...ending, reason } }),
        languages,
      ).join('\n');
    expect(told('zh', ending.reason)).toContain(
      '  撤销: p_9 · 2026-06-03T00:00:00.000Z\n  理由:\n    │ no danger\n    │ at all',
    );
    expect(told('en', ending.reason)).toContain(
      '  revocation: p_9 · 2026-06-03T00:00:00.000Z\n  reason:\n    │ no',
    );
    expect(told('en', null)).toContain('  revocation: p_9 · 2026-06-03T00:00:00.000Z');
    expect(told('en', null)).not.toContain('  reason:');
  });

  it('shows whether the paper form of break-glass is there, and since when (L5)', () => {
    const form = { number: 'F-12', at: '2026-06-02T00:00:00.000Z', by: 'p_1' };
    const told = (more: object, languages: 'zh' | 'en') =>
      requestLines(shownRequest.parse({ ...SHOWN, ...more }), languages);
    const asked = { emergency: true, breakGlass: { form: null } };
    expect(told(asked, 'zh')).toContain('  纸质表单: 尚未补交');
    expect(told(asked, 'en')).toContain('  paper form: not there yet');
    const came = { emergency: true, breakGlass: { form } };
    expect(told(came, 'zh')).toContain('  纸质表单 F-12 · 收到 2026-06-02T00:00:00.000Z · p_1');
    expect(told(came, 'en')).toContain('  paper form F-12 · arrived 2026-06-02T00:00:00.000Z · p_1');
    expect(told({ paperForm: 'F-3' }, 'en')).toContain('  paper form F-3');
    expect(text('en')).not.toContain('paper form');
  });

  it('says in words that originals are asked for', () => {
    const asked = shownRequest.parse({ ...SHOWN, masking: 'original' });
    expect(requestLines(asked, 'zh').join('\n')).toContain('遮盖 原件');
    expect(requestLines(asked, 'en').join('\n')).toContain('masking originals');
  });

  it('shows for whom an approver stood in (A8)', () => {
    const approval = { role: 'gm', by: 'p_2', at: 'then', asDeputyOf: 'p_3' };
    const shown = shownRequest.parse({ ...SHOWN, approvals: [approval] });
    expect(requestLines(shown, 'en')).toContain('  approval: general manager · p_2 (deputy of p_3) · then');
  });
});

describe('the language of a command', () => {
  let server: Server;
  let environment: Record<string, string> = {};
  beforeAll(async () => {
    server = createServer(({ url, method }, response) => {
      const refused = method === 'POST' || url?.includes('refused');
      response.writeHead(refused ? 403 : 200, { 'content-type': 'application/json' });
      const verdict = {
        ...{ outcome: 'deny', reasons: ['person-decided-already', 'own-pause'], rules: ['A1'], route: [] },
        words: { 'own-pause': { rule: 'A1', zh: '本集团暂停审批', en: 'approvals are paused here' } },
      };
      response.end(JSON.stringify(refused ? { verdict } : SHOWN));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    environment = { DUALKEY_TOKEN: 'a.b.c', DUALKEY_API_URL: `http://127.0.0.1:${port}` };
  });
  afterAll(async () => {
    await new Promise((closed) => server.close(closed));
  });

  const said = async (arguments_: string[], lang = 'C.UTF-8') => {
    const { code, stdout } = await runDualkey(arguments_, { ...environment, LANG: lang });
    return { code, lines: stdout.split('\n') };
  };

  it('is --lang’s before and after the command’s name, else LANG’s, else both', async () => {
    const show = ['request', 'show', 'refused'];
    const heads: [string[], string, string][] = [
      [show, 'C.UTF-8', '不准 refused (A1)'],
      [show, 'zh_CN.UTF-8', '不准 (A1)'],
      [show, 'fr_FR.UTF-8', '不准 refused (A1)'],
      [[...show, '--lang', 'en'], 'zh_CN.UTF-8', 'refused (A1)'],
      [['--lang', 'en', ...show], 'C.UTF-8', 'refused (A1)'],
    ];
    for (const [arguments_, lang, head] of heads) {
      const { code, lines } = await said(arguments_, lang);
      expect([arguments_, code, lines[0]]).toEqual([arguments_, 1, head]);
      expect(lines[1]).toMatch(/^ {2}· A1 /);
    }
  });

  it('is that of every command’s refusals, each reason with its rule, a chain’s own too', async () => {
    const commands = [
      ['request', 'withdraw', 'req_1'],
      ['approve', 'refused', '--reason', 'x'],
      ['deny', 'refused', '--reason', 'x'],
      ['open', 'refused'],
      ['view', '--system'],
      ['staff', 'show', 'refused'],
    ];
    for (const command of commands) {
      const { code, lines } = await said([...command, '--lang', 'zh']);
      expect([command, code, lines[0]]).toEqual([command, 1, '不准 (A1)']);
      expect(lines[1]).toMatch(/^ {2}· A1 \p{Script=Han}[^/]*$/u);
      expect(lines[2]).toBe('  · A1 本集团暂停审批');
    }
  });

  it('is that of what an approver is shown before deciding: all of it, the rules that nearly did among it', async () => {
    for (const [lang, near] of [
      ['zh', '    · T14 总部加入 (若: 两家酒店)'],
      ['en', '    · T14 headquarters joins (if: two hotels)'],
    ] as const) {
      for (const decision of ['approve', 'deny']) {
        const command = [decision, 'req_1', '--reason', 'x', '--lang', lang];
        const { stderr } = await runDualkey(command, environment);
        expect(stderr.split('\n')).toContain(near);
      }
    }
  });

  it('is that of the text of a request, and changes nothing of its JSON', async () => {
    const { lines } = await said(['request', 'show', 'req_1', '--lang', 'en']);
    expect(lines[0]).toBe('request req_1: denied (denied by an approver)');
    const json = await said(['request', 'show', 'req_1', '--lang', 'en', '--json']);
    expect(JSON.parse(json.lines[0] ?? '')).toMatchObject(SHOWN);
  });

  it('is refused where it is none, before anything is sent', async () => {
    const { code, lines } = await said(['request', 'withdraw', 'req_1', '--lang', 'fr', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: { where: '--lang' } });
  });
});

describe('a request whose refusal locks the session (R9)', () => {
  const until = '2026-06-15T12:05:00.000Z';
  const own = { outcome: 'deny', reasons: ['sales-beyond-enquiries'], rules: ['T8'], route: [] };
  const lock = { outcome: 'deny', reasons: ['session-locked'], rules: ['R9'], route: [] };
  const refused = {
    requestId: 'req_1',
    state: 'refused',
    verdict: own,
    route: [],
    scope: null,
    requestDigest: 'd',
  };
  let server: Server;
  let seen = 0;
  let locksLate = false;
  let environment: Record<string, string> = {};
  let folder = '';
  beforeAll(async () => {
    server = createServer(({ method, url }, response) => {
      const made = method === 'POST';
      // The lock follows the refusal: the first look still sees the request alone.
      const early = url === '/requests/req_1' && !made && seen === 0 && locksLate;
      if (!made) seen += 1;
      if (early) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ...SHOWN, ...refused }));
        return;
      }
      response.writeHead(made ? 202 : 403, { 'content-type': 'application/json' });
      const told =
        url === '/requests/req_1' ? { verdict: lock, until, request: refused } : { verdict: lock, until };
      response.end(JSON.stringify(made ? { requestId: 'req_1', state: 'requested' } : told));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    environment = { DUALKEY_TOKEN: 'a.b.c', DUALKEY_API_URL: `http://127.0.0.1:${port}`, LANG: 'C' };
    folder = mkdtempSync(join(tmpdir(), 'dualkey-request-'));
    const dates = { from: '2026-05-01T00:00:00+08:00', to: '2026-05-02T00:00:00+08:00' };
    const file = { purpose: 'dispute', basis: 'legal-claim', matter: 'M-1', ...dates };
    const scope = { platforms: ['wecom'], hotels: ['SHA01'], categories: ['complaint'] };
    const subject = { kind: 'phone', value: '+86 138 0013 8000' };
    writeFileSync(join(folder, 'request.json'), JSON.stringify({ ...file, ...scope, subject }));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await new Promise((closed) => server.close(closed));
  });
  const create = (...more: string[]) =>
    runDualkey(['request', 'create', '--file', join(folder, 'request.json'), ...more], environment);

  it('is answered with its own verdict, and the lock is told beside it', async () => {
    const { code, stdout } = await create('--lang', 'en');
    expect(code).toBe(1);
    const [head, reason, locked, why, when] = stdout.split('\n');
    expect([head, locked]).toEqual(['refused (T8)', 'and locked now']);
    expect(reason).toMatch(/^ {2}· T8 sales/);
    expect(why).toMatch(/^ {2}· R9 .*sign in again when the lock is over/);
    expect(when).toBe('    locked until 2026-06-15 12:05Z');
    expect((await create('--lang', 'zh')).stdout).toMatch(
      /^不准 \(T8\)\n.*\n并已锁定\n {2}· R9 连续误操作.*\n {4}锁定至 2026-06-15 12:05Z/,
    );
  });

  it('is answered with one JSON document: the request with its verdict, and the lock', async () => {
    const { code, stdout } = await create('--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ ...refused, lock: { ...lock, until } });
  });

  it('is told of a lock too that comes right after the refusal', async () => {
    [seen, locksLate] = [0, true];
    const { code, stdout } = await create('--json');
    locksLate = false;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ ...refused, lock: { ...lock, until } });
    expect(seen).toBe(2);
  });

  it('leaves other answers to somebody who is locked as they are: the lock alone', async () => {
    const { code, stdout } = await runDualkey(['request', 'show', 'req_2', '--json'], environment);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ verdict: lock, until });
  });
});
