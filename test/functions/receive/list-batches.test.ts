import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { listBatches } from '../../../functions/receive/list-batches.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { person, REGION } from '../../shared/policy/staff.ts';
import { ingestWorld, message } from '../ingest/ingest-world.ts';

const itOps = person('it', 'it-ops');
const body = z.object({
  batches: z.array(z.looseObject({ batchId: z.string() })),
  next: z.string().nullable(),
});

describe('a hotel’s batches', () => {
  it('are listed newest first, with what they lack and commit to, and no line of theirs', async () => {
    const world = ingestWorld();
    const first = await world.upload(`${message('1')}\nno json`);
    await world.run(first);
    world.pass(1);
    const second = await world.upload(message('2'));
    const dependencies = { batches: world.reader.batches, region: REGION };
    const listed = await listBatches({ hotel: 'SHA01', before: undefined, person: itOps }, dependencies);
    expect(listed).toMatchObject({
      status: 200,
      body: {
        batches: [
          { batchId: second, state: 'uploading', commitment: null },
          {
            batchId: first,
            state: 'committed',
            rejectedLines: 1,
            quarantined: 1,
            by: 'p_it',
            completeness: { rejectedBy: { 'not-json': 1 } },
            commitment: expect.stringMatching(/^sha256:/),
          },
        ],
        next: null,
      },
    });
    expect(JSON.stringify(listed)).not.toContain('"rejected":');
    const other = await listBatches({ hotel: 'HGH02', before: undefined, person: itOps }, dependencies);
    expect(other).toMatchObject({ body: { batches: [], next: null } });
  });

  it('come a page at a time, none twice and none left out', async () => {
    const world = ingestWorld();
    const uploaded: string[] = [];
    for (let count = 0; count < LIMITS.batchesListed + 2; count += 1) {
      // Each person may have so many open.
      uploaded.push(await world.upload(message('1'), { by: `p_${count}` }));
      world.pass(1);
    }
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await listBatches(
        { hotel: 'SHA01', before, person: itOps },
        { batches: world.reader.batches, region: REGION },
      );
      if (page.status !== 200) throw new Error('A page is refused');
      const { batches, next } = body.parse(page.body);
      seen.push(...batches.map(({ batchId }) => batchId));
      before = next ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual(uploaded.toReversed());
  });

  it('are refused who may not bring in records of the hotel, and named to nobody without one', async () => {
    const { reader } = ingestWorld();
    const dependencies = { batches: reader.batches, region: REGION };
    const asked = (who: typeof itOps, hotel: string | undefined, before?: string) =>
      listBatches({ hotel, before, person: who }, dependencies);
    expect(await asked(person('tr', 'trainer'), 'SHA01')).toMatchObject({ status: 403 });
    expect(await asked(itOps, 'FRA01')).toMatchObject({ status: 403 });
    expect(await asked(itOps, undefined)).toMatchObject({ status: 400 });
    expect(await asked(itOps, 'SHA01', 'x#y')).toMatchObject({ status: 400 });
  });
});
