import { describe, expect, it } from '@jest/globals';
import { waitInputSchema } from '../../../functions/wait/keep-gate.ts';
import { askedRetrieval, idOf } from '../../fakes/asked-retrieval.ts';
import { director, lawyer, officer } from '../../shared/policy/staff.ts';

const GATE = 'approval:privacy-officer';

async function checked() {
  const world = askedRetrieval();
  const requestId = idOf(await world.ask(lawyer));
  await world.check(requestId);
  return { world, requestId };
}

describe('wait', () => {
  it('keeps the token while the gate is not passed', async () => {
    const { world, requestId } = await checked();
    expect(await world.keep(requestId, GATE, 'token')).toEqual({ gate: GATE, outcome: 'kept' });
    expect(await world.store.tokens(requestId)).toEqual([{ gate: GATE, token: 'token' }]);
    expect(world.workflow.released).toEqual([]);
  });

  it('gives the token back at once where the role decided before it came', async () => {
    const { world, requestId } = await checked();
    await world.decide(requestId, officer, 'approve');
    expect(await world.keep(requestId, GATE, 'token')).toEqual({ gate: GATE, outcome: 'released' });
    expect(world.workflow.released).toEqual(['token']);
    expect(await world.store.tokens(requestId)).toEqual([]);
  });

  it('gives the token of another role back at once where the request was denied', async () => {
    const { world, requestId } = await checked();
    await world.decide(requestId, director, 'deny');
    await world.keep(requestId, GATE, 'token');
    expect(world.workflow.released).toEqual(['token']);
  });

  it('keeps the end open while the grant is, and gives it back when it ended before', async () => {
    const world = askedRetrieval();
    const requestId = await world.opened();
    expect((await world.keep(requestId, 'end', 'again')).outcome).toBe('kept');
    await world.end(requestId, lawyer, 'close');
    expect((await world.keep(requestId, 'end', 'late')).outcome).toBe('released');
  });

  it('tries to keep a token again, and gives it up as failed where it can not: nobody waits for a lost token', async () => {
    const { world, requestId } = await checked();
    const keepToken = world.store.keepToken;
    let failures = 2;
    world.store.keepToken = async (...args) => {
      failures -= 1;
      if (failures >= 0) throw new Error('DynamoDB is away');
      return keepToken(...args);
    };
    expect((await world.keep(requestId, GATE, 'token')).outcome).toBe('kept');
    failures = 99;
    expect((await world.keep(requestId, GATE, 'other')).outcome).toBe('given-up');
    expect(world.workflow.givenUp).toEqual(['other']);
    expect(world.errors.length).toBeGreaterThanOrEqual(3);
  });

  it('does not throw once the token is kept: the reconciler looks at the row again', async () => {
    const { world, requestId } = await checked();
    world.store.read = async () => {
      throw new Error('DynamoDB is away');
    };
    expect((await world.keep(requestId, GATE, 'token')).outcome).toBe('kept');
    expect(world.errors).toHaveLength(1);
  });

  it.each(['approval:king', 'somewhere', 'approval:'])('knows no gate %s', (gate) => {
    const parsed = waitInputSchema.safeParse({ version: 1, requestId: 'req_1', gate, token: 't' });
    expect(parsed.success).toBe(false);
  });
});
