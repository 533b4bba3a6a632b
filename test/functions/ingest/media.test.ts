import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { batchCounts } from '../../../shared/aws/batch-counts.ts';
import { entriesOf } from '../../../shared/facts/find-records.ts';
import { GUEST, type IngestWorld, ingestWorld, message, OTHER_GUEST } from './ingest-world.ts';

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
const wecom = (value: string) => ({ kind: 'wecom' as const, value });
const AGES = [new Date(0), new Date('9999-01-01T00:00:00Z')] as const;

const picture = randomBytes(7000);
const voice = randomBytes(5000);
const cut = randomBytes(300);

function image(id: string, content: Uint8Array, changes: Record<string, unknown> = {}): string {
  return message(id, {
    msgtype: 'image',
    text: undefined,
    image: { sdkfileid: `file-${id}`, md5sum: md5(content), filesize: content.length },
    ...changes,
  });
}
const lines = [
  image('1', picture),
  message('2', {
    msgtype: 'voice',
    text: undefined,
    voice: { sdkfileid: 'file-2', md5sum: md5(voice), voice_size: voice.length, play_length: 3 },
  }),
  // Its file was cut short on the way.
  image('3', randomBytes(900)),
  image('4', randomBytes(10)),
  message('5'),
];
const media = { 'Zhang San/picture.jpg': picture, 'voice.amr': voice, 'file-3.jpg': cut };
const text = lines.join('\n');

/** Every medium of a guest: its record's line, state, and bytes as they come out. */
async function mediaOf(world: IngestWorld, guest = GUEST) {
  const found: { line: number; state: string; content: Buffer | null; found: unknown }[] = [];
  for (const guestId of await world.guestsOf(wecom(guest))) {
    for (const row of await world.reader.records.blocksOf(guestId, ...AGES)) {
      for (const { line, attachments } of await world.opened(row)) {
        for (const { state, mediaId, found: came } of attachments) {
          const content = mediaId === null ? null : await world.medium(row, mediaId);
          found.push({ line, state, content, found: came });
        }
      }
    }
  }
  return found.sort((a, b) => a.line - b.line);
}

const expected = [
  { line: 1, state: 'present', content: picture },
  { line: 2, state: 'present', content: voice },
  { line: 3, state: 'damaged', content: cut },
  { line: 4, state: 'missing', content: null },
];

describe('media that come with a batch', () => {
  it('go into custody beside their records, byte for byte; what is damaged is kept as it came, what is missing is said', async () => {
    const world = ingestWorld();
    const batchId = await world.uploadWith({ media }, text);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
    expect(await mediaOf(world)).toMatchObject(expected);
    expect((await mediaOf(world))[2]?.found).toEqual({
      bytes: cut.length,
      digest: `sha256:${createHash('sha256').update(cut).digest('hex')}`,
    });
    expect(await world.batch(batchId)).toMatchObject({
      completeness: { media: { present: 2, missing: 1, damaged: 1, reference: 0 } },
    });
    expect(world.aws.buckets.keysIn('inbox')).toEqual([]);
    const keys = world.aws.buckets.keysIn('vault').filter((key) => key.includes('/med_'));
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(key).toMatch(/^SHA01\/ordinary\/2026-11\/med_[0-9a-f]{32}$/);
  });

  it('that the platform gives no name are known by the file that was brought', async () => {
    const world = ingestWorld();
    await world.run(await world.uploadWith({ media }, text));
    const endings: (string | undefined)[] = [];
    for (const guestId of await world.guestsOf(wecom(GUEST))) {
      for (const row of await world.reader.records.blocksOf(guestId, ...AGES)) {
        const records = await world.opened(row);
        for (const { attachments } of records.toSorted((a, b) => a.line - b.line)) {
          endings.push(...attachments.map(({ ending }) => ending));
        }
      }
    }
    expect(endings).toEqual(['jpg', 'amr', 'jpg', undefined]);
  });

  it('may be larger than a part and a frame', async () => {
    const world = ingestWorld();
    const film = randomBytes(9 * 1024 ** 2 + 7);
    await world.run(await world.uploadWith({ media: { 'film.mp4': film } }, image('1', film)));
    const [found] = await mediaOf(world);
    expect(found?.state).toBe('present');
    expect(found?.content?.equals(film)).toBe(true);
  });

  it('are references where none came, and the batch counts them', async () => {
    const world = ingestWorld();
    const batchId = await world.upload(text);
    await world.run(batchId);
    expect((await mediaOf(world)).map(({ state }) => state)).toEqual(new Array(4).fill('reference'));
    expect(await world.batch(batchId)).toMatchObject({ completeness: { media: { reference: 4 } } });
  });

  it('leave no word, name or plain byte anywhere', async () => {
    const world = ingestWorld();
    const plain = Buffer.from('a picture that says who the guest is');
    await world.run(await world.uploadWith({ media: { 'Li Si.jpg': plain } }, image('1', plain)));
    const stored = [
      JSON.stringify(world.aws.tables.rows('records')),
      ...[...world.aws.buckets.objects].map(([key, object]) => `${key} ${object.toString('latin1')}`),
    ].join('\n');
    for (const secret of ['Li Si', 'says who', md5(plain)]) expect(stored).not.toContain(secret);
  });

  it('have a copy for each guest of a group, under that guest’s own key', async () => {
    const world = ingestWorld();
    const group = image('1', voice, { from: 'frontdesk01', tolist: [GUEST, OTHER_GUEST], roomid: 'wr1' });
    await world.run(await world.uploadWith({ media: { 'voice.amr': voice } }, group));
    for (const guest of [GUEST, OTHER_GUEST]) {
      expect(await mediaOf(world, guest)).toMatchObject([{ state: 'present', content: voice }]);
    }
    expect(new Set(world.aws.buckets.keysIn('vault').filter((key) => key.includes('/med_'))).size).toBe(2);
  });

  it('fail the batch where they are not the ones that were announced, and nothing of it stays', async () => {
    const world = ingestWorld();
    const batchId = await world.uploadWith({ media: { 'voice.amr': voice } }, image('1', voice));
    const key = `inbox/SHA01/wecom/${batchId}.companion`;
    const bytes = Buffer.from(world.aws.buckets.objects.get(key) ?? []);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    world.aws.buckets.objects.set(key, bytes);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'failed' });
    expect(await world.batch(batchId)).toMatchObject({ failure: 'companion-unreadable' });
    expect(world.aws.buckets.keysIn('vault')).toEqual([]);
    expect(world.aws.buckets.keysIn('inbox')).toEqual([]);
  });

  it('are all there, once, wherever ingest was killed and begun again', async () => {
    const whole = ingestWorld();
    const effects = (await whole.run(await whole.uploadWith({ media }, text))).process.effects();
    for (let effect = 0; effect < effects; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = ingestWorld();
        const batchId = await world.uploadWith({ media }, text);
        await world.run(batchId, { death: { effect, when } });
        world.pass(3);
        await world.run(batchId);
        expect(await mediaOf(world)).toMatchObject(expected);
        expect(world.aws.buckets.keysIn('vault').filter((key) => key.includes('/med_'))).toHaveLength(3);
        expect(world.aws.buckets.keysIn('inbox')).toEqual([]);
        expect((await world.batch(batchId)).completeness.media).toEqual({
          present: 2,
          missing: 1,
          damaged: 1,
          reference: 0,
        });
      }
    }
  });

  it('go again where their batch fails after a part of it was written', async () => {
    const world = ingestWorld();
    const batchId = await world.uploadWith({ media }, text);
    const effects = (await ingestOnce()).process.effects();
    await world.run(batchId, { death: { effect: effects - 4, when: 'before' } });
    world.aws.buckets.objects.delete(`inbox/SHA01/wecom/${batchId}`);
    world.aws.buckets.objects.delete(`inbox/SHA01/wecom/${batchId}.companion`);
    world.pass(3);
    await world.run(batchId);
    const { state } = await world.batch(batchId);
    if (state === 'failed') expect(world.aws.buckets.keysIn('vault')).toEqual([]);
    else expect(await mediaOf(world)).toMatchObject(expected);

    async function ingestOnce() {
      const other = ingestWorld();
      return other.run(await other.uploadWith({ media }, text));
    }
  });
});

describe('media that come after their records', () => {
  const late = [
    { line: 1, state: 'present', content: picture },
    { line: 2, state: 'present', content: voice },
    { line: 3, state: 'reference', content: null },
    { line: 4, state: 'reference', content: null },
  ];
  const mediaInVault = (world: IngestWorld) =>
    world.aws.buckets.keysIn('vault').filter((key) => key.includes('/med_'));
  const suppliedEvents = async (world: IngestWorld, batchId: string) =>
    (await world.reader.custody.events(`batch/${batchId}`)).filter(({ type }) => type === 'media-supplied');

  it('are added to them by the same file again, with an event; the batch that lacked them says so', async () => {
    const world = ingestWorld();
    const first = await world.upload(text);
    await world.run(first);
    const before = await world.recordsFor(wecom(GUEST));
    const batchId = await world.uploadWith({ media }, text);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
    expect(await mediaOf(world)).toMatchObject(late);
    expect(await world.batch(batchId)).toMatchObject({
      accepted: 0,
      duplicates: 5,
      completeness: {
        media: { present: 0, missing: 0, damaged: 0, reference: 0, supplied: 2, notTaken: 1 },
      },
    });
    expect((await world.batch(first)).completeness.media).toEqual({
      ...{ present: 2, missing: 0, damaged: 0, reference: 2 },
      later: 2,
    });
    const [counts] = await batchCounts('records', world.reader.process.dynamo)([first]);
    expect(counts?.lacks?.media).toEqual((await world.batch(first)).completeness.media);
    expect(mediaInVault(world)).toHaveLength(2);
    const events = await suppliedEvents(world, batchId);
    expect(events.map(({ data }) => [data['media'], data['bytes'], data['to']])).toEqual([
      [2, picture.length + voice.length, [first]],
    ]);
    expect(events[0]?.data).toMatchObject({ by: (await world.batch(batchId)).by, undeclared: 0 });
    const after = await world.recordsFor(wecom(GUEST));
    expect(after.map(({ recordId, original, batchId: own }) => [recordId, original, own])).toEqual(
      before.map(({ recordId, original, batchId: own }) => [recordId, original, own]),
    );
  });

  it('say so where the platform declared no digest: in the record, the event and both batches', async () => {
    const world = ingestWorld();
    const undeclared = message('1', {
      msgtype: 'voice',
      text: undefined,
      voice: { sdkfileid: 'voice', play_length: 3 },
    });
    const first = await world.upload(undeclared);
    await world.run(first);
    const batchId = await world.uploadWith({ media: { 'voice.amr': voice } }, undeclared);
    await world.run(batchId);
    const [record] = await world.recordsFor(wecom(GUEST));
    expect(record?.attachments).toMatchObject([{ state: 'present', digest: null, suppliedBy: batchId }]);
    expect((await suppliedEvents(world, batchId)).map(({ data }) => data['undeclared'])).toEqual([1]);
    expect((await world.batch(batchId)).completeness.media).toMatchObject({ supplied: 1, undeclared: 1 });
    expect((await world.batch(first)).completeness.media).toMatchObject({ later: 1, laterUndeclared: 1 });
    const [counts] = await batchCounts('records', world.reader.process.dynamo)([first]);
    expect(counts).toMatchObject({ by: expect.any(String), lacks: { media: { laterUndeclared: 1 } } });
  });

  it('change the marks of their block’s row alone: the record’s commitment stays', async () => {
    const world = ingestWorld();
    await world.run(await world.upload(text));
    const entries = async () => {
      const [guestId = ''] = await world.guestsOf(wecom(GUEST));
      return (await world.reader.records.blocksOf(guestId, ...AGES)).flatMap(entriesOf);
    };
    const before = await entries();
    await world.run(await world.uploadWith({ media }, text));
    const after = await entries();
    expect(after.map(({ recordId, commitment }) => [recordId, commitment])).toEqual(
      before.map(({ recordId, commitment }) => [recordId, commitment]),
    );
    expect(before.flatMap((entry) => entry.media ?? [])).toEqual(new Array(4).fill('reference'));
    const counted = Map.groupBy(
      after.flatMap((entry) => entry.media ?? []),
      (mark) => mark.split(':')[0],
    );
    expect([...counted].map(([state, marks]) => [state, marks.length]).sort()).toEqual([
      ['present', 2],
      ['reference', 2],
    ]);
  });

  it('are added once, however often the file comes', async () => {
    const world = ingestWorld();
    const first = await world.upload(text);
    await world.run(first);
    await world.run(await world.uploadWith({ media }, text));
    const objects = world.aws.buckets.keysIn('vault');
    const third = await world.uploadWith({ media }, text);
    await world.run(third);
    expect(world.aws.buckets.keysIn('vault')).toEqual(objects);
    expect(await suppliedEvents(world, third)).toEqual([]);
    expect((await world.batch(third)).completeness.media).not.toHaveProperty('supplied');
    expect((await world.batch(first)).completeness.media).toMatchObject({ present: 2, later: 2 });
  });

  it('are added where the first folder lacked them; what is there already is not replaced', async () => {
    const world = ingestWorld();
    const first = await world.uploadWith({ media: { 'voice.amr': voice, 'file-3.jpg': cut } }, text);
    await world.run(first);
    await world.run(await world.uploadWith({ media }, text));
    expect(await mediaOf(world)).toMatchObject(expected);
    expect((await world.batch(first)).completeness.media).toEqual({
      ...{ present: 2, missing: 1, damaged: 1, reference: 0 },
      later: 1,
    });
  });

  it('are added to each guest’s copy, under that guest’s own key, and counted once', async () => {
    const world = ingestWorld();
    const group = image('1', voice, { from: 'frontdesk01', tolist: [GUEST, OTHER_GUEST], roomid: 'wr1' });
    const first = await world.upload(group);
    await world.run(first);
    const batchId = await world.uploadWith({ media: { 'voice.amr': voice } }, group);
    await world.run(batchId);
    for (const guest of [GUEST, OTHER_GUEST]) {
      expect(await mediaOf(world, guest)).toMatchObject([{ state: 'present', content: voice }]);
    }
    expect(mediaInVault(world)).toHaveLength(2);
    expect((await world.batch(batchId)).completeness.media).toMatchObject({ supplied: 1 });
    expect((await world.batch(first)).completeness.media).toMatchObject({
      present: 1,
      reference: 0,
      later: 1,
    });
  });

  it('are not added where their bytes are not the ones that were announced, and the records stay as they were', async () => {
    const world = ingestWorld();
    await world.run(await world.upload(text));
    const before = world.aws.buckets.keysIn('vault');
    const batchId = await world.uploadWith({ media: { 'voice.amr': voice } }, text);
    const key = `inbox/SHA01/wecom/${batchId}.companion`;
    const bytes = Buffer.from(world.aws.buckets.objects.get(key) ?? []);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    world.aws.buckets.objects.set(key, bytes);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'failed' });
    expect((await mediaOf(world)).map(({ state }) => state)).toEqual(new Array(4).fill('reference'));
    for (const object of before) expect(world.aws.buckets.keysIn('vault')).toContain(object);
  });

  it('are all there, once, wherever ingest was killed and begun again; what a dead process left goes', async () => {
    const lived = ingestWorld();
    await lived.run(await lived.upload(text));
    const effects = (await lived.run(await lived.uploadWith({ media }, text))).process.effects();
    for (let effect = 0; effect < effects; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = ingestWorld();
        const first = await world.upload(text);
        await world.run(first);
        const batchId = await world.uploadWith({ media }, text);
        await world.run(batchId, { death: { effect, when } });
        world.pass(3);
        await world.run(batchId);
        expect(await mediaOf(world)).toMatchObject(late);
        expect((await world.batch(first)).completeness.media).toMatchObject({ present: 2, reference: 2 });
        expect((await world.batch(batchId)).completeness.media).toMatchObject({ supplied: 2, notTaken: 1 });
        expect(await suppliedEvents(world, batchId)).toHaveLength(1);
        world.pass(60);
        await world.settleSwaps();
        expect(await mediaOf(world)).toMatchObject(late);
        expect(mediaInVault(world)).toHaveLength(2);
        expect(world.aws.buckets.keysIn('vault')).toHaveLength(lived.aws.buckets.keysIn('vault').length);
      }
    }
  });
});
