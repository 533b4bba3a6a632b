import { createHash, createHmac, randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventually } from './support/eventually.ts';
import { as, daysAgo, newGuest, request, requestFor } from './support/retrieval.ts';
import { dynamo, stack } from './support/stack.ts';

const ACCOUNT = `acct${Date.now()}`;
const APP_SECRET = 'the app secret of this hotel';
const TOKEN = 'the token of this hotel';

const channel = z.looseObject({ path: z.string(), versions: z.array(z.unknown()) });

beforeAll(async () => {
  const itOps = await as('it-ops');
  for (const [name, secrets] of [
    ['whatsapp', { appSecret: APP_SECRET, verifyToken: 'verify me' }],
    ['wechat-official', { token: TOKEN }],
  ] as const) {
    const added = await itOps.post(
      '/channels',
      { channel: name, account: ACCOUNT, hotel: 'SHA01', secrets },
      channel,
    );
    expect(added.path).toBe(`/push/${name}/${ACCOUNT}`);
  }
});

function push(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${stack.apiUrl}${path}`, { method: 'POST', body, headers });
}

function whatsapp(phone: string, id: string, text: string): string {
  const timestamp = String(Math.floor(daysAgo(1).getTime() / 1000));
  const message = { from: phone, id, timestamp, type: 'text', text: { body: text } };
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '862155550100', phone_number_id: ACCOUNT },
    contacts: [{ wa_id: phone, profile: { name: '客人' } }],
    messages: [message],
  };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
  });
}

function signed(body: string, secret = APP_SECRET): Record<string, string> {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}

/** Messages that wait, of everybody. */
async function waiting(): Promise<number> {
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: stack.tables.records }));
  return Items.filter(({ sk }) => String(sk).startsWith('WAIT#')).length;
}

describe('a push', () => {
  it('of WhatsApp is found by a request at once, each message once however often it came', async () => {
    const guest = newGuest();
    const phone = guest.phone.replace('+', '');
    const before = await waiting();
    for (const [id, text] of [
      ['wamid.1', '请问几点可以入住?'],
      ['wamid.2', '有停车场吗?'],
    ] as const) {
      const body = whatsapp(phone, `${id}.${phone}`, text);
      for (let times = 0; times < 2; times += 1) {
        const answer = await push(`/push/whatsapp/${ACCOUNT}`, body, signed(body));
        expect([answer.status, await answer.text()]).toEqual([200, '']);
      }
    }
    await eventually(waiting, (count) => count === before + 2);
    const shown = await request(
      requestFor(guest, { platforms: ['whatsapp'], subject: { kind: 'phone', value: guest.phone } }),
    );
    expect(shown).toMatchObject({ state: 'awaiting-approval', scope: { conversations: 1, records: 2 } });
    expect(await waiting()).toBe(before);
  });

  it('of WeChat answers its handshake and its message', async () => {
    const openid = `o${randomUUID().replaceAll('-', '').slice(0, 27)}`;
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHash('sha1').update([TOKEN, timestamp, 'n'].sort().join('')).digest('hex');
    const query = new URLSearchParams({ signature, timestamp, nonce: 'n' });
    const path = `/push/wechat-official/${ACCOUNT}`;
    const handshake = await fetch(`${stack.apiUrl}${path}?${query}&echostr=5837397520665436492`);
    expect([handshake.status, await handshake.text()]).toEqual([200, '5837397520665436492']);

    const at = Math.floor(daysAgo(1).getTime() / 1000);
    const fields = `<ToUserName><![CDATA[gh_demo]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName>`;
    const body = `<xml>${fields}<CreateTime>${at}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[有停车场吗]]></Content><MsgId>${Date.now()}</MsgId></xml>`;
    const before = await waiting();
    const answer = await push(`${path}?${query}`, body);
    expect([answer.status, await answer.text()]).toEqual([200, 'success']);
    await eventually(waiting, (count) => count === before + 1);
  });

  it('with a bad signature, or to nobody’s account, is refused and leaves nothing', async () => {
    const body = whatsapp('8613800138000', 'wamid.bad', 'forged');
    const before = await waiting();
    const answers = [
      await push(`/push/whatsapp/${ACCOUNT}`, body, signed(body, 'another')),
      await push(`/push/whatsapp/${ACCOUNT}`, body),
      await push('/push/whatsapp/nobody', body, signed(body)),
    ];
    expect(await Promise.all(answers.map(async (one) => [one.status, await one.text()]))).toEqual(
      answers.map(() => [401, 'refused']),
    );
    expect(await waiting()).toBe(before);
  });

  it('is taken no more once its channel is removed', async () => {
    const account = `${ACCOUNT}x`;
    const itOps = await as('it-ops');
    const secrets = { appSecret: APP_SECRET, verifyToken: 'v' };
    await itOps.post('/channels', { channel: 'whatsapp', account, hotel: 'SHA01', secrets }, channel);
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [] });
    expect((await push(`/push/whatsapp/${account}`, body, signed(body))).status).toBe(200);
    await itOps.post('/channels/remove', { channel: 'whatsapp', account }, z.looseObject({}));
    expect((await push(`/push/whatsapp/${account}`, body, signed(body))).status).toBe(401);
  });
});
