import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDualkey } from '../run-dualkey.ts';

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

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dualkey-rules-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const NO_LANGUAGE = { LANG: 'C.UTF-8' };

describe('dualkey rules explain', () => {
  it('says offline why a request is allowed, and its route', async () => {
    const { code, stdout } = await runDualkey([
      'rules',
      'explain',
      '--file',
      file('ok.json', REQUEST),
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      region: 'cn-north-1',
      role: 'legal',
      verdict: { outcome: 'allow', route: ['infosec-director', 'privacy-officer'] },
      spoke: expect.arrayContaining([expect.objectContaining({ rule: 'T7' })]),
    });
  });

  it('says why another role is refused and what would change that, with the code of a refusal', async () => {
    const path = file('sales.json', REQUEST);
    const { code, stdout } = await runDualkey([
      'rules',
      'explain',
      '--file',
      path,
      '--role',
      'sales',
      '--lang',
      'en',
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused\n/);
    expect(stdout).toMatch(/T8\.enquiries-only sales .*t-clients\.cedar:\d+/);
    expect(stdout).toMatch(/category complaint removed → allowed: department head \+ privacy officer/);
    expect(stdout).not.toMatch(/\p{Script=Han}/u);
  });

  it('judges an emergency that is cited as break-glass, and says so', async () => {
    const emergency = {
      ...{ ...REQUEST, purpose: 'safety', basis: 'vital-interest', matter: null, ticket: 'T-1' },
      emergency: { danger: 'life', description: '客人昏迷 unconscious' },
    };
    const path = file('emergency.json', emergency);
    const explained = (...more: string[]) => runDualkey(['rules', 'explain', '--file', path, ...more]);
    const allowed = await explained('--role', 'duty-manager', '--lang', 'zh');
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toMatch(/^准许\n {2}按紧急调阅判断 \(L5\)\n/);
    const json = await explained('--role', 'duty-manager', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      judgedAs: 'break-glass',
      verdict: { outcome: 'allow', rules: ['L5'] },
    });
    const desk = await explained('--role', 'front-desk', '--lang', 'en');
    expect(desk.code).toBe(1);
    expect(desk.stdout).toMatch(/^refused\n {2}judged as break-glass \(L5\)\n/);
    expect(desk.stdout).toContain('L5.role');
    const spent = await explained(
      '--role',
      'duty-manager',
      '--json',
      '--facts',
      file('spent.json', { emergencyUses: 99 }),
    );
    expect(JSON.parse(spent.stdout)).toMatchObject({
      verdict: { outcome: 'deny', reasons: ['break-glass-used-up-by-requester'] },
    });
  });

  it('speaks Chinese, English or both as --lang says, else LANG', async () => {
    const path = file('ok.json', REQUEST);
    const say = async (arguments_: string[], lang: string) =>
      (await runDualkey(['rules', 'explain', '--file', path, ...arguments_], { LANG: lang })).stdout.split(
        '\n',
      )[0];
    expect(await say([], 'zh_CN.UTF-8')).toBe('准许');
    expect(await say([], 'en_US.UTF-8')).toBe('allowed');
    expect(await say([], 'C.UTF-8')).toBe('准许 allowed');
    expect(await say(['--lang', 'en'], 'zh_CN.UTF-8')).toBe('allowed');
  });

  it('takes further facts from a file, and says which of them is none', async () => {
    const path = file('ok.json', REQUEST);
    const untrained = file('facts.json', { trained: false, cases: { matter: { open: false } } });
    const refused = await runDualkey(['rules', 'explain', '--file', path, '--facts', untrained, '--json']);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      verdict: { rules: expect.arrayContaining(['R10', 'T7']) },
    });
    const wrong = file('wrong.json', { trained: 'yes', weather: 'fine' });
    const bad = await runDualkey(['rules', 'explain', '--file', path, '--facts', wrong, '--json']);
    expect(bad.code).toBe(2);
    expect(JSON.parse(bad.stdout)).toMatchObject({ error: { where: expect.stringMatching(/trained/) } });
  });

  it('refuses a role, a region and a language that are none', async () => {
    const path = file('ok.json', REQUEST);
    for (const option of ['--role', '--region', '--lang']) {
      const { code, stdout } = await runDualkey([
        'rules',
        'explain',
        '--file',
        path,
        option,
        'none',
        '--json',
      ]);
      expect([option, code]).toEqual([option, 2]);
      expect(JSON.parse(stdout)).toMatchObject({ error: { where: option } });
    }
  });
});

describe('dualkey rules matrix', () => {
  it('gives each role, scope and category its route or the rules that refuse it', async () => {
    const { code, stdout } = await runDualkey(['rules', 'matrix', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      requests: expect.arrayContaining([
        expect.objectContaining({
          role: 'gm',
          scope: 'month',
          category: 'crisis-report',
          outcome: 'allow',
          route: ['internal-audit', 'privacy-officer'],
        }),
        expect.objectContaining({
          role: 'sales',
          scope: 'usual',
          category: 'complaint',
          outcome: 'deny',
          rules: ['T8'],
        }),
      ]),
    });
  });
});

describe('dualkey rules test', () => {
  const held = { name: '法务 legal', request: REQUEST, expect: { outcome: 'allow', rules: ['T7'] } };

  it('is done where every case holds', async () => {
    file('good/own.json', {
      cases: [
        { ...held, expect: { ...held.expect, route: ['privacy-officer', 'infosec-director'] } },
        {
          name: '销售 sales',
          request: REQUEST,
          facts: { role: 'sales' },
          expect: { outcome: 'deny', rules: ['T8'], reasons: ['sales-beyond-enquiries'] },
        },
      ],
    });
    const { code, stdout } = await runDualkey(['rules', 'test', join(folder, 'good'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, cases: [{ ok: true }, { ok: true }] });
    expect(code).toBe(0);
  });

  it('says what differs where one does not', async () => {
    file('failing/own.json', {
      cases: [
        {
          ...held,
          facts: { active: false },
          expect: { outcome: 'allow', rules: ['T3'], route: ['gm', 'legal'] },
        },
      ],
    });
    const { code, stdout } = await runDualkey(
      ['rules', 'test', join(folder, 'failing'), '--lang', 'en'],
      NO_LANGUAGE,
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ own\.json: 法务 legal\n {4}outcome allow ≠ deny \(/);
    expect(stdout).toMatch(/rule T3 ≠ T7/);
    expect(stdout).toMatch(/route gm \+ legal ≠ —/);
    expect(stdout).toMatch(/1 cases, 1 differ/);
  });

  it('refuses a bad file, an empty folder and none, whole', async () => {
    file('bad/own.json', {
      cases: [{ name: 'x', request: { ...REQUEST, colour: 'red' }, expect: { outcome: 'maybe' } }],
    });
    file('broken/own.json', '{');
    mkdirSync(join(folder, 'empty'));
    for (const [name, where] of [
      ['bad', /own\.json: .*outcome/],
      ['broken', /own\.json/],
      ['empty', /empty/],
      ['absent', /absent/],
    ] as const) {
      const { code, stdout } = await runDualkey(['rules', 'test', join(folder, name), '--json']);
      expect([name, code]).toEqual([name, 2]);
      expect(JSON.parse(stdout)).toMatchObject({ error: { where: expect.stringMatching(where) } });
    }
  });

  it('tries a chain’s own policies', async () => {
    file(
      'policies/cn-north-1/audit.cedar',
      '@id("T7.audit") @reason("audit-too") @zh("增加内部审计") @en("internal audit too") @route("internal-audit")\npermit (principal, action == Action::"route", resource);\n',
    );
    file('own/own.json', {
      cases: [
        {
          ...held,
          expect: { outcome: 'allow', route: ['infosec-director', 'internal-audit', 'privacy-officer'] },
        },
      ],
    });
    const policies = join(folder, 'policies');
    const { code } = await runDualkey(['rules', 'test', join(folder, 'own'), '--policies', policies]);
    expect(code).toBe(0);
  });
});

describe('dualkey rules check', () => {
  it('refuses a policy that loosens, with its file and line and a request that shows it', async () => {
    file(
      'loose/cn-north-1/own.cedar',
      '@id("T1.own")\n@reason("own") @zh("前台") @en("front desk")\npermit (principal, action == Action::"view", resource);\n',
    );
    const policies = join(folder, 'loose');
    const { code, stdout } = await runDualkey(['rules', 'check', '--policies', policies, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        what: expect.stringMatching(/^T1\.own 准许任何规则都不准许的事.* T1\.own permits .* as with view: /),
        where: `${join(policies, 'cn-north-1/own.cedar')}:1`,
      },
    });
  });

  it('shows what a policy would loosen, and how it fails, in Chinese alone where Chinese is asked for', async () => {
    const policies = {
      wider: 'permit (principal, action == Action::"request", resource);',
      failing:
        'forbid (principal, action == Action::"request", resource) when { context has scope && (context.scope.records + 9223372036854775807) > 0 };',
    };
    for (const [name, what] of [
      ['wider', /^输入有误: R6\.own 准许任何规则都不准许的事,例如 request: 由.+提出;.*\{/],
      ['failing', /^输入有误: R6\.own 无法评估:整数溢出\(Cedar:“.*”\),例如 request: 由.+提出;/],
    ] as const) {
      file(
        `${name}/cn-north-1/own.cedar`,
        `@id("R6.own") @reason("own") @zh("自定") @en("own")\n${policies[name]}\n`,
      );
      const { code, stderr } = await runDualkey([
        ...['rules', 'check', '--region', 'cn-north-1', '--lang', 'zh'],
        ...['--policies', join(folder, name)],
      ]);
      expect(code).toBe(2);
      expect(stderr).toMatch(what);
      expect(stderr).not.toMatch(/asked by|as with|could not be asked/);
    }
  });

  it('names the chain’s file as it was given where it takes an id of the rulebook, and the other place', async () => {
    // The chain's file is read before the rulebook's own of this id.
    const text =
      '@id("R9.session")\n@reason("own") @zh("自") @en("own")\nforbid (principal, action == Action::"view", resource);\n';
    file('double/cn-north-1/a-own.cedar', text);
    const policies = join(folder, 'double');
    for (const [lang, what] of [
      ['zh', /^编号 R9\.session 重复使用,shared\/policy\/rules\/r9-locks\.cedar:\d+ 已用$/],
      ['en', /^id R9\.session is used twice, also at shared\/policy\/rules\/r9-locks\.cedar:\d+$/],
    ] as const) {
      const { code, stdout } = await runDualkey([
        ...['rules', 'check', '--region', 'cn-north-1', '--policies', policies, '--lang', lang, '--json'],
      ]);
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({
        error: { what: expect.stringMatching(what), where: `${join(policies, 'cn-north-1/a-own.cedar')}:1` },
      });
    }
  });

  it('tells a syntax error in Chinese, with Cedar’s own words beside it', async () => {
    file('broken-set/cn-north-1/own.cedar', '@id("T1.x")\nforbid (principal action, resource);\n');
    const policies = join(folder, 'broken-set');
    const { code, stderr } = await runDualkey([
      ...['rules', 'check', '--region', 'cn-north-1', '--policies', policies, '--lang', 'zh'],
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /输入有误: 语法错误\(Cedar:.*\n {2}位置: .*broken-set\/cn-north-1\/own\.cedar:2\n {2}处理: 更正该规则/,
    );
  });

  it('refuses a folder whose rules no region would take: that isn’t there, is misspelt, or is one region’s own', async () => {
    const own =
      '@id("T7.own") @reason("own") @zh("自定") @en("own")\nforbid (principal, action == Action::"request", resource);\n';
    file('misspelt/cn-nort-1/own.cedar', own);
    for (const [policies, where, what] of [
      ['nowhere', 'nowhere', /no such folder/],
      ['misspelt', 'misspelt/cn-nort-1', /no region .* has this name/],
      ['misspelt/cn-nort-1', 'misspelt/cn-nort-1/own.cedar', /folder of its region/],
    ] as const) {
      const given = ['--policies', join(folder, policies), '--lang', 'en', '--json'];
      const { code, stdout } = await runDualkey(['rules', 'check', ...given]);
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({
        error: { what: expect.stringMatching(what), where: expect.stringContaining(join(folder, where)) },
      });
    }
  });

  it('names a folder that is out of place as a folder, without a line, and says where policies lie', async () => {
    for (const [lang, said] of [
      ['zh', /规则放在如 cn-north-1\/own\.cedar 处/],
      ['en', /a policy lies at such as cn-north-1\/own\.cedar/],
    ] as const) {
      const given = ['--policies', join(folder, 'misspelt'), '--lang', lang];
      const { code, stderr } = await runDualkey(['rules', 'check', ...given]);
      expect(code).toBe(2);
      expect(stderr).toMatch(said);
      expect(stderr).toContain('misspelt/cn-nort-1');
      expect(stderr).not.toMatch(/:1$|correct the policy|更正该规则/m);
    }
  });

  it('says which rule set each region has', async () => {
    const { code, stdout } = await runDualkey(['rules', 'check', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      regions: [{ region: 'cn-north-1', own: 0 }, {}, {}],
    });
  });
});
