import { describe, expect, it } from '@jest/globals';
import { brokenGlass } from '../../fakes/broken-glass.ts';
import { lawyer, officer, secondLawyer } from '../../shared/policy/staff.ts';

const WAITS_FOR_OPENING = { reasons: ['break-glass-not-opened-yet'], rules: ['L5'] };

describe('break-glass that nobody has opened yet', () => {
  it('tells a further approver that it waits for its opening first, not that the role is missing (L5)', async () => {
    const world = await brokenGlass();
    expect(await world.decide(secondLawyer)).toMatchObject({
      status: 409,
      body: { verdict: WAITS_FOR_OPENING },
    });
    expect(await world.row()).toMatchObject({ state: 'requested', approvals: [] });
    expect(await world.decide(officer)).toMatchObject({ status: 200, body: { state: 'emergency' } });
    expect(await world.decide(secondLawyer)).toMatchObject({ status: 200 });
  });

  it('is refused to whoever started it by what bars them (A1), whatever is waited for', async () => {
    const world = await brokenGlass();
    const answer = await world.decide(lawyer);
    expect(answer.status).toBe(403);
    expect(JSON.stringify(answer.body)).toContain('approver-is-requester');
  });
});
