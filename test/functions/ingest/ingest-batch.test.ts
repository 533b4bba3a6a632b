import { describe, expect, it } from '@jest/globals';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { messageOf } from '../../../shared/domain/message-of.ts';
import { ServiceBrokenError } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { GUEST, ingestWorld, message, OTHER_GUEST } from './ingest-world.ts';

const wecom = (value: string) => ({ kind: 'wecom' as const, value });

describe('a batch', () => {
  it('goes into custody whole: words, times, authors and original bytes come out as they went in', async () => {
    const world = ingestWorld();
    const lines = [
      message('1'),
      message('2', { from: 'frontdesk01', tolist: [GUEST] }),
      'not json',
      message('3', { action: 'recall', msgtype: 'revoke', revoke: { pre_msgid: '1' } }),
      message('4', { from: 'frontdesk01', tolist: [OTHER_GUEST] }),
    ];
    const batchId = await world.upload(`${lines.join('\n')}\n`);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
    expect(await world.batch(batchId)).toMatchObject({
      state: 'committed',
      accepted: 4,
      duplicates: 0,
      rejected: [{ line: 3, reason: 'not-json' }],
      conversations: 2,
      guests: 2,
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    const records = await world.recordsFor(wecom(GUEST));
    expect(records.map(({ line, from, at }) => [line, from.role, from.id, at])).toEqual([
      [1, 'guest', GUEST, '2026-05-01T02:00:01.000Z'],
      [2, 'staff', 'frontdesk01', '2026-05-01T02:00:02.000Z'],
      [4, 'guest', GUEST, '2026-05-01T02:00:03.000Z'],
    ]);
    expect(records.map(({ original }) => Buffer.from(original).toString())).toEqual([
      lines[0],
      lines[1],
      lines[3],
    ]);
    expect(records[2]?.recalls).toBe(messageOf(records[0]?.recordId ?? ''));
    expect(await world.recordsFor(wecom(OTHER_GUEST))).toHaveLength(1);
    expect(world.aws.buckets.keysIn('inbox')).toEqual([]);
    expect(world.rows('BATCHES#')).toEqual([]);
    expect(world.rows('LANE#')).toEqual([]);
    expect(world.rows(`BATCH#${batchId} SEGMENT#`)).toEqual([]);
    // The list of its blocks served the sweep of a batch that fails; those of rejected lines are found by it.
    expect(world.rows(`BATCH#${batchId} BLOCK#`)).toHaveLength(1);
  });

  it('records its receipt and its commit in the chain of custody, with counts and digests alone', async () => {
    const world = ingestWorld();
    const batchId = await world.upload(message('1'));
    await world.run(batchId);
    const events = await world.reader.custody.events(`batch/${batchId}`);
    expect(faultInChain(events)).toBeNull();
    expect(events.map(({ type, actor, data }) => ({ type, actor, data }))).toEqual([
      {
        type: 'batch-received',
        actor: 'function:ingest',
        data: expect.objectContaining({ hotel: 'SHA01', by: 'p_it' }),
      },
      {
        type: 'batch-committed',
        actor: 'function:ingest',
        data: {
          hotel: 'SHA01',
          source: 'wecom',
          accepted: 1,
          duplicates: 0,
          conflicts: 0,
          rejected: 0,
          blocks: 1,
          records: 1,
          conversations: 1,
          commitment: expect.stringMatching(/^sha256:/),
          sequenceMissing: 0,
          sequenceMissingBefore: 0,
          truncated: false,
          unknownTypes: 0,
          internalNotes: 0,
          mediaMissing: 0,
          mediaDamaged: 0,
          bytes: Buffer.byteLength(message('1')),
          digest: expect.stringMatching(/^sha256:/),
          blockRoot: expect.stringMatching(/^sha256:/),
        },
      },
    ]);
  });

  it('leaves no word and no identifier of a guest in any row, object key or object', async () => {
    const world = ingestWorld();
    const batchId = await world.upload(message('1', { text: { content: 'verbatim-words-of-a-guest' } }));
    await world.run(batchId);
    const stored = [
      ...['records', 'keys', 'events'].map((table) => JSON.stringify(world.aws.tables.rows(table))),
      ...[...world.aws.buckets.objects].map(([key, object]) => `${key} ${object.toString('latin1')}`),
    ].join('\n');
    for (const secret of ['verbatim-words-of-a-guest', GUEST, 'frontdesk01'])
      expect(stored).not.toContain(secret);
  });

  it('is all duplicates when the same file comes again, or the same messages in another file', async () => {
    const world = ingestWorld();
    const text = [message('1'), message('2'), message('2')].join('\n');
    await world.run(await world.upload(text));
    const again = await world.upload(text);
    await world.run(again);
    expect(await world.batch(again)).toMatchObject({ state: 'committed', accepted: 0, duplicates: 3 });
    const other = await world.upload([message('2', { seq: 9 }), message('3')].join('\n'));
    await world.run(other);
    expect(await world.batch(other)).toMatchObject({ accepted: 1, duplicates: 1 });
    expect((await world.recordsFor(wecom(GUEST))).map(({ line }) => line)).toEqual([1, 2, 2]);
  });

  it('keeps a message that comes with other words and another time beside the one in custody, and counts the conflict', async () => {
    const world = ingestWorld();
    const day = 24 * 60 * 60 * 1000;
    const genuine = message('7', { msgtime: Date.UTC(2026, 4, 20) });
    for (const forgedTime of [Date.UTC(2026, 4, 20) - 9 * day, Date.UTC(2026, 4, 20) + 9 * day]) {
      await world.run(await world.upload(genuine));
      const forged = await world.upload(message('7', { msgtime: forgedTime, text: { content: 'forged' } }));
      await world.run(forged);
      expect(await world.batch(forged)).toMatchObject({ accepted: 1, duplicates: 0, conflicts: 1 });
    }
    const records = await world.recordsFor(wecom(GUEST));
    expect(records).toHaveLength(3);
    expect(records.map(({ original }) => Buffer.from(original).toString())).toContain(genuine);
    expect(new Set(records.map(({ recordId }) => recordId)).size).toBe(3);
    expect(new Set(records.map(({ recordId }) => messageOf(recordId))).size).toBe(1);
  });

  it('takes the genuine message in although a forgery of it came first, in another file or the same', async () => {
    const world = ingestWorld();
    const genuine = message('8');
    await world.run(await world.upload(message('8', { text: { content: 'forged' } })));
    const later = await world.upload([genuine, message('8', { text: { content: 'forged too' } })].join('\n'));
    await world.run(later);
    expect(await world.batch(later)).toMatchObject({ accepted: 2, duplicates: 0, conflicts: 2 });
    const originals = (await world.recordsFor(wecom(GUEST))).map(({ original }) =>
      Buffer.from(original).toString(),
    );
    expect(originals).toContain(genuine);
    const again = await world.upload(genuine);
    await world.run(again);
    expect(await world.batch(again)).toMatchObject({ accepted: 0, duplicates: 1, conflicts: 0 });
    expect(world.moved.at(-1)).toMatchObject({ conflicts: 0 });
    const committed = (await world.reader.custody.events(`batch/${later}`)).at(-1);
    expect(committed?.data).toMatchObject({ conflicts: 2 });
  });

  it('knows a message again in another spelling: other order, other white space, escapes', async () => {
    const world = ingestWorld();
    const fields: unknown = JSON.parse(message('1', { big: 0, text: { content: '房 ✓' } }));
    const text = JSON.stringify(fields).replace('"big":0', '"big":9007199254740993');
    await world.run(await world.upload(text));
    const respelled = text
      .replace('{"msgid":"1",', '{ ')
      .replace('"big":9007199254740993', '"big" : 9007199254740993, "msgid":"1"')
      .replace('房', '\\u623f');
    expect(respelled).not.toBe(text);
    const again = await world.upload(respelled);
    await world.run(again);
    expect(await world.batch(again)).toMatchObject({ accepted: 0, duplicates: 1, conflicts: 0 });
    const other = await world.upload(text.replace('9007199254740993', '9007199254740992'));
    await world.run(other);
    expect(await world.batch(other)).toMatchObject({ accepted: 1, duplicates: 0, conflicts: 1 });
  });

  it('knows a row of a table again under another header, another order of columns and other quotes, and a changed cell', async () => {
    const world = ingestWorld();
    const csv = { source: 'internal' as const };
    const rows = (header: string, row: string) => `${header}\n${row}\n`;
    await world.run(
      await world.upload(
        rows(
          'message_id,at,from_role,text,phone,shift',
          'i1,2026-05-01T10:00:00+08:00,guest,房卡坏了,13800138000,早',
        ),
        csv,
      ),
    );
    const again = await world.upload(
      rows(
        'text,shift,phone,from_role,at,message_id',
        '"房卡坏了",早,13800138000,guest, 2026-05-01T10:00:00+08:00 ,i1',
      ),
      csv,
    );
    await world.run(again);
    expect(await world.batch(again)).toMatchObject({ accepted: 0, duplicates: 1, conflicts: 0 });
    const changed = await world.upload(
      rows(
        'message_id,at,from_role,text,phone,shift',
        'i1,2026-05-01T10:00:00+08:00,guest,房卡坏了,13800138000,晚',
      ),
      csv,
    );
    await world.run(changed);
    expect(await world.batch(changed)).toMatchObject({ accepted: 1, duplicates: 0, conflicts: 1 });
  });

  it('takes the same row read in another time zone as another version, not as the same record at another time', async () => {
    const world = ingestWorld();
    const row = 'message_id,at,from_role,text,phone\ni2,2026-05-01 10:00:00,guest,你好,13800138000\n';
    await world.run(await world.upload(row, { source: 'internal', timezone: 'Asia/Shanghai' }));
    const moved = await world.upload(row, { source: 'internal', timezone: 'Europe/Berlin' });
    await world.run(moved);
    expect(await world.batch(moved)).toMatchObject({ accepted: 1, duplicates: 0, conflicts: 1 });
  });

  it('finds every version of a message that is taken back', async () => {
    const world = ingestWorld();
    await world.run(
      await world.upload([message('1'), message('1', { text: { content: 'other' } })].join('\n')),
    );
    await world.run(
      await world.upload(message('2', { action: 'recall', msgtype: 'revoke', revoke: { pre_msgid: '1' } })),
    );
    const records = await world.recordsFor(wecom(GUEST));
    const recall = records.find(({ recalls }) => recalls !== null);
    expect(records.filter(({ recordId }) => messageOf(recordId) === recall?.recalls)).toHaveLength(2);
  });

  it('keeps records of two retention classes, and of two expiry periods, in blocks of their own', async () => {
    const world = ingestWorld();
    await world.run(
      await world.upload([message('1'), message('2', { msgtime: Date.UTC(2026, 3, 2) })].join('\n')),
    );
    await world.run(await world.upload(message('3'), { category: 'dispute' }));
    expect(
      world.aws.buckets
        .keysIn('vault')
        .map((key) => key.replace(/\/blk_.*/, ''))
        .sort(),
    ).toEqual(['SHA01/major-complaint/2028-05', 'SHA01/ordinary/2026-10', 'SHA01/ordinary/2026-11']);
  });

  it('counts the term of a message without a time from its collection', async () => {
    const world = ingestWorld();
    await world.run(await world.upload([message('1', { msgtime: 0 }), message('2')].join('\n')));
    expect(
      world.aws.buckets
        .keysIn('vault')
        .map((key) => key.replace(/\/blk_.*/, ''))
        .sort(),
    ).toEqual(['SHA01/ordinary/2026-11', 'SHA01/ordinary/2026-12']);
    const again = await world.upload(message('1', { msgtime: 0 }));
    await world.run(again);
    expect(await world.batch(again)).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  it('splits a long conversation into blocks of bounded size, and finds every record of them again', async () => {
    const world = ingestWorld();
    const count = LIMITS.blockRecords + 200;
    const text = Array.from({ length: count }, (_, n) => message(String(n + 1))).join('\n');
    await world.run(await world.upload(text));
    expect(world.aws.buckets.keysIn('vault').length).toBeGreaterThan(1);
    expect(await world.recordsFor(wecom(GUEST))).toHaveLength(count);
    const large = Array.from({ length: 8 }, (_, n) =>
      message(`9000${n}`, { text: { content: 'x'.repeat(100_000) } }),
    ).join('\n');
    await world.run(await world.upload(large));
    expect(await world.recordsFor(wecom(GUEST))).toHaveLength(count + 8);
  });

  it('keeps what staff wrote to two guests under each, and counts it once', async () => {
    const world = ingestWorld();
    const text = message('1', { from: 'frontdesk01', tolist: [GUEST, OTHER_GUEST], roomid: 'wr1' });
    const batchId = await world.upload(text);
    await world.run(batchId);
    expect(await world.batch(batchId)).toMatchObject({ accepted: 1, conversations: 2, guests: 2 });
    const [one, two] = [await world.recordsFor(wecom(GUEST)), await world.recordsFor(wecom(OTHER_GUEST))];
    expect(one.map(({ recordId }) => recordId)).toEqual(two.map(({ recordId }) => recordId));
  });

  it('hands on before its time runs out, and the next invocation goes on from the checkpoint', async () => {
    const world = ingestWorld();
    const text = Array.from({ length: 20_050 }, (_, n) => message(String(n + 1))).join('\n');
    const batchId = await world.upload(text);
    let asked = 0;
    const first = await world.run(batchId, {
      remaining: () => {
        asked += 1;
        return asked > 1 ? 1_000 : 900_000;
      },
    });
    expect(first.outcome).toBe('continued');
    expect(world.continued).toEqual([batchId]);
    expect(await world.batch(batchId)).toMatchObject({
      state: 'ingesting',
      leaseUntil: null,
      accepted: 20_000,
      checkpoint: { segment: 1, line: 20_000 },
    });
    expect(await world.recordsFor(wecom(GUEST))).toEqual([]);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed' });
    expect(await world.batch(batchId)).toMatchObject({ accepted: 20_050, duplicates: 0, conversations: 1 });
    expect(await world.recordsFor(wecom(GUEST))).toHaveLength(20_050);
  }, 60_000);

  it('fails for good where what arrived is not what was announced, and leaves nothing', async () => {
    for (const [changes, failure] of [
      [{ bytes: 1 }, 'size-differs'],
      [{ announcedDigest: '0'.repeat(64) }, 'digest-differs'],
    ] as const) {
      const world = ingestWorld();
      const batchId = await world.upload(message('1'), changes);
      expect(await world.run(batchId)).toMatchObject({ outcome: 'failed' });
      expect(await world.batch(batchId)).toMatchObject({ state: 'failed', failure, accepted: 0 });
      expect((await world.reader.custody.events(`batch/${batchId}`)).at(-1)).toMatchObject({
        type: 'batch-failed',
        data: { reason: failure },
      });
      expect([...world.aws.buckets.objects.keys()]).toEqual([]);
      expect(world.rows('LANE#')).toEqual([]);
      expect(world.rows('BATCHES#')).toEqual([]);
    }
  });

  it('is given up after many attempts that got nowhere, and its blocks are swept', async () => {
    const world = ingestWorld();
    const batchId = await world.upload([message('1'), message('2', { from: OTHER_GUEST })].join('\n'));
    const checkpoint = (_: string, body: string) => body.includes('"segment":{"N":"1"}');
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      const { error } = await world.run(batchId, { fails: checkpoint });
      expect(error).toBeInstanceOf(ServiceBrokenError);
      // The lease was given back: the next attempt needn't wait for its end.
      expect(await world.batch(batchId)).toMatchObject({ attempts: attempt, leaseUntil: null });
    }
    // In the last attempts the first line was tried alone, and then set aside.
    expect(world.aws.buckets.keysIn('vault')).toHaveLength(1);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'failed' });
    expect(await world.batch(batchId)).toMatchObject({ state: 'failed', failure: 'no-progress' });
    expect([...world.aws.buckets.objects.keys()]).toEqual([]);
    expect(world.rows('').filter((row) => /AT#|PERIOD#|DAY#|BLOCK#|SEGMENT#|LANE#/.test(row))).toEqual([]);
    expect(await world.recordsFor(wecom(GUEST))).toEqual([]);
  });

  it('waits for its turn while another file of the same hotel and source is ingested, and is called when it comes', async () => {
    const world = ingestWorld();
    const text = Array.from({ length: 20_001 }, (_, n) => message(String(n + 1))).join('\n');
    const first = await world.upload(text);
    const second = await world.upload(message('1'));
    const elsewhere = await world.upload(
      'at,from_role,text,phone\n2026-05-01T00:00:00Z,guest,x,13800138000',
      {
        source: 'internal',
      },
    );
    let asked = 0;
    await world.run(first, {
      remaining: () => {
        asked += 1;
        return asked > 1 ? 0 : 900_000;
      },
    });
    expect(await world.run(second)).toMatchObject({ outcome: 'waiting' });
    expect(await world.run(elsewhere)).toMatchObject({ outcome: 'committed' });
    expect(await world.run(first)).toMatchObject({ outcome: 'committed' });
    expect(world.continued).toEqual([first, second]);
    expect(await world.run(second)).toMatchObject({ outcome: 'committed' });
    expect(await world.batch(second)).toMatchObject({ accepted: 0, duplicates: 1 });
  }, 60_000);

  it('is left alone while another worker holds it, and found again when that one is gone', async () => {
    const world = ingestWorld();
    const batchId = await world.upload(message('1'));
    const killed = await world.run(batchId, { death: { effect: 4, when: 'before' } });
    expect(killed.process.died()).toBe(true);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'busy' });
    const soon = new Date('2026-06-01T00:01:00Z');
    expect(await world.reader.batches.stalled(soon)).toEqual([]);
    world.pass(3);
    expect(await world.reader.batches.stalled(new Date('2026-06-01T00:03:00Z'))).toEqual([batchId]);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed' });
  });

  it('is nothing yet while its upload goes on, and abandoned after a day', async () => {
    const world = ingestWorld();
    const batchId = await world.upload('');
    world.aws.buckets.objects.clear();
    expect(await world.run(batchId)).toMatchObject({ outcome: 'not-received' });
    world.pass(25 * 60);
    expect(await world.reader.batches.stalled(new Date('2026-06-02T02:00:00Z'))).toEqual([batchId]);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'failed' });
    expect(await world.batch(batchId)).toMatchObject({ state: 'failed', failure: 'upload-abandoned' });
    expect(await world.run('bat_unknown')).toMatchObject({ outcome: 'unknown' });
  });

  it('commits a file of which nothing could be read, and says of each line why', async () => {
    const world = ingestWorld();
    const batchId = await world.upload(Buffer.from([0xff, 0x00, 0x0a, 0xfe, 0x0a]));
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed' });
    expect(await world.batch(batchId)).toMatchObject({
      accepted: 0,
      rejected: [
        { line: 1, reason: 'not-utf8' },
        { line: 2, reason: 'not-utf8' },
      ],
      conversations: 0,
    });
  });

  it('lists a bounded number of rejected lines, and counts all of them', async () => {
    const world = ingestWorld();
    const batchId = await world.upload('x\n'.repeat(LIMITS.rejectedLinesListed + 5));
    await world.run(batchId);
    const batch = await world.batch(batchId);
    expect(batch.rejected).toHaveLength(LIMITS.rejectedLinesListed);
    expect(batch.rejectedLines).toBe(LIMITS.rejectedLinesListed + 5);
  });

  it('calls KMS once for each period and once for the index, whatever the number of messages', async () => {
    const world = ingestWorld();
    const text = Array.from({ length: 3_000 }, (_, n) =>
      message(String(n + 1), { from: `${GUEST.slice(0, -4)}${String(n % 300).padStart(4, '0')}` }),
    ).join('\n');
    const { process } = await world.run(await world.upload(text));
    expect(Object.entries(process.calls).filter(([call]) => call.startsWith('kms.'))).toEqual([
      ['kms.GenerateDataKey', 2],
    ]);
  }, 60_000);
});
