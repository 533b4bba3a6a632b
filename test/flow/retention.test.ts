import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { releaseHold } from '../../cli/commands/hold.ts';
import { keysIn } from './support/leftovers.ts';
import { objectText } from './support/reading.ts';
import { as, conversation, ingest, newGuest, refusal, request, requestFor } from './support/retrieval.ts';

const ran = z.object({
  deletedBlocks: z.number(),
  deletedRecords: z.number(),
  heldRecords: z.number(),
  certificates: z.array(z.string()),
});
// Ordinary records of January 2026 are kept six months (D1): due in August.
const JANUARY = '2026-01-10T10:00:00+08:00';
const AS_OF = '2026-08-02T00:00:00+08:00';
const january = { from: '2026-01-01T00:00:00+08:00', to: '2026-01-31T23:59:59+08:00' };

describe('retention on the deployed stack', () => {
  it('deletes what is due, keeps what is held readable, certifies both', async () => {
    const gone = newGuest();
    const held = newGuest();
    await ingest(conversation(gone, 5, JANUARY));
    await ingest(conversation(held, 4, JANUARY));
    const legal = await as('legal');
    const { holdId } = await legal.post(
      '/holds',
      { matter: 'M-2026-020', hotel: 'SHA01', subject: { kind: 'wecom', value: held.wecom } },
      z.object({ holdId: z.string() }),
    );

    const officer = await as('privacy-officer');
    const dry = await officer.post('/retention/runs', { asOf: AS_OF, dryRun: true }, ran);
    expect(dry.deletedRecords).toBeGreaterThanOrEqual(5);
    expect(dry.certificates).toEqual([]);

    const done = await officer.post('/retention/runs', { asOf: AS_OF }, ran);
    expect(done.deletedRecords).toBe(dry.deletedRecords);
    expect(done.heldRecords).toBeGreaterThanOrEqual(4);
    expect(done.certificates.length).toBeGreaterThanOrEqual(1);

    expect(await request(requestFor(gone, january))).toMatchObject({ state: 'refused' });
    expect((await request(requestFor(held, january))).scope).toMatchObject({ records: 4 });

    const certificates = await keysIn('evidence', 'certificates/');
    expect(certificates.length).toBeGreaterThanOrEqual(2);
    for (const key of certificates) {
      const text = await objectText('evidence', key);
      for (const secret of ['服务', gone.wecom, held.wecom]) expect(text).not.toContain(secret);
    }

    // The hold released, the next run takes the rest.
    await releaseHold(legal, holdId, '结案 closed');
    const rest = await officer.post('/retention/runs', { asOf: AS_OF }, ran);
    expect(rest.deletedRecords).toBe(4);
    expect(await request(requestFor(held, january))).toMatchObject({ state: 'refused' });
    expect(await keysIn('vault', 'SHA01/ordinary/2026-07')).toEqual([]);
  });

  it('deletes nothing twice', async () => {
    const officer = await as('privacy-officer');
    expect(await officer.post('/retention/runs', { asOf: AS_OF }, ran)).toMatchObject({ deletedBlocks: 0 });
  });

  it('refuses to run for roles that don’t answer for it', async () => {
    expect((await refusal((await as('sales')).post('/retention/runs', {}, ran))).outcome).toBe('deny');
    expect((await refusal((await as('front-desk')).post('/retention/runs', {}, ran))).outcome).toBe('deny');
  });
});
