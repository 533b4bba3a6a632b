import { describe, expect, it } from '@jest/globals';
import { decodeBlockIndex } from '../../../shared/crypto/block-index.ts';
import { maskedRecords } from '../../../shared/view/masked-records.ts';
import { viewWatermark } from '../../../shared/view/view-watermark.ts';
import { approvedRetrieval } from '../../fakes/approved-retrieval.ts';
import { person } from '../policy/staff.ts';

async function custody() {
  const world = await approvedRetrieval();
  const refused: string[] = [];
  return {
    ...world,
    found: world.blocks.map((block) => ({ block, entries: decodeBlockIndex(block.index) })),
    refused,
    dependencies: {
      keys: world.custodyKeys,
      vault: world.vault,
      blockRefused: () => refused.push('block'),
    },
  };
}

describe('records of a view', () => {
  it('are masked whatever they hold, and their media stay where they are', async () => {
    const { found, dependencies } = await custody();
    const view = await maskedRecords(found, 100, dependencies);
    const text = JSON.stringify(view);
    expect(text).not.toContain('13800138000');
    expect(text).not.toMatch(/commitment|mediaId|"file"|"digest"|batchId/);
    expect(text).toContain('masked');
  });

  it('come newest first, no more than may be shown, and say that there are more', async () => {
    const { found, dependencies } = await custody();
    const all = await maskedRecords(found, 100, dependencies);
    const two = await maskedRecords(found, 2, dependencies);
    if ('unreadable' in all || 'unreadable' in two) throw new Error('Nothing is readable');
    const times = all.records.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    expect(all.more).toBe(false);
    expect(two).toEqual({ records: all.records.slice(0, 2), more: true });
  });

  it('are masked by what other records of their blocks say, which are not shown', async () => {
    const { found, dependencies } = await custody();
    const all = await maskedRecords(found, 100, dependencies);
    if ('unreadable' in all) throw new Error('Nothing is readable');
    for (const record of all.records) {
      const alone = found.map(({ block, entries }) => ({
        block,
        entries: entries.filter(({ recordId }) => recordId === record.recordId),
      }));
      const view = await maskedRecords(alone, 100, dependencies);
      expect(view).toEqual({ records: [record], more: false });
    }
  });

  it('are not decrypted where the key of one of them is shredded', async () => {
    const { found, dependencies, custodyKeys } = await custody();
    for (const { block } of found) custodyKeys.shredPeriod(block);
    expect(await maskedRecords(found, 100, dependencies)).toEqual({ unreadable: 5 });
  });
});

describe('the watermark of a view', () => {
  it('names viewer, view, time and hotel', () => {
    const viewer = person('desk', 'front-desk');
    const at = new Date('2026-11-22T03:00:00.000Z');
    const mark = viewWatermark(viewer, { viewId: 'view_1', at, hotel: 'SHA01' });
    for (const part of [viewer.personId, viewer.displayName, 'view_1', '2026-11-22T03:00:00.000Z', 'SHA01'])
      expect(mark.text).toContain(part);
  });
});
