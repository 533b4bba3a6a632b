import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { gatherWorld, signedWhatsapp, WHATSAPP_SECRET, whatsappMessage } from '../gather/gather-world.ts';

const BODY = Buffer.from('{"object":"whatsapp_business_account","entry":[]}');

async function world() {
  const own = gatherWorld();
  await own.channel({ channel: 'whatsapp', secrets: { appSecret: WHATSAPP_SECRET, verifyToken: 'v' } });
  return own;
}

describe('a push', () => {
  it('that is signed goes into the queue', async () => {
    const own = await world();
    expect((await own.push('whatsapp', signedWhatsapp(BODY))).status).toBe(200);
    expect(own.queue).toHaveLength(1);
    expect(own.refused).toEqual([]);
  });

  it('with a bad signature is refused: nothing of it is kept, and it is counted', async () => {
    const own = await world();
    const answer = await own.push('whatsapp', signedWhatsapp(BODY, 'another secret'));
    expect(answer).toEqual({ status: 401, text: 'refused' });
    expect(own.queue).toEqual([]);
    expect(own.refused).toEqual(['bad-signature']);
    expect(await own.events('whatsapp')).toMatchObject([
      { type: 'channel-added' },
      { type: 'push-refused', actor: 'function:push', data: { reason: 'bad-signature' } },
    ]);
  });

  it('signed by the same app for another of its accounts is refused: nothing of it is kept', async () => {
    const own = await world();
    const secrets = { appSecret: WHATSAPP_SECRET, verifyToken: 'v' };
    await own.channel({ channel: 'whatsapp', secrets }, '999000');
    const body = Buffer.from(whatsappMessage('8613800138000', 'wamid.1', 'x', own.now()));
    expect((await own.push('whatsapp', signedWhatsapp(body), { account: '999000' })).status).toBe(401);
    expect([own.refused, own.queue]).toEqual([['wrong-receiver'], []]);
    expect((await own.push('whatsapp', signedWhatsapp(body))).status).toBe(200);
  });

  it('refused many times leaves one event a minute, in whatever processes', async () => {
    const own = await world();
    for (let times = 0; times < 20; times += 1) {
      const parts = times % 2 === 0 ? own.process() : own.reader;
      await own.push('whatsapp', { body: BODY }, { parts });
      await own.push('whatsapp', { body: BODY }, { account: `nobody${times}`, parts });
      await own.push(`channel${times}`, { body: BODY }, { parts });
    }
    expect(own.refused).toHaveLength(60);
    expect(await own.events('whatsapp')).toHaveLength(2);
    expect(await own.reader.custody.events('channel/unknown')).toHaveLength(1);
    own.pass(1);
    await own.push('whatsapp', { body: BODY });
    expect(await own.events('whatsapp')).toHaveLength(3);
  });

  it('refused while its event can’t be written leaves it with the next refusal of that minute', async () => {
    const own = await world();
    let breaks = true;
    const parts = own.process(
      undefined,
      (operation) => breaks && operation === 'dynamodb.TransactWriteItems',
    );
    await expect(own.push('whatsapp', { body: BODY }, { parts })).rejects.toThrow();
    expect(await own.events('whatsapp')).toHaveLength(1);
    breaks = false;
    await own.push('whatsapp', { body: BODY }, { parts });
    await own.push('whatsapp', { body: BODY }, { parts });
    expect(await own.events('whatsapp')).toHaveLength(2);
  });

  it('to an account that nobody added is answered as a bad signature is', async () => {
    const own = await world();
    const unknown = await own.push('whatsapp', signedWhatsapp(BODY), { account: 'nobody' });
    expect(unknown).toEqual(await own.push('whatsapp', { body: BODY }));
    expect(await own.push('whatsapp', signedWhatsapp(BODY), { account: 'a#b' })).toEqual(unknown);
  });

  it('larger than pushes may be is refused before anything is read', async () => {
    const own = await world();
    const body = Buffer.alloc(LIMITS.pushBodyBytes + 1);
    expect((await own.push('whatsapp', signedWhatsapp(body))).status).toBe(413);
    expect(own.refused).toEqual(['too-large']);
  });

  it('as large as pushes may be fits into the queue once it is compressed', async () => {
    const own = await world();
    const body = Buffer.from('{"text":"请问几点可以入住"}\n'.repeat(60_000).slice(0, 600_000));
    expect((await own.push('whatsapp', signedWhatsapp(body))).status).toBe(200);
    expect(own.queue[0]?.body.length).toBeLessThan(256 * 1024);
  });

  it('is taken under the secrets before a rotation and after it, and under none once the channel is removed', async () => {
    const own = await world();
    const place = { channel: 'whatsapp' as const, account: '106540352242922' };
    const before = await own.reader.channels.read(place);
    if (before === null) throw new Error('There is no channel');
    const at = own.now();
    const draft = { at, actor: 'p_it', data: {} };
    const next = await own.reader.secrets.seal(
      { channel: 'whatsapp', secrets: { appSecret: 'the next secret', verifyToken: 'v' } },
      place.account,
    );
    const versions = [{ version: 2, addedAt: at.toISOString(), ...next }, ...before.versions];
    expect(await own.reader.channels.rotate(before, versions, draft)).toBe('rotated');
    expect(await own.reader.channels.rotate(before, versions, draft)).toBe('stale');
    for (const secret of [WHATSAPP_SECRET, 'the next secret']) {
      expect((await own.push('whatsapp', signedWhatsapp(BODY, secret))).status).toBe(200);
    }
    const now = await own.reader.channels.read(place);
    if (now === null) throw new Error('There is no channel');
    await own.reader.channels.remove(now, draft);
    expect((await own.push('whatsapp', signedWhatsapp(BODY))).status).toBe(401);
    expect(await own.reader.channels.list()).toEqual([]);
  });

  it('asks KMS once in five minutes, however many there are', async () => {
    const own = await world();
    const parts = own.process();
    for (let n = 0; n < 50; n += 1) await own.push('whatsapp', signedWhatsapp(BODY), { parts });
    expect(parts.process.calls).toMatchObject({ 'kms.GenerateDataKey': 1, 'kms.Decrypt': 1 });
    own.pass(6);
    await own.push('whatsapp', signedWhatsapp(BODY), { parts });
    expect(parts.process.calls).toMatchObject({ 'kms.GenerateDataKey': 2, 'kms.Decrypt': 2 });
    const gathered = await own.deliver();
    expect(gathered.calls['kms.Decrypt']).toBe(2);
  });
});

describe('a channel’s secrets', () => {
  it('lie in no row in the clear, and open in no other channel', async () => {
    const own = await world();
    expect(JSON.stringify(own.aws.tables.rows('directory'))).not.toContain(WHATSAPP_SECRET);
    const row = await own.reader.channels.read({ channel: 'whatsapp', account: '106540352242922' });
    if (row === null) throw new Error('There is no channel');
    await expect(own.process().secrets.open({ ...row, account: 'other' })).rejects.toThrow();
  });
});
