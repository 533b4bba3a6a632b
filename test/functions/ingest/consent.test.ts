import { describe, expect, it } from '@jest/globals';
import { plainRow } from '../../fakes/in-memory-aws/plain-row.ts';
import { GUEST, ingestWorld } from './ingest-world.ts';

const line = (msgid: string, msgtype: string, body: object) =>
  JSON.stringify({
    msgid,
    action: 'send',
    from: GUEST,
    tolist: ['frontdesk01'],
    roomid: '',
    msgtime: 1_780_000_000_000,
    msgtype,
    [msgtype]: body,
  });

const ARCHIVE = [
  line('1', 'agree', { userid: GUEST, agree_time: 1_780_000_000_000 }),
  line('2', 'disagree', { userid: GUEST, disagree_time: 1_780_000_100_000 }),
].join('\n');

function facts(world: ReturnType<typeof ingestWorld>) {
  return world.aws.tables
    .rows('cases')
    .map(plainRow)
    .filter(({ pk }) => String(pk).startsWith('CONSENT#'));
}

describe('consent that an archive itself states (R8)', () => {
  it('becomes a dated fact for the employee who is meant, which names nobody in the clear', async () => {
    const world = ingestWorld();
    const batchId = await world.upload(ARCHIVE);
    expect((await world.run(batchId)).outcome).toBe('committed');
    const found = facts(world);
    expect(found.map(({ state, at, evidence }) => ({ state, at, evidence }))).toEqual([
      {
        state: 'agreed',
        at: '2026-05-28T20:26:40.000Z',
        evidence: { batchId, recordId: expect.any(String) },
      },
      {
        state: 'refused',
        at: '2026-05-28T20:28:20.000Z',
        evidence: { batchId, recordId: expect.any(String) },
      },
    ]);
    expect(found.every(({ staff }) => /^[0-9a-f]{64}$/.test(String(staff)))).toBe(true);
    expect(JSON.stringify(found)).not.toMatch(new RegExp(`${GUEST}|frontdesk01`));
  });

  it('is the same fact when the batch is read again after a crash, and when the file comes again', async () => {
    for (let effect = 1; ; effect += 1) {
      const world = ingestWorld();
      const batchId = await world.upload(ARCHIVE);
      const first = await world.run(batchId, { death: { effect, when: 'after' } });
      world.pass(3);
      await world.run(batchId);
      world.pass(3);
      await world.run(await world.upload(ARCHIVE));
      expect(facts(world)).toHaveLength(2);
      if (!first.process.died()) break;
    }
  });
});
