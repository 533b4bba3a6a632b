import { describe, expect, it } from '@jest/globals';
import type { Person } from '../../../shared/domain/person.ts';
import { requestingRole } from '../../../shared/policy/requesting-role.ts';
import { clerk, NOON, person } from './staff.ts';

const roleOf = (who: Person, hotels = ['SHA01']) => requestingRole(who, hotels, NOON);

describe('the role in which a request is judged', () => {
  it('is the one that can ask, of several', () => {
    expect(roleOf(person('x', 'front-desk', 'infosec-director', 'legal'))).toBe('legal');
    expect(roleOf(person('x', 'front-desk', 'infosec-director'))).toBe('infosec-director');
    expect(roleOf(person('x', 'agent', 'privacy-officer', 'supervisor'))).toBe('supervisor');
  });

  it('is the one of narrower reach, of several that can ask', () => {
    expect(roleOf(person('x', 'infosec-director', 'gm', 'supervisor', 'duty-manager'))).toBe('duty-manager');
    expect(roleOf(person('x', 'legal', 'gm', 'sales'))).toBe('sales');
  });

  it('is one that is held for all of the hotels', () => {
    const split = person('x', 'legal', 'infosec-director');
    const [legal, director] = split.roles;
    if (!legal || !director) throw new Error('two roles are given');
    const held = { ...split, roles: [{ ...legal, hotels: ['SHA01'] }, director] };
    expect(roleOf(held, ['SHA01', 'HGH02'])).toBe('infosec-director');
    expect(roleOf(held)).toBe('legal');
  });

  it('is a deputy’s while the deputyship lasts, and not after', () => {
    const deputy: Person = {
      ...person('x', 'legal', 'agent'),
      roles: person('x', 'legal', 'agent').roles.map((held) =>
        held.role === 'legal'
          ? {
              ...held,
              deputyOf: 'p_lawyer',
              from: '2026-06-01T00:00:00.000Z',
              until: '2026-06-30T00:00:00.000Z',
            }
          : held,
      ),
    };
    expect(roleOf(deputy)).toBe('legal');
    expect(requestingRole(deputy, ['SHA01'], new Date('2026-07-01T00:00:00.000Z'))).toBe('agent');
  });

  it('is any role that is held, so that the refusal names its rule', () => {
    expect(roleOf(clerk)).toBe('front-desk');
    const elsewhere = { ...clerk, roles: clerk.roles.map((held) => ({ ...held, hotels: ['HGH02'] })) };
    expect(roleOf(elsewhere)).toBe('front-desk');
  });

  it('is in an emergency one that may start it, before any other (L5)', () => {
    const both = person('x', 'sales', 'duty-manager');
    expect(requestingRole(both, ['SHA01'], NOON, true)).toBe('duty-manager');
    expect(requestingRole(both, ['SHA01'], NOON)).toBe('sales');
    expect(requestingRole(person('x', 'sales'), ['SHA01'], NOON, true)).toBe('sales');
  });

  it('is none for somebody without a role', () => {
    expect(roleOf(person('x'))).toBeNull();
  });
});
