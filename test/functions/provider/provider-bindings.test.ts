import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { archiveOf, archiveSchema, isSameArchive } from '../../../functions/archive/archive-document.ts';
import { batchBodySchema } from '../../../functions/receive/batch-body.ts';
import { beginBatch } from '../../../functions/receive/begin-batch.ts';
import { type Batch, newBatch } from '../../../shared/domain/batch.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { batchLacks } from '../../../shared/package/batch-lacks.ts';
import { hotelsOfEveryRegion } from '../../../shared/runtime/region.ts';
import { REQUEST_ID } from '../../fakes/approved-retrieval.ts';
import { person, REGION } from '../../shared/policy/staff.ts';
import { type ProviderWorld, providerWorld } from './provider-world.ts';

const FILE = Buffer.from('订单,姓名\n1001,王小明\n', 'utf8');

async function begun(world: ProviderWorld, providerRequest: string, changes: object = {}) {
  const created: Batch[] = [];
  const sent = batchBodySchema.parse({
    source: 'ctrip',
    hotel: 'SHA01',
    bytes: FILE.length,
    parts: 1,
    sha256: createHash('sha256').update(FILE).digest('hex'),
    providerRequest,
    ...changes,
  });
  const result = await beginBatch(
    { person: person('it', 'it-ops'), body: sent, now: world.clock() },
    {
      batches: {
        create: async (batch) => {
          created.push(batch);
          return 'created';
        },
        freeSlot: async () => 0,
      },
      inbox: world.inbox,
      links: async () => ({ parts: [], sessionEnds: null }),
      region: REGION,
      bases: async () => [],
      providers: world.providers,
      chain: hotelsOfEveryRegion(),
    },
  );
  return { status: result.status, batch: created[0] };
}

describe('a batch of a provider’s answer', () => {
  it('is bound to the provider request whose answer the very same file is', async () => {
    const world = await providerWorld();
    const id = await world.awaiting();
    expect((await begun(world, id)).status).toBe(400);
    await world.answer(id, FILE);
    expect(await begun(world, id)).toMatchObject({ status: 202, batch: { providerRequest: id } });
    expect((await begun(world, id, { sha256: 'f'.repeat(64) })).status).toBe(400);
    expect((await begun(world, id, { sha256: undefined })).status).toBe(400);
    expect((await begun(world, id, { hotel: 'HGH02' })).status).toBe(400);
    expect((await begun(world, 'prq_nobody')).status).toBe(400);
  });

  it('is none where nothing says so', async () => {
    const world = await providerWorld();
    const { batch } = await begun(world, 'prq_1', { providerRequest: undefined });
    expect(batch?.providerRequest).toBeNull();
    if (batch !== undefined) expect(newBatch(batch).providerRequest).toBeNull();
  });

  it('is named in what a package says of its completeness', () => {
    const said = batchLacks({
      batchId: 'bat_1',
      platform: 'ctrip',
      hotel: 'SHA01',
      records: 1,
      accepted: 1,
      duplicates: 0,
      conflicts: 0,
      rejected: 0,
      lacks: null,
      commitment: null,
      providerRequest: 'prq_1',
    });
    expect(said).toEqual([expect.stringContaining('prq_1')]);
  });
});

describe('the archive of a request with letters to providers', () => {
  async function archived(world: ProviderWorld) {
    const grant = { ...(await world.row()), state: 'closed' as const };
    const providerRequests = await world.providers.ofRequest(REQUEST_ID);
    const events = await world.grants.events(REQUEST_ID);
    const input = { region: 'cn-north-1', openings: [], events, evidenceKey: null, providerRequests };
    return archiveSchema.parse(archiveOf({ ...input, grant }));
  }

  async function withEvent(): Promise<ProviderWorld> {
    const world = await providerWorld();
    const row = await world.row();
    await world.grants.move(row, 'revoke', {}, { at: world.clock(), actor: 'p_lawyer', data: {} });
    world.grants.seed({ ...(await world.row()), state: 'open' });
    return world;
  }

  it('lists each with its state and the digests of letters and answers, and no word of them', async () => {
    const world = await withEvent();
    const id = await world.awaiting();
    await world.answer(id, FILE);
    const archive = await archived(world);
    expect(archive.providerRequests).toMatchObject([
      {
        providerRequestId: id,
        state: 'answered',
        answers: [{ digest: sha256(FILE), bytes: FILE.length }],
        letters: [expect.stringMatching(/^sha256:/)],
      },
    ]);
    for (const secret of ['携程', 'SF1234567890123', '王'])
      expect(JSON.stringify(archive)).not.toContain(secret);
  });

  it('stands where a provider answered after it was written, and not where a letter was taken away', async () => {
    const world = await withEvent();
    const id = await world.awaiting();
    const before = await archived(world);
    await world.answer(id, FILE);
    const after = await archived(world);
    expect(isSameArchive(before, after, null)).toBe(true);
    expect(isSameArchive(after, before, null)).toBe(false);
    expect(isSameArchive(before, { ...after, providerRequests: [] }, null)).toBe(false);
    const forged = before.providerRequests?.map((one) => ({ ...one, state: 'refused' }));
    expect(isSameArchive({ ...before, providerRequests: forged }, before, null)).toBe(false);
  });

  it('says nothing of letters where there are none', async () => {
    expect('providerRequests' in (await archived(await withEvent()))).toBe(false);
  });
});
