import { describe, expect, it } from '@jest/globals';
import { rerunBodySchema } from '../../../functions/receive/batch-body.ts';
import { beginRerun } from '../../../functions/receive/begin-rerun.ts';
import { listQuarantine } from '../../../functions/receive/list-quarantine.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { inMemoryObjectStore } from '../../fakes/in-memory-object-store.ts';
import { person, REGION } from '../../shared/policy/staff.ts';
import { type IngestWorld, ingestWorld } from '../ingest/ingest-world.ts';

const now = new Date('2026-06-02T00:00:00.000Z');
const itOps = person('it', 'it-ops');
const ROW = 'at,conversation,from_role,text,phone\n2026-05-01 10:00,c1,guest,hello,13800138000';

function dependencies(world: IngestWorld) {
  const { hotels, retention } = regionConfig('cn-north-1');
  const invoked: string[] = [];
  const inbox = inMemoryObjectStore();
  return {
    batches: world.reader.batches,
    inbox,
    region: REGION,
    hotels,
    retention,
    invoked,
    ingestLater: async (batchId: string) => {
      invoked.push(batchId);
    },
  };
}

async function quarantined(world: IngestWorld, changes: Partial<Batch> = {}): Promise<string> {
  const batchId = await world.upload(ROW, { source: 'internal', ...changes });
  await world.run(batchId);
  return batchId;
}

const rerun = (
  batchId: string,
  body: unknown,
  parts: ReturnType<typeof dependencies>,
  at = now,
  who = itOps,
) => beginRerun({ batchId, person: who, body: rerunBodySchema.parse(body), now: at }, parts);

describe('another run over rejected lines', () => {
  it('is a batch of its own, bound to the old one, on which ingest is set to work', async () => {
    const world = ingestWorld();
    const parts = dependencies(world);
    const batchId = await quarantined(world);
    const result = await rerun(batchId, { timezone: 'Asia/Shanghai', category: 'complaint' }, parts);
    expect(result).toMatchObject({ status: 202, body: { state: 'received', rerunOf: batchId } });
    const [again = ''] = parts.invoked;
    expect(await world.run(again)).toMatchObject({ outcome: 'committed', error: null });
    expect(await world.batch(again)).toMatchObject({ accepted: 1, category: 'complaint', by: 'p_it' });
  });

  it('leaves nothing in the inbox where whoever asks has too many open', async () => {
    const world = ingestWorld();
    const parts = dependencies(world);
    const batchId = await quarantined(world);
    const batches = { ...parts.batches, create: async () => 'too-many-open' as const };
    const result = await rerun(batchId, { profile: { timezone: 'Asia/Shanghai' } }, { ...parts, batches });
    expect(result.status).toBe(400);
    expect(await parts.inbox.list('')).toEqual([]);
    expect(parts.invoked).toEqual([]);
  });

  it('takes what is said about the file along without putting it into a row', async () => {
    const world = ingestWorld();
    const parts = dependencies(world);
    const batchId = await quarantined(world);
    await rerun(batchId, { profile: { ownNames: ['上海外滩店'] } }, parts);
    expect([...parts.inbox.objects.keys()]).toEqual([
      expect.stringMatching(/^SHA01\/internal\/bat_\w+\.companion$/),
    ]);
    expect(JSON.stringify(world.aws.tables.rows('records'))).not.toContain('上海外滩店');
  });

  it('is refused who may not bring in records of the hotel', async () => {
    const world = ingestWorld();
    const parts = dependencies(world);
    const batchId = await quarantined(world);
    expect((await rerun(batchId, {}, parts, now, person('t', 'trainee'))).status).toBe(403);
    expect(parts.invoked).toEqual([]);
  });

  it.each([
    ['a batch that is not known', 404, async () => 'bat_unknown', now],
    [
      'a batch without such lines',
      400,
      async (world: IngestWorld) => quarantined(world, { timezone: 'UTC' }),
      now,
    ],
    [
      'lines whose time is over',
      400,
      (world: IngestWorld) => quarantined(world),
      new Date('2026-07-02T16:00:00Z'),
    ],
  ])('is not begun for %s', async (_, status, batchOf, at) => {
    const world = ingestWorld();
    const parts = dependencies(world);
    expect((await rerun(await batchOf(world), {}, parts, at)).status).toBe(status);
    expect(parts.invoked).toEqual([]);
  });

  it('is refused where the file as a whole was rejected: it says to ingest that again', async () => {
    const world = ingestWorld();
    const parts = dependencies(world);
    const text = 'wann,wer,was\n2026-05-01 10:00,guest,hello\n\n2026-05-01 10:01,guest,bye\n';
    const batchId = await world.upload(text, { source: 'internal', timezone: 'UTC' });
    await world.run(batchId);
    const { completeness, quarantined: kept, rejected } = await world.batch(batchId);
    expect(rejected).toEqual([{ line: 1, reason: 'missing-column:at' }]);
    expect(kept).toBe(1);
    // What stands behind the header was not read, and that is stated.
    expect(completeness.unreadLines).toBe(2);
    const result = await rerun(batchId, { profile: { columns: { at: ['wann'] } } }, parts);
    expect(result).toMatchObject({ status: 400, body: { error: { where: 'path.id' } } });
    expect(JSON.stringify(result)).toContain('ingest the file again');
    expect(parts.invoked).toEqual([]);
    const listed = await listQuarantine({ hotel: 'SHA01', person: itOps, now }, parts);
    expect(listed).toMatchObject({ body: { batches: [{ batchId, rerun: false }] } });
  });

  it('that took every line takes the batch off the list', async () => {
    const world = ingestWorld();
    const parts = dependencies(world);
    const batchId = await quarantined(world);
    const listed = () => listQuarantine({ hotel: 'SHA01', person: itOps, now }, parts);
    expect(await listed()).toMatchObject({ body: { batches: [{ batchId, rerun: true }] } });
    await rerun(batchId, { timezone: 'Asia/Shanghai' }, parts);
    await world.run(parts.invoked[0] ?? '');
    expect(await listed()).toMatchObject({ body: { batches: [] } });
  });

  it('is refused a zone that is none', async () => {
    const world = ingestWorld();
    const batchId = await quarantined(world);
    expect(await rerun(batchId, { timezone: 'Moon/Base' }, dependencies(world))).toMatchObject({
      status: 400,
      body: { error: { where: 'body.timezone' } },
    });
  });
});

describe('the list of batches with rejected lines', () => {
  it('says how many and why and until when, and never a line', async () => {
    const world = ingestWorld();
    const batchId = await quarantined(world);
    const result = await listQuarantine({ hotel: 'SHA01', person: itOps, now }, dependencies(world));
    expect(result).toMatchObject({
      status: 200,
      body: {
        batches: [
          {
            batchId,
            source: 'internal',
            lines: 1,
            rejectedBy: { 'date-without-zone': 1 },
            until: '2026-07-01T16:00:00.000Z',
          },
        ],
      },
    });
    expect(JSON.stringify(result)).not.toContain('hello');
  });

  it('leaves out what retention deletes by now, asks for a hotel, and is for those alone who may bring in records', async () => {
    const world = ingestWorld();
    await quarantined(world);
    const parts = dependencies(world);
    const later = new Date('2026-07-01T16:00:00.000Z');
    expect(await listQuarantine({ hotel: 'SHA01', person: itOps, now: later }, parts)).toMatchObject({
      body: { batches: [] },
    });
    expect((await listQuarantine({ hotel: undefined, person: itOps, now }, parts)).status).toBe(400);
    const trainee = person('t', 'trainee');
    expect((await listQuarantine({ hotel: 'SHA01', person: trainee, now }, parts)).status).toBe(403);
  });
});
