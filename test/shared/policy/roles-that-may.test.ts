import { describe, expect, it } from '@jest/globals';
import type { Role } from '../../../shared/domain/roles.ts';
import { rolesThatMay } from '../../../shared/policy/roles-that-may.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { NOON, person, REGION } from './staff.ts';

const rules = bundledRuleSet();
const may = (actor: ReturnType<typeof person>, hotels = ['SHA01']) =>
  rolesThatMay(rules, {
    now: NOON,
    region: REGION,
    actor,
    duty: 'confirm-case-change',
    caseKind: 'plan',
    hotels,
  });
const holding = (...roles: Role[]) => person('somebody', ...roles);

describe('the roles in which alone somebody has a duty', () => {
  it('are those of the roles held that have it, each once', () => {
    const both = may(holding('legal', 'privacy-officer', 'front-desk'));
    expect([...both].sort()).toEqual(['legal', 'privacy-officer']);
    expect(may(holding('front-desk'))).toEqual([]);
    const twice = holding('legal');
    expect(may({ ...twice, roles: [...twice.roles, ...twice.roles] })).toEqual(['legal']);
  });

  it('are none that is held elsewhere, or by somebody who left', () => {
    const lawyer = holding('legal');
    const elsewhere = { ...lawyer, roles: lawyer.roles.map((role) => ({ ...role, hotels: ['HGH02'] })) };
    expect(may(elsewhere)).toEqual([]);
    expect(may({ ...lawyer, active: false })).toEqual([]);
  });

  it('are those of a deputy only while the deputyship lasts', () => {
    const [held] = holding('legal').roles;
    const deputy = { ...holding(), roles: held === undefined ? [] : [{ ...held, deputyOf: 'p_lawyer' }] };
    const until = (time: string) => deputy.roles.map((role) => ({ ...role, until: time }));
    expect(may({ ...deputy, roles: until('2026-06-16T00:00:00.000Z') })).toEqual(['legal']);
    expect(may({ ...deputy, roles: until('2026-06-15T00:00:00.000Z') })).toEqual([]);
  });
});
