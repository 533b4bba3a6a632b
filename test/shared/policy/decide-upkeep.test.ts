import { describe, expect, it } from '@jest/globals';
import type { Role } from '../../../shared/domain/roles.ts';
import { decideUpkeep } from '../../../shared/policy/decide-upkeep.ts';
import { person, REGION } from './staff.ts';

const asks = (roles: readonly Role[], hotel = 'SHA01') =>
  decideUpkeep({ person: person('somebody', ...roles), hotel, region: REGION });

describe('the ways into custody', () => {
  it.each(['it-ops', 'infosec-director'] as const)('are kept by %s', (role) => {
    expect(asks([role])).toEqual({ outcome: 'allow', reasons: [], rules: [], route: [] });
    expect(asks(['front-desk', role]).outcome).toBe('allow');
  });

  it('are kept by nobody else, each refused under the rule of every role held', () => {
    expect(asks(['legal'])).toEqual({
      outcome: 'deny',
      reasons: ['role-may-not-keep-channels'],
      rules: ['T7'],
      route: [],
    });
    expect(asks(['legal', 'front-desk', 'legal']).rules).toEqual(['T7', 'T1']);
  });

  it('are kept by nobody without a role, nor by whoever holds one elsewhere: that one’s rule speaks', () => {
    expect(asks([])).toMatchObject({ outcome: 'deny', rules: ['T4'] });
    const elsewhere = person('somebody', 'it-ops');
    const held = elsewhere.roles.map((role) => ({ ...role, hotels: ['HGH02'] }));
    const verdict = decideUpkeep({
      person: { ...elsewhere, roles: held },
      hotel: 'SHA01',
      region: REGION,
    });
    expect(verdict).toMatchObject({ outcome: 'deny', rules: ['T4'] });
    const lawyer = person('lawyer', 'legal');
    expect(
      decideUpkeep({
        person: { ...lawyer, roles: lawyer.roles.map((role) => ({ ...role, hotels: ['HGH02'] })) },
        hotel: 'SHA01',
        region: REGION,
      }).rules,
    ).toEqual(['T7']);
  });

  it('of another region are kept there (A3), whatever the role', () => {
    expect(asks(['it-ops'], 'FRA01')).toMatchObject({
      outcome: 'deny',
      reasons: ['duty-outside-region'],
      rules: ['A3'],
    });
  });
});
