import { describe, expect, it } from '@jest/globals';
import { askedRetrieval } from '../../fakes/asked-retrieval.ts';
import { brokenGlass } from '../../fakes/broken-glass.ts';
import { FROZEN, freezes, STRICTER_ONE } from '../../fakes/under-rule-sets.ts';
import { director, officer } from '../../shared/policy/staff.ts';

const FROZEN_ANSWER = { status: 403, body: { verdict: { outcome: 'deny', reasons: [FROZEN] } } };

describe.each(STRICTER_ONE)('under a stricter rule set %s', (_, make) => {
  it('a decision on a request is refused', async () => {
    const asked = askedRetrieval();
    const requestId = await asked.awaiting();
    const world = { ruleSets: asked.ruleSets, grants: asked.store, row: () => asked.row(requestId) };
    await make(world, freezes('approve'));
    expect(await asked.decide(requestId, officer, 'approve')).toMatchObject(FROZEN_ANSWER);
    expect(await asked.row(requestId)).toMatchObject({ state: 'awaiting-approval', approvals: [] });
  });

  it('break-glass is not opened', async () => {
    const world = await brokenGlass();
    await make(world, freezes('open-emergency'));
    expect(await world.decide(officer)).toMatchObject(FROZEN_ANSWER);
    expect(await world.row()).toMatchObject({ state: 'requested', approvals: [] });
  });

  it('break-glass is not followed up', async () => {
    const world = await brokenGlass();
    await make(world, freezes('follow-up'));
    expect(await world.decide(officer)).toMatchObject({ status: 200, body: { state: 'emergency' } });
    expect(await world.decide(director)).toMatchObject(FROZEN_ANSWER);
    expect((await world.row()).approvals).toHaveLength(1);
  });
});
