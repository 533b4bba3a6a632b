import { describe, expect, it } from '@jest/globals';
import { failRequest } from '../../../shared/loop/fail-request.ts';
import { askedRetrieval, idOf } from '../../fakes/asked-retrieval.ts';
import { mortalProcess } from '../../fakes/killed-process.ts';
import { director, lawyer, officer } from '../../shared/policy/staff.ts';

const by = { at: new Date('2026-06-15T13:00:00.000Z'), actor: 'function:compensate' };

describe('the way out of a retrieval that broke', () => {
  it('refuses what was never checked', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer));
    const { grant, failed } = await failRequest(requestId, 'check-failed', by, world.reconciling());
    expect(failed).toBe(true);
    expect(grant).toMatchObject({
      state: 'refused',
      verdict: { outcome: 'deny', reasons: ['check-failed'] },
    });
  });

  it('lets a request lapse that awaits approval, and gives its tokens back', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const { grant } = await failRequest(requestId, 'workflow-failed', by, world.reconciling());
    expect(grant).toMatchObject({ state: 'lapsed', endReason: 'workflow-failed' });
    expect(world.workflow.released).toHaveLength(2);
  });

  it('fails an open grant from anywhere it is killed, with one event, and leaves nothing readable', async () => {
    for (let effect = 0; effect < 13; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = askedRetrieval();
        const requestId = await world.opened();
        const dying = world.reconciling(mortalProcess({ effect, when }));
        await failRequest(requestId, 'workflow-failed', by, dying).catch(() => undefined);
        const { grant } = await failRequest(requestId, 'workflow-failed', by, world.reconciling());
        expect(grant.state).toBe('failed');
        expect(world.delivery.objects.size).toBe(0);
        expect(world.keys.kept()).toEqual([`evidence ${requestId}`]);
        expect(await world.store.tokens(requestId)).toEqual([]);
        const types = (await world.store.events(requestId)).map(({ type }) => type);
        expect(types.filter((type) => type === 'grant-failed')).toHaveLength(1);
        expect(world.store.notes(`copies/${requestId}`)).toHaveLength(1);
      }
    }
  });

  it('keeps the state of a grant that had ended, and clears it again', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    await world.end(requestId, director, 'revoke', 'r');
    await world.delivery.put(`copies/${requestId}/late.zip`, new Uint8Array([1]));
    const { grant, failed } = await failRequest(requestId, 'workflow-failed', by, world.reconciling());
    expect({ state: grant.state, failed }).toEqual({ state: 'revoked', failed: false });
    expect(world.delivery.objects.size).toBe(0);
  });

  it('comes to one end beside a decision at the same time', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const [, decided] = await Promise.all([
      failRequest(requestId, 'workflow-failed', by, world.reconciling()),
      world.decide(requestId, officer, 'approve'),
    ]);
    expect((await world.row(requestId)).state).toBe('lapsed');
    expect([200, 409]).toContain(decided.status);
  });
});
