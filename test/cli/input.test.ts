import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { companionOf } from '../../cli/companion-file.ts';
import { BadInputError, RejectedCallError } from '../../cli/failure.ts';
import { guestOf } from '../../cli/guest-option.ts';
import { readImportProfile } from '../../cli/import-profile-file.ts';
import { inTermsOf, ofFile, ofOptions } from '../../cli/in-terms-of.ts';
import { readInputFile } from '../../cli/input-file.ts';
import { requestFileSchema } from '../../shared/domain/access-request.ts';
import { caseFileSchema } from '../../shared/policy/case-file.ts';
import { runDualkey } from './run-dualkey.ts';

const REQUEST = {
  purpose: 'dispute',
  basis: 'legal-claim',
  matter: 'M-2026-014',
  subject: { kind: 'phone', value: '+86 138 0013 8000' },
  platforms: ['wecom'],
  hotels: ['SHA01'],
  categories: ['enquiry'],
  from: '2026-05-01T00:00:00+08:00',
  to: '2026-05-31T23:59:59+08:00',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'input-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a request file', () => {
  it('may begin with a byte order mark', async () => {
    const path = file('bom.json', `\uFEFF${JSON.stringify(REQUEST)}`);
    expect(await readInputFile(path, requestFileSchema)).toMatchObject({ matter: 'M-2026-014' });
  });

  it('is refused with the fields of the file, in Chinese and English', async () => {
    const wrong = { ...REQUEST, hotels: ['SHA01', 'sha 1'], masking: 'none' };
    const path = file('wrong.json', JSON.stringify(wrong));
    await expect(readInputFile(path, requestFileSchema)).rejects.toMatchObject({
      where: `${path}: hotels[1], masking`,
      message: expect.stringMatching(
        /hotels\[1\]: 须为酒店代码; masking: 无效选项.* hotels\[1\]: must be a hotel code such as SHA01; masking: Invalid option/,
      ),
    });
  });

  it('with an empty text is told that it must not be empty, in either language', async () => {
    const path = file('empty.json', JSON.stringify({ cases: [{ name: '', request: REQUEST, expect: {} }] }));
    const fault = await readInputFile(path, caseFileSchema).catch((error: unknown) => error);
    if (!(fault instanceof BadInputError)) throw new Error('the file was taken');
    expect(fault.toldIn('zh').what).toMatch(/^cases\[0\]\.name: 不能为空;/);
    expect(fault.toldIn('en').what).toMatch(/^cases\[0\]\.name: must not be empty;/);
    expect(fault.toldIn('en').what).not.toMatch(/\p{Script=Han}/u);
    expect(fault.toldIn('zh').what).not.toMatch(/must|expected/);
  });

  it('is named with its field where the deployment finds the fault', async () => {
    const fault = (where: string) =>
      Promise.reject(
        new RejectedCallError({ zh: '有误', en: 'wrong' }, where, { zh: '更正', en: 'correct it' }),
      );
    await expect(inTermsOf(ofFile('r.json'), fault('body.hotels.0'))).rejects.toMatchObject({
      where: 'r.json: hotels[0]',
    });
    await expect(inTermsOf(ofFile('r.json'), fault('body'))).rejects.toMatchObject({ where: 'r.json' });
    const options = ofOptions({ 'subject.value': '--guest' });
    await expect(
      inTermsOf(options, fault('body.subject.value, body.hotel, query.show')),
    ).rejects.toMatchObject({
      name: 'RejectedCallError',
      where: '--guest, body.hotel, query.show',
    });
  });
});

describe('what is given beside an export', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => [`role ${index}`, 'guest']);
  it.each([
    ['not JSON', 'internal', '{ columns: ', '', /不是 JSON.* not JSON/],
    [
      'a column that no table has',
      'internal',
      '{"columns":{"mood":"心情"}}',
      ': columns.mood',
      /no such column/,
    ],
    [
      'values of such a column',
      'keycard',
      '{"values":{"mood":{"a":"b"}}}',
      ': values.mood',
      /no such column/,
    ],
    [
      'columns for what isn’t a table',
      'wecom',
      '{"columns":{"at":"时间"}}',
      ': columns.at',
      /aren’t read by columns/,
    ],
    [
      'more than a mapping may say',
      'internal',
      JSON.stringify({ values: { from_role: Object.fromEntries(many) } }),
      '',
      /按 JSON 计最多 65536 字节 .*has at most 65536 bytes as JSON/,
    ],
    ['an unknown kind', 'whatsapp', '{"guest":{"kind":"phones","value":"1"}}', ': guest.kind', /无效选项/],
  ] as const)('%s in a mapping is named before anything is sent', async (name, source, text, at, what) => {
    const path = file(`${name}.json`, text);
    await expect(readImportProfile(path, source)).rejects.toMatchObject({
      where: `${path}${at}`,
      message: expect.stringMatching(what),
    });
  });

  it('takes the columns that a source’s tables have', async () => {
    const path = file('good.json', '{"columns":{"door":"门"},"values":{"direction":{"I":"in"}}}');
    expect(await readImportProfile(path, 'keycard')).toMatchObject({ columns: { door: '门' } });
  });

  it('a folder of media that is none, or holds nothing, is refused', async () => {
    const exported = file('export.jsonl', '{}');
    const empty = mkdtempSync(join(folder, 'empty-'));
    writeFileSync(join(empty, '.hidden'), '');
    await expect(companionOf(null, empty, exported)).rejects.toMatchObject({
      where: empty,
      message: expect.stringMatching(/no file/),
    });
    await expect(companionOf(null, exported, exported)).rejects.toMatchObject({
      message: expect.stringMatching(/no folder/),
    });
    await expect(companionOf(null, join(folder, 'none'), exported)).rejects.toMatchObject({
      message: expect.stringMatching(/no folder/),
    });
  });
});

describe('a package', () => {
  it('is not saved over a file that is there, unless that is asked for', async () => {
    const out = file('package.zip', 'evidence');
    const nothingRuns = { DUALKEY_LOCAL_DIR: join(folder, 'no-deployment') };
    const refused = await runDualkey(['open', 'req_1', '--out', out, '--as', 'x'], nothingRuns);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    const forced = await runDualkey(['open', 'req_1', '--out', out, '--force', '--as', 'x'], nothingRuns);
    expect(forced).toMatchObject({ code: 3, stderr: expect.stringContaining('npm run up') });
  });
});

describe('an identifier of a guest', () => {
  it.each([
    'phone:abc',
    'phone:12',
    'phone:11111111111',
    'email:wang',
    'name-and-room:王小明/1203',
    'document:--',
    'booking: ',
    'wecom:wm guest',
    'employee:zhang.san',
  ])('that can be none is refused before anything is sent: %s', async (guest) => {
    const { code, stderr, stdout } = await runDualkey(['view', '--guest', guest, '--as', 'x', '--json'], {
      DUALKEY_LOCAL_DIR: join(folder, 'no-deployment'),
    });
    expect(code).toBe(2);
    const error = { what: expect.stringMatching(/该值不是 .* can't be a/), where: '--guest' };
    expect(JSON.parse(stdout)).toMatchObject({ error });
    // Nobody's number is repeated.
    expect(
      `${stdout}${stderr}`.replaceAll(/phone:\+8613800138000|email:wang@example\.com/g, ''),
    ).not.toContain(guest);
  });

  it.each(['phone:138 0013 8000', 'phone:+1 212 555 0123', 'document:E12345678', 'booking@ctrip:36912345'])(
    'is taken in each form that people write: %s',
    (guest) => {
      expect(guestOf(guest)).toMatchObject({ value: guest.slice(guest.indexOf(':') + 1) });
    },
  );
});
