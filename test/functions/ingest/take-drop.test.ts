import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ingestInputSchema } from '../../../functions/ingest/ingest-input.ts';
import { type Drop, takeDrop } from '../../../functions/ingest/take-drop.ts';
import { dropInbox } from '../../../shared/aws/drop-inbox.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { ingestWorld } from './ingest-world.ts';

const TABLE = [
  'message_id,at,conversation,from_role,text,phone,email,booking',
  '1,2026-05-01 09:00:00,c1,guest,Hello,13800138000,,B1',
].join('\n');
const KEY = 'drop/SHA01/internal/export-1.csv';

function world() {
  const own = ingestWorld();
  const refused: string[] = [];
  return Object.assign(own, {
    refused,
    put(key: string, content: string): Drop {
      own.aws.buckets.objects.set(`inbox/${key}`, Buffer.from(content));
      const etag = createHash('md5').update(content).digest('hex');
      return { key, etag, size: content.length, sequencer: '0055AED6DCD90281E5' };
    },
    take: (drop: Drop) =>
      takeDrop(drop, {
        inbox: dropInbox('inbox', own.reader.process.s3),
        batches: own.reader.batches,
        region: regionConfig('cn-north-1'),
        clock: () => new Date('2026-06-01T00:00:00Z'),
        refused: (reason) => refused.push(reason),
      }),
  });
}

describe('a dropped file', () => {
  it('becomes a batch with the defaults of its hotel and source, and leaves nothing behind', async () => {
    const own = world();
    const batchId = await own.take(own.put(KEY, TABLE));
    expect(batchId).toMatch(/^bat_[0-9a-f]{26}$/);
    expect((await own.run(batchId ?? '')).outcome).toBe('committed');
    expect(await own.batch(batchId ?? '')).toMatchObject({
      accepted: 1,
      category: 'enquiry',
      timezone: 'Asia/Shanghai',
      by: 'drop:SHA01/internal',
    });
    expect(own.aws.buckets.keysIn('inbox')).toEqual([]);
    expect(await own.recordsFor({ kind: 'phone', value: '13800138000' })).toMatchObject([
      { at: '2026-05-01T01:00:00.000Z' },
    ]);
  });

  it('announced twice is one batch; put again, it changes nothing', async () => {
    const own = world();
    const drop = own.put(KEY, TABLE);
    const first = await own.take(drop);
    expect(await own.take(drop)).toBe(first);
    await own.run(first ?? '');
    expect(await own.take(drop)).toBe(first);
    const again = await own.take({ ...own.put(KEY, TABLE), sequencer: '0055AED6DCD90281E6' });
    expect(again).not.toBe(first);
    await own.run(again ?? '');
    expect(await own.batch(again ?? '')).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(own.refused).toEqual([]);
  });

  it.each([
    ['drop/SHA01/internal/王女士 13800138000.csv', 'bad-name'],
    [`drop/SHA01/internal/${'x'.repeat(65)}`, 'bad-name'],
    ['drop/SHA01/internal/a/b.csv', 'bad-name'],
    ['drop/NONE9/internal/a.csv', 'unknown-place'],
    ['drop/SHA01/telegram/a.csv', 'unknown-place'],
    ['drop/SHA01/wecom/a.csv', 'not-configured'],
  ])('%s is refused and deleted', async (key, reason) => {
    const own = world();
    expect(await own.take(own.put(key, TABLE))).toBeNull();
    expect(own.refused).toEqual([reason]);
    expect(own.aws.buckets.keysIn('inbox')).toEqual([]);
    expect(own.rows('BATCH')).toEqual([]);
  });

  it('that is empty or larger than S3 copies at once is refused', async () => {
    const own = world();
    await own.take(own.put(KEY, ''));
    await own.take({ ...own.put(KEY, TABLE), size: LIMITS.dropBytes + 1 });
    expect(own.refused).toEqual(['empty', 'too-large']);
  });

  it('replaced before it was taken is said, and what replaced it stays for its own announcement', async () => {
    const own = world();
    const first = own.put(KEY, TABLE);
    const second = own.put(KEY, `${TABLE}\n2,2026-05-01 09:01:00,c1,guest,More,13800138000,,B1`);
    expect(await own.take(first)).toBeNull();
    expect(own.refused).toEqual(['replaced']);
    const batchId = await own.take(second);
    await own.run(batchId ?? '');
    expect(await own.batch(batchId ?? '')).toMatchObject({ accepted: 2 });
  });

  it('is told apart from an upload by its key', () => {
    const detail = (key: string) => ({ detail: { object: { key, etag: '"e"', size: 1, sequencer: 's' } } });
    expect(ingestInputSchema.parse(detail('drop/SHA01/internal/x'))).toEqual({
      drop: { key: 'drop/SHA01/internal/x', etag: 'e', size: 1, sequencer: 's' },
    });
    expect(ingestInputSchema.parse(detail('SHA01/internal/bat_1'))).toMatchObject({ batchId: 'bat_1' });
  });
});
