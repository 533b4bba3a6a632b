import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyDisposal } from '../../../shared/aws/key-disposal.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { BEGINNING, type Item } from '../../../shared/sources/importer.ts';
import type { Death } from '../../fakes/killed-process.ts';
import {
  type GatherWorld,
  gatherWorld,
  signedWeibo,
  signedWhatsapp,
  WEIBO_SECRET,
  WHATSAPP_SECRET,
  whatsappMessage,
} from './gather-world.ts';

const GUEST = '8613800138000';
const OTHER = '8613900139000';
const HALF_DAY = 12 * 60;

async function world(): Promise<GatherWorld> {
  const own = gatherWorld();
  await own.channel({ channel: 'whatsapp', secrets: { appSecret: WHATSAPP_SECRET, verifyToken: 'v' } });
  return own;
}

const texts = async (own: GatherWorld) => (await own.records()).map(({ text }) => text);

describe('a push', () => {
  it('waits in the queue and in the table without a word in the clear, and is found once it is sealed', async () => {
    const own = await world();
    expect(await own.whatsapp(GUEST, 'wamid.1', '请问几点可以入住?')).toEqual({ status: 200, text: '' });
    expect(own.queue).toHaveLength(1);
    expect(JSON.stringify(own.queue)).not.toMatch(/13800138000|入住/);

    await own.deliver();
    expect(own.queue).toEqual([]);
    const rows = JSON.stringify(own.aws.tables.rows('records'));
    expect(rows).not.toMatch(/13800138000|入住|wamid/);
    expect(own.rows('GUEST#').filter((row) => row.includes(' WAIT#'))).toHaveLength(1);
    expect(await texts(own)).toEqual([]);

    own.pass(HALF_DAY);
    await own.run({ kind: 'due' });
    expect(await texts(own)).toEqual(['请问几点可以入住?']);
    expect(await own.guestsOf({ kind: 'phone', value: '+8613800138000' })).toHaveLength(1);
    expect(own.rows('').filter((row) => /WAIT|^GATHERED|^LANE|^UNREAD|SEGMENT/.test(row))).toEqual([]);
    expect(own.moved).toMatchObject([{ state: 'committed', accepted: 1, by: 'function:gather' }]);
  });

  it('is gathered with those of its conversation: few blocks, in the order of time', async () => {
    const own = await world();
    for (let n = 0; n < 30; n += 1) {
      await own.whatsapp(n % 2 === 0 ? GUEST : OTHER, `wamid.${n}`, `第${n}句`);
      own.pass(1);
    }
    await own.deliver();
    await own.run({ kind: 'due' });
    expect(await own.blocks()).toEqual([]);
    own.pass(HALF_DAY);
    await own.run({ kind: 'due' });
    expect(await own.blocks()).toHaveLength(2);
    expect(await texts(own)).toEqual(Array.from({ length: 30 }, (_, n) => `第${n}句`));
  });

  it('is sealed before its time where its conversation has grown large', async () => {
    const own = await world();
    const long = 'x'.repeat(1_000);
    const count = Math.ceil(LIMITS.gatheredBytes / 1_000);
    for (let n = 0; n < count; n += 1) await own.whatsapp(GUEST, `wamid.${n}`, `${n} ${long}`);
    await own.whatsapp(OTHER, 'wamid.other', 'short');
    await own.deliver();
    await own.run({ kind: 'due' });
    expect(await own.records()).toHaveLength(count);
  });

  it('sent again, before or after it was sealed, changes nothing', async () => {
    const own = await world();
    const body = Buffer.from(whatsappMessage(GUEST, 'wamid.1', '您好', own.now()));
    for (let times = 0; times < 3; times += 1) await own.push('whatsapp', signedWhatsapp(body));
    await own.deliver();
    expect(own.rows('GUEST#').filter((row) => row.includes(' WAIT#'))).toHaveLength(1);
    own.pass(HALF_DAY);
    await own.run({ kind: 'due' });
    await own.push('whatsapp', signedWhatsapp(body));
    await own.deliver();
    own.pass(HALF_DAY);
    await own.run({ kind: 'due' });
    expect(await texts(own)).toEqual(['您好']);
    expect(await own.blocks()).toHaveLength(1);
    expect(own.rows('').filter((row) => /WAIT|^GATHERED|^LANE/.test(row))).toEqual([]);
  });

  it('is sealed at once for whoever searches its guest, and for no other', async () => {
    const own = await world();
    await own.whatsapp(GUEST, 'wamid.1', 'mine');
    await own.whatsapp(OTHER, 'wamid.2', 'theirs');
    await own.deliver();
    const guests = await own.guestsOf({ kind: 'phone', value: '+8613800138000' });
    const { answer } = await own.run({ kind: 'guests', guests });
    expect(answer).toEqual({ batches: 1, accepted: 1, left: 0 });
    expect(await texts(own)).toEqual(['mine']);
  });

  it('says what is left where an upload of the same hotel and source is being taken in', async () => {
    const own = await world();
    await own.whatsapp(GUEST, 'wamid.1', 'mine');
    await own.deliver();
    const { process } = own.process();
    const { PutCommand } = await import('@aws-sdk/lib-dynamodb');
    await process.dynamo.send(
      new PutCommand({
        TableName: 'records',
        Item: { pk: 'LANE#SHA01#whatsapp', sk: 'LANE', batchId: 'bat_x' },
      }),
    );
    const guests = await own.guestsOf({ kind: 'phone', value: '+8613800138000' });
    expect((await own.run({ kind: 'guests', guests })).answer).toEqual({ batches: 0, accepted: 0, left: 1 });
    own.aws.tables.drop('records', (pk) => pk.startsWith('LANE#'));
    expect((await own.run({ kind: 'guests', guests })).answer).toEqual({ batches: 1, accepted: 1, left: 0 });
    expect(await texts(own)).toEqual(['mine']);
  });
});

describe('a push that must not be collected', () => {
  const ownAccounts = { sender_id: '1000000001', receiver_id: '1000000002' };

  async function weibo(own: GatherWorld, changes: object): Promise<void> {
    const body = Buffer.from(
      JSON.stringify({
        type: 'text',
        created_at: 'Mon Jun 01 08:00:00 +0800 2026',
        text: '同事之间的话',
        ...ownAccounts,
        ...changes,
      }),
    );
    const account = 'hotel_weibo';
    expect((await own.push('weibo', signedWeibo(body, own.now()), { account })).status).toBe(200);
  }

  it('since two own accounts talk to each other: nothing of it is kept, and that is counted', async () => {
    const own = gatherWorld({ ownNames: Object.values(ownAccounts) });
    await own.channel({ channel: 'weibo', secrets: { appSecret: WEIBO_SECRET } }, 'hotel_weibo');
    await weibo(own, {});
    await weibo(own, { sender_id: '2000000001', text: '请问有房吗' });
    await own.deliver();
    expect(own.queue).toEqual([]);
    expect(own.rows('UNREAD#')).toEqual([]);
    expect(own.gathered).toEqual(
      expect.arrayContaining([
        { kept: 0, there: 0, expired: 0, notCollected: 1, unread: 0 },
        { kept: 1, there: 0, expired: 0, notCollected: 0, unread: 0 },
      ]),
    );
    own.pass(HALF_DAY);
    await own.run({ kind: 'due' });
    expect(await texts(own)).toEqual(['请问有房吗']);
  });
});

describe('a push that can’t be read', () => {
  it('is kept, encrypted, counted, and read again once it can be', async () => {
    const own = await world();
    const body = Buffer.from('{"object":"whatsapp_business_account","entry":"这不是列表"}');
    await own.push('whatsapp', signedWhatsapp(Buffer.from('not json at all, 入住')));
    await own.push('whatsapp', signedWhatsapp(body));
    await own.whatsapp(GUEST, 'wamid.1', 'readable');
    await own.deliver();
    expect(own.queue).toEqual([]);
    const unread = own.rows('UNREAD#SHA01#whatsapp');
    expect(unread.length).toBeGreaterThanOrEqual(1);
    expect(JSON.stringify(own.aws.tables.rows('records'))).not.toMatch(/入住|列表/);

    expect((await own.run({ kind: 'read-again' })).answer).toEqual({
      readAgain: 0,
      stillUnread: unread.length,
      broken: 0,
      left: false,
    });
    const mended = async function* () {};
    await own.run({ kind: 'read-again' }, undefined, {
      importer: () => ({ source: 'whatsapp', read: mended }),
    });
    expect(own.rows('UNREAD#')).toEqual([]);
  });

  it('goes when nobody mended it for so many days', async () => {
    const own = await world();
    await own.push('whatsapp', signedWhatsapp(Buffer.from('not json at all')));
    await own.deliver();
    own.pass((LIMITS.unreadPushDays - 1) * 24 * 60);
    await own.run({ kind: 'due' });
    expect(own.rows('UNREAD#')).toHaveLength(1);
    own.pass(2 * 24 * 60);
    await own.run({ kind: 'due' });
    expect(own.rows('UNREAD#')).toEqual([]);
  });

  it('does not keep the others from being read again when it breaks, and none is begun when the time is over', async () => {
    const own = await world();
    for (const n of [1, 2, 3]) {
      await own.push('whatsapp', signedWhatsapp(Buffer.from(`not json at all ${n}`)));
      own.pass(1);
    }
    await own.deliver();
    const read = async function* () {};
    let asked = 0;
    const mended = await own.run({ kind: 'read-again' }, undefined, {
      importer() {
        asked += 1;
        if (asked === 1) throw new Error('The first breaks');
        return { source: 'whatsapp', read };
      },
      hasTime: () => asked < 2,
    });
    expect(mended.answer).toEqual({ readAgain: 1, stillUnread: 0, broken: 1, left: true });
    expect(own.rows('UNREAD#').filter((row) => row.includes('PUSH#'))).toHaveLength(2);
    expect(own.broke).toMatchObject([{ message: 'The first breaks' }]);
    const elsewhere = await own.run({ kind: 'read-again', hotel: 'HGH02' });
    expect(elsewhere.answer).toEqual({ readAgain: 0, stillUnread: 0, broken: 0, left: false });
    const rest = await own.run({ kind: 'read-again', hotel: 'SHA01' }, undefined, {
      importer: () => ({ source: 'whatsapp', read }),
    });
    expect(rest.answer).toEqual({ readAgain: 2, stillUnread: 0, broken: 0, left: false });
    expect(own.rows('UNREAD#')).toEqual([]);
  });

  it('begins behind where the time ran out, so that what stays unread keeps nothing from its turn', async () => {
    const own = await world();
    for (const n of [1, 2, 3]) {
      await own.push('whatsapp', signedWhatsapp(Buffer.from(`not json at all ${n}`)));
      own.pass(1);
    }
    await own.deliver();
    const tried: string[] = [];
    async function* read(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Item> {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      const original = Buffer.concat(chunks);
      tried.push(original.toString().slice(-1));
      const end = { ...BEGINNING, offset: original.length };
      yield { kind: 'rejected', line: 1, reason: 'not-json', original, bytes: original.length, end };
    }
    const importer = () => ({ source: 'whatsapp' as const, read });
    for (let run = 1; run <= 3; run += 1) {
      const { length: before } = tried;
      const hasTime = () => tried.length - before < 1;
      const { answer } = await own.run({ kind: 'read-again' }, undefined, { importer, hasTime });
      expect(answer).toEqual({ readAgain: 0, stillUnread: 1, broken: 0, left: true });
    }
    expect(tried).toEqual(['1', '2', '3']);
    const all = await own.run({ kind: 'read-again' }, undefined, { importer });
    expect(all.answer).toEqual({ readAgain: 0, stillUnread: 3, broken: 0, left: false });
    expect(own.rows('UNREAD#').filter((row) => row.includes('STOPPED'))).toEqual([]);
  });

  it('keeps nothing from being sealed: what is due comes first, and bodies of the unread aren’t fetched for it', async () => {
    const own = await world();
    await own.push('whatsapp', signedWhatsapp(Buffer.from('not json at all')));
    await own.whatsapp(GUEST, 'wamid.1', 'readable');
    await own.deliver();
    own.pass((LIMITS.unreadPushDays + 1) * 24 * 60);
    const { process } = await own.run({ kind: 'due' }, undefined, {
      fails: (operation, body) => operation === 'dynamodb.Query' && body.includes('UNREAD#SHA01#whatsapp'),
    });
    expect(process.calls['dynamodb.Query']).toBeGreaterThan(0);
    expect(await texts(own)).toEqual(['readable']);
    expect(own.rows('UNREAD#')).toHaveLength(1);
    await own.run({ kind: 'due' }, undefined, {
      fails: (operation, body) =>
        operation === 'dynamodb.Query' && body.includes('UNREAD#') && !body.includes('"pk, sk"'),
    });
    expect(own.rows('UNREAD#')).toEqual([]);
  });

  it('since one of its messages is more than a row takes, is kept as it came, beside its other messages', async () => {
    const own = await world();
    const hex = randomBytes(160 * 1024).toString('hex');
    await own.whatsapp(GUEST, 'wamid.large', hex);
    await own.whatsapp(GUEST, 'wamid.small', 'small');
    await own.deliver();
    expect(own.broke).toEqual([]);
    expect(own.queue).toEqual([]);
    expect(own.rows('UNREAD#')).toHaveLength(1);
    own.pass(HALF_DAY);
    await own.run({ kind: 'due' });
    expect(await texts(own)).toEqual(['small']);
  });

  it('and one that was changed in the queue, are given back to it alone', async () => {
    const own = await world();
    await own.whatsapp(GUEST, 'wamid.1', 'one');
    await own.whatsapp(GUEST, 'wamid.2', 'two');
    const [first] = own.queue;
    if (first === undefined) throw new Error('Nothing was queued');
    first.body = first.body.replace('"hotel":"SHA01"', '"hotel":"HGH02"');
    await own.deliver();
    expect(own.queue).toEqual([first]);
    own.pass(HALF_DAY);
    await own.run({ kind: 'due' });
    expect(await texts(own)).toEqual(['two']);
  });
});

describe('a sealing', () => {
  it('of large messages goes on in portions that a transaction takes', async () => {
    const own = await world();
    const count = 16;
    for (let n = 0; n < count; n += 1) {
      await own.whatsapp(GUEST, `wamid.${n}`, randomBytes(120 * 1024).toString('hex'));
      own.pass(1);
    }
    await own.deliver();
    const { answer, error } = await own.run({ kind: 'due' });
    expect(error).toBeNull();
    expect(answer).toMatchObject({ accepted: count, left: 0 });
    expect(own.rows('').filter((row) => row.includes('WAIT'))).toEqual([]);
  });

  it('of one flooded conversation takes a bounded number of bytes at a time', async () => {
    const own = await world();
    const each = 400 * 1024;
    const count = Math.ceil((1.5 * LIMITS.sealedBytes) / each);
    for (let n = 0; n < count; n += 1) await own.whatsapp(GUEST, `wamid.${n}`, `${n} `.repeat(each / 4));
    await own.deliver();
    await own.run({ kind: 'due' });
    expect(await own.records()).toHaveLength(count);
    expect(own.moved.length).toBeGreaterThan(1);
    // A message is counted with its words three times over; the last may go beyond.
    for (const { bytes } of own.moved) expect(bytes).toBeLessThan(LIMITS.sealedBytes + 8 * each);
  }, 60_000);

  it('counts messages whose guest’s key was shredded meanwhile as deleted', async () => {
    const own = await world();
    await own.whatsapp(GUEST, 'wamid.1', 'gone');
    await own.whatsapp(OTHER, 'wamid.2', 'stays');
    await own.deliver();
    const { waiting, process } = own.process();
    const disposal = keyDisposal('keys', process.dynamo, process.kms, 'custody-key');
    const guests = await own.guestsOf({ kind: 'phone', value: '+8613800138000' });
    for (const conversation of await waiting.ofGuests(guests)) {
      for await (const message of waiting.messagesOf(conversation)) {
        await disposal.disableGuest(message, message.guestId);
        await disposal.shredGuest(message, message.guestId);
      }
    }
    own.pass(HALF_DAY);
    await own.run({ kind: 'due' });
    expect(await texts(own)).toEqual(['stays']);
    expect(own.moved).toMatchObject([
      {
        accepted: 1,
        rejectedLines: 1,
        rejected: [{ reason: 'period-deleted' }],
        completeness: { rejectedBy: { 'period-deleted': 1 } },
      },
    ]);
    expect(own.rows('').filter((row) => /WAIT/.test(row))).toEqual([]);
  });
});

/** What must stand in the end, however often it was interrupted on the way. */
async function standing(own: GatherWorld) {
  const blocks = await own.blocks();
  return {
    texts: await texts(own),
    blocks: (await own.reader.records.visible(blocks)).length,
    invisible: blocks.length - (await own.reader.records.visible(blocks)).length,
    vault: own.aws.buckets.keysIn('vault').length,
    leftovers: own.rows('').filter((row) => /WAIT|^GATHERED|^LANE|^UNREAD|SEGMENT/.test(row)),
  };
}

async function pushed(): Promise<GatherWorld> {
  const own = await world();
  for (const [n, guest] of [GUEST, OTHER, GUEST].entries()) {
    await own.whatsapp(guest, `wamid.${n}`, `第${n}句`);
    own.pass(1);
  }
  return own;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

async function finish(own: GatherWorld): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    own.pass(HALF_DAY);
    await own.deliver();
    await own.run({ kind: 'due' });
  }
}

const EXPECTED = { texts: ['第0句', '第1句', '第2句'], blocks: 2, invisible: 0, vault: 2, leftovers: [] };

describe('a process that dies', () => {
  it('at any effect while it gathers: nothing is lost and nothing doubled', async () => {
    const whole = await pushed();
    const effects = (await whole.deliver()).effects();
    expect(effects).toBeGreaterThan(5);
    for (let effect = 0; effect < effects; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const own = await pushed();
        // Pushes are gathered side by side and meet each other, so that some runs have fewer effects than others.
        await own.deliver({ effect, when });
        await finish(own);
        expect([effect, when, await standing(own)]).toEqual([effect, when, EXPECTED]);
      }
    }
  }, 120_000);

  it('at any effect while it seals: the next run finishes', async () => {
    const whole = await pushed();
    await whole.deliver();
    whole.pass(HALF_DAY);
    const effects = (await whole.run({ kind: 'due' })).process.effects();
    expect(await standing(whole)).toEqual(EXPECTED);
    for (let effect = 0; effect < effects; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const own = await pushed();
        await own.deliver();
        own.pass(HALF_DAY);
        await own.run({ kind: 'due' }, { effect, when });
        await finish(own);
        expect([effect, when, await standing(own)]).toEqual([effect, when, EXPECTED]);
      }
    }
  }, 240_000);

  it('at any effect while it seals, with a push before the guest is searched: that search seals it, or says what is left', async () => {
    const whole = await pushed();
    await whole.deliver();
    whole.pass(HALF_DAY);
    const effects = (await whole.run({ kind: 'due' })).process.effects();
    for (let effect = 0; effect < effects; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const own = await pushed();
        await own.deliver();
        own.pass(HALF_DAY);
        await own.run({ kind: 'due' }, { effect, when });
        await own.whatsapp(GUEST, 'wamid.later', '后来的话');
        await own.deliver();
        own.pass(5);
        const guests = await own.guestsOf({ kind: 'phone', value: '+8613800138000' });
        const { answer } = await own.run({ kind: 'guests', guests });
        const found = (await texts(own)).filter((text) => text !== '第1句').sort();
        expect([effect, when, answer, found]).toEqual([
          effect,
          when,
          expect.objectContaining({ left: 0 }),
          ['后来的话', '第0句', '第2句'].sort(),
        ]);
        // However often they were tried, each message is accepted once, and the batch that took it counts it once.
        await finish(own);
        const batches = await own.batches();
        expect([effect, when, sum(batches.map(({ accepted }) => accepted))]).toEqual([effect, when, 4]);
        expect([effect, when, batches[0]?.duplicates]).toEqual([effect, when, 0]);
      }
    }
  }, 240_000);

  it('again and again, with more pushes in between: the same', async () => {
    const death: fc.Arbitrary<Death> = fc.record({
      effect: fc.nat({ max: 40 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(death, fc.boolean()), { minLength: 2, maxLength: 5 }),
        async (deaths) => {
          const own = await pushed();
          for (const [next, sealing] of deaths) {
            if (sealing) await own.run({ kind: 'due' }, next);
            else await own.deliver(next);
            own.pass(HALF_DAY / 2);
          }
          await finish(own);
          const { texts: said, invisible, leftovers, vault, blocks } = await standing(own);
          expect({ said, invisible, leftovers, orphans: vault - blocks }).toEqual({
            said: EXPECTED.texts,
            invisible: 0,
            leftovers: [],
            orphans: 0,
          });
        },
      ),
      { numRuns: 15 },
    );
  }, 120_000);
});
