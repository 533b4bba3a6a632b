import { describe, expect, it } from '@jest/globals';
import { twoPeople } from '../../../shared/policy/two-people.ts';

describe('a change that gives somebody more', () => {
  it('is confirmed by another person, in a role that the proposer can leave to them', () => {
    const proposed = { by: 'p_1', roles: ['legal', 'gm'] as const };
    expect(twoPeople({ proposed, settling: { by: 'p_2', roles: ['legal'] } })).toEqual({ role: 'legal' });
    expect(
      twoPeople({
        proposed: { by: 'p_1', roles: ['legal'] },
        settling: { by: 'p_2', roles: ['legal', 'privacy-officer'] },
      }),
    ).toEqual({ role: 'privacy-officer' });
  });

  it('is not confirmed by whoever proposed it, in whatever role', () => {
    expect(
      twoPeople({
        proposed: { by: 'p_1', roles: ['legal'] },
        settling: { by: 'p_1', roles: ['privacy-officer'] },
      }),
    ).toEqual({
      refused: { outcome: 'deny', reasons: ['change-confirmed-by-its-proposer'], rules: ['A1'], route: [] },
    });
  });

  it('is not confirmed in the only role in which it was proposed', () => {
    expect(
      twoPeople({ proposed: { by: 'p_1', roles: ['legal'] }, settling: { by: 'p_2', roles: ['legal'] } }),
    ).toEqual({
      refused: {
        outcome: 'deny',
        reasons: ['change-confirmed-in-its-proposers-role'],
        rules: ['A1'],
        route: [],
      },
    });
  });
});
