import { describe, expect, it } from '@jest/globals';
import { faultsBeside } from '../../../shared/directory/faults-beside.ts';
import { FILE_FAULTS } from '../../../shared/directory/file-faults.ts';
import { planDirectory, type Standing } from '../../../shared/directory/plan-directory.ts';
import { readStaffFile } from '../../../shared/directory/read-staff-file.ts';
import { nobody, type Person } from '../../../shared/domain/person.ts';
import type { StaffFormat } from '../../../shared/domain/staff-import.ts';

const known: Person[] = [
  {
    ...nobody('p_boss'),
    username: 'boss',
    hotel: 'SHA01',
    roles: [{ role: 'gm', hotels: '*', grantedBy: 'p_hr', since: '2026-01-01T00:00:00Z' }],
  },
  { ...nobody('p_head'), username: 'head', hotel: 'SHA01', manager: 'p_boss' },
  { ...nobody('p_clerk'), username: 'clerk', hotel: 'SHA01', manager: 'p_head' },
];
const standing = (): Standing => ({
  people: new Map(known.map((person) => [person.personId, person])),
  byUsername: new Map(known.map(({ username, personId }) => [username, personId])),
  byLogin: new Map([['i#taken', 'p_boss']]),
  hotels: ['SHA01', 'HGH02'],
  chainHotels: ['SHA01', 'HGH02', 'FRA01'],
  issuer: 'i',
  newPersonId: () => 'p_new1',
});

async function plan(text: string, format: StaffFormat) {
  const read = await readStaffFile(Buffer.from(text), format);
  if (!('faults' in read)) return planDirectory(read.lines, standing());
  return { faults: [...read.faults, ...faultsBeside(read.readable, standing())] };
}
async function patches(text: string, format: StaffFormat) {
  const result = await plan(text, format);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.planned.map(({ patch }) => patch);
}
async function faults(text: string, format: StaffFormat) {
  const result = await plan(text, format);
  return 'faults' in result ? result.faults.map(({ line, field, code }) => `${line} ${field} ${code}`) : [];
}

describe('a CSV file', () => {
  it('has a person a row: an empty cell leaves what stands, a dash takes it away', async () => {
    const text =
      'username,displayName,manager,roles,accounts,exam,active\r\nclerk,"李, 四",boss,legal@*;agent@SHA01+HGH02,-,,false\r\n';
    expect(await patches(text, 'csv')).toEqual([
      {
        personId: 'p_clerk',
        username: 'clerk',
        displayName: '李, 四',
        manager: 'p_boss',
        roles: [
          { role: 'legal', hotels: '*' },
          { role: 'agent', hotels: ['SHA01', 'HGH02'] },
        ],
        accounts: [],
        active: false,
      },
    ]);
  });

  it('has a shift a row, in a zone or with offsets, across midnight too', async () => {
    const text = `username,hotel,from,to,zone
clerk,SHA01,2026-06-15 22:00,2026-06-16 06:00,Asia/Shanghai
clerk,SHA01,2026-06-17T22:00:00+08:00,2026-06-18T06:00:00+08:00,
head,SHA01,2026-06-15T00:00Z,2026-06-15T08:00Z,
`;
    expect((await patches(text, 'csv')).map(({ personId, shifts }) => [personId, shifts?.length])).toEqual([
      ['p_head', 1],
      ['p_clerk', 2],
    ]);
    const [, clerk] = await patches(text, 'csv');
    expect(clerk?.shifts?.[0]).toEqual({
      hotel: 'SHA01',
      from: '2026-06-15T14:00:00.000Z',
      to: '2026-06-15T22:00:00.000Z',
    });
  });

  it('has a deputy, a secondment or a client a row', async () => {
    const deputies =
      'username,role,for,hotels,from,until\nclerk,gm,boss,SHA01,2026-06-15T00:00Z,2026-06-20T00:00Z\n';
    expect((await patches(deputies, 'csv'))[0]?.deputyships).toEqual([
      {
        role: 'gm',
        hotels: ['SHA01'],
        deputyOf: 'p_boss',
        from: '2026-06-15T00:00:00.000Z',
        until: '2026-06-20T00:00:00.000Z',
      },
    ]);
    const lent =
      'username,department,hotel,from,to\nclerk,客服部,HGH02,2026-06-15T00:00Z,2026-06-20T00:00Z\n';
    expect((await patches(lent, 'csv'))[0]?.secondments).toHaveLength(1);
    const clients = await plan('username,guest\nclerk,phone:+8613800138000\nclerk,email:a@b.cn\n', 'csv');
    expect('planned' in clients && clients.planned[0]?.clients?.guests).toHaveLength(2);
  });

  it.each([
    [
      'a shift without a zone',
      'username,hotel,from,to\nclerk,SHA01,2026-06-15 22:00,2026-06-16 06:00\n',
      ['2 shifts.0.from no-zone', '2 shifts.0.to no-zone'],
    ],
    [
      'an unknown zone',
      'username,hotel,from,to,zone\nclerk,SHA01,2026-06-15 22:00,2026-06-16 06:00,Mars\n',
      ['2 shifts.0.zone unknown-zone'],
    ],
    [
      'a shift that ends before it begins',
      'username,hotel,from,to\nclerk,SHA01,2026-06-16T00:00Z,2026-06-15T00:00Z\n',
      ['2 shifts.0.to ends-before-it-begins'],
    ],
    ['an unknown role', 'username,roles\nclerk,owner@SHA01\n', ['2 roles.0.role unknown-role']],
    ['an unknown hotel', 'username,roles\nclerk,legal@XXX99\n', ['2 roles.0.hotels unknown-hotel']],
    ['a hotel of another region', 'username,roles\nclerk,legal@FRA01\n', ['2 roles.0.hotels unknown-hotel']],
    ['an unknown column', 'username,colour\nclerk,red\n', ['1 column 2 unknown-column']],
    ['a doubled column', 'username,roles,roles\nclerk,,\n', ['1 roles doubled-column']],
    ['no column of people', 'roles\nlegal@*\n', ['1 username missing-column']],
    ['quotes that don’t fit', 'username,displayName\nclerk,"a\n', ['2 null bad-quoting']],
    ['another number of columns', 'username,displayName\nclerk\n', ['2 null wrong-column-count']],
    [
      'somebody twice',
      'username,active\nclerk,true\nhead,true\nclerk,false\n',
      ['4 username doubled-person'],
    ],
    ['a manager whom nobody knows', 'username,manager\nclerk,ghost\n', ['2 manager unknown-person']],
    ['somebody new without a name', 'username,hotel\nli,SHA01\n', ['2 null new-person-incomplete']],
    ['a login of another', 'username,subject\nclerk,taken\n', ['2 subject login-of-another']],
    ['nothing', '', ['1 null no-header']],
    ['its header alone', 'username,hotel\n', ['1 null no-rows']],
    ['a header and rows of nothing', 'username,hotel\n,\n\n', ['1 null no-rows']],
    ['an offset missing', 'username,exam\nclerk,2026-06-15T00:00:00\n', ['2 exam no-zone']],
    [
      'a deputy of somebody without the role',
      'username,role,for,hotels,from,until\nclerk,legal,boss,SHA01,2026-06-15T00:00Z,2026-06-20T00:00Z\n',
      ['2 deputies.0.for deputy-of-nobody-in-the-role'],
    ],
  ])('is refused with %s', async (_, text, wanted) => {
    expect(await faults(text, 'csv')).toEqual(wanted);
  });
});

describe('a JSON file', () => {
  it('has the same people, managers before those under them', async () => {
    const text = JSON.stringify({
      people: [
        { username: 'li', displayName: '李', department: '前厅部', hotel: 'FRA01', manager: 'wu' },
        { personId: 'p_clerk', manager: null, subject: null, roles: [] },
        { username: 'head', username2: undefined, jurisdiction: 'EU', exam: '2026-06-15T08:00:00+08:00' },
      ],
    }).replace('"wu"', '"clerk"');
    expect((await patches(text, 'json')).map(({ personId }) => personId)).toEqual([
      'p_clerk',
      'p_new1',
      'p_head',
    ]);
    const [clerk, , head] = await patches(text, 'json');
    expect(clerk).toEqual({ personId: 'p_clerk', manager: null, login: null, roles: [] });
    expect(head?.exam).toBe('2026-06-15T00:00:00.000Z');
  });

  it.each([
    [
      'a cycle of managers, with the line of each who closes it',
      '[\n{"username":"boss",\n"manager":"clerk"}\n]',
      ['3 manager cycle-of-managers'],
    ],
    [
      'somebody who is their own manager',
      '[{"username":"boss",\n"manager":"boss"}]',
      ['2 manager cycle-of-managers'],
    ],
    ['a syntax error', '[\n{"username": "boss"\n"active": true}]', ['3 null not-json']],
    ['a field twice', '[{"username":"boss","username":"head"}]', ['1 null duplicate-key']],
    ['an unknown field', '[{"username":"boss",\n"colour":1}]', ['2 colour unknown-field']],
    [
      'an unknown field of a shift',
      '[{"username":"boss",\n"shifts":[\n{"hotel":"SHA01","from":"2026-06-15T00:00Z","to":"2026-06-15T01:00Z","x":1}]}]',
      ['3 shifts.0.x unknown-field'],
    ],
    ['nobody', '{"people":[]}', ['1 null no-people']],
    ['a line that names nobody', '[{"active":true}]', ['1 null nobody-named']],
    [
      'a shift at an unknown hotel',
      '[{"username":"boss","shifts":[\n{"hotel":"ZZZ99","from":"2026-06-15T00:00Z","to":"2026-06-15T01:00Z"}]}]',
      ['2 shifts.0.hotel unknown-hotel'],
    ],
    ['an id that nobody has', '[{"personId":"p_ghost"}]', ['1 null unknown-person']],
  ])('is refused with %s', async (_, text, wanted) => {
    expect(await faults(text, 'json')).toEqual(wanted);
  });

  it('is refused where it is no text', async () => {
    const read = await readStaffFile(Uint8Array.of(0x5b, 0xff), 'json');
    expect(read).toEqual({ faults: [{ line: 1, field: null, code: 'not-utf8' }], readable: [] });
  });
});

describe('what is wrong with a file', () => {
  it('is said in Chinese and English', () => {
    for (const { zh, en } of Object.values(FILE_FAULTS)) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[\x20-\x7E’]+$/);
    }
  });
});

describe('a file with several faults', () => {
  it('is told all of them at once: those of its form and those that the directory knows', async () => {
    const json =
      '[{"username":"boss","training":"2026-03-01T09:00:00"},\n{"username":"clerk","manager":"ghost"},\n{"username":"clerk","mood":"good","hotel":"ZZZ99"}]';
    expect(await faults(json, 'json')).toEqual([
      '1 training no-zone',
      '3 mood unknown-field',
      '2 manager unknown-person',
      '3 username doubled-person',
      '3 hotel unknown-hotel',
    ]);
    const csv = 'username,manager,exam,active\nboss,,yesterday,\nclerk,ghost,,maybe\nclerk,,,\n';
    expect(await faults(csv, 'csv')).toEqual([
      '2 exam bad-value',
      '3 active bad-value',
      '3 manager unknown-person',
      '4 username doubled-person',
    ]);
  });

  it('is told of nothing that may be wrong only because of what could not be read', async () => {
    // Somebody new whose hotel can't be read lacks no hotel; whoever is named by what can't be read may be there.
    const json =
      '[{"username":"new.one","displayName":"新","department":"前厅","hotel":7},\n{"username":"{bad}","displayName":"坏","department":"前厅","hotel":"SHA01"},\n{"username":"clerk","manager":"bad"}]';
    expect(await faults(json, 'json')).toEqual(['1 hotel unknown-hotel', '2 username bad-value']);
    expect(await faults('username,manager\nclerk,ghost\nboss\n', 'csv')).toEqual([
      '3 null wrong-column-count',
    ]);
  });
});
