import { describe, expect, it } from '@jest/globals';
import { failIfAnythingFailed } from '../../../functions/reconcile/sweep.ts';
import { askedRetrieval, idOf } from '../../fakes/asked-retrieval.ts';
import { mortalProcess } from '../../fakes/killed-process.ts';
import { director, lawyer, officer } from '../../shared/policy/staff.ts';

const MINUTE = 1 / 60;

describe('deadlines', () => {
  it('let a request lapse at its deadline and not before (A4), and give its tokens back', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve');
    world.wait(23.99);
    expect((await world.sweep()).counts['lapsed']).toBe(0);
    world.wait(0.01);
    expect((await world.sweep()).counts['lapsed']).toBe(1);
    expect(await world.row(requestId)).toMatchObject({ state: 'lapsed', endReason: 'deadline' });
    expect(world.workflow.released).toHaveLength(2);
    expect((await world.store.events(requestId)).at(-1)).toMatchObject({
      type: 'request-lapsed',
      actor: 'function:reconcile',
      data: { approved: ['privacy-officer'] },
    });
    expect(world.done).toContainEqual({ what: 'lapsed', count: 1 });
    expect(world.keys.kept()).toEqual([`evidence ${requestId}`]);
  });

  it('do not let a request lapse that was decided in the same moment', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve');
    await world.decide(requestId, director, 'approve');
    world.store.due = async (kind) => (kind === 'approval' ? [requestId] : []);
    world.wait(25);
    await world.sweep();
    expect((await world.row(requestId)).state).toBe('provisioning');
  });

  it('end the window (R11), and leave nothing readable', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    world.wait(71.9);
    await world.sweep();
    expect((await world.row(requestId)).state).toBe('open');
    world.wait(0.1);
    await world.sweep();
    expect((await world.row(requestId)).state).toBe('expired');
    expect(world.delivery.objects.size).toBe(0);
    expect(world.keys.kept()).toEqual([`evidence ${requestId}`]);
    expect(world.workflow.released).toContain('token-end');
  });

  it('delete a copy at its time, with one event, and leave the grant open', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    await world.sweep();
    expect(world.delivery.objects.size).toBe(2);
    world.wait(10 * MINUTE);
    await world.sweep();
    await world.sweep();
    expect([...world.delivery.objects.keys()]).toEqual([`staged/${requestId}`]);
    expect((await world.row(requestId)).state).toBe('open');
    expect(world.store.notes(`copies/${requestId}`)).toMatchObject([{ type: 'copy-deleted' }]);
  });

  it('delete every attempt at a copy, not only the one that was linked', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    await world.delivery.put(`copies/${requestId}/opn_1/died.zip`, new Uint8Array([3]));
    world.wait(10 * MINUTE);
    await world.sweep();
    expect([...world.delivery.objects.keys()]).toEqual([`staged/${requestId}`]);
  });

  it('delete and record a copy that arrives after the grant was archived', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    await world.end(requestId, director, 'revoke', 'r');
    const archived = { at: new Date(), actor: 'function:archive', data: {} };
    await world.store.move(await world.row(requestId), 'archive', {}, archived);
    await world.delivery.put(`copies/${requestId}/opn_1/late.zip`, new Uint8Array([3]));
    world.wait(10 * MINUTE);
    await world.sweep();
    await world.sweep();
    expect(world.delivery.objects.size).toBe(0);
    expect(world.store.notes(`copies/${requestId}`)).toMatchObject([
      { type: 'copy-deleted', data: { openingId: 'opn_1' } },
      { type: 'copy-deleted', data: { openingId: 'opn_1', late: 1 } },
    ]);
    expect(await world.store.due('copy', new Date('2100-01-01'))).toEqual([]);
  });
});

describe('what a crash left behind', () => {
  it('between the row and the execution: the execution is started after a minute', async () => {
    const world = askedRetrieval();
    const { start } = world.workflow;
    world.workflow.start = async () => {
      throw new Error('killed here');
    };
    const requestId = idOf(await world.ask(lawyer));
    world.workflow.start = start;
    await world.sweep();
    expect(world.workflow.started).toEqual([]);
    world.wait(MINUTE);
    await world.sweep();
    expect(world.workflow.started).toEqual([requestId]);
    expect(world.done).toContainEqual({ what: 'repaired', count: 1 });
  });

  it('a request that nothing checks for half an hour is refused, with one event', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer));
    world.wait(0.5);
    await world.sweep();
    await world.sweep();
    expect(await world.row(requestId)).toMatchObject({ state: 'refused', endReason: 'check-failed' });
    expect((await world.store.events(requestId)).map(({ type }) => type)).toEqual([
      'request-made',
      'request-refused',
    ]);
  });

  it('between decision and callback: the tokens are given back', async () => {
    for (const decision of ['approve', 'deny'] as const) {
      const world = askedRetrieval();
      const requestId = await world.awaiting();
      await world.decide(requestId, officer, 'approve');
      const { release } = world.workflow;
      world.workflow.release = async () => {
        throw new Error('killed here');
      };
      await world.decide(requestId, director, decision);
      world.workflow.release = release;
      world.wait(MINUTE);
      await world.sweep();
      expect(world.workflow.released.sort()).toEqual(['token-infosec-director', 'token-privacy-officer']);
      expect(await world.store.tokens(requestId)).toEqual([]);
    }
  });

  it('a provision that stands still for half an hour fails, and leaves nothing', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve');
    await world.decide(requestId, director, 'approve');
    await world.keys.create('grant', requestId);
    await world.delivery.put(`staged/${requestId}`, new Uint8Array([1]));
    world.wait(29 * MINUTE);
    await world.sweep();
    expect((await world.row(requestId)).state).toBe('provisioning');
    world.wait(MINUTE);
    await world.sweep();
    expect(await world.row(requestId)).toMatchObject({ state: 'failed', endReason: 'provision-stuck' });
    expect(world.delivery.objects.size).toBe(0);
    expect(world.keys.kept()).toEqual([`evidence ${requestId}`]);
    expect(world.done).toContainEqual({ what: 'failed', count: 1 });
  });

  it('an end without an archive after five minutes is archived, and cleared once more', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    await world
      .end(requestId, lawyer, 'close', null, mortalProcess({ effect: 2, when: 'before' }))
      .catch(() => undefined);
    expect((await world.row(requestId)).state).toBe('closed');
    expect(world.delivery.objects.size).toBe(2);
    await world.sweep();
    expect(world.archived).toEqual([]);
    world.wait(5 * MINUTE);
    await world.sweep();
    expect(world.archived).toEqual([requestId]);
    expect(world.delivery.objects.size).toBe(0);
    expect(world.workflow.released).toContain('token-end');
  });

  it('a failure whose clearing was cut short is cleared, once', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    const row = await world.row(requestId);
    await world.store.move(row, 'fail', {}, { at: world.now.value, actor: 'function:compensate', data: {} });
    world.wait(MINUTE);
    await world.sweep();
    expect(world.delivery.objects.size).toBe(0);
    expect(await world.store.due('release', world.now.value)).toEqual([]);
  });

  it('stalled batches are resumed, stale uploads aborted', async () => {
    const world = askedRetrieval();
    world.batches.stalled.push('bat_1', 'bat_2');
    world.uploads.begun.push(new Date(world.now.value.getTime() - 25 * 3_600_000), world.now.value);
    const { counts } = await world.sweep();
    expect(world.batches.resumed).toEqual(['bat_1', 'bat_2']);
    expect(counts).toMatchObject({ batchesResumed: 2, uploadsAborted: 1 });
  });
});

describe('a sweep', () => {
  it('that finds one bad item does everything else, and then fails', async () => {
    const world = askedRetrieval();
    const [bad, good] = [await world.awaiting(), await world.awaiting()];
    const read = world.store.read;
    world.store.read = async (id) => {
      if (id === bad) throw new Error('This row can not be read');
      return read(id);
    };
    world.wait(24);
    const swept = await world.sweep();
    expect((await world.row(good)).state).toBe('lapsed');
    expect(swept.failures).toHaveLength(1);
    expect(() => failIfAnythingFailed(swept)).toThrow('1 of 1 failed');
  });

  it('whose index can not be asked for one thing still asks for the others', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const due = world.store.due;
    world.store.due = async (kind, now) => {
      if (kind === 'copy' || kind === 'window') throw new Error('throttled');
      return due(kind, now);
    };
    world.wait(24);
    const swept = await world.sweep();
    expect((await world.row(requestId)).state).toBe('lapsed');
    expect(swept.failures).toHaveLength(2);
  });

  it('with nothing to do does nothing', async () => {
    const world = askedRetrieval();
    await world.opened();
    const swept = await world.sweep();
    expect(swept.failures).toEqual([]);
    expect(Object.values(swept.counts).every((count) => count === 0)).toBe(true);
    expect(() => failIfAnythingFailed(swept)).not.toThrow();
  });
});
