import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readQuarantine } from '../../../shared/custody-in/read-quarantine.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { type QuarantinedLine, quarantineGuest } from '../../../shared/domain/quarantine.ts';
import { type IngestWorld, ingestWorld, message } from './ingest-world.ts';

const TABLE_HEADER = 'message_id,at,conversation,from_role,text,phone';

async function linesOf(world: IngestWorld, batchId: string): Promise<QuarantinedLine[]> {
  const lines: QuarantinedLine[] = [];
  for await (const line of readQuarantine(batchId, world.reader)) lines.push(line);
  return lines.sort((a, b) => a.line - b.line);
}

const textsOf = (lines: QuarantinedLine[]) =>
  lines.map(({ line, reason, original }) => [line, reason, Buffer.from(original).toString()]);

/** Another run over the lines that a batch kept. */
async function rerun(world: IngestWorld, batchId: string, changes: Partial<Batch> = {}): Promise<string> {
  const { source, quarantined, digest } = await world.batch(batchId);
  const again = await world.upload('', { source, bytes: quarantined, digest, rerunOf: batchId, ...changes });
  const row = await world.reader.batches.received(again, 'p_it', new Date('2026-06-01T00:00:00Z'));
  expect(row?.state).toBe('received');
  return again;
}

describe('rejected lines', () => {
  it('are kept encrypted with their reason, and counted', async () => {
    const world = ingestWorld();
    const bad = message('3', { msgtime: 'x', text: { content: 'a-guests-own-words' } });
    const cut = '{"msgid":"9","from":"wmGuest01';
    const batchId = await world.upload([message('1'), bad, message('2'), cut].join('\n'));
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
    expect(await world.batch(batchId)).toMatchObject({
      accepted: 2,
      quarantined: 2,
      blocks: 1,
      guests: 1,
      conversations: 1,
      completeness: { truncated: true, rejectedBy: { 'invalid-field:msgtime': 1, 'not-json': 1 } },
    });
    expect(textsOf(await linesOf(world, batchId))).toEqual([
      [2, 'invalid-field:msgtime', bad],
      [4, 'not-json', ''],
    ]);
    const stored = [...world.aws.buckets.objects].map(([key, body]) => `${key} ${body.toString('latin1')}`);
    expect(stored.join('\n')).not.toContain('a-guests-own-words');
    expect(stored.some((object) => object.startsWith('vault/SHA01/quarantine/2026-07-01/'))).toBe(true);
    const committed = (await world.reader.custody.events(`batch/${batchId}`)).at(-1);
    expect(committed?.data).toMatchObject({ quarantined: 2, truncated: true, records: 2 });
  });

  it('are found by no identifier, no day and no period of records', async () => {
    const world = ingestWorld();
    const batchId = await world.upload('not json');
    await world.run(batchId);
    expect(world.rows('DAY#')).toEqual([]);
    expect(world.rows('ID#')).toEqual([`ID#quarantine-${batchId} GUEST`]);
    expect(await world.reader.records.blocksOfPeriod('SHA01', 'ordinary', '2026-12')).toEqual([]);
    expect(world.rows(`GUEST#${quarantineGuest(batchId)} AT#`)).toHaveLength(1);
  });

  it('are not kept where they were not to be collected (R7)', async () => {
    const world = ingestWorld();
    const batchId = await world.upload(message('1', { from: 'lily', tolist: ['wang'] }));
    await world.run(batchId);
    expect(await world.batch(batchId)).toMatchObject({ rejectedLines: 1, quarantined: 0 });
    expect(await linesOf(world, batchId)).toEqual([]);
    expect([...world.aws.buckets.objects.keys()].filter((key) => key.startsWith('vault/'))).toEqual([]);
  });

  it('keep their reason and length alone where nobody can tell whether a guest takes part (R7)', async () => {
    const world = ingestWorld();
    const talk = JSON.parse(
      message('1', { from: 'lily', tolist: ['wang'], text: { content: 'private-talk' } }),
    );
    const lines = [
      JSON.stringify({ ...talk, msgtime: 'x' }),
      JSON.stringify({ ...talk, msgid: '' }),
      JSON.stringify(talk).slice(0, -1),
    ];
    const batchId = await world.upload(lines.join('\n'));
    await world.run(batchId);
    expect((await world.batch(batchId)).rejected).toEqual([
      { line: 1, reason: 'no-guest' },
      { line: 2, reason: 'no-guest' },
      { line: 3, reason: 'not-json' },
    ]);
    expect(textsOf(await linesOf(world, batchId))).toEqual([[3, 'not-json', '']]);
    const again = await rerun(world, batchId);
    await world.run(again);
    expect((await world.batch(again)).rejected).toEqual([{ line: 3, reason: 'not-json' }]);
  });

  it('keep their beginning and their length where they are too long', async () => {
    const world = ingestWorld();
    const long = `m,2026-05-01T10:00:00Z,c,guest,${'x'.repeat(LIMITS.lineBytes)},1`;
    const batchId = await world.upload(`${TABLE_HEADER}\n${long}\n`, { source: 'internal' });
    await world.run(batchId);
    const [line] = await linesOf(world, batchId);
    expect(line).toMatchObject({ line: 2, reason: 'row-too-long', bytes: long.length });
    expect(line?.original).toHaveLength(LIMITS.lineBytes);
    const again = await rerun(world, batchId);
    await world.run(again);
    expect(await world.batch(again)).toMatchObject({
      accepted: 0,
      rejected: [{ line: 2, reason: 'row-too-long' }],
    });
  });

  it('lie there once, whenever and however often the process that writes them dies', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ effect: fc.nat({ max: 14 }), when: fc.constantFrom('before', 'after') }), {
          maxLength: 3,
        }),
        async (deaths) => {
          const world = ingestWorld();
          const batchId = await world.upload(['one', message('1'), 'two', 'two'].join('\n'));
          for (const death of deaths) {
            await world.run(batchId, { death });
            world.pass(10);
          }
          world.pass(10);
          await world.run(batchId);
          expect(await world.batch(batchId)).toMatchObject({
            state: 'committed',
            accepted: 1,
            quarantined: 3,
          });
          expect((await linesOf(world, batchId)).map(({ line }) => line)).toEqual([1, 3, 4]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are read again as a batch bound to the old one: with a zone, rows of a table under their old header', async () => {
    const world = ingestWorld();
    const rows = [
      TABLE_HEADER,
      'm1,2026-05-01 10:00,c1,guest,你好,13800138000',
      'm2,2026-05-01 10:01,c1,guest,"再,见",13800138000',
    ];
    const batchId = await world.upload(rows.join('\r\n'), { source: 'internal' });
    await world.run(batchId);
    expect(await world.batch(batchId)).toMatchObject({ accepted: 0, quarantined: 2 });
    const again = await rerun(world, batchId, { timezone: 'Asia/Shanghai' });
    expect(await world.run(again)).toMatchObject({ outcome: 'committed', error: null });
    expect(await world.batch(again)).toMatchObject({
      accepted: 2,
      rejectedLines: 0,
      quarantined: 0,
      rerunOf: batchId,
    });
    const records = await world.recordsFor({ kind: 'phone', value: '13800138000' });
    expect(records.map(({ text, at, line }) => [text, at, line])).toEqual([
      ['你好', '2026-05-01T02:00:00.000Z', 2],
      ['再,见', '2026-05-01T02:01:00.000Z', 3],
    ]);
    const events = await world.reader.custody.events(`batch/${again}`);
    expect(events.map(({ data }) => data['rerunOf'])).toEqual([batchId, batchId]);
    const third = await rerun(world, batchId, { timezone: 'Asia/Shanghai' });
    await world.run(third);
    expect(await world.batch(third)).toMatchObject({ accepted: 0, duplicates: 2 });
  });

  it('that are rejected again stay in quarantine, with the reason of this time', async () => {
    const world = ingestWorld();
    const batchId = await world.upload('not json\nnor this');
    await world.run(batchId);
    const again = await rerun(world, batchId);
    await world.run(again);
    expect(await world.batch(again)).toMatchObject({ rejectedLines: 2, quarantined: 2 });
    expect(await linesOf(world, again)).toEqual(await linesOf(world, batchId));
  });

  it('are listed by batch, newest first', async () => {
    const world = ingestWorld();
    const first = await world.upload('not json');
    world.pass(5);
    const second = await world.upload('[1]');
    for (const batchId of [first, second, await world.upload(message('1'))]) await world.run(batchId);
    const listed = await world.reader.batches.withQuarantine('SHA01');
    expect(listed.map(({ batchId }) => batchId)).toEqual([second, first]);
    expect(await world.reader.batches.withQuarantine('HGH02')).toEqual([]);
  });
});
