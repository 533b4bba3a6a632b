import { describe, expect, it } from '@jest/globals';
import { profileDigest } from '../../../shared/sources/import-profile.ts';
import { ingestWorld, message } from './ingest-world.ts';

describe('what comes beside an export', () => {
  it('goes from the inbox with the export, and leaves no name in any row', async () => {
    const world = ingestWorld();
    const batchId = await world.uploadWith(
      { profile: { ownNames: ['张三经理'] }, media: { '李四.jpg': Buffer.from('picture') } },
      message('1'),
    );
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
    expect(world.aws.buckets.keysIn('inbox')).toEqual([]);
    expect(JSON.stringify(world.aws.tables.rows('records'))).not.toMatch(/张三|李四/);
  });

  it('fails the batch where it is not the one that was announced, and nothing of either stays', async () => {
    const world = ingestWorld();
    const spoilt = [
      { what: 'companion-unreadable', spoil: (bytes: Buffer) => bytes.fill(0x20, 10, 11) },
      { what: 'companion-unreadable', spoil: (bytes: Buffer) => bytes.fill(0, 0, 1) },
      { what: 'size-differs', spoil: (bytes: Buffer) => bytes.subarray(1) },
    ];
    for (const { what, spoil } of spoilt) {
      const batchId = await world.uploadWith({ media: { 'a.jpg': Buffer.from('picture') } }, message('1'));
      const key = world.aws.buckets.keysIn('inbox').find((one) => one.endsWith('.companion')) ?? '';
      const bytes = world.aws.buckets.objects.get(`inbox/${key}`) ?? Buffer.alloc(0);
      world.aws.buckets.objects.set(`inbox/${key}`, Buffer.from(spoil(bytes)));
      expect(await world.run(batchId)).toMatchObject({ outcome: 'failed' });
      expect(await world.batch(batchId)).toMatchObject({ state: 'failed', failure: what });
      expect(world.aws.buckets.keysIn('inbox')).toEqual([]);
      expect(world.aws.buckets.keysIn('vault')).toEqual([]);
    }
  });

  it('says the zone of times that have none', async () => {
    const world = ingestWorld();
    const row = 'message_id,at,from_role,text,phone\ni2,2026-05-01 10:00:00,guest,你好,13800138000\n';
    await world.run(
      await world.uploadWith({ profile: { timezone: 'Asia/Tokyo' } }, row, { source: 'internal' }),
    );
    const [record] = await world.recordsFor({ kind: 'phone', value: '13800138000' });
    expect(record?.at).toBe('2026-05-01T01:00:00.000Z');
  });
});

it('an import profile is named in the event of its batch', async () => {
  const world = ingestWorld();
  const profile = { values: { from_role: { 贵宾: 'guest' } } };
  const text = 'message_id,at,from_role,text,phone\n1,2026-05-01T00:00:00Z,贵宾,hello,13800138000\n';
  const batchId = await world.uploadWith({ profile }, text, { source: 'internal' });
  await world.run(batchId);
  const committed = (await world.reader.custody.events(`batch/${batchId}`)).at(-1);
  expect(committed?.data['profile']).toBe(profileDigest(profile));
});
