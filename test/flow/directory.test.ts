import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { runDualkey } from '../cli/run-dualkey.ts';
import { conversation, decide, ingest, newGuest, refusal, request, requestFor } from './support/retrieval.ts';
import { userOf } from './support/stack.ts';

const imported = z.object({ changes: z.array(z.string()), waiting: z.number(), changed: z.number() });
const shown = z.object({
  active: z.boolean(),
  displayName: z.string(),
  roles: z.array(z.object({ role: z.string(), grantedBy: z.string(), confirmedBy: z.string().optional() })),
  superiors: z.array(z.string()),
  shifts: z.array(z.object({ hotel: z.string() })),
  clients: z.number(),
});

const folder = mkdtempSync(join(tmpdir(), 'dualkey-directory-'));
const KEEPER = userOf('infosec-director');
const SECOND = userOf('hq-approver');

async function dualkey(user: string, ...command: string[]) {
  const { code, stdout, stderr } = await runDualkey([...command, '--json', '--as', user]);
  const said: unknown = JSON.parse(stdout);
  return { code, stderr, said };
}
function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}
async function importing(name: string, text: string) {
  const { code, said, stderr } = await dualkey(KEEPER, 'staff', 'import', fileOf(name, text));
  if (code !== 0) throw new Error(`exit ${code}: ${JSON.stringify(said)} ${stderr}`);
  return imported.parse(said);
}
const show = async (user: string) => shown.parse((await dualkey(KEEPER, 'staff', 'show', user)).said);

/** A change of one person that the keeper proposes; confirmed by the second one where it gives more. */
async function changedBy(name: string, entry: object): Promise<void> {
  const { changes } = await importing(`${name}.json`, JSON.stringify([entry]));
  for (const changeId of changes) {
    const done = await dualkey(SECOND, 'staff', 'confirm', changeId, '--reason', '已核实');
    expect(done).toMatchObject({ code: 0, said: { state: 'confirmed' } });
  }
}

describe('the directory', () => {
  const username = `li.${randomBytes(4).toString('hex')}`;

  it('takes somebody new from a file, who may do nothing until a second person confirms it', async () => {
    const result = await importing(
      'people.json',
      JSON.stringify([
        {
          username,
          displayName: '李四',
          department: '前厅部',
          hotel: 'SHA01',
          manager: userOf('department-head'),
          active: true,
          roles: [{ role: 'front-desk', hotels: ['SHA01'] }],
        },
      ]),
    );
    expect(result).toMatchObject({ waiting: 1 });
    const before = await show(username);
    expect(before).toMatchObject({ active: false, displayName: '李四', roles: [] });
    expect(before.superiors.length).toBeGreaterThan(1);

    const [changeId = ''] = result.changes;
    const own = await dualkey(KEEPER, 'staff', 'confirm', changeId, '--reason', '已核实');
    expect(own.code).toBe(1);
    expect(JSON.stringify(own.said)).toContain('change-confirmed-by-its-proposer');

    const done = await dualkey(SECOND, 'staff', 'confirm', changeId, '--reason', '已核实');
    expect(done).toMatchObject({ code: 0, said: { state: 'confirmed' } });
    expect(await show(username)).toMatchObject({ active: true, roles: [{ role: 'front-desk' }] });
    expect((await show(username)).roles[0]?.confirmedBy).toMatch(/^p_/);
  });

  it('refuses a file whole, with file, line and reason in both languages', async () => {
    const file = fileOf(
      'shifts.csv',
      `username,hotel,from,to\n${username},SHA01,2026-06-15 22:00,2026-06-16 06:00\n`,
    );
    const refused = await dualkey(KEEPER, 'staff', 'import', file);
    expect(refused.code).toBe(2);
    expect(JSON.stringify(refused.said)).toContain(`${file}:2 shifts.0.from`);
    expect(JSON.stringify(refused.said)).toContain('时间没有时区');
    expect(JSON.stringify(refused.said)).toContain('a time without a zone');
    expect((await show(username)).shifts).toEqual([]);
  });

  it('takes away at once, and lets nobody but its keepers bring files', async () => {
    expect(await importing('gone.csv', `username,active,roles\n${username},false,-\n`)).toMatchObject({
      waiting: 0,
      changed: 1,
    });
    expect(await show(username)).toMatchObject({ active: false, roles: [] });
    const lawyer = await dualkey(userOf('legal'), 'staff', 'import', fileOf('x.csv', 'username\nnobody\n'));
    expect(lawyer.code).toBe(1);
    expect(JSON.stringify(lawyer.said)).toContain('may-not-keep-the-directory');
  });

  it('has shifts of now for whoever works in them', async () => {
    expect((await show(userOf('front-desk'))).shifts.length).toBeGreaterThan(0);
  });

  it('lets nobody who keeps it decide beside whom they moved out from under themselves, or let act, meanwhile (A1)', async () => {
    const officer = userOf('privacy-officer');
    const { displayName } = await show(officer);
    const guest = newGuest();
    await ingest(conversation(guest, 2));
    await changedBy('under', { username: officer, manager: KEEPER });
    try {
      const shown = await request(requestFor(guest));
      await decide(shown, 'privacy-officer');
      await changedBy('out', { username: officer, manager: 'chief' });
      expect((await refusal(decide(shown, 'infosec-director'))).reasons).toEqual([
        'approver-was-superior-of-approver-since-the-request',
      ]);
    } finally {
      await changedBy('back', { username: officer, manager: 'chief' });
    }
    const renamed = await request(requestFor(guest));
    try {
      await changedBy('renamed', { username: officer, displayName: '另一位 Another' });
      await decide(renamed, 'privacy-officer');
      expect((await refusal(decide(renamed, 'infosec-director'))).reasons).toEqual([
        'approver-made-what-enables-another-approver',
      ]);
    } finally {
      await changedBy('named', { username: officer, displayName });
    }
    // What is asked for afterwards is held by none of it.
    const after = await request(requestFor(guest));
    await decide(after, 'privacy-officer');
    expect(await decide(after, 'infosec-director')).toMatchObject({ state: 'provisioning' });
  });
});
