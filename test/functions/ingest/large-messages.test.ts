import { describe, expect, it } from '@jest/globals';
import { readQuarantine } from '../../../shared/custody-in/read-quarantine.ts';
import { newId } from '../../../shared/domain/identifiers.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { ingestWorld, message } from './ingest-world.ts';

const NOW = new Date('2026-06-01T00:00:00Z');

describe('a message with more of something than a row or a transaction takes', () => {
  it('is rejected where too many staff take part, and the others of its batch go in', async () => {
    const world = ingestWorld();
    const tolist = Array.from({ length: LIMITS.staffPerMessage + 1 }, (_, n) => `emp${n}`);
    const batchId = await world.upload(`${message('1', { tolist })}\n${message('2')}\n`);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
    expect(await world.batch(batchId)).toMatchObject({
      accepted: 1,
      rejected: [{ line: 1, reason: 'too-many-staff' }],
    });
  });

  it('goes into a block of its own where the staff of several would be too many for one row', async () => {
    const world = ingestWorld();
    const staff = (from: number) => Array.from({ length: 1_500 }, (_, n) => `emp${from + n}`);
    const lines = [message('1', { tolist: staff(0) }), message('2', { tolist: staff(1_500) })];
    const batchId = await world.upload(lines.join('\n'));
    await world.run(batchId);
    expect(await world.batch(batchId)).toMatchObject({ accepted: 2, blocks: 2 });
  });

  it('keeps one copy for each guest of a file that it names many times', async () => {
    const world = ingestWorld();
    const guests = ['A', 'B', 'C'].map((letter) => `wm${letter.repeat(30)}`);
    const item = { type: 'image', content: JSON.stringify({ sdkfileid: 'a' }) };
    const line = message('1', {
      from: 'frontdesk01',
      tolist: guests,
      msgtype: 'mixed',
      text: undefined,
      mixed: { item: Array.from({ length: 100 }, () => item) },
    });
    const batchId = await world.uploadWith({ media: { 'a.jpg': Buffer.alloc(1000, 1) } }, line);
    await world.run(batchId);
    expect(await world.batch(batchId)).toMatchObject({
      accepted: 1,
      completeness: { media: { present: 100 } },
    });
    expect(world.aws.buckets.keysIn('vault').filter((key) => key.includes('/med_'))).toHaveLength(3);
  });
});

describe('a link', () => {
  it('of more identifiers and guests than one transaction holds is written whole, and stated once', async () => {
    const { reader } = ingestWorld();
    const create = async (index: string) => {
      const guestId = newId('gst', NOW);
      await reader.identifiers.create(guestId, [index], { identified: true, link: null });
      return guestId;
    };
    const [first = '', ...others] = await Promise.all(
      Array.from({ length: 45 }, (_, n) => create(`known-${n}`)),
    );
    const indexes = Array.from({ length: 70 }, (_, n) => `new-${n}`);
    const event = { at: NOW, actor: 'function:ingest', batchId: 'bat_1', kinds: ['name-and-room'] };
    expect(await reader.identifiers.link(first, indexes, others, event)).toBe('linked');
    expect((await reader.identifiers.guestsOf(indexes)).size).toBe(70);
    expect((await reader.identifiers.members(others[7] ?? '')).size).toBe(45);
    expect(await reader.custody.events(`guest/${first}`)).toHaveLength(1);
  });
});

describe('a segment that planned more objects than one transaction can forget', () => {
  it('ends with none of its plans left', async () => {
    const world = ingestWorld();
    const { batches } = world.reader;
    const batchId = await world.upload(message('1'));
    const received = await batches.received(batchId, 'p_it', NOW);
    if (received === null) throw new Error('There is no batch');
    const lease = await batches.lease(received, NOW, new Date('2026-06-02T00:00:00Z'));
    if (lease.outcome !== 'leased') throw new Error('The batch is not free');
    const keys = Array.from({ length: 402_000 }, (_, n) => `SHA01/ordinary/2026-11/med_${n}`);
    await batches.intend(lease.batch, keys);
    const next = await batches.checkpoint(lease.batch, { accepted: 1 });
    expect(next.accepted).toBe(1);
    expect(world.rows(`BATCH#${batchId} SEGMENT#`)).toEqual([]);
    expect((await batches.intended(next)).size).toBe(0);
  });
});

describe('a line that can never be stored', () => {
  it('is set apart by smaller and smaller segments, so that its batch goes on', async () => {
    const world = ingestWorld();
    const lines = Array.from({ length: 40 }, (_, n) => message(`m${n}`));
    lines[17] = message('poison', { text: { content: 'POISON' } });
    const batchId = await world.upload(lines.join('\n'));
    world.breakOn('POISON');
    for (let run = 0; run < 60 && (await world.batch(batchId)).state !== 'committed'; run += 1) {
      await world.run(batchId);
      world.pass(5);
    }
    expect(await world.batch(batchId)).toMatchObject({
      state: 'committed',
      accepted: 39,
      rejected: [{ line: 18, reason: 'not-storable' }],
      quarantined: 1,
    });
    const kept: string[] = [];
    for await (const line of readQuarantine(batchId, world.reader)) {
      kept.push(`${line.line} ${Buffer.from(line.original).toString()}`);
    }
    expect(kept).toEqual([`18 ${lines[17]}`]);
  });
});
