import { describe, expect, it } from '@jest/globals';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import type { Identifier } from '../../../shared/domain/record.ts';
import { GUEST, type IngestWorld, ingestWorld, message } from './ingest-world.ts';

const HEADER = 'message_id,at,conversation,from_role,text,phone,email,wecom,booking';
let minute = 0;

/** A row: conversation, text, then whichever identifiers. */
function row(
  conversation: string,
  text: string,
  ids: Partial<Record<Identifier['kind'], string>> = {},
): string {
  minute += 1;
  const at = new Date(Date.UTC(2026, 4, 1, 0, minute)).toISOString();
  const { phone = '', email = '', wecom = '', booking = '' } = ids;
  return [
    `m${minute}`,
    at,
    conversation,
    phone + email + wecom === '' ? 'staff' : 'guest',
    text,
    phone,
    email,
    wecom,
    booking,
  ].join(',');
}

async function take(world: IngestWorld, ...rows: string[]) {
  const batchId = await world.upload([HEADER, ...rows].join('\n'), { source: 'internal' });
  const { outcome, error } = await world.run(batchId);
  expect([outcome, error]).toEqual(['committed', null]);
  return world.batch(batchId);
}

async function textsFor(world: IngestWorld, kind: Identifier['kind'], value: string): Promise<string[]> {
  return (await world.recordsFor({ kind, value })).map(({ text }) => text).sort();
}

function linkEvents(world: IngestWorld) {
  return world.aws.tables.rows('events').filter((event) => event['type']?.['S'] === 'identifier-linked');
}

describe('guests of the internal system', () => {
  it('are found by every identifier of their rows, whatever its form', async () => {
    const world = ingestWorld();
    await take(
      world,
      row('c1', 'hello', { phone: '138 0013 8000', email: 'Wang@Example.cn', booking: 'bk-1' }),
    );
    for (const [kind, value] of [
      ['phone', '+86 13800138000'],
      ['email', 'wang@example.cn'],
      ['booking', 'BK 1'],
    ] as const) {
      expect(await textsFor(world, kind, value)).toEqual(['hello']);
    }
    expect(linkEvents(world)).toHaveLength(1);
  });

  it('have the rows of their conversation that name nobody, wherever in the file, and in another file', async () => {
    const world = ingestWorld();
    await take(world, row('c1', 'welcome'), row('c1', 'hello', { phone: '13800138000' }), row('c1', 'bye'));
    await take(world, row('c1', 'a late note'));
    expect(await textsFor(world, 'phone', '13800138000')).toEqual(['a late note', 'bye', 'hello', 'welcome']);
  });

  it('of whom a first file knew the conversation alone are found once a later one names them', async () => {
    const world = ingestWorld();
    await take(world, row('c1', 'who are you?'));
    await take(world, row('c1', 'it is me', { phone: '13800138000' }));
    expect(await textsFor(world, 'phone', '13800138000')).toEqual(['it is me', 'who are you?']);
    await take(world, row('c2', 'and you?'));
    await take(world, row('c2', 'the same', { phone: '13800138000' }));
    expect(await textsFor(world, 'phone', '13800138000')).toEqual([
      'and you?',
      'it is me',
      'the same',
      'who are you?',
    ]);
  });

  it('turn out to be one person where one row names both, and each link is in the chain of custody with ids alone', async () => {
    const world = ingestWorld();
    await take(
      world,
      row('c1', 'by phone', { phone: '13800138000' }),
      row('c2', 'by mail', { email: 'wang@example.cn' }),
      row('c3', 'somebody else', { phone: '13900139000' }),
    );
    expect(linkEvents(world)).toEqual([]);
    await take(world, row('c4', 'both', { phone: '13800138000', email: 'wang@example.cn' }));
    const all = ['both', 'by mail', 'by phone'];
    expect(await textsFor(world, 'phone', '13800138000')).toEqual(all);
    expect(await textsFor(world, 'email', 'wang@example.cn')).toEqual(all);
    expect(await textsFor(world, 'phone', '13900139000')).toEqual(['somebody else']);
    const events = linkEvents(world);
    expect(events).toHaveLength(1);
    const subject = String(events[0]?.['subject']?.['S']);
    const chain = await world.reader.custody.events(subject);
    expect(faultInChain(chain)).toBeNull();
    expect(chain[0]).toMatchObject({
      subject: expect.stringMatching(/^guest\/gst_/),
      data: { kinds: ['phone', 'email'], joined: [expect.stringMatching(/^gst_/)] },
    });
    expect(JSON.stringify(events)).not.toMatch(/13800138000|wang/);
  });

  it('are joined across three and more, once and for all', async () => {
    const world = ingestWorld();
    await take(
      world,
      row('c1', 'a', { phone: '13800138000' }),
      row('c2', 'b', { email: 'wang@example.cn' }),
      row('c3', 'c', { booking: 'B1', wecom: GUEST }),
    );
    await take(world, row('c4', 'd', { phone: '13800138000', email: 'wang@example.cn' }));
    await take(world, row('c5', 'e', { email: 'wang@example.cn', booking: 'B1' }));
    const before = linkEvents(world).length;
    await take(world, row('c6', 'f', { phone: '13800138000', booking: 'B1' }));
    expect(linkEvents(world)).toHaveLength(before);
    for (const [kind, value] of [
      ['phone', '13800138000'],
      ['email', 'wang@example.cn'],
      ['wecom', GUEST],
    ] as const) {
      expect(await textsFor(world, kind, value)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    }
  });

  it('are not joined for sharing a conversation: each has the rows that name that one', async () => {
    const world = ingestWorld();
    await take(world, row('queue', 'one', { phone: '13800138000' }), row('queue', 'note'));
    await take(world, row('other', 'elsewhere', { phone: '13900139000' }));
    await take(world, row('queue', 'two', { phone: '13900139000' }));
    expect(await textsFor(world, 'phone', '13800138000')).toEqual(['note', 'one']);
    expect(await textsFor(world, 'phone', '13900139000')).toEqual(['elsewhere', 'two']);
  });

  it('are the same person in the archive of another platform', async () => {
    const world = ingestWorld();
    await world.run(await world.upload(message('1')));
    await take(world, row('c1', 'linked', { phone: '13800138000', wecom: GUEST }));
    const texts = await textsFor(world, 'phone', '13800138000');
    expect(texts).toHaveLength(2);
    expect(texts).toContain('linked');
  });

  it('are never more than one person can be', async () => {
    const world = ingestWorld();
    const phones = Array.from({ length: 51 }, (_, n) => `138001380${String(n).padStart(2, '0')}`);
    await take(world, ...phones.map((phone) => row(phone, 'x', { phone })));
    // An agency's address in every row would make them all one.
    const joining = phones.map((phone) => row(phone, 'y', { phone, email: 'agency@example.cn' }));
    const { accepted, rejected } = await take(world, ...joining);
    expect([accepted, rejected]).toEqual([50, [{ line: 52, reason: 'too-many-linked-guests' }]]);
  }, 30_000);

  it('with an identifier that can’t be one are rejected by its kind', async () => {
    const world = ingestWorld();
    const { rejected } = await take(
      world,
      row('c1', 'x', { phone: '12' }),
      row('c1', 'x', { email: 'nobody' }),
    );
    expect(rejected).toEqual([
      { line: 2, reason: 'invalid-field:phone' },
      { line: 3, reason: 'invalid-field:email' },
    ]);
  });

  it('whose message comes again under another identifier keep both versions, and the conflict is counted', async () => {
    const world = ingestWorld();
    const first = row('c1', 'hello', { phone: '13800138000', email: 'wang@example.cn' });
    await take(world, first);
    const { accepted, duplicates, conflicts } = await take(world, first.replace('13800138000', ''));
    expect([accepted, duplicates, conflicts]).toEqual([1, 0, 1]);
  });
});

describe('deletion and ingest at the same time', () => {
  it('a period whose deletion began takes no record any more, and the line says so', async () => {
    const world = ingestWorld();
    await world.run(await world.upload(message('1')));
    const period = { hotel: 'SHA01', recordClass: 'ordinary' as const, period: '2026-11' };
    await world.beginDeletion(period);
    const batchId = await world.upload(
      [message('2'), message('3', { msgtime: Date.UTC(2026, 3, 2) })].join('\n'),
    );
    await world.run(batchId);
    expect(await world.batch(batchId)).toMatchObject({
      state: 'committed',
      accepted: 1,
      rejected: [{ line: 1, reason: 'period-deleted' }],
    });
  });

  it('a guest who was erased between the look-up and the block becomes a new guest, whose records are found', async () => {
    const world = ingestWorld();
    await world.run(await world.upload(message('1')));
    const batchId = await world.upload(message('2'));
    let erased = false;
    const { error } = await world.run(batchId, {
      fails: (operation) => {
        if (operation === 's3.PutObject' && !erased) {
          erased = true;
          world.forgetIdentifiers();
        }
        return false;
      },
    });
    expect(error).toMatchObject({ name: 'BlockContentionError' });
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed' });
    expect((await world.recordsFor({ kind: 'wecom', value: GUEST })).map(({ text }) => text)).toEqual([
      expect.stringContaining('第2句'),
    ]);
    expect(world.aws.buckets.keysIn('vault')).toHaveLength(2);
  });
});
