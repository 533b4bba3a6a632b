import { describe, expect, it } from '@jest/globals';
import { brokenGlass } from '../../fakes/broken-glass.ts';
import { officer } from '../../shared/policy/staff.ts';

describe('an approver who opens break-glass', () => {
  it('is held to the month’s number when it is written: another that they opened meanwhile counts (L5)', async () => {
    const world = await brokenGlass();
    const { emergenciesPerMonth } = world.region.rules;
    for (let number = 1; number < emergenciesPerMonth; number += 1)
      await world.used(officer, `req_b${number}`);
    const { breakGlass } = world.grants;
    const limits: number[] = [];
    world.grants.breakGlass = async (...given) => {
      // Both were checked while one was left; the other comes first.
      world.grants.breakGlass = breakGlass;
      await world.used(officer, 'req_meanwhile');
      limits.push(given[4].limit);
      return breakGlass(...given);
    };
    expect(await world.decide(officer)).toMatchObject({
      status: 403,
      body: { verdict: { reasons: ['break-glass-used-up-by-approver'] } },
    });
    expect(limits).toEqual([emergenciesPerMonth]);
    expect(await world.row()).toMatchObject({ state: 'requested', approvals: [] });
    expect(await world.grants.emergencies.uses(officer.personId, 'opened', ['2026-06'], 'req_asked')).toBe(
      emergenciesPerMonth,
    );
  });
});
