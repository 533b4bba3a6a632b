import { describe, expect, it } from '@jest/globals';
import type { Role } from '../../../shared/domain/roles.ts';
import { enabledBy } from '../../../shared/facts/enabled-by.ts';
import { lawyer } from '../policy/staff.ts';

const givenBy = {
  exam: ['p_exam', 'p_exam2'],
  login: ['p_login'],
  manager: ['p_manager'],
  secondments: ['p_lent'],
  shifts: ['p_shift'],
  clients: ['p_client'],
  accounts: ['p_account'],
};

const asking = (requesterRole: Role) =>
  enabledBy({ requesterRole, hotels: ['SHA01'] }, { ...lawyer, roles: [], givenBy });

describe('who enables a request (A1)', () => {
  it('is whoever brought what every request rests on', () => {
    expect(asking('legal').sort()).toEqual(['p_exam', 'p_exam2', 'p_login', 'p_manager']);
  });

  // One case for each field, so that none can drop out of the table unseen.
  it.each([
    'active',
    'login',
    'username',
    'displayName',
    'manager',
    'hotel',
    'department',
    'jurisdiction',
    'training',
    'exam',
  ] as const)('is whoever set %s, for a request of any role', (field) => {
    for (const requesterRole of ['legal', 'seconded', 'front-desk', 'account-manager', 'gm'] as const) {
      const bySomebody = { ...lawyer, roles: [], givenBy: { [field]: ['p_setter'] } };
      expect(enabledBy({ requesterRole, hotels: ['SHA01'] }, bySomebody)).toEqual(['p_setter']);
    }
  });

  it.each([
    ['seconded', 'p_lent'],
    ['duty-manager', 'p_shift'],
    ['front-desk', 'p_shift'],
    ['account-manager', 'p_client'],
  ] as const)('is whoever brought what a request of the role %s rests on', (role, giver) => {
    expect(asking(role)).toContain(giver);
    expect(asking('legal')).not.toContain(giver);
  });

  it('is nobody for what opens nothing to a requester', () => {
    expect(asking('legal')).not.toContain('p_account');
  });

  it('is whoever gave the role at a hotel of the request, each once', () => {
    const held = { role: 'legal', since: '2026-01-01T00:00:00.000Z', grantedBy: 'p_exam' } as const;
    const roles = [
      { ...held, hotels: '*' as const },
      { ...held, hotels: ['HGH02'], grantedBy: 'p_elsewhere' },
      { ...held, hotels: ['SHA01'], grantedBy: 'p_hr', confirmedBy: 'p_second' },
    ];
    const people = enabledBy({ requesterRole: 'legal', hotels: ['SHA01'] }, { ...lawyer, roles, givenBy });
    expect(people.sort()).toEqual(['p_exam', 'p_exam2', 'p_hr', 'p_login', 'p_manager', 'p_second']);
  });
});
