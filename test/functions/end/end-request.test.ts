import { describe, expect, it } from '@jest/globals';
import { endingBodySchema, revokingBodySchema } from '../../../functions/end/ending-body.ts';
import { type AskedRetrieval, askedRetrieval } from '../../fakes/asked-retrieval.ts';
import { mortalProcess } from '../../fakes/killed-process.ts';
import { auditor, director, lawyer, officer, secondLawyer } from '../../shared/policy/staff.ts';

async function nothingReadable(world: AskedRetrieval, requestId: string): Promise<void> {
  expect([...world.delivery.objects.keys()]).toEqual([]);
  expect(world.keys.kept()).not.toContain(`grant ${requestId}`);
  expect(await world.store.tokens(requestId)).toEqual([]);
}

describe('withdraw', () => {
  it('ends a request that awaits approval, and gives every token back', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    expect(await world.end(requestId, lawyer, 'withdraw')).toEqual({
      status: 200,
      body: { requestId, state: 'withdrawn' },
      done: true,
    });
    expect(world.workflow.released.sort()).toEqual(['token-infosec-director', 'token-privacy-officer']);
  });

  it('is for the requester alone, and only while approval is awaited', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    expect((await world.end(requestId, secondLawyer, 'withdraw')).status).toBe(403);
    await world.decide(requestId, officer, 'deny');
    expect(await world.end(requestId, lawyer, 'withdraw')).toMatchObject({
      status: 409,
      body: { verdict: { reasons: ['nothing-to-withdraw'] } },
    });
  });
});

describe('close', () => {
  it('ends an open grant and leaves nothing readable', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    expect((await world.end(requestId, lawyer, 'close')).body).toEqual({ requestId, state: 'closed' });
    await nothingReadable(world, requestId);
    expect(world.workflow.released).toContain('token-end');
    expect(world.store.notes(`copies/${requestId}`)).toMatchObject([
      { type: 'copy-deleted', data: { openingId: 'opn_1', issued: true } },
    ]);
  });

  it('is not for an approver', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    expect((await world.end(requestId, officer, 'close')).status).toBe(403);
  });

  it('repeated by the same person answers the same, also after the archive', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    await world.end(requestId, lawyer, 'close');
    const row = await world.row(requestId);
    expect((await world.end(requestId, lawyer, 'close')).body).toEqual({ requestId, state: 'closed' });
    expect(await world.row(requestId)).toEqual(row);
    await world.store.move(row, 'archive', {}, { at: world.now.value, actor: 'function:archive', data: {} });
    expect((await world.end(requestId, lawyer, 'close')).body).toEqual({ requestId, state: 'archived' });
  });
});

describe('revoke', () => {
  it('takes an open grant away, with a sealed reason and a commitment to it', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    const answer = await world.end(requestId, director, 'revoke', '王小明撤回了同意');
    expect(answer.body).toEqual({ requestId, state: 'revoked' });
    await nothingReadable(world, requestId);
    const written = JSON.stringify([await world.row(requestId), await world.store.events(requestId)]);
    expect(written).not.toContain('王小明');
    expect((await world.store.events(requestId)).at(-1)?.data['reasonCommitment']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes a grant away that is being provisioned', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve');
    await world.decide(requestId, director, 'approve');
    await world.delivery.put(`staged/${requestId}`, new Uint8Array([1]));
    expect((await world.end(requestId, officer, 'revoke', 'r')).body).toEqual({
      requestId,
      state: 'revoked',
    });
    await nothingReadable(world, requestId);
  });

  it('is not for an auditor', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    expect((await world.end(requestId, auditor, 'revoke', 'r')).status).toBe(403);
    expect((await world.row(requestId)).state).toBe('open');
  });

  it('killed anywhere and sent again, leaves nothing readable, with one event', async () => {
    for (let effect = 0; effect < 14; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = askedRetrieval();
        const requestId = await world.opened();
        await world
          .end(requestId, director, 'revoke', 'r', mortalProcess({ effect, when }))
          .catch(() => undefined);
        expect((await world.end(requestId, director, 'revoke', 'r')).status).toBe(200);
        await nothingReadable(world, requestId);
        const types = (await world.store.events(requestId)).map(({ type }) => type);
        expect(types.filter((type) => type === 'grant-revoked')).toHaveLength(1);
        expect(world.store.notes(`copies/${requestId}`)).toHaveLength(1);
      }
    }
  });

  it('stands although the delivery bucket can not be reached: it is reported, and left to the reconciler', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    world.delivery.delete = async () => {
      throw new Error('S3 is away');
    };
    expect((await world.end(requestId, director, 'revoke', 'r')).status).toBe(200);
    expect(world.errors).toHaveLength(1);
    expect(world.keys.kept()).not.toContain(`grant ${requestId}`);
    expect(world.workflow.released).toContain('token-end');
  });
});

describe('the body of an end', () => {
  it('may be empty to withdraw and to close; to revoke it states a reason', () => {
    expect(endingBodySchema('system').parse(undefined)).toEqual({});
    expect(endingBodySchema('system').parse({})).toEqual({});
    expect(revokingBodySchema('system').safeParse({}).success).toBe(false);
    expect(revokingBodySchema('system').safeParse({ reason: ' ' }).success).toBe(false);
  });
});
