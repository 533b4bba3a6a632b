import { describe, expect, it } from '@jest/globals';
import {
  type CompensateDependencies,
  clearFailedRetrieval,
} from '../../../functions/compensate/clear-failed-retrieval.ts';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { FINAL_STATES, REQUEST_STATES, type RequestState } from '../../../shared/domain/request-states.ts';
import { type ApprovedRetrieval, approvedRetrieval, REQUEST_ID } from '../../fakes/approved-retrieval.ts';
import { type Death, mortalProcess } from '../../fakes/killed-process.ts';

const INPUT = { version: 1 as const, requestId: REQUEST_ID };

/** A request in this state with everything that could be readable, and somebody waiting at every gate. */
async function brokenRetrieval(state: RequestState, changes: Partial<AccessGrant> = {}) {
  const world = await approvedRetrieval({ state, ...changes });
  await world.requestKeys.create('grant', REQUEST_ID);
  await world.delivery.put(`staged/${REQUEST_ID}`, Buffer.from('staged'));
  await world.delivery.put(`copies/${REQUEST_ID}/opn_1.zip`, Buffer.from('copy'));
  await world.grants.keepToken(REQUEST_ID, 'approval:privacy-officer', 'token-1');
  await world.grants.keepToken(REQUEST_ID, 'end', 'token-2');
  return world;
}

function dependencies(world: ApprovedRetrieval, alarms: string[] = []): CompensateDependencies {
  return {
    clock: world.clock,
    store: world.grants,
    keys: world.requestKeys,
    delivery: world.delivery,
    workflow: world.workflow,
    cleared: (requestId, state) => alarms.push(`${requestId} ${state}`),
  };
}

const ENDINGS: [RequestState, RequestState, string, string][] = [
  ['requested', 'refused', 'check-failed', 'request-refused'],
  ['awaiting-approval', 'lapsed', 'workflow-failed', 'request-lapsed'],
  ['provisioning', 'failed', 'workflow-failed', 'grant-failed'],
  ['open', 'failed', 'workflow-failed', 'grant-failed'],
];

describe('a retrieval that broke', () => {
  for (const [from, to, endReason, event] of ENDINGS) {
    it(`ends as ${to} where it was ${from}: one event, an alarm, nobody waits`, async () => {
      const world = await brokenRetrieval(from, from === 'awaiting-approval' ? { approvals: [] } : {});
      const alarms: string[] = [];
      expect(await clearFailedRetrieval(INPUT, dependencies(world, alarms))).toMatchObject({ state: to });
      expect(await world.row()).toMatchObject({ state: to, endReason });
      const events = await world.grants.events(REQUEST_ID);
      expect(faultInChain(events)).toBeNull();
      expect(events).toMatchObject([{ type: event, actor: 'function:compensate' }]);
      expect(alarms).toEqual([`${REQUEST_ID} ${to}`]);
      expect(world.workflow.released).toEqual(['token-1', 'token-2']);
      expect(await world.grants.tokens(REQUEST_ID)).toEqual([]);
    });
  }

  it('leaves nothing readable where something could have been', async () => {
    for (const state of ['provisioning', 'open', 'closed', 'revoked', 'expired', 'failed'] as const) {
      const world = await brokenRetrieval(state);
      await clearFailedRetrieval(INPUT, dependencies(world));
      expect([...world.delivery.objects.keys()]).toEqual([]);
      expect(world.requestKeys.kept()).toEqual([`evidence ${REQUEST_ID}`]);
    }
  });

  it('gives a refused check its verdict, so that nobody waits for one', async () => {
    const world = await brokenRetrieval('requested', { verdict: null });
    await clearFailedRetrieval(INPUT, dependencies(world));
    expect((await world.row()).verdict).toMatchObject({ outcome: 'deny', reasons: ['check-failed'] });
  });

  it('keeps the state that had ended already, without a further event', async () => {
    const ended = REQUEST_STATES.filter(
      (state) => FINAL_STATES.includes(state) || ['closed', 'revoked', 'expired'].includes(state),
    );
    expect(ended).toHaveLength(9);
    for (const state of ended) {
      const world = await brokenRetrieval(state);
      expect(await clearFailedRetrieval(INPUT, dependencies(world))).toMatchObject({ state });
      expect(await world.grants.events(REQUEST_ID)).toEqual([]);
    }
  });

  it('run twice ends once', async () => {
    const world = await brokenRetrieval('open');
    await clearFailedRetrieval(INPUT, dependencies(world));
    await clearFailedRetrieval(INPUT, dependencies(world));
    expect(await world.grants.events(REQUEST_ID)).toHaveLength(1);
  });
});

describe('a crash anywhere', () => {
  function mortal(world: ApprovedRetrieval, death?: Death) {
    const process = mortalProcess(death);
    const ports = dependencies(world);
    return {
      process,
      dependencies: {
        ...ports,
        store: process.watched(ports.store),
        keys: process.watched(ports.keys),
        delivery: process.watched(ports.delivery),
        workflow: process.watched(ports.workflow),
      },
    };
  }

  for (const [from, to] of ENDINGS) {
    it(`at each effect from ${from}: the next run ends it as ${to}, once, and clears it`, async () => {
      const changes = from === 'awaiting-approval' ? { approvals: [] } : {};
      const count = mortal(await brokenRetrieval(from, changes));
      await clearFailedRetrieval(INPUT, count.dependencies);
      for (let effect = 0; effect < count.process.effects(); effect += 1) {
        for (const when of ['before', 'after'] as const) {
          const world = await brokenRetrieval(from, changes);
          const { dependencies: killed } = mortal(world, { effect, when });
          await expect(clearFailedRetrieval(INPUT, killed)).rejects.toThrow();
          expect(await clearFailedRetrieval(INPUT, dependencies(world))).toMatchObject({ state: to });
          expect(await world.grants.events(REQUEST_ID)).toHaveLength(1);
          expect(await world.grants.tokens(REQUEST_ID)).toEqual([]);
          if (to === 'failed') expect([...world.delivery.objects.keys()]).toEqual([]);
        }
      }
    });
  }
});
