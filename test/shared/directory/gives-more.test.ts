import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyPatch } from '../../../shared/directory/apply-patch.ts';
import { fieldsThatGive, givesMore, withoutGains } from '../../../shared/directory/gives-more.ts';
import type { DirectoryEntry, StaffPatch } from '../../../shared/domain/directory-entry.ts';
import { nobody } from '../../../shared/domain/person.ts';

const GIVEN = { grantedBy: 'p_giver', since: '2026-06-15T12:00:00.000Z' };
const KEEP_FROM = new Date('2026-01-01T00:00:00.000Z');
const TIMES = ['2026-06-01', '2026-06-05', '2026-06-10', '2026-06-20'].map((day) => `${day}T00:00:00.000Z`);

const hotels = fc.oneof(
  fc.constant('*' as const),
  fc.subarray(['SHA01', 'HGH02', 'PEK03'], { minLength: 1 }),
);
const role = fc.constantFrom('legal' as const, 'agent' as const, 'gm' as const);
const span = fc.subarray(TIMES, { minLength: 2, maxLength: 2 }).map(([from = '', to = '']) => ({ from, to }));
const hotel = fc.constantFrom('SHA01', 'HGH02');
const people = fc.constantFrom('p_a', 'p_b', 'p_c');
const time = fc.option(fc.constantFrom(...TIMES));

/** Patches of everything that may give more. */
const patch: fc.Arbitrary<StaffPatch> = fc
  .record(
    {
      username: fc.constantFrom('li', 'wang'),
      displayName: fc.constantFrom('李', '王'),
      department: fc.constantFrom('前厅部', '客服部'),
      hotel,
      active: fc.boolean(),
      roles: fc.array(fc.record({ role, hotels }), { maxLength: 3 }),
      deputyships: fc.array(
        fc
          .record({ role, hotels, deputyOf: people, span })
          .map(({ span: { from, to }, ...rest }) => ({ ...rest, from, until: to })),
        { maxLength: 2 },
      ),
      accounts: fc.subarray(['wecom:a', 'wecom:b']),
      clients: fc.subarray(['gst_1', 'gst_2', 'gst_3']),
      shifts: fc.array(
        fc.tuple(hotel, span).map(([where, times]) => ({ hotel: where, ...times })),
        {
          maxLength: 3,
        },
      ),
      training: time,
      exam: time,
      secondments: fc.array(
        fc
          .tuple(hotel, fc.constantFrom('客服部', '前厅部'), span)
          .map(([where, department, times]) => ({ department, hotel: where, ...times })),
        { maxLength: 2 },
      ),
      mentor: fc.option(people),
      jurisdiction: fc.constantFrom(null, 'CN' as const, 'EU' as const),
      login: fc.option(
        fc.record({ issuer: fc.constantFrom('i1', 'i2'), subject: fc.constantFrom('s1', 's2') }),
      ),
    },
    { requiredKeys: [] },
  )
  .map((fields) => ({ personId: 'p_x', ...fields }));

const superiors = fc.option(fc.subarray(['p_a', 'p_b', 'p_c']));
const start: DirectoryEntry = {
  person: { ...nobody('p_x'), hotel: 'SHA01', department: '前厅部' },
  superiors: [],
  shifts: [],
  clients: [],
  login: null,
};
const changed = (entry: DirectoryEntry, one: StaffPatch, above: string[] | null = null, given = GIVEN) =>
  applyPatch(entry, one, { given, superiors: above, keepFrom: KEEP_FROM });
const entry = fc
  .tuple(patch, patch, superiors)
  .map(([one, other, above]) => changed(changed(start, one, above), other));
const change = fc.tuple(entry, patch, superiors).map(([before, one, above]) => ({
  before,
  after: changed(before, one, above, { ...GIVEN, since: '2026-06-16T00:00:00.000Z' }),
}));

type Row = [what: string, patch: Partial<StaffPatch>, above?: string[]];
/** Rows of a table are filled up: what a row lacks would be taken for a callback to wait for. */
const rows = (all: Row[]) =>
  all.map(([what, one, above]): [string, Partial<StaffPatch>, string[] | null] => [what, one, above ?? null]);

describe('what gives somebody more', () => {
  it('is nothing that stays as it is', () => {
    fc.assert(fc.property(entry, (one) => !givesMore(one, one)));
  });

  it('is never in force before its confirmation: what is done at once gives nothing', () => {
    fc.assert(fc.property(change, ({ before, after }) => !givesMore(before, withoutGains(before, after))));
  });

  it('is all that is left out: a change that gives nothing is done whole, and nothing else waits', () => {
    fc.assert(
      fc.property(change, ({ before, after }) => {
        const now = withoutGains(before, after);
        expect(givesMore(now, after)).toBe(givesMore(before, after));
        if (!givesMore(before, after)) expect(now).toEqual(after);
      }),
    );
  });

  it('is found again, the same, when it is looked at again', () => {
    fc.assert(
      fc.property(change, ({ before, after }) => {
        const now = withoutGains(before, after);
        expect(withoutGains(now, after)).toEqual(now);
        expect(fieldsThatGive(now, after)).toEqual(fieldsThatGive(before, after));
      }),
    );
  });

  it('comes in no two steps that each give nothing', () => {
    fc.assert(
      fc.property(change, patch, ({ before, after }, next) => {
        const middle = withoutGains(before, after);
        const end = withoutGains(middle, changed(middle, next));
        expect(givesMore(before, end)).toBe(false);
      }),
    );
  });

  it('says nothing of who gave a role: the same role given anew gives nothing', () => {
    fc.assert(
      fc.property(entry, (one) => {
        const anew = one.person.roles.map((held) => ({
          ...held,
          grantedBy: 'p_other',
          since: TIMES[0] ?? '',
        }));
        return !givesMore(one, { ...one, person: { ...one.person, roles: anew } });
      }),
    );
  });

  const SHIFT = { hotel: 'SHA01', from: TIMES[1] ?? '', to: TIMES[2] ?? '' };
  const SECONDMENT = { department: '前厅部', hotel: 'SHA01', from: TIMES[1] ?? '', to: TIMES[2] ?? '' };
  const full = changed(start, {
    personId: 'p_x',
    username: 'li',
    displayName: '李',
    active: true,
    roles: [{ role: 'legal', hotels: ['SHA01'] }],
    training: TIMES[0] ?? null,
    exam: TIMES[0] ?? null,
    clients: ['gst_1'],
    login: { issuer: 'i', subject: 's' },
    accounts: ['wecom:x'],
    shifts: [SHIFT],
    secondments: [SECONDMENT],
  });
  const under = { ...full, superiors: ['p_a', 'p_b'] };

  it.each<[what: string, patch: Partial<StaffPatch>, above: string[] | null]>(
    rows([
      [
        'a role',
        {
          roles: [
            { role: 'legal', hotels: ['SHA01'] },
            { role: 'gm', hotels: ['SHA01'] },
          ],
        },
      ],
      ['a wider list of hotels', { roles: [{ role: 'legal', hotels: ['SHA01', 'HGH02'] }] }],
      ['the whole group', { roles: [{ role: 'legal', hotels: '*' }] }],
      [
        'a deputyship, of a role that is held too',
        {
          deputyships: [
            {
              role: 'legal',
              hotels: ['SHA01'],
              deputyOf: 'p_a',
              from: TIMES[0] ?? '',
              until: TIMES[1] ?? '',
            },
          ],
        },
      ],
      ['a later exam', { exam: TIMES[1] ?? null }],
      ['another training', { training: TIMES[1] ?? null }],
      ['an own client', { clients: ['gst_1', 'gst_2'] }],
      ['another login', { login: { issuer: 'i', subject: 'other' } }],
      [
        'the same login of another issuer, which may be somebody else’s',
        { login: { issuer: 'j', subject: 's' } },
      ],
      ['a longer shift', { shifts: [{ hotel: 'SHA01', from: TIMES[1] ?? '', to: TIMES[3] ?? '' }] }],
      ['a shift moved to another hotel', { shifts: [{ ...SHIFT, hotel: 'HGH02' }] }],
      ['accounts taken away, by which records have a participant', { accounts: [] }],
      ['another username, under which others know somebody else', { username: 'wang' }],
      ['another name', { displayName: '王' }],
      ['another hotel', { hotel: 'HGH02' }],
      ['another department', { department: '客服部' }],
      ['another place of work', { jurisdiction: 'EU' }],
      ['a mentor', { mentor: 'p_a' }],
      [
        'a secondment',
        { secondments: [{ department: '客服部', hotel: 'SHA01', from: TIMES[0] ?? '', to: TIMES[1] ?? '' }] },
      ],
      ['a longer secondment', { secondments: [{ ...SECONDMENT, to: TIMES[3] ?? '' }] }],
      [
        'a secondment to another department, for the same time',
        { secondments: [{ ...SECONDMENT, department: '客服部' }] },
      ],
      [
        'a secondment to another hotel, for the same time',
        { secondments: [{ ...SECONDMENT, hotel: 'HGH02' }] },
      ],
      ['a manager under whom a superior is lost', { manager: 'p_b' }, ['p_b']],
    ]),
  )('is %s', (_, one, above) => {
    expect(givesMore(under, changed(under, { personId: 'p_x', ...one }, above))).toBe(true);
  });

  it.each<[what: string, patch: Partial<StaffPatch>, above: string[] | null]>(
    rows([
      ['to leave', { active: false }],
      ['fewer roles', { roles: [] }],
      ['an exam that is void', { exam: null }],
      ['training that is void', { training: null }],
      ['fewer clients', { clients: [] }],
      [
        'a shorter shift',
        { shifts: [{ hotel: 'SHA01', from: TIMES[1] ?? '', to: '2026-06-06T00:00:00.000Z' }] },
      ],
      ['no shift at all', { shifts: [] }],
      ['a shorter secondment', { secondments: [{ ...SECONDMENT, to: '2026-06-06T00:00:00.000Z' }] }],
      ['no secondment any more', { secondments: [] }],
      ['no login', { login: null }],
      ['another legal entity', { legalEntity: 'E1' }],
      ['the same names again', { displayName: '李', username: 'li' }],
      ['one more superior', { manager: 'p_c' }, ['p_c', 'p_a', 'p_b']],
    ]),
  )('is not %s', (_, one, above) => {
    const after = changed(under, { personId: 'p_x', ...one }, above);
    expect(givesMore(under, after)).toBe(false);
    expect(withoutGains(under, after)).toEqual(after);
  });

  it('is no name of somebody new, who is entered by it', () => {
    const after = changed(start, { personId: 'p_x', username: 'li', displayName: '李' });
    expect(givesMore(start, after)).toBe(false);
  });
});
