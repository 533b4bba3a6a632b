import { describe, expect, it } from '@jest/globals';
import { requestFileSchema } from '../../../shared/domain/access-request.ts';
import {
  caseFileSchema,
  differences,
  factsOfFile,
  type StatedFacts,
  statedFactsSchema,
} from '../../../shared/policy/case-file.ts';
import { NO_CASES } from '../../../shared/policy/facts.ts';
import { differencesOf } from './differences-of.ts';
import { NOON, REGION } from './staff.ts';

const FILE = {
  purpose: 'dispute',
  basis: 'legal-claim',
  matter: 'M-9',
  ticket: 'T-9',
  subject: { kind: 'email', value: 'guest@example.org' },
  platforms: ['line'],
  hotels: ['HGH02', 'SHA01'],
  categories: ['complaint', 'stay'],
  from: '2026-05-01T00:00:00.000Z',
  to: '2026-05-31T00:00:00.000Z',
  masking: 'named',
};
const tried = (stated: StatedFacts = {}, file: object = {}) =>
  factsOfFile(requestFileSchema.parse({ ...FILE, ...file }), stated, {
    region: REGION,
    now: NOON,
    role: 'legal',
  });
const bare = tried();
const SINCE = '2025-08-19T12:00:00.000Z';

describe('a request that is tried, of which nothing is stated', () => {
  it('is as its file says', () => {
    expect(bare.grant).toMatchObject({
      purpose: 'dispute',
      basis: 'legal-claim',
      matter: 'M-9',
      ticket: 'T-9',
      subjectKind: 'email',
      platforms: ['line'],
      hotels: ['HGH02', 'SHA01'],
      categories: ['complaint', 'stay'],
      from: FILE.from,
      to: FILE.to,
      masking: 'named',
      instrument: false,
      emergency: false,
      windowHours: 24,
      opens: 3,
      requesterRole: 'legal',
      recipient: 'p_requester',
    });
    for (const field of ['necessity', 'impactAssessment', 'agreement']) {
      expect(bare.grant).not.toHaveProperty(field);
    }
  });

  it('is asked by somebody in the role, at the first hotel named, trained, active, unlocked and off shift', () => {
    expect(bare.requester).toMatchObject({
      personId: 'p_requester',
      roles: [{ role: 'legal', hotels: '*', grantedBy: 'p_hr', since: SINCE }],
      hotel: 'HGH02',
      department: 'front-office',
      active: true,
      training: { system: SINCE, exam: '2026-06-15T11:00:00.000Z' },
      lock: { sessionUntil: null, account: false },
      jurisdiction: null,
      secondments: [],
    });
    expect(bare.recipient).toBe(bare.requester);
    expect(bare.standing).toEqual({ shift: null });
    expect(bare).toMatchObject({ now: NOON, region: REGION, retrievals: 0, transferOnFile: false });
  });

  it('finds twelve records of one guest, who is nobody’s own client, with no case on file', () => {
    expect(bare.scope).toMatchObject({
      guests: 1,
      records: 12,
      sensitive: 12,
      categories: ['complaint', 'stay'],
      withoutConsent: [],
      departments: [],
      ownClients: false,
    });
    expect(tried({}, { categories: ['complaint'] }).scope).toMatchObject({ sensitive: 0 });
    expect(bare.cases).toEqual(NO_CASES);
  });
});

describe('what is stated of a request', () => {
  const before = new Date(NOON.getTime() - 1);
  const stated: [StatedFacts, string[]][] = [
    [{ role: 'gm' }, ['grant.requesterRole=gm', `requester.roles=${roles('gm')}`]],
    [{ roles: ['gm', 'sales'] }, [`requester.roles=${roles('gm', 'sales')}`]],
    [{ hotel: 'SIN01' }, ['requester.hotel=SIN01']],
    [{ department: 'spa' }, ['requester.department=spa']],
    [{ active: false }, ['requester.active=false']],
    [{ active: true, trained: true, examPassed: true, lock: 'none' }, []],
    [{ trained: false }, ['requester.training.system=null']],
    [{ examPassed: false }, ['requester.training.exam=null']],
    [{ lock: 'session' }, ['requester.lock.sessionUntil=2026-06-15T12:00:00.001Z']],
    [{ lock: 'account' }, ['requester.lock.account=true']],
    [{ jurisdiction: 'EU' }, ['requester.jurisdiction=EU']],
    [
      { secondments: [{ department: 'spa', hotel: 'SHA01', from: FILE.from, to: FILE.to }] },
      [
        `requester.secondments=[{"department":"spa","hotel":"SHA01","from":"${FILE.from}","to":"${FILE.to}"}]`,
      ],
    ],
    [
      { shift: { from: before, to: NOON } },
      [
        'standing.shift',
        'standing.shift.from=2026-06-15T11:59:59.999Z',
        'standing.shift.to=2026-06-15T12:00:00.000Z',
      ],
    ],
    [{ shift: null }, []],
    [{ retrievals: 2 }, ['retrievals=2']],
    [{ transferOnFile: true }, ['transferOnFile=true']],
    [{ scope: { guests: 2, ownClients: true } }, ['scope.guests=2', 'scope.ownClients=true']],
    [{ cases: { matter: { open: true } } }, ['cases.matter', 'cases.matter.open=true']],
    [{ cases: { assessment: true } }, ['cases.assessment=true']],
  ];
  for (const [facts, expected] of stated) {
    it(`${JSON.stringify(facts)} changes that, and nothing else`, () => {
      const differing = differencesOf(bare, tried(facts)).filter(
        (difference) => !difference.startsWith('recipient.'),
      );
      expect(differing).toEqual(expected);
    });
  }

  it('is of another time, of no search, and of somebody else who receives', () => {
    const later = new Date('2026-07-15T12:00:00.000Z');
    expect(tried({ now: later }).now).toEqual(later);
    expect(tried({ scope: null }).scope).toBeNull();
    const received = tried({ recipientRoles: ['gm', 'sales'], hotel: 'SIN01' });
    expect(received.grant.recipient).toBe('p_recipient');
    expect(received.recipient).toMatchObject({ personId: 'p_recipient', hotel: 'SHA01', active: true });
    expect(JSON.stringify(received.recipient.roles)).toBe(roles('gm', 'sales'));
    expect(received.requester).toMatchObject({ personId: 'p_requester', hotel: 'SIN01' });
  });

  function roles(...held: string[]): string {
    return JSON.stringify(held.map((role) => ({ role, hotels: '*', grantedBy: 'p_hr', since: SINCE })));
  }
});

describe('what the file says beside', () => {
  const of = (file: object) => differencesOf(bare.grant, tried({}, file).grant);

  it('comes into the request, where it is said', () => {
    expect(of({ necessity: 'why' })).toEqual(['necessity=']);
    expect(of({ necessity: null })).toEqual([]);
    expect(of({ impactAssessment: 'IA-9' })).toEqual(['impactAssessment=IA-9']);
    expect(of({ agreement: 'AG-9' })).toEqual(['agreement=AG-9']);
    expect(of({ windowHours: 48, opens: 1 })).toEqual(['opens=1', 'windowHours=48']);
    expect(of({ subject: null })).toEqual(['subjectKind=null']);
  });
});

describe('a file of cases', () => {
  const one = { name: 'legal asks', request: FILE, expect: { outcome: 'allow' } };

  it('has cases with a name, a request and what is expected; facts, rules and reasons where they are stated', () => {
    expect(caseFileSchema.parse({ cases: [one] }).cases).toEqual([
      expect.objectContaining({
        name: 'legal asks',
        facts: {},
        expect: { outcome: 'allow', rules: [], reasons: [] },
      }),
    ]);
    const full = {
      facts: { role: 'gm', lock: 'session', scope: { guests: 2 }, cases: { matter: null } },
      expect: { outcome: 'deny', rules: ['T5'], reasons: ['x'], route: ['gm'] },
    };
    expect(caseFileSchema.parse({ cases: [{ ...one, ...full }] }).cases[0]).toMatchObject(full);
  });

  const refused: [string, unknown][] = [
    ['no case', { cases: [] }],
    ['something beside cases', { cases: [one], more: 1 }],
    ['a case without a name', { cases: [{ ...one, name: '' }] }],
    ['a case with something more', { cases: [{ ...one, more: 1 }] }],
    ['an unknown outcome', { cases: [{ ...one, expect: { outcome: 'maybe' } }] }],
    ['an expectation with something more', { cases: [{ ...one, expect: { outcome: 'deny', more: 1 } }] }],
    ['a route of an unknown role', { cases: [{ ...one, expect: { outcome: 'allow', route: ['king'] } }] }],
    ['an unknown fact', { cases: [{ ...one, facts: { weather: 'fine' } }] }],
  ];
  for (const [what, file] of refused) {
    it(`is refused with ${what}`, () => expect(caseFileSchema.safeParse(file).success).toBe(false));
  }

  it('states facts by their kinds: times with a zone, counts that can be, nothing unknown at any depth', () => {
    const time = '2026-06-15T12:00:00.000Z';
    expect(statedFactsSchema.parse({ now: time, shift: { from: time, to: time } })).toEqual({
      now: NOON,
      shift: { from: NOON, to: NOON },
    });
    expect(statedFactsSchema.parse({ retrievals: 0, scope: { guests: 0, records: 0 } })).toMatchObject({
      retrievals: 0,
    });
    const validity = { validFrom: time, validUntil: time };
    const instrument = {
      reference: 'I-1',
      foreign: false,
      chineseApproval: false,
      treaty: false,
      covers: true,
      officer: true,
      ...validity,
    };
    const known: object[] = [
      { scope: null, shift: null },
      { lock: 'account', cases: { complaint: { open: true, major: true, hotels: [] } } },
      { cases: { incident: { open: true, hotels: [], from: time, to: time } } },
      { cases: { instrument, agreement: { ...validity, covers: true }, assessment: true } },
      { cases: { instrument: null, agreement: null, incident: null, complaint: null } },
      { secondments: [{ department: 'd', hotel: 'h', from: time, to: time }] },
      { scope: { withoutConsent: ['wecom'], categories: ['stay'], departments: ['d'] } },
    ];
    for (const facts of known) {
      expect([facts, statedFactsSchema.safeParse(facts).success]).toEqual([facts, true]);
    }
    const unknown: object[] = [
      { retrievals: -1 },
      { retrievals: 1.5 },
      { emergencyUses: -1 },
      { lock: 'door' },
      { shift: { from: time } },
      { shift: { from: time, to: time, more: 1 } },
      { now: 'noon' },
      { scope: { guests: -1 } },
      { scope: { conversations: -1 } },
      { scope: { records: -1 } },
      { scope: { sensitive: -1 } },
      { scope: { sensitive: 0.5 } },
      { scope: { more: 1 } },
      { cases: { more: 1 } },
      { cases: { matter: {} } },
      { cases: { matter: { open: true, more: 1 } } },
      { cases: { complaint: { open: true } } },
      { cases: { incident: { open: true } } },
      { cases: { instrument: {} } },
      { cases: { agreement: { covers: true } } },
      { secondments: [{ department: 'd' }] },
    ];
    for (const facts of unknown) {
      expect([facts, statedFactsSchema.safeParse(facts).success]).toEqual([facts, false]);
    }
  });
});

describe('what differs from a case’s expectation', () => {
  const verdict = {
    outcome: 'allow' as const,
    reasons: ['legal-asks', 'own-audit'],
    rules: ['T7', 'T3'],
    route: ['privacy-officer' as const, 'gm' as const],
  };
  const said = (expected: object, given: Parameters<typeof differences>[1] = verdict) => {
    const one = { name: 'one', request: FILE, expect: { outcome: 'allow', ...expected } };
    const [parsed] = caseFileSchema.parse({ cases: [one] }).cases;
    if (parsed === undefined) throw new Error('there is one case');
    return differences(parsed, given);
  };

  it('is nothing where it holds, in whatever order a route is', () => {
    expect(said({})).toEqual([]);
    expect(said({ rules: ['T3'], reasons: ['own-audit'], route: ['gm', 'privacy-officer'] })).toEqual([]);
    expect(said({ route: ['privacy-officer', 'gm'] })).toEqual([]);
  });

  it('is one line for each', () => {
    expect(said({ outcome: 'deny', rules: ['T9', 'T7'], reasons: ['other'], route: ['gm'] })).toEqual([
      'outcome deny ≠ allow (legal-asks, own-audit)',
      'rule T9 ≠ T7, T3',
      'reason other ≠ legal-asks, own-audit',
      'route gm ≠ gm + privacy-officer',
    ]);
    const nothing = { outcome: 'allow' as const, reasons: [], rules: [], route: [] };
    expect(said({ rules: ['T7'], reasons: ['x'], route: ['gm'] }, nothing)).toEqual([
      'rule T7 ≠ —',
      'reason x ≠ —',
      'route gm ≠ —',
    ]);
    expect(said({ route: [] })).toEqual(['route — ≠ gm + privacy-officer']);
  });
});
