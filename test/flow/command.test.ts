import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { localFolder } from '../../cli/deployment.ts';
import { runDualkey } from '../cli/run-dualkey.ts';
import { conversation, newGuest, requestFor } from './support/retrieval.ts';
import { userOf } from './support/stack.ts';

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

/** Runs `dualkey … --json` and parses its one document. */
async function dualkey(...arguments_: string[]) {
  const { code, stdout, stderr } = await runDualkey([...arguments_, '--json']);
  return { code, document: stdout === '' ? null : JSON.parse(stdout), stderr };
}

describe('the command against a deployed stack', () => {
  it('drives a retrieval from export to archive, with the contract’s answers', async () => {
    const guest = newGuest();
    const legal = userOf('legal');
    const ingested = await dualkey(
      'ingest',
      file('a.jsonl', conversation(guest, 6)),
      '--source',
      'wecom',
      '--hotel',
      'SHA01',
      '--as',
      userOf('it-ops'),
    );
    expect(ingested).toMatchObject({
      code: 0,
      document: {
        batchId: expect.any(String),
        accepted: 6,
        duplicates: 0,
        rejected: [],
        conversations: 1,
        guests: 1,
      },
    });

    const created = await dualkey(
      'request',
      'create',
      '--file',
      file('r.json', JSON.stringify(requestFor(guest))),
      '--as',
      legal,
    );
    expect(created).toMatchObject({
      code: 0,
      document: {
        requestId: expect.any(String),
        state: 'awaiting-approval',
        verdict: { outcome: 'allow', reasons: expect.any(Array), rules: expect.any(Array) },
        route: expect.arrayContaining(['privacy-officer', 'infosec-director']),
        scope: { conversations: 1, records: 6, digest: expect.stringMatching(/^sha256:/) },
        requestDigest: expect.stringMatching(/^sha256:/),
      },
    });
    const id: string = created.document.requestId;

    expect(await dualkey('approve', id, '--reason', '本人申请 my own', '--as', legal)).toMatchObject({
      code: 1,
      document: { verdict: { outcome: 'deny' } },
    });
    expect(
      await dualkey('approve', id, '--reason', '属实 checked', '--as', userOf('privacy-officer')),
    ).toMatchObject({
      code: 0,
      document: {
        requestId: id,
        state: 'awaiting-approval',
        approvals: [{ role: 'privacy-officer', by: expect.any(String), at: expect.any(String) }],
      },
    });
    expect(
      await dualkey('approve', id, '--reason', '同意 agreed', '--as', userOf('infosec-director')),
    ).toMatchObject({
      code: 0,
      document: { requestId: id, approvals: expect.any(Array) },
    });

    const out = join(folder, 'package.zip');
    expect(await dualkey('open', id, '--out', out, '--as', legal)).toMatchObject({
      code: 0,
      document: {
        url: expect.stringMatching(/^http/),
        expiresAt: expect.any(String),
        opensLeft: 2,
        openingId: expect.any(String),
      },
    });
    expect(await dualkey('close', id, '--as', legal)).toMatchObject({
      code: 0,
      document: { state: 'closed' },
    });

    const keys = resolve(localFolder(), 'keys.json');
    expect(await dualkey('verify', out, '--keys', keys)).toMatchObject({
      code: 0,
      document: { ok: true, trust: 'pinned' },
    });
    expect(await dualkey('verify', out)).toMatchObject({
      code: 0,
      document: { ok: true, trust: 'package-only' },
    });
    const changed = readFileSync(out);
    changed[Math.floor(changed.length / 2)] = (changed[Math.floor(changed.length / 2)] ?? 0) ^ 1;
    expect(
      (await dualkey('verify', file('changed.zip', changed.toString('latin1')), '--keys', keys)).code,
    ).not.toBe(0);

    const shown = await dualkey('request', 'show', id, '--as', legal);
    expect(shown).toMatchObject({
      code: 0,
      document: {
        requestId: id,
        approvals: expect.any(Array),
        openings: expect.any(Array),
        events: expect.any(Array),
      },
    });
    const listed = await dualkey('request', 'list', '--as', legal);
    expect(JSON.stringify(listed.document)).toContain(id);
  });

  it('names every bad line of an export and keeps the good ones', async () => {
    const guest = newGuest();
    const [first = '', second = ''] = conversation(guest, 2).split('\n');
    const bad = [first, 'not json', '{"msgid":"x"}', '[]', second].join('\n');
    const { code, document } = await dualkey(
      'ingest',
      file('bad.jsonl', bad),
      '--source',
      'wecom',
      '--hotel',
      'SHA01',
      '--as',
      userOf('it-ops'),
    );
    expect(code).toBe(0);
    expect(document).toMatchObject({ accepted: 2, duplicates: 0 });
    expect(document.rejected.map(({ line }: { line: number }) => line)).toEqual([2, 3, 4]);
  });

  it('answers bad input with exit code 2, saying what and where', async () => {
    const guest = newGuest();
    const export_ = file('x.jsonl', conversation(guest, 1));
    const unknownHotel = await runDualkey([
      'ingest',
      export_,
      '--source',
      'wecom',
      '--hotel',
      'ZZZ99',
      '--as',
      userOf('it-ops'),
    ]);
    expect(unknownHotel).toMatchObject({ code: 2, stderr: expect.stringContaining('SHA01') });
    const unbuilt = await runDualkey([
      'ingest',
      export_,
      '--source',
      'weibo',
      '--hotel',
      'SHA01',
      '--as',
      userOf('it-ops'),
    ]);
    expect(unbuilt.code).toBe(2);
    const unknownUser = await runDualkey(['request', 'list', '--as', 'nobody-at-all']);
    expect(unknownUser.code).toBe(2);
    const hotel = file('h.json', JSON.stringify(requestFor(guest, { hotels: ['ZZZ99'] })));
    expect((await runDualkey(['request', 'create', '--file', hotel, '--as', userOf('legal')])).code).toBe(2);
    expect((await runDualkey(['request', 'show', 'req_nothere', '--as', userOf('legal')])).code).toBe(2);
    expect(
      (await runDualkey(['approve', 'req_nothere', '--reason', 'x', '--as', userOf('legal')])).code,
    ).toBe(2);
  });

  it('says by its exit code that nothing of an export could be read', async () => {
    const nonsense = file('nonsense.jsonl', 'a,b,c\n1,2,3\n');
    const { code, document } = await dualkey(
      ...['ingest', nonsense, '--source', 'wecom', '--hotel', 'SHA01', '--as', userOf('it-ops')],
    );
    expect(code).toBe(2);
    expect(document).toMatchObject({ accepted: 0, rejectedLines: 2 });
  });

  it('refuses an empty scope with exit code 1 and rule R6', async () => {
    const nobody = file('n.json', JSON.stringify(requestFor(newGuest())));
    const { code, document } = await dualkey('request', 'create', '--file', nobody, '--as', userOf('legal'));
    expect(code).toBe(1);
    expect(document).toMatchObject({ state: 'refused', verdict: { outcome: 'deny', rules: ['R6'] } });
  });
});
