import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { sha256 } from '../../shared/domain/digest.ts';
import { runDualkey } from '../cli/run-dualkey.ts';
import { invoke } from './support/invoke.ts';
import { keysIn } from './support/leftovers.ts';
import { objectText } from './support/reading.ts';
import {
  as,
  conversation,
  daysAgo,
  decide,
  type Guest,
  ingest,
  newGuest,
  openGrant,
  reached,
  refusal,
  request,
  requestFor,
} from './support/retrieval.ts';
import { userOf } from './support/stack.ts';

const PROVIDER = '携程计算机技术（上海）有限公司';
const DRAFT = { provider: PROVIDER, platform: 'wecom', dueDays: 14 };
const shown = z.looseObject({
  providerRequestId: z.string(),
  state: z.string(),
  answerBy: z.string().nullable(),
});
const listed = z.object({ providerRequests: z.array(shown) });
const batch = z.object({ batchId: z.string(), accepted: z.number() });
const archived = z.object({
  providerRequests: z.array(
    z.object({
      providerRequestId: z.string(),
      state: z.string(),
      letters: z.array(z.string()),
      answers: z.array(z.object({ digest: z.string() })),
    }),
  ),
});

async function dualkey(...arguments_: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await runDualkey([...arguments_, '--json', '--as', userOf('legal')]);
  if (code !== 0) throw new Error(`exit ${code}: ${stdout} ${stderr}`);
  return JSON.parse(stdout);
}

/** What Ctrip has of the guest, as a table of its own. */
function ctripMessages({ phone }: Guest, count: number): string {
  const rows = Array.from(
    { length: count },
    (_, index) =>
      `m${phone}-${index},${phone.slice(-8)},${phone},${daysAgo(5 + index)
        .toISOString()
        .slice(0, 19)
        .replace('T', ' ')},客人,房间可以延迟退房吗?`,
  );
  return ['消息编号,订单号,手机号,发送时间,角色,内容', ...rows, ''].join('\n');
}

describe('letters to providers on the deployed stack', () => {
  it('go from draft to an answer that is kept, brought in, and listed in the archive', async () => {
    const { guest, shown: grant } = await openGrant(2, { platforms: ['wecom', 'ctrip'] });
    const folder = mkdtempSync(join(tmpdir(), 'letter-'));
    try {
      const created = shown.parse(
        await dualkey(
          ...['provider-request', 'create', grant.requestId, '--provider', PROVIDER],
          ...['--platform', 'ctrip', '--due-days', '14', '--address', '上海市长宁区'],
        ),
      );
      const id = created.providerRequestId;
      const issued = z
        .object({ digest: z.string(), files: z.array(z.string()) })
        .parse(await dualkey('provider-request', 'letter', id, '--out', folder));
      const [html = '', text = ''] = issued.files.map((file) => readFileSync(file, 'utf8'));
      expect(sha256(text)).toBe(issued.digest);
      for (const letter of [html, text]) expect(letter).toContain(guest.wecom);
      await dualkey('provider-request', 'sent', id, '--reference', 'SF1234567890123');

      // The provider has words that the hotel doesn't.
      const file = join(folder, 'answer.csv');
      writeFileSync(file, ctripMessages(guest, 3));
      const bringIn = [
        ...['provider-request', 'answer', id, file],
        ...['--source', 'ctrip', '--timezone', 'Asia/Shanghai'],
      ];
      const answer = z
        .object({ state: z.string(), kept: z.string(), batch, notice: z.object({ rule: z.string() }) })
        .parse(await dualkey(...bringIn));
      expect(answer).toMatchObject({
        state: 'answered',
        kept: sha256(readFileSync(file)),
        batch: { accepted: 3 },
        notice: { rule: 'A7' },
      });
      const of = `provider-answers/${id}/${answer.kept.replace('sha256:', '')}/`;
      expect(await keysIn('evidence', of)).toEqual([`${of}0000`]);
      expect(await objectText('evidence', `${of}0000`)).not.toContain(guest.wecom);
      expect(await keysIn('inbox', 'provider-answers/')).toEqual([]);
      // The same again keeps nothing twice and brings nothing twice.
      expect(await dualkey(...bringIn)).toMatchObject({
        batch: { accepted: 0, duplicates: 3 },
      });
      expect(
        await (await as('it-ops')).get(`/batches/${answer.batch.batchId}`, z.looseObject({})),
      ).toMatchObject({ providerRequest: id });

      await (await as('legal')).post(`/requests/${grant.requestId}/close`, {}, z.looseObject({}));
      await reached(grant.requestId, 'archived');
      const text_ = await objectText('evidence', `archives/${grant.requestId}.json`);
      expect(archived.parse(JSON.parse(text_)).providerRequests).toMatchObject([
        {
          providerRequestId: id,
          state: 'answered',
          letters: [issued.digest],
          answers: [{ digest: answer.kept }],
        },
      ]);
      expect(text_).not.toContain(PROVIDER);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are refused before approval, to whoever has no part in them, and once the grant is over', async () => {
    const guest = newGuest();
    await ingest(conversation(guest, 2));
    const asked = await request(requestFor(guest));
    const legal = await as('legal');
    const route = `/requests/${asked.requestId}/provider-requests`;
    expect((await refusal(legal.post(route, DRAFT, shown))).reasons).toEqual(['request-not-approved-now']);
    await decide(asked, 'privacy-officer');
    await decide(asked, 'infosec-director');
    await reached(asked.requestId, 'open');
    expect((await refusal((await as('sales')).post(route, DRAFT, shown))).rules).toContain('L8');
    expect((await refusal(legal.post(route, { ...DRAFT, platform: 'ctrip' }, shown))).rules).toEqual(['R11']);
    const { providerRequestId } = await legal.post(route, DRAFT, shown);
    await legal.post(`/requests/${asked.requestId}/close`, {}, z.looseObject({}));
    const letter = legal.post(`/provider-requests/${providerRequestId}/letter`, {}, z.looseObject({}));
    expect((await refusal(letter)).reasons).toEqual(['request-not-approved-now']);
  });

  it('fall overdue by the injected clock, and may still be refused', async () => {
    const { shown: grant } = await openGrant(2);
    const legal = await as('legal');
    const route = `/requests/${grant.requestId}/provider-requests`;
    const { providerRequestId } = await legal.post(route, { ...DRAFT, dueDays: 1 }, shown);
    await legal.post(`/provider-requests/${providerRequestId}/letter`, {}, z.looseObject({}));
    const sent = await legal.post(
      `/provider-requests/${providerRequestId}/sent`,
      { reference: 'A-1' },
      shown,
    );
    const asOf = new Date(new Date(sent.answerBy ?? 0).getTime() + 1_000).toISOString();
    await invoke('reconcile', { asOf });
    const [overdue] = (await legal.get(route, listed)).providerRequests;
    expect(overdue).toMatchObject({ state: 'overdue', overdueSince: asOf });
    const refusing = { reason: '需法院调查令', asOf };
    expect(
      await legal.post(`/provider-requests/${providerRequestId}/refused`, refusing, shown),
    ).toMatchObject({ state: 'refused' });
  });
});
