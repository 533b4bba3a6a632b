import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CATEGORIES } from '../../../shared/domain/record.ts';
import { ROLE_NAMES, ROLES } from '../../../shared/domain/roles.ts';
import { decideIngest } from '../../../shared/policy/decide-ingest.ts';
import { person, REGION } from './staff.ts';

const MAY = [
  'it-ops',
  'privacy-officer',
  'legal',
  'infosec-director',
  'agent',
  'supervisor',
  'department-head',
];

function asked(changes: Partial<Parameters<typeof decideIngest>[0]> = {}) {
  return decideIngest({
    person: person('it', 'it-ops'),
    hotel: 'SHA01',
    source: 'wecom',
    category: 'enquiry',
    hasCollectionBasis: false,
    region: REGION,
    ...changes,
  });
}

describe('bringing records into custody', () => {
  it.each(ROLE_NAMES)('is decided for %s, a refusal by that role’s own rule', (role) => {
    const verdict = asked({ person: person('x', role) });
    expect(verdict).toEqual(
      MAY.includes(role)
        ? { outcome: 'allow', reasons: [], rules: [], route: [] }
        : { outcome: 'deny', reasons: ['role-may-not-ingest'], rules: [ROLES[role].rule], route: [] },
    );
  });

  it('is for the hotels of the role alone', () => {
    const elsewhere = {
      ...person('it'),
      roles: [
        { role: 'it-ops' as const, hotels: ['HGH02'], grantedBy: 'p_hr', since: '2026-01-01T00:00:00.000Z' },
      ],
    };
    expect(asked({ person: elsewhere })).toMatchObject({ outcome: 'deny', rules: ['T4'] });
    const clerkHere = { ...elsewhere, roles: [...elsewhere.roles, ...person('x', 'front-desk').roles] };
    expect(asked({ person: clerkHere })).toMatchObject({ outcome: 'deny', rules: ['T1'] });
    expect(asked({ person: elsewhere, hotel: 'HGH02' })).toMatchObject({ outcome: 'allow' });
  });

  it('is refused to somebody inactive or without a role', () => {
    expect(asked({ person: { ...person('it', 'it-ops'), active: false } }).outcome).toBe('deny');
    expect(asked({ person: person('nobody') })).toMatchObject({ outcome: 'deny', rules: ['T15'] });
  });

  it('keeps records in their region (A3) and employees’ own talk out (R7), whoever asks', () => {
    fc.assert(
      fc.property(fc.subarray([...ROLE_NAMES]), fc.constantFrom(...CATEGORIES), (roles, category) => {
        expect(asked({ person: person('x', ...roles), hotel: 'SIN01', category })).toMatchObject({
          outcome: 'deny',
          reasons: ['duty-outside-region'],
          rules: ['A3'],
        });
        expect(asked({ person: person('x', ...roles), category: 'employee' }).outcome).toBe('deny');
      }),
    );
    expect(asked({ category: 'employee' })).toMatchObject({ rules: ['R7'] });
  });

  it('takes employees’ own talk from work groups alone, and only where the hotel has a basis for it (R7)', () => {
    const groups = { source: 'workgroup' as const, category: 'employee' as const };
    expect(asked(groups)).toMatchObject({ reasons: ['employee-records-without-basis'], rules: ['R7'] });
    expect(asked({ ...groups, category: 'enquiry' })).toMatchObject({ rules: ['R7'] });
    expect(asked({ ...groups, hasCollectionBasis: true })).toMatchObject({ outcome: 'allow' });
    expect(asked({ category: 'employee', hasCollectionBasis: true })).toMatchObject({
      reasons: ['employee-records-from-work-groups-only'],
    });
  });
});
