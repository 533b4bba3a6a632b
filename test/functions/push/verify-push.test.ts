import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PushCall } from '../../../functions/push/push-call.ts';
import { verifyHandshake, verifyPush } from '../../../functions/push/verify-push.ts';
import type { ChannelSecrets } from '../../../shared/domain/channel.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';

const NOW = new Date('2026-06-01T00:00:00.000Z');
const SECONDS = String(NOW.getTime() / 1000);
const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

function call(changes: Partial<PushCall> & { text?: string } = {}): PushCall {
  const { text = '', ...rest } = changes;
  return { method: 'POST', query: {}, headers: {}, body: Buffer.from(text), ...rest };
}
function sha1(...parts: string[]): string {
  return createHash('sha1').update(parts.sort().join('')).digest('hex');
}
function queryOf(secret: string, timestamp = SECONDS) {
  return { timestamp, nonce: 'n0nce', signature: sha1(secret, timestamp, 'n0nce') };
}

const WECHAT: ChannelSecrets = { channel: 'wechat-official', secrets: { token: 'the token' } };
const ENCRYPTED: ChannelSecrets = {
  channel: 'wechat-official',
  secrets: { token: 'the token', encodingAesKey: AES_KEY, appId: 'wx5823bf96d3bd56c7' },
};
const WEIBO: ChannelSecrets = { channel: 'weibo', secrets: { appSecret: 'xyz123xyz' } };
const WHATSAPP: ChannelSecrets = {
  channel: 'whatsapp',
  secrets: { appSecret: 'app secret', verifyToken: 'verify me' },
};
const LINE: ChannelSecrets = { channel: 'line', secrets: { channelSecret: 'channel secret' } };
const BOOKING: ChannelSecrets = {
  channel: 'booking',
  secrets: { tokenSecret: 'a secret of at least 32 characters' },
};

describe('WeChat, plain', () => {
  it('takes what its token signs', () => {
    const push = call({ text: '<xml/>', query: queryOf('the token') });
    expect(verifyPush(push, WECHAT, NOW)).toEqual({ ok: true, body: Buffer.from('<xml/>') });
  });

  it('refuses another token’s signature, none, and an old one', () => {
    expect(verifyPush(call({ query: queryOf('another') }), WECHAT, NOW)).toMatchObject({
      reason: 'bad-signature',
    });
    expect(verifyPush(call(), WECHAT, NOW)).toMatchObject({ reason: 'bad-signature' });
    for (const minutes of [-10, 10]) {
      const stale = String(NOW.getTime() / 1000 + minutes * 60);
      expect(verifyPush(call({ query: queryOf('the token', stale) }), WECHAT, NOW)).toMatchObject({
        reason: 'stale',
      });
    }
  });

  it('is refused where the channel encrypts', () => {
    expect(verifyPush(call({ query: queryOf('the token') }), ENCRYPTED, NOW)).toMatchObject({
      reason: 'not-encrypted',
    });
  });

  it('answers the handshake with what was sent, and with nothing that a browser could run', () => {
    const query = { ...queryOf('the token'), echostr: '5837397520665436492' };
    expect(verifyHandshake(call({ method: 'GET', query }), WECHAT, NOW)).toEqual({
      ok: true,
      answer: '5837397520665436492',
    });
    expect(verifyHandshake(call({ query: { ...query, echostr: '<script>' } }), WECHAT, NOW)).toMatchObject({
      reason: 'not-a-handshake',
    });
    expect(verifyHandshake(call({ query: { ...query, signature: 'x' } }), WECHAT, NOW)).toMatchObject({
      reason: 'bad-signature',
    });
  });
});

/** As the platform encrypts (its documentation, "Message Encryption and Decryption"). */
function encrypted(message: string, receiver = 'wx5823bf96d3bd56c7'): string {
  const key = Buffer.from(`${AES_KEY}=`, 'base64');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(message));
  const plain = Buffer.concat([randomBytes(16), length, Buffer.from(message), Buffer.from(receiver)]);
  const padding = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([plain, Buffer.alloc(padding, padding)]);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}
function encryptedCall(
  content: string,
  text = `<xml><Encrypt><![CDATA[${content}]]></Encrypt></xml>`,
): PushCall {
  const signature = sha1('the token', SECONDS, 'n', content);
  const query = { encrypt_type: 'aes', timestamp: SECONDS, nonce: 'n', msg_signature: signature };
  return call({ text, query });
}

describe('WeChat, encrypted', () => {
  it('gives what was encrypted, of any length, in XML and in JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (message) => {
        const content = encrypted(message);
        for (const text of [undefined, JSON.stringify({ ToUserName: 'gh_1', Encrypt: content })]) {
          const verified = verifyPush(encryptedCall(content, text), ENCRYPTED, NOW);
          expect(verified.ok && Buffer.from(verified.body).toString()).toBe(message);
        }
      }),
    );
  });

  it('refuses a changed body, another receiver, two bodies, and a channel without a key', () => {
    const content = encrypted('<xml/>');
    const push = encryptedCall(content);
    const changed = `${content.startsWith('A') ? 'B' : 'A'}${content.slice(1)}`;
    const other = call({ text: `<xml><Encrypt><![CDATA[${changed}]]></Encrypt></xml>`, query: push.query });
    expect(verifyPush(other, ENCRYPTED, NOW)).toMatchObject({ reason: 'bad-signature' });
    expect(verifyPush(encryptedCall(encrypted('<xml/>', 'wx0')), ENCRYPTED, NOW)).toMatchObject({
      reason: 'wrong-receiver',
    });
    const element = `<Encrypt><![CDATA[${content}]]></Encrypt>`;
    expect(
      verifyPush(encryptedCall(content, `<xml>${element}${element}</xml>`), ENCRYPTED, NOW),
    ).toMatchObject({ reason: 'not-encrypted' });
    expect(verifyPush(push, WECHAT, NOW)).toMatchObject({ reason: 'encrypted-mode-not-configured' });
  });

  it('never breaks on what is signed and isn’t what it should be', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const content = Buffer.from(bytes).toString('base64');
        expect(verifyPush(encryptedCall(content), ENCRYPTED, NOW).ok).toBe(false);
      }),
    );
  });
});

describe('Weibo', () => {
  it('signs as the vendor’s example does', () => {
    const query = {
      timestamp: '1397022061823',
      nonce: '57155157',
      signature: '90e4c22c90a58f26526c2dd5b6c56c8822edeaa1',
    };
    const at = new Date(1397022061823);
    expect(verifyPush(call({ text: '{}', query }), WEIBO, at).ok).toBe(true);
    expect(verifyPush(call({ text: '{}', query }), WEIBO, NOW)).toMatchObject({ reason: 'stale' });
    expect(verifyHandshake(call({ method: 'GET', query: { ...query, echostr: 'abc' } }), WEIBO, at)).toEqual({
      ok: true,
      answer: 'abc',
    });
  });
});

describe.each([
  [
    'WhatsApp',
    WHATSAPP,
    (body: string) => ({
      'x-hub-signature-256': `sha256=${createHmac('sha256', 'app secret').update(body).digest('hex')}`,
    }),
  ],
  [
    'LINE',
    LINE,
    (body: string) => ({
      'x-line-signature': createHmac('sha256', 'channel secret').update(body).digest('base64'),
    }),
  ],
] as const)('%s', (_, own, headersOf) => {
  it('takes exactly the bytes that were signed, and no others', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), (text, position) => {
        const signed = call({ text, headers: headersOf(text) });
        expect(verifyPush(signed, own, NOW)).toEqual({ ok: true, body: Buffer.from(text) });
        const changed = Buffer.from(text);
        const at = position % changed.length;
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(verifyPush({ ...signed, body: changed }, own, NOW)).toMatchObject({
          reason: 'bad-signature',
        });
      }),
    );
    expect(verifyPush(call({ text: 'unsigned' }), own, NOW)).toMatchObject({ reason: 'bad-signature' });
  });
});

describe('a handshake', () => {
  it('of WhatsApp is answered with its challenge where the token is the channel’s', () => {
    const query = { 'hub.mode': 'subscribe', 'hub.verify_token': 'verify me', 'hub.challenge': '1158201444' };
    expect(verifyHandshake(call({ query }), WHATSAPP, NOW)).toEqual({ ok: true, answer: '1158201444' });
    expect(
      verifyHandshake(call({ query: { ...query, 'hub.verify_token': '' } }), WHATSAPP, NOW),
    ).toMatchObject({ reason: 'bad-signature' });
  });

  it('is nothing that LINE and Booking do', () => {
    for (const own of [LINE, BOOKING]) {
      expect(verifyHandshake(call(), own, NOW)).toMatchObject({ reason: 'not-a-handshake' });
    }
  });
});

function bearer(
  claims: object,
  { header = { alg: 'HS256', typ: 'JWT' }, secret = 'a secret of at least 32 characters' } = {},
) {
  const [head, body] = [header, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url');
  return { authorization: `Bearer ${head}.${body}.${signature}` };
}

describe('Booking', () => {
  const seconds = NOW.getTime() / 1000;
  it('takes a token of the hotel’s own endpoint, while it is valid', () => {
    const push = call({ text: '{}', headers: bearer({ exp: seconds + 600 }) });
    expect(verifyPush(push, BOOKING, NOW)).toEqual({ ok: true, body: Buffer.from('{}') });
  });

  it.each([
    ['expired', bearer({ exp: seconds - 1 }), 'stale'],
    ['valid for ever', bearer({ exp: seconds + 10 * 365 * 86_400 }), 'stale'],
    ['without an end', bearer({}), 'bad-signature'],
    ['of another secret', bearer({ exp: seconds + 600 }, { secret: 'x' }), 'bad-signature'],
    [
      'of another algorithm',
      bearer({ exp: seconds + 600 }, { header: { alg: 'none', typ: 'JWT' } }),
      'bad-signature',
    ],
    ['that is none', { authorization: 'Bearer x' }, 'bad-signature'],
    [
      'longer than any',
      bearer({ exp: seconds + 600, more: 'x'.repeat(LIMITS.pushHeaderCharacters) }),
      'bad-signature',
    ],
  ])('refuses a token %s', (_, headers, reason) => {
    expect(verifyPush(call({ headers }), BOOKING, NOW)).toEqual({ ok: false, reason });
  });
});
