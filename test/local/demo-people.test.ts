import { describe, expect, it } from '@jest/globals';
import { demoPeople } from '../../local/demo-people.ts';
import { usersByRole } from '../../local/seed.ts';
import { type Person, personSchema, rolesFor } from '../../shared/domain/person.ts';
import { ROLE_NAMES, type Role } from '../../shared/domain/roles.ts';

const people = demoPeople();
const byId = new Map(people.map((person) => [person.personId, person]));
const users = usersByRole(people);
const holding = (role: Role) => people.filter(({ roles }) => roles.some((held) => held.role === role));

function above(person: Person): Person[] {
  const manager = person.manager === null ? undefined : byId.get(person.manager);
  return manager === undefined ? [] : [manager, ...above(manager)];
}

describe('the demo’s people', () => {
  it.each(ROLE_NAMES)('has two %s at SHA01 first, then one at HGH02', (role) => {
    expect(users[role].map(({ hotel }) => hotel)).toEqual(['SHA01', 'SHA01', 'HGH02']);
  });

  it('gives everybody an id, a user name and a Chinese name of their own', () => {
    for (const key of ['personId', 'username', 'displayName'] as const) {
      expect(new Set(people.map((person) => person[key])).size).toBe(people.length);
    }
    for (const person of people) {
      expect(personSchema.parse(person)).toEqual(person);
      expect(person.personId).toMatch(/^p_[a-z0-9-]{1,40}$/);
      expect(person.displayName).toMatch(/^\p{Script=Han}{3}$/u);
    }
  });

  it('is the same each time, so that seeding twice changes nothing', () => {
    expect(demoPeople()).toEqual(people);
  });

  it.each([
    'legal',
    'infosec-director',
    'privacy-officer',
    'internal-audit',
    'hq-approver',
    'auditor',
  ] as const)('has every %s hold that role for the group', (role) => {
    for (const person of holding(role)) expect(rolesFor(person, ['SHA01', 'HGH02'])).toEqual([role]);
  });

  it('has nobody else act for another hotel', () => {
    for (const person of holding('front-desk')) {
      const other = person.hotel === 'SHA01' ? 'HGH02' : 'SHA01';
      expect(rolesFor(person, [other])).toEqual([]);
    }
  });

  it('has nobody above or below another among legal, privacy officers, infosec directors and auditors (A1)', () => {
    const group = (
      ['legal', 'privacy-officer', 'infosec-director', 'internal-audit', 'hq-approver'] as const
    ).flatMap(holding);
    for (const person of group) {
      for (const superior of above(person)) expect(group).not.toContain(superior);
    }
  });

  it('has no department head above or below a privacy officer, so that both may approve (T2, T8, T9)', () => {
    for (const head of holding('department-head')) {
      for (const officer of holding('privacy-officer')) {
        expect(above(head)).not.toContain(officer);
        expect(above(officer)).not.toContain(head);
      }
    }
  });

  it('reaches the top from everybody, without a cycle', () => {
    for (const person of people) expect(above(person).length).toBeLessThan(5);
  });

  it('had every role given by somebody who approves nothing', () => {
    const givers = new Set(people.flatMap(({ roles }) => roles.map(({ grantedBy }) => grantedBy)));
    for (const giver of givers) expect(byId.get(giver)?.roles).toEqual([]);
  });

  it('knows the platform accounts of staff who talk with guests', () => {
    expect(holding('front-desk')[0]?.accounts).toContain('wecom:frontdesk01');
    for (const person of holding('legal')) expect(person.accounts).toEqual([]);
  });
});
