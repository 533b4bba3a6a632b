import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DescribeExecutionCommand, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { localFolder } from '../../cli/deployment.ts';
import { verifyPackage } from '../../cli/verify-package.ts';
import { deadLetters, keysIn, leftovers, NOTHING_LEFT } from './support/leftovers.ts';
import { expectState, objectText, pinnedKeys, readEntries } from './support/reading.ts';
import {
  as,
  conversation,
  daysAgo,
  decide,
  type Guest,
  ingest,
  newGuest,
  openOnce,
  reached,
  request,
  requestFor,
} from './support/retrieval.ts';
import { executionArn, states } from './support/stack.ts';

const SECRET_WORDS = '我的手机号是13912345678,身份证11010519491231002X';

describe('the whole loop', () => {
  let guest: Guest;
  let requestId: string;
  let packageBytes: Buffer;

  beforeAll(async () => {
    guest = newGuest();
    const spoken = conversation(guest, 12).replace('请问第0项服务几点开始?', SECRET_WORDS);
    const batch = await ingest(spoken);
    expect(batch).toMatchObject({ accepted: 12, duplicates: 0, rejected: [], conversations: 1, guests: 1 });

    const shown = await request(requestFor(guest));
    expect(shown).toMatchObject({
      state: 'awaiting-approval',
      verdict: { outcome: 'allow' },
      scope: { conversations: 1, records: 12 },
    });
    expect([...shown.route].sort()).toEqual(['infosec-director', 'privacy-officer']);
    requestId = shown.requestId;

    expect(await decide(shown, 'privacy-officer')).toMatchObject({ state: 'awaiting-approval' });
    expect(await decide(shown, 'infosec-director')).toMatchObject({ state: 'provisioning' });
    expect(await reached(requestId, 'open', 'failed')).toMatchObject({ state: 'open' });

    const opening = await openOnce(requestId);
    expect(opening.opensLeft).toBe(2);
    const response = await fetch(opening.url);
    expect(response.status).toBe(200);
    packageBytes = Buffer.from(await response.arrayBuffer());
    writeFileSync(resolve(localFolder(), 'loop-package.zip'), packageBytes, { mode: 0o600 });

    const legal = await as('legal');
    await legal.post(`/requests/${requestId}/close`, {}, expectState('closed'));
    await reached(requestId, 'archived');
  });

  it('gives a package that verifies offline, signed by this deployment', async () => {
    const verified = await verifyPackage(packageBytes, pinnedKeys());
    expect(verified.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(verified).toMatchObject({ ok: true, trust: 'pinned' });
  });

  it('holds the approved records, with what is sensitive masked', async () => {
    const entries = await readEntries(packageBytes);
    const lines = (entries.get('records.ndjson') ?? '').trim().split('\n');
    expect(lines).toHaveLength(12);
    const all = [...entries.values()].join('\n');
    expect(all).toContain('第11项服务上午九点开始');
    for (const secret of ['13912345678', '11010519491231002X', guest.phone, guest.wecom]) {
      expect(all).not.toContain(secret);
    }
  });

  it('leaves nothing behind: inbox, uploads, staged records, copies, temporary files, dead letters', async () => {
    expect(await leftovers(requestId)).toEqual(NOTHING_LEFT);
    expect(await deadLetters()).toEqual({});
  });

  it('leaves an archive without a guest’s word or identifier', async () => {
    const [archive] = await keysIn('evidence', `archives/${requestId}`);
    expect(archive).toBeDefined();
    const text = await objectText('evidence', archive ?? '');
    for (const secret of ['服务', '13912345678', guest.wecom, guest.phone])
      expect(text).not.toContain(secret);
    expect(text).toContain(requestId);
  });

  it('keeps personal data out of the execution’s input and history', async () => {
    const arn = executionArn(requestId);
    const execution = await states.send(new DescribeExecutionCommand({ executionArn: arn }));
    expect(execution.status).toBe('SUCCEEDED');
    const { events } = await states.send(
      new GetExecutionHistoryCommand({ executionArn: arn, includeExecutionData: true, maxResults: 1000 }),
    );
    const history = JSON.stringify([execution, events]);
    for (const secret of ['服务', guest.wecom, guest.phone, '案件需要'])
      expect(history).not.toContain(secret);
  });

  it('takes the same file again as duplicates only', async () => {
    const again = newGuest();
    const file = conversation(again, 5);
    expect(await ingest(file)).toMatchObject({ accepted: 5, duplicates: 0 });
    expect(await ingest(file)).toMatchObject({ accepted: 0, duplicates: 5 });
    expect(await ingest(`${file}\n${conversation(again, 1, daysAgo(9).toISOString())}`)).toMatchObject({
      accepted: 1,
      duplicates: 5,
    });
  });

  it('refuses a link once its grant is archived', async () => {
    await expect(openOnce(requestId, randomUUID())).rejects.toMatchObject({ name: 'RefusedError' });
  });
});

describe('a half-approved request', () => {
  it('opens with the genuine words although the same message came meanwhile with others and an earlier time', async () => {
    const guest = newGuest();
    const genuine = conversation(guest, 3);
    await ingest(genuine);
    const shown = await request(requestFor(guest));
    await decide(shown, 'privacy-officer');

    const [line = ''] = genuine.split('\n');
    const forged = line
      .replace('请问第0项服务几点开始?', '伪造的话')
      .replace(String(daysAgo(10).getTime()), String(daysAgo(15).getTime()));
    expect(await ingest(forged)).toMatchObject({ accepted: 1, duplicates: 0, conflicts: 1 });

    await decide(shown, 'infosec-director');
    expect(await reached(shown.requestId, 'open', 'failed')).toMatchObject({ state: 'open' });
    const response = await fetch((await openOnce(shown.requestId)).url);
    const entries = await readEntries(Buffer.from(await response.arrayBuffer()));
    const lines = (entries.get('records.ndjson') ?? '').trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('请问第0项服务几点开始?');
    expect([...entries.values()].join()).not.toContain('伪造的话');
    const { conflicts } = z
      .object({ conflicts: z.array(z.array(z.string())) })
      .parse(JSON.parse(entries.get('completeness.json') ?? ''));
    expect(conflicts).toEqual([[expect.any(String), expect.any(String)]]);

    // Whoever asks anew gets both versions, and is told that they differ.
    const again = await request(requestFor(guest));
    expect(again).toMatchObject({ scope: { records: 4 } });
  });
});
