import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { runDualkey } from '../cli/run-dualkey.ts';
import {
  as,
  conversation,
  decide,
  type Guest,
  ingest,
  newGuest,
  reached,
  refusal,
  request,
  requestFor,
} from './support/retrieval.ts';
import { userOf } from './support/stack.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cases-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const imported = z.object({
  filed: z.number(),
  unchanged: z.number(),
  waiting: z.number(),
  changeId: z.string().nullable(),
});

/** Runs `dualkey case … --json` as a demo person. */
async function dualkeyCase(role: string, ...arguments_: string[]) {
  const { code, stdout } = await runDualkey(['case', ...arguments_, '--as', userOf(role), '--json']);
  const document: unknown = stdout === '' ? null : JSON.parse(stdout);
  return { code, document };
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What the information security director asks for of a guest (T3). */
function directorAsks(guest: Guest, ticket: string) {
  return request(
    requestFor(guest, { matter: null, ticket, purpose: 'complaint', basis: 'contract' }),
    as('infosec-director'),
  );
}

let files = 0;
function disputeFile(guest: Guest, number: string, closedAt = ''): string {
  files += 1;
  return file(
    `dispute-${files}.csv`,
    `kind,reference,hotels,guests,department,openedAt,closedAt\ndispute,${number},SHA01,wecom:${guest.wecom},Spa,2026-01-05T08:00:00+08:00,${closedAt}\n`,
  );
}

describe('cases on the deployed stack', () => {
  it('keep a guest’s records back while a dispute is in progress elsewhere, until two people close it (R3)', async () => {
    const guest = newGuest();
    await ingest(conversation(guest, 4));
    const number = `D-${guest.phone.slice(-8)}`;
    const filed = await dualkeyCase('legal', 'import', disputeFile(guest, number));
    expect(filed).toMatchObject({ code: 0, document: { filed: 1, waiting: 0 } });
    expect(await directorAsks(guest, 'T-1')).toMatchObject({
      state: 'refused',
      verdict: { rules: expect.arrayContaining(['R3']) },
    });

    const closing = await dualkeyCase('legal', 'import', disputeFile(guest, number, '2026-01-06T08:00:00Z'));
    expect(closing).toMatchObject({ code: 0, document: { filed: 0, waiting: 1 } });
    const changeId = imported.parse(closing.document).changeId ?? '';
    expect(await dualkeyCase('legal', 'confirm', changeId)).toMatchObject({ code: 1 });
    expect(await directorAsks(guest, 'T-2')).toMatchObject({ state: 'refused' });
    expect(await dualkeyCase('privacy-officer', 'confirm', changeId)).toMatchObject({
      code: 0,
      document: { state: 'confirmed' },
    });
    expect(await dualkeyCase('legal', 'show', 'dispute', number)).toMatchObject({
      code: 0,
      document: { closedAt: '2026-01-06T08:00:00.000Z', guests: 1 },
    });
    const asked = await directorAsks(guest, 'T-3');
    expect(asked).toMatchObject({ state: 'awaiting-approval' });
    // Whoever closed it, or confirmed that, is no second pair of eyes on what rests on it (A1).
    for (const role of ['legal', 'privacy-officer']) {
      expect(await refusal(decide(asked, role))).toMatchObject({
        rules: ['A1'],
        reasons: ['approver-brought-the-case-on-file'],
      });
    }
    await decide(asked, 'privacy-officer', 'approve', {}, 1);
    const { approvals } = await reached(asked.requestId, 'awaiting-approval');
    expect(approvals).toMatchObject([{ role: 'privacy-officer' }]);
  });

  it('of a matter that is closed refuse its requests; the file that closed it stands whole or not at all (T7)', async () => {
    const guest = newGuest();
    await ingest(conversation(guest, 2));
    const matter = `M-${guest.phone.slice(-8)}`;
    const entry = { kind: 'matter', reference: matter, hotels: ['SHA01'], openedAt: '2026-01-01T00:00:00Z' };
    const bad = [
      { ...entry, closedAt: '2026-01-02T00:00:00Z' },
      { ...entry, reference: 'M-2', hotels: ['XXX99'] },
    ];
    const refused = await dualkeyCase('legal', 'import', file('bad.json', JSON.stringify(bad, null, 1)));
    expect(refused).toMatchObject({
      code: 2,
      document: { error: { where: expect.stringMatching(/bad\.json:\d+/) } },
    });
    expect(await request(requestFor(guest, { matter }))).toMatchObject({ state: 'awaiting-approval' });

    const good = file('good.json', JSON.stringify([bad[0]]));
    expect(await dualkeyCase('legal', 'import', good)).toMatchObject({ code: 0, document: { filed: 1 } });
    expect(await dualkeyCase('legal', 'import', good)).toMatchObject({
      document: { filed: 0, unchanged: 1 },
    });
    expect(await request(requestFor(guest, { matter }))).toMatchObject({
      state: 'refused',
      verdict: { rules: ['T7'] },
    });
  });

  it('of four retrievals of one guest that are approved at one time, three are granted (R4)', async () => {
    const guest = newGuest();
    await ingest(conversation(guest, 3));
    const shown = [];
    for (const ticket of ['T-1', 'T-2', 'T-3', 'T-4']) shown.push(await directorAsks(guest, ticket));
    expect(shown.map(({ state }) => state)).toEqual(Array(4).fill('awaiting-approval'));
    for (const one of shown) await decide(one, 'legal');
    await Promise.all(shown.map((one) => decide(one, 'privacy-officer')));
    const ended = await Promise.all(shown.map(({ requestId }) => reached(requestId, 'open', 'failed')));
    expect(ended.map(({ state }) => state).sort()).toEqual(['failed', 'open', 'open', 'open']);
    expect(await directorAsks(guest, 'T-5')).toMatchObject({
      state: 'refused',
      verdict: { rules: ['R4'] },
    });
    // Of one matter legal's count once, and as legal's own.
    expect(await request(requestFor(guest))).toMatchObject({ state: 'awaiting-approval' });
  });
});
