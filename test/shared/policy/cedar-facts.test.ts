import { describe, expect, it } from '@jest/globals';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import type { HeldRole, Person } from '../../../shared/domain/person.ts';
import {
  type At,
  decidingContext,
  entitiesOf,
  personEntity,
  relyingContext,
  standingApprovals,
} from '../../../shared/policy/cedar-facts.ts';
import {
  approval,
  approvalFacts,
  approved,
  checked,
  director,
  lawyer,
  NOON,
  officer,
  person,
  provisionFacts,
  request,
  secondLawyer,
} from './staff.ts';

const MILLISECOND = 1;
const at: At = { now: NOON, jurisdiction: 'CN' };
const noon = (milliseconds = 0) => new Date(NOON.getTime() + milliseconds).toISOString();
const attributes = (changes: Partial<Person>, when: At = at) =>
  personEntity({ ...lawyer, ...changes }, ['SHA01'], when).attrs;
const ids = (references: unknown) =>
  JSON.parse(JSON.stringify(references)).map((one: { __entity: { id: string } }) => one.__entity.id);

describe('a person’s lock', () => {
  const lockOf = (lock: Person['lock'], when = at) => attributes({ lock }, when)['lock'];
  it('of a session stands until its time, and is told only where it is known when', () => {
    expect(lockOf({ sessionUntil: noon(MILLISECOND), account: false })).toBe('session');
    expect(lockOf({ sessionUntil: noon(), account: false })).toBe('none');
    expect(lockOf({ sessionUntil: null, account: false })).toBe('none');
    expect(lockOf({ sessionUntil: noon(MILLISECOND), account: false }, { jurisdiction: 'CN' })).toBe('none');
  });
  it('of an account stands whatever the session’s', () => {
    for (const sessionUntil of [null, noon(MILLISECOND)]) {
      expect(lockOf({ sessionUntil, account: true })).toBe('account');
      expect(lockOf({ sessionUntil, account: true }, { jurisdiction: 'CN' })).toBe('account');
    }
  });
});

describe('training', () => {
  const passed = (training: Partial<Person['training']>, when = at) =>
    attributes({ training: { system: noon(), exam: noon(), ...training } }, when);

  it('counts from the moment when it was passed', () => {
    for (const [system, trained] of [
      [noon(), true],
      [noon(MILLISECOND), false],
      [null, false],
    ] as const) {
      expect(passed({ system })).toMatchObject({ trained });
    }
    expect(passed({}, { jurisdiction: 'CN' })).toMatchObject({ trained: false, examCurrent: false });
  });

  it('by exam counts in its quarter and the next, over the end of a year too', () => {
    const current = (exam: string | null, now: string) =>
      passed({ exam }, { now: new Date(now), jurisdiction: 'CN' })['examCurrent'];
    expect(current('2026-04-01T00:00:00.000Z', '2026-06-30T23:59:59.999Z')).toBe(true);
    expect(current('2026-04-01T00:00:00.000Z', '2026-09-30T23:59:59.999Z')).toBe(true);
    expect(current('2026-04-01T00:00:00.000Z', '2026-10-01T00:00:00.000Z')).toBe(false);
    expect(current('2025-12-31T23:59:59.999Z', '2026-03-31T23:59:59.999Z')).toBe(true);
    expect(current('2025-12-31T23:59:59.999Z', '2026-04-01T00:00:00.000Z')).toBe(false);
    expect(current('2025-05-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z')).toBe(false);
    expect(current('2026-05-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z')).toBe(true);
    expect(current('2026-05-01T00:00:00.001Z', '2026-05-01T00:00:00.000Z')).toBe(false);
    expect(current(null, '2026-05-01T00:00:00.000Z')).toBe(false);
  });
});

describe('a person who comes twice', () => {
  const both = (one: Partial<Person>, other: Partial<Person>) =>
    entitiesOf(
      request(),
      [
        { ...lawyer, ...one },
        { ...lawyer, ...other },
      ],
      at,
    )[0]?.attrs;

  it('stands once, as both reads of the directory say', () => {
    expect(entitiesOf(request(), [lawyer, lawyer, officer], at)).toHaveLength(3);
    expect(both({}, {})).toMatchObject({ hotel: lawyer.hotel, department: lawyer.department, lock: 'none' });
    expect(both({ hotel: 'HGH02' }, {})).toMatchObject({ hotel: '', department: lawyer.department });
    expect(both({}, { department: 'other' })).toMatchObject({ hotel: lawyer.hotel, department: '' });
    expect(both({ jurisdiction: 'SG' }, {})).toMatchObject({ jurisdiction: '' });
  });

  it('is locked as the read says that locks more', () => {
    const session = { lock: { sessionUntil: noon(MILLISECOND), account: false } };
    const account = { lock: { sessionUntil: null, account: true } };
    expect(both(session, {})).toMatchObject({ lock: 'session' });
    expect(both({}, session)).toMatchObject({ lock: 'session' });
    expect(both(session, account)).toMatchObject({ lock: 'account' });
    expect(both(account, {})).toMatchObject({ lock: 'account' });
  });
});

describe('a request’s own facts', () => {
  const attrs = (changes: Partial<AccessGrant>) => entitiesOf(request(changes), [], at)[0]?.attrs;
  const datetime = (arg: string) => ({ __extn: { fn: 'datetime', arg } });

  it('end its window at the earlier of what the row says and what was approved', () => {
    const provisionedAt = noon();
    const window = (windowEnds: string | null) =>
      attrs({ provisionedAt, windowEnds, windowHours: 1 })?.['windowEnds'];
    expect(window(noon(3_600_000))).toEqual(datetime(noon(3_600_000)));
    expect(window(noon(3_600_001))).toEqual(datetime(noon(3_600_000)));
    expect(window(noon(3_599_999))).toEqual(datetime(noon(3_599_999)));
    expect(window(null)).toBeUndefined();
    expect(attrs({ provisionedAt: null, windowEnds: noon() })).not.toHaveProperty('windowEnds');
  });

  it('leave out what isn’t stated', () => {
    expect(attrs({ purpose: null, from: null })).not.toHaveProperty('purpose');
    expect(attrs({ purpose: null, from: null })).not.toHaveProperty('from');
    expect(attrs({})).not.toHaveProperty('agreement');
    expect(attrs({ agreement: 'AG-1', impactAssessment: 'IA-1' })).toMatchObject({
      agreement: 'AG-1',
      impactAssessment: 'IA-1',
    });
  });
});

describe('who gave an approver the role', () => {
  const grant = checked({ hotels: ['SHA01', 'HGH02'] });
  const before = '2026-01-01T00:00:00.000Z';
  const givers = (...roles: Partial<HeldRole>[]) => {
    const actor = {
      ...officer,
      roles: roles.map((held) => ({
        role: 'privacy-officer' as const,
        hotels: '*' as const,
        grantedBy: 'p_hr',
        since: before,
        ...held,
      })),
    };
    return ids(decidingContext(approvalFacts({ grant, actor }))['roleGivers']);
  };

  it('is whoever gave it for every hotel of the request, by the time when that was made', () => {
    expect(givers({})).toEqual(['p_hr']);
    expect(givers({ hotels: ['SHA01', 'HGH02'] })).toEqual(['p_hr']);
    expect(givers({ hotels: ['SHA01'] })).toEqual([]);
    expect(givers({ role: 'legal' })).toEqual([]);
    expect(givers({ since: grant.requestedAt })).toEqual(['p_hr']);
    expect(givers({ since: new Date(Date.parse(grant.requestedAt) + MILLISECOND).toISOString() })).toEqual(
      [],
    );
    expect(givers({ since: 'never' })).toEqual([]);
  });

  it('is the party to the request, where one of the two whom it took is one', () => {
    const parties = { ...grant, recipient: secondLawyer.personId };
    const given = (grantedBy: string, confirmedBy: string) => {
      const actor = {
        ...officer,
        roles: [
          { role: 'privacy-officer' as const, hotels: '*' as const, since: before, grantedBy, confirmedBy },
        ],
      };
      return ids(decidingContext(approvalFacts({ grant: parties, actor }))['roleGivers']);
    };
    expect(given('p_hr', lawyer.personId)).toEqual([lawyer.personId]);
    expect(given('p_hr', secondLawyer.personId)).toEqual([secondLawyer.personId]);
    expect(given(lawyer.personId, 'p_hr')).toEqual([lawyer.personId]);
    expect(given('p_hr', 'p_it')).toEqual(['p_hr']);
  });

  it('is each of them once where it was given more than once', () => {
    expect(givers({}, { grantedBy: 'p_it' }, {})).toEqual(['p_hr', 'p_it']);
  });
});

describe('who let an approver act since the request', () => {
  const grant = checked();
  const [asked, decided] = [Date.parse(grant.requestedAt), Date.parse(grant.requestedAt) + 3_600_000];
  const time = (milliseconds: number) => new Date(milliseconds).toISOString();
  const approvals = [{ ...approval(grant, director, 'infosec-director'), at: time(decided) }];
  const others = (times: string[]) => {
    const wasLet = { ...director, enablers: { p_one: times } };
    const facts = approvalFacts({
      grant: { ...grant, approvals },
      approverPeople: { [director.personId]: wasLet },
    });
    return ids(JSON.parse(JSON.stringify(decidingContext(facts))).others.enablers);
  };

  it('is whoever did before the approval that stands, and after the request', () => {
    expect(others([time(asked)])).toEqual([]);
    expect(others([time(asked + MILLISECOND)])).toEqual(['p_one']);
    expect(others([time(decided)])).toEqual(['p_one']);
    expect(others([time(decided + MILLISECOND)])).toEqual([]);
    expect(others(['never'])).toEqual(['p_one']);
  });

  it('stays so whatever they do before or after', () => {
    const within = time(asked + MILLISECOND);
    expect(others([time(asked - MILLISECOND), within, time(decided + MILLISECOND)])).toEqual(['p_one']);
    expect(others([time(asked - MILLISECOND), time(decided + MILLISECOND)])).toEqual([]);
  });
});

describe('an approval on record', () => {
  it('is looked at beside those others alone that stand beside it', () => {
    const grant = approved();
    const deputy = person('deputy');
    const stoodIn = {
      ...grant,
      approvals: grant.approvals.map((one) => ({ ...one, asDeputyOf: deputy.personId })),
    };
    const facts = provisionFacts({ grant: stoodIn });
    const [first, second] = standingApprovals(facts);
    if (first === undefined || second === undefined) throw new Error('two approvals stand');
    const beside = (others: (typeof first)[]) =>
      JSON.parse(JSON.stringify(relyingContext(facts, first, others))).others;
    expect(ids(beside([second]).stoodInFor)).toEqual([deputy.personId]);
    expect(ids(beside([second]).people)).toEqual([officer.personId]);
    expect(beside([])).toMatchObject({ people: [], roles: [], stoodInFor: [] });
    expect(ids(beside([first, second]).people)).toEqual([director.personId, officer.personId]);
  });
});
