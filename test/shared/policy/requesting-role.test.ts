import { describe, expect, it } from '@jest/globals';
import { requestingRole } from '../../../shared/policy/requesting-role.ts';
import { clerk, person } from './staff.ts';

describe('the role in which a request is judged', () => {
  it('is the one that can ask, of several', () => {
    expect(requestingRole(person('x', 'front-desk', 'infosec-director', 'legal'), ['SHA01'])).toBe('legal');
    expect(requestingRole(person('x', 'front-desk', 'infosec-director'), ['SHA01'])).toBe('infosec-director');
  });

  it('is one that is held for all of the hotels', () => {
    const split = person('x', 'legal', 'infosec-director');
    const [legal, director] = split.roles;
    if (!legal || !director) throw new Error('two roles are given');
    const held = { ...split, roles: [{ ...legal, hotels: ['SHA01'] }, director] };
    expect(requestingRole(held, ['SHA01', 'HGH02'])).toBe('infosec-director');
    expect(requestingRole(held, ['SHA01'])).toBe('legal');
  });

  it('is any role that is held, so that the refusal names its rule', () => {
    expect(requestingRole(clerk, ['SHA01'])).toBe('front-desk');
    const elsewhere = { ...clerk, roles: clerk.roles.map((held) => ({ ...held, hotels: ['HGH02'] })) };
    expect(requestingRole(elsewhere, ['SHA01'])).toBe('front-desk');
  });

  it('is none for somebody without a role', () => {
    expect(requestingRole(person('x'), ['SHA01'])).toBeNull();
  });
});
