import { describe, expect, it } from '@jest/globals';
import { askedRetrieval } from '../../fakes/asked-retrieval.ts';
import { director, officer } from '../../shared/policy/staff.ts';

const reminders = async (world: ReturnType<typeof askedRetrieval>, requestId: string) =>
  (await world.store.events(requestId)).filter(({ type }) => type === 'request-reminded');

describe('half way to the deadline (A4)', () => {
  it('whoever is still missing is reminded of it, once, however often it is swept', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve');
    world.wait(11);
    await world.sweep();
    expect(await reminders(world, requestId)).toEqual([]);
    world.wait(1);
    await Promise.all([world.sweep(), world.sweep()]);
    world.wait(3);
    await world.sweep();
    expect(await reminders(world, requestId)).toMatchObject([{ data: { missing: ['infosec-director'] } }]);
    expect(world.done).toContainEqual({ what: 'reminded', count: 1 });
    expect((await world.decide(requestId, director, 'approve')).body).toMatchObject({
      state: 'provisioning',
    });
  });

  it('nobody is reminded of what is over: it lapses', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    world.wait(24);
    await world.sweep();
    expect((await world.row(requestId)).state).toBe('lapsed');
    expect(await reminders(world, requestId)).toEqual([]);
  });

  it('a request that was reminded of lapses at its deadline', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    world.wait(12);
    await world.sweep();
    world.wait(12);
    await world.sweep();
    expect((await world.row(requestId)).state).toBe('lapsed');
  });
});
