import { describe, expect, it } from '@jest/globals';
import { readPeople } from '../../infra/enter-people.ts';
import { directoryRows } from '../../shared/aws/directory-rows.ts';

const LEGAL = {
  personId: 'p_legal',
  subject: 'b1f2',
  username: 'legal',
  displayName: '李法务',
  department: '法务部',
  hotel: 'FRA01',
  manager: null,
  active: true,
  roles: [{ role: 'legal', hotels: '*', grantedBy: 'p_board', since: '2026-01-01T00:00:00Z' }],
  accounts: [],
};

describe('entering the first people', () => {
  it('reads a list of people with the subject of their tokens', () => {
    expect(readPeople(JSON.stringify([LEGAL]))).toMatchObject([LEGAL]);
  });

  it('refuses an unknown role, a missing subject, an empty list and two people of one subject', () => {
    const { subject: _none, ...nobody } = LEGAL;
    const wrong = [
      [{ ...LEGAL, roles: [{ ...LEGAL.roles[0], role: 'owner' }] }],
      [nobody],
      [],
      [LEGAL, { ...LEGAL, personId: 'p_other', username: 'other' }],
    ];
    for (const people of wrong) expect(() => readPeople(JSON.stringify(people))).toThrow();
  });

  it('makes the rows by which the API finds whoever signed in', () => {
    const [person] = readPeople(JSON.stringify([LEGAL]));
    if (person === undefined) throw new Error('nobody was read');
    const { subject, ...rest } = person;
    const rows = directoryRows(rest, { login: { issuer: 'https://issuer.example', subject } });
    expect(rows.map(({ pk, sk }) => `${pk} ${sk}`)).toEqual([
      'PERSON#p_legal PROFILE',
      'ROLE#legal PERSON#p_legal',
      'USERNAME#legal PERSON',
      'SUBJECT#https://issuer.example#b1f2 PERSON',
    ]);
    expect(rows[0]).not.toHaveProperty('subject');
  });
});
