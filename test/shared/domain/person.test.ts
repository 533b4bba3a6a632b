import { describe, expect, it } from '@jest/globals';
import { personSchema, rolesFor } from '../../../shared/domain/person.ts';
import { isRole, ROLE_NAMES, ROLES } from '../../../shared/domain/roles.ts';
import { person } from '../policy/staff.ts';

const [held] = person('x', 'legal').roles;
const at = (...hotels: string[]) => ({ ...person('x'), roles: held ? [{ ...held, hotels }] : [] });

describe('the roles that a person holds', () => {
  it('count for hotels that they cover, every one of them', () => {
    expect(rolesFor(at('SHA01', 'HGH02'), ['SHA01', 'HGH02'])).toEqual(['legal']);
    expect(rolesFor(at('SHA01'), ['SHA01', 'HGH02'])).toEqual([]);
    expect(rolesFor(person('x', 'legal'), ['SHA01', 'anything'])).toEqual(['legal']);
  });

  it('count for nothing once the person has left', () => {
    expect(rolesFor({ ...at('SHA01'), active: false }, ['SHA01'])).toEqual([]);
  });

  it('are of the rulebook', () => {
    expect(personSchema.safeParse(person('x', 'legal')).success).toBe(true);
    expect(personSchema.safeParse({ ...person('x'), roles: [{ ...held, role: 'emperor' }] }).success).toBe(
      false,
    );
    for (const role of ROLE_NAMES) expect(ROLES[role].rule).toMatch(/^T([1-9]|1[0-8])$/);
    expect(isRole('toString')).toBe(false);
  });
});
