import { describe, expect, it } from '@jest/globals';
import { followStream, grantsStreamSchema } from '../../../functions/reconcile/follow-stream.ts';
import { reconcileInputSchema } from '../../../functions/reconcile/reconcile-input.ts';
import { type AskedRetrieval, askedRetrieval } from '../../fakes/asked-retrieval.ts';
import { director, officer } from '../../shared/policy/staff.ts';

const PARTITIONS: Record<string, string> = { TOKEN: 'TOKENS', OPENING: 'OPENINGS' };

function record(requestId: string, sk: string, image: object = {}, eventName = 'MODIFY') {
  return {
    eventID: '1',
    eventName,
    dynamodb: {
      Keys: { pk: { S: `${PARTITIONS[sk.split('#')[0] ?? ''] ?? 'REQUEST'}#${requestId}` }, sk: { S: sk } },
      NewImage: image,
      SizeBytes: 10,
    },
  };
}

function follow(world: AskedRetrieval, ...records: object[]) {
  return followStream(grantsStreamSchema.parse({ Records: records }), world.now.value, world.reconciling());
}

describe('the grants stream', () => {
  it('gives a token back that came after its decision, whoever crashed between them', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await world.decide(requestId, officer, 'approve');
    await world.store.keepToken(requestId, 'approval:privacy-officer', 'late');
    const followed = await follow(
      world,
      record(requestId, 'TOKEN#approval:privacy-officer', { gate: { S: 'x' } }),
    );
    expect(world.workflow.released).toContain('late');
    expect(world.workflow.released).not.toContain('token-infosec-director');
    expect(followed).toEqual({ followed: 1, released: 1 });
  });

  it('gives every token of a denied request back', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const release = world.workflow.release;
    world.workflow.release = async () => {
      throw new Error('killed here');
    };
    await world.decide(requestId, director, 'deny');
    world.workflow.release = release;
    await follow(world, record(requestId, 'REQUEST', { state: { S: 'denied' } }));
    expect(world.workflow.released).toHaveLength(2);
  });

  it('clears a grant that ended', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    const row = await world.row(requestId);
    await world.store.move(row, 'revoke', {}, { at: world.now.value, actor: 'p_x', data: {} });
    await follow(world, record(requestId, 'REQUEST', { state: { S: 'revoked' } }));
    expect(world.delivery.objects.size).toBe(0);
    expect(world.workflow.released).toContain('token-end');
  });

  it('looks at nothing else: openings, registers, removals, requests that nobody waits for', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const followed = await follow(
      world,
      record(requestId, 'OPENING#opn_1', { state: { S: 'issued' } }),
      record(requestId, 'TOKEN#end', {}, 'REMOVE'),
      record(requestId, 'REQUEST', { state: { S: 'requested' } }, 'INSERT'),
      record(requestId, 'REQUEST', { state: { S: 'refused' } }),
      { ...record(requestId, 'x'), dynamodb: { Keys: { pk: { S: 'REGISTER#SHA01#2026' }, sk: { S: 'x' } } } },
    );
    expect(followed).toEqual({ followed: 0, released: 0 });
  });

  it('follows a request once however often it stands in the batch', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    const image = { state: { S: 'awaiting-approval' } };
    const { followed } = await follow(
      world,
      record(requestId, 'REQUEST', image),
      record(requestId, 'REQUEST', image),
    );
    expect(followed).toBe(1);
  });

  it('never throws: what can not be followed is reported, and the rest is followed', async () => {
    const world = askedRetrieval();
    const [bad, good] = [await world.awaiting(), await world.awaiting()];
    for (const id of [bad, good]) await world.store.keepToken(id, 'approval:privacy-officer', `late-${id}`);
    for (const id of [bad, good]) await world.decide(id, officer, 'approve');
    for (const id of [bad, good]) await world.store.keepToken(id, 'approval:privacy-officer', `again-${id}`);
    const read = world.store.read;
    world.store.read = async (id) => {
      if (id === bad) throw new Error('This row can not be read');
      return read(id);
    };
    const image = { state: { S: 'awaiting-approval' } };
    await follow(world, record(bad, 'REQUEST', image), record(good, 'REQUEST', image));
    expect(world.workflow.released).toContain(`again-${good}`);
    expect(world.errors).toHaveLength(1);
  });
});

describe('what wakes reconcile', () => {
  it('is the schedule, an injected time, or the stream; a stream that it can not read is no sweep', () => {
    expect(reconcileInputSchema.parse({ version: 1, task: 'sweep' })).toEqual({});
    expect(reconcileInputSchema.parse({ asOf: '2026-06-15T12:00:00Z' })).toEqual({
      asOf: '2026-06-15T12:00:00Z',
    });
    expect(reconcileInputSchema.parse({ Records: [record('req_1', 'REQUEST')] })).toMatchObject({
      Records: [{ eventName: 'MODIFY' }],
    });
    expect(reconcileInputSchema.safeParse({ Records: [{ eventName: 'PUT' }] }).success).toBe(false);
    expect(reconcileInputSchema.safeParse({ asOf: 'tomorrow' }).success).toBe(false);
  });
});
