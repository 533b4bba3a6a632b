import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { ASKED_MASKINGS } from '../../../shared/domain/access-request.ts';
import { CATEGORIES } from '../../../shared/domain/record.ts';
import { REQUEST_STATES } from '../../../shared/domain/request-states.ts';
import { ROLE_NAMES, ROLES } from '../../../shared/domain/roles.ts';
import { evaluate } from '../../../shared/policy/evaluate.ts';
import { STEP_UPS } from '../../../shared/policy/facts.ts';
import { type FloorRow, floorTable } from '../../../shared/policy/floor-table.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { differencesOf } from './differences-of.ts';
import { NOON, REGION } from './staff.ts';

const supposition = { region: REGION, now: NOON };
const APPROVERS = [
  'department-head',
  'gm',
  'hq-approver',
  'infosec-director',
  'internal-audit',
  'legal',
  'privacy-officer',
];
const APPROVAL_ACTS = ['approve', 'deny', 'rely', 'open-emergency', 'follow-up'];

/** Every row but those of requests, which are by far the most. */
const rows = rowsBefore('request');

function rowsBefore(act: string): readonly FloorRow[] {
  const found: FloorRow[] = [];
  for (const row of floorTable(supposition, '')) {
    if (row.question.act === act) break;
    found.push(row);
  }
  return found;
}

/** What a row asks, people and request by their ids. */
function asked({ question: { principal, resource, context, entities } }: FloorRow) {
  const attributes = entities.map(({ uid, attrs }) => ['id' in uid ? uid.id : '', attrs]);
  return { principal: principal.id, resource: resource.id, context, ...Object.fromEntries(attributes) };
}

function row(name: string): FloorRow {
  const found = rows.find((one) => one.name.en === name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
}

const who = (id: string) => `[{"__entity":{"type":"Person","id":"${id}"}}]`;
const namesOf = (prefix: string) =>
  rows.map(({ name }) => name.en).filter((name) => name.startsWith(`${prefix}: `));
const product = (...lists: (readonly string[])[]): string[][] =>
  lists.reduce<string[][]>((made, list) => made.flatMap((one) => list.map((item) => [...one, item])), [[]]);

describe('a row of the floor table', () => {
  it('is named in Chinese and in English, its act and fields alike', () => {
    const named = [...floorTable(supposition, bundledRuleSet().document.schema)].map(({ name }) => name);
    expect(named.filter(({ zh }) => !/\p{Script=Han}/u.test(zh))).toEqual([]);
    expect(named.filter(({ en }) => /\p{Script=Han}/u.test(en))).toEqual([]);
    const codes = ({ zh }: { zh: string }) => zh.replace(/\{.*$/, '');
    // Words of English in a row are a sentence; codes and names of attributes are not.
    expect(named.filter((name) => /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(codes(name)))).toEqual([]);
    expect(named.filter(({ zh, en }) => zh.split(':')[0] !== en.split(':')[0])).toEqual([]);
  });
});

describe('the floor table asks about approvals', () => {
  it('of every role’s request, by every role that stands on routes, and by each of five acts', () => {
    expect(namesOf('approve').filter((name) => name.includes(' on a request of '))).toEqual(
      product(ROLE_NAMES, APPROVERS).map(([asker, role]) => `approve: ${role} on a request of ${asker}`),
    );
    for (const act of APPROVAL_ACTS) {
      const ofApprovals = namesOf(act).filter((name) => !name.includes(': a request of '));
      expect(ofApprovals.map((name) => name.slice(act.length))).toEqual(
        namesOf('approve').map((name) => name.slice('approve'.length)),
      );
      expect(row(`${act}: gm on a request of sales`).question.act).toBe(act);
    }
    for (const role of APPROVERS) {
      const { principal, context, req_supposed } = asked(row(`approve: ${role} on a request of sales`));
      expect(principal).toBe(`p_approver-${role}`);
      expect(context).toMatchObject({ role, stepUp: 'verified', denied: false });
      expect(context.seenDigest).toBe(context.statementDigest);
      expect(context.seenDigest).toMatch(/^sha256:/);
      expect(req_supposed).toMatchObject({
        requesterRole: 'sales',
        state: 'awaiting-approval',
        route: APPROVERS,
      });
    }
  });

  it('of security about key cards, which it may ask for, of others about enquiries', () => {
    const categories = (role: string) =>
      asked(row(`approve: legal on a request of ${role}`)).req_supposed.categories;
    expect(categories('security')).toEqual(['key-card']);
    expect(categories('sales')).toEqual(['enquiry']);
  });

  const usual = asked(row('approve: step-up verified'));
  const differing = (name: string) => differencesOf(usual, asked(row(`approve: ${name}`)));
  const APPROVER = 'p_approver-privacy-officer';

  it('at an hour before the deadline, of a scope that was frozen', () => {
    expect(usual.req_supposed).toMatchObject({
      deadline: { __extn: { fn: 'datetime', arg: '2026-06-15T13:00:00.000Z' } },
      scopeDigest: `sha256:${'5'.repeat(64)}`,
      requestDigest: usual.context.statementDigest,
    });
    expect(usual.context).toMatchObject({
      superiors: [],
      requesterSuperiors: [],
      enabledBy: [{ __entity: { id: 'p_hr' } }],
      recipientEnabledBy: [{ __entity: { id: 'p_hr' } }],
    });
  });

  it('with each outcome of the step-up, in each state, in each role that is held or isn’t', () => {
    for (const stepUp of STEP_UPS.filter((one) => one !== 'verified')) {
      expect(differing(`step-up ${stepUp}`)).toEqual([`context.stepUp=${stepUp}`]);
    }
    for (const state of REQUEST_STATES.filter((one) => one !== 'awaiting-approval')) {
      expect(differing(`the request is ${state}`)).toEqual([`req_supposed.state=${state}`]);
    }
    for (const role of ROLE_NAMES.filter((one) => one !== 'privacy-officer')) {
      expect(differing(`decides as ${role}, without it`)).toEqual(
        expect.arrayContaining([`context.role=${role}`, 'context.roleGivers=[]']),
      );
      expect(differing(`decides as ${role}`)).toEqual(
        expect.arrayContaining([
          `context.role=${role}`,
          'principal=p_other',
          'p_other.active=true',
          `p_other.roles=["${role}"]`,
        ]),
      );
    }
  });

  const CHANGES: Readonly<Record<string, readonly string[]>> = {
    'the approver is no longer active': [`${APPROVER}.active=false`, `${APPROVER}.roles=[]`],
    'the approver holds no role': ['context.roleGivers=[]', `${APPROVER}.roles=[]`],
    'the approver is locked': [`${APPROVER}.lock=account`],
    'the approver has not passed training': [`${APPROVER}.examCurrent=false`, `${APPROVER}.trained=false`],
    'the approver lost a superior since the request': ['context.lostSuperiorSinceRequest=true'],
    'the approver was let act since the request by the requester': [`context.enablers=${who('p_requester')}`],
    'the approver works abroad': [`${APPROVER}.jurisdiction=EU`],
    'the approver was given the role by the requester': [`context.roleGivers=${who('p_requester')}`],
    'the approver was given the role just now': ['context.roleGivers=[]'],
    'the approver stands in for the requester': [`context.deputyOf=${who('p_requester')}`],
    'the approver stands in for somebody': [`context.deputyOf=${who('p_officer')}`],
    'the approver is below the requester': [`context.superiors=${who('p_requester')}`],
    'the approver is above the requester': [`context.requesterSuperiors=${who(APPROVER)}`],
    'the approver takes part in the records': [`req_supposed.participants=${who(APPROVER)}`],
    'the approver gave the requester the role': [`context.enabledBy=${who(APPROVER)}`],
    'the approver gave the recipient the role': [`context.recipientEnabledBy=${who(APPROVER)}`],
    'the approver brought on file what the request rests on': [`context.casesBroughtBy=${who(APPROVER)}`],
    'another digest was seen': ['context.seenDigest=another'],
    'the deadline is past': ['req_supposed.deadline.__extn.arg=2026-06-15T11:00:00.000Z'],
    [`${APPROVER} has decided to approve as infosec-director`]: [
      `context.others.people=${who(APPROVER)}`,
      'context.others.roles=["infosec-director"]',
    ],
    [`${APPROVER} has decided to deny as infosec-director`]: ['context.denied=true'],
    'p_another has decided to approve as privacy-officer': [
      `context.others.people=${who('p_another')}`,
      'context.others.roles=["privacy-officer"]',
    ],
    'p_another has decided to deny as privacy-officer': ['context.denied=true'],
    'p_another has decided to approve as infosec-director': [
      `context.others.people=${who('p_another')}`,
      'context.others.roles=["infosec-director"]',
    ],
    'p_another has decided to deny as infosec-director': ['context.denied=true'],
    'another approver was under the approver': [
      `context.others.lostSuperiors=${who(APPROVER)}`,
      `context.others.people=${who('p_another')}`,
      'context.others.roles=["infosec-director"]',
    ],
    'the approver let another approver act': [
      `context.others.enablers=${who(APPROVER)}`,
      `context.others.people=${who('p_another')}`,
      'context.others.roles=["infosec-director"]',
    ],
    'another approver let the approver act': [
      `context.enablers=${who('p_another')}`,
      `context.others.people=${who('p_another')}`,
      'context.others.roles=["infosec-director"]',
    ],
  };
  for (const [name, changes] of Object.entries(CHANGES)) {
    it(`where ${name}`, () => expect(differing(name)).toEqual(changes));
  }

  it('where the requester decides, another row is approved than was signed, the role is not on the route', () => {
    expect(differing('the requester decides')).toContain('principal=p_requester');
    expect(differing('the row is not what its digest says')).toEqual([
      expect.stringMatching(/^context\.statementDigest=/),
      'req_supposed.opens=4',
    ]);
    expect(differing('the role is not on the route')).toEqual([
      expect.stringMatching(/^context\.statementDigest=/),
      'req_supposed.route=["legal","infosec-director"]',
    ]);
  });

  it('where abroad is China, for a region of the EU', () => {
    const european = { ...supposition, region: { ...REGION, jurisdiction: 'EU' as const } };
    for (const one of floorTable(european, '')) {
      if (one.name.en !== 'approve: the approver works abroad') continue;
      expect(asked(one)[APPROVER]).toMatchObject({ jurisdiction: 'CN' });
      return;
    }
    throw new Error('no such row');
  });
});

describe('the floor table asks about releases', () => {
  const usual = asked(row('open: a request of legal; as approved'));
  const differing = (name: string) => differencesOf(usual, asked(row(`open: a request of legal; ${name}`)));
  const person = (id: string, role: string) => [
    `${id}.active=true`,
    `${id}.department=front-office`,
    `${id}.examCurrent=true`,
    `${id}.hotel=SHA01`,
    `${id}.jurisdiction=CN`,
    `${id}.lock=none`,
    `${id}.roles=["${role}"]`,
    `${id}.trained=true`,
  ];

  it('of every role’s request: provision, opening, and each opening’s approvals', () => {
    for (const act of ['provision', 'open', 'rely']) {
      expect(namesOf(act).filter((name) => name.endsWith('; as approved'))).toEqual(
        ROLE_NAMES.map((role) => `${act}: a request of ${role}; as approved`),
      );
      expect(row(`${act}: a request of sales; as approved`).question.act).toBe(act);
    }
    expect(asked(row('provision: a request of sales; as approved')).req_supposed).toMatchObject({
      state: 'provisioning',
      staged: false,
    });
    expect(asked(row('provision: a request of sales; as approved')).req_supposed).not.toHaveProperty(
      'windowEnds',
    );
  });

  it('as approved by two people in two roles, an hour ago, an hour before the window ends', () => {
    expect(usual).toMatchObject({ principal: 'p_requester', resource: 'req_supposed' });
    expect(usual.context).toMatchObject({
      approvers: 2,
      approvedRoles: ['infosec-director', 'privacy-officer'],
      routeNow: ['infosec-director', 'privacy-officer'],
      stepUp: 'verified',
      denied: false,
      requestDigestNow: usual.context.statementDigest,
      scopeDigestNow: `sha256:${'5'.repeat(64)}`,
    });
    expect(usual.req_supposed).toMatchObject({
      state: 'open',
      staged: true,
      route: ['infosec-director', 'privacy-officer'],
      windowEnds: { __extn: { fn: 'datetime', arg: '2026-06-15T13:00:00.000Z' } },
      requestDigest: usual.context.statementDigest,
    });
    expect(usual['p_approver-0']).toMatchObject({ roles: ['infosec-director'] });
    expect(usual['p_approver-1']).toMatchObject({ roles: ['privacy-officer'] });
    const relied = asked(row('rely: a request of legal; as approved'));
    expect(relied).toMatchObject({ principal: 'p_approver-0', resource: 'req_supposed' });
    expect(relied.context).toMatchObject({
      role: 'infosec-director',
      seenDigest: usual.context.statementDigest,
      superiors: [],
      requesterSuperiors: [],
      enabledBy: [{ __entity: { id: 'p_hr' } }],
      recipientEnabledBy: [{ __entity: { id: 'p_hr' } }],
      casesBroughtBy: [],
      others: { people: [{ __entity: { id: 'p_approver-1' } }], roles: ['privacy-officer'] },
    });
  });

  it('with each outcome of the step-up, and in each state', () => {
    for (const stepUp of STEP_UPS.filter((one) => one !== 'verified')) {
      expect(differing(`step-up ${stepUp}`)).toEqual([`context.stepUp=${stepUp}`]);
    }
    for (const state of REQUEST_STATES.filter((one) => one !== 'open')) {
      expect(differing(`the request is ${state}`)).toEqual([`req_supposed.state=${state}`]);
    }
  });

  const CHANGES: Readonly<Record<string, readonly string[]>> = {
    'an approver denied': ['context.denied=true'],
    'the window is over': ['req_supposed.windowEnds.__extn.arg=2026-06-15T11:00:00.000Z'],
    'no opening is left': ['req_supposed.opened=3'],
    'one opening is used': ['req_supposed.opened=1'],
    'nothing is staged': ['req_supposed.staged=false'],
    'records changed': ['context.scopeDigestNow=another'],
    'the request changed': ['context.requestDigestNow=another'],
    'somebody else': [...person('p_somebody', 'legal'), 'principal=p_somebody'],
    inactive: ['p_requester.active=false', 'p_requester.roles=[]'],
    'two guests': ['context.scope.guests=2'],
    huge: ['context.scope.records=9007199254740991'],
    'two approvals of one role': [
      'context.approvedRoleCount=1',
      'context.approvedRoles=["privacy-officer"]',
      'p_approver-0.roles=["privacy-officer"]',
    ],
    'three approvals': [
      'context.approvedRoleCount=3',
      'context.approvedRoles=["privacy-officer","infosec-director","legal"]',
      'context.approvers=3',
      'p_approver-0.roles=["privacy-officer"]',
      'p_approver-1.roles=["infosec-director"]',
      ...person('p_approver-2', 'legal'),
    ],
  };
  for (const [name, changes] of Object.entries(CHANGES)) {
    it(`where it is so: ${name}`, () => expect(differing(name)).toEqual(changes));
  }

  it('where fewer people or roles stand behind it, or the request became another', () => {
    expect(differing('no approval')).toEqual(
      expect.arrayContaining([
        'context.approvers=0',
        'context.approvedRoleCount=0',
        'context.approvedRoles=[]',
      ]),
    );
    expect(differing('one approval')).toEqual(
      expect.arrayContaining(['context.approvers=1', 'context.approvedRoles=["privacy-officer"]']),
    );
    expect(differing('one person in both roles')).toEqual(
      expect.arrayContaining(['context.approvers=1', 'p_both.roles=["privacy-officer","infosec-director"]']),
    );
    expect(differing('one person in both roles')).not.toContain('context.approvedRoleCount=1');
    expect(differing('an approver is gone')).toEqual(
      expect.arrayContaining(['gone:infosec-director.active=false', 'gone:privacy-officer.active=false']),
    );
    expect(differing('no purpose')).toContain('req_supposed.purpose');
    expect(differing('the route is longer')).toContain(
      'req_supposed.route=["infosec-director","privacy-officer","legal"]',
    );
    expect(differing('originals')).toContain('req_supposed.masking=original');
    expect(differing('abroad')).toEqual(['p_requester.jurisdiction=']);
  });
});

const EVERYBODY = ['the requester', ...ROLE_NAMES, 'an inactive officer'];

describe('the floor table asks about endings and about what is seen', () => {
  it('in each state, by the requester, somebody of each role, and an officer who left', () => {
    const endings = ['withdraw', 'close', 'revoke'];
    const names = rows.filter(({ question: { act } }) => endings.includes(act)).map(({ name }) => name.en);
    expect(names).toEqual(
      product(REQUEST_STATES, EVERYBODY, endings).map(
        ([state, one, ending]) => `${ending}: ${one}, of a request that is ${state}`,
      ),
    );
    const closing = row('close: gm, of a request that is open');
    expect(closing.question.act).toBe('close');
    expect(asked(closing)).toMatchObject({
      principal: 'p_some-gm',
      resource: 'req_supposed',
      'p_some-gm': { active: true, roles: ['gm'] },
      req_supposed: { state: 'open' },
      context: { followedUp: true },
    });
    expect(asked(row('close: the requester, of a request that is open')).principal).toBe('p_requester');
    expect(asked(row('close: an inactive officer, of a request that is open'))).toMatchObject({
      principal: 'p_gone',
      p_gone: { active: false },
    });
  });

  it('of the request and its free text; of letters to providers, that a rule names or not, in three states', () => {
    expect(namesOf('see')).toEqual(EVERYBODY.map((one) => `see: ${one}`));
    expect(namesOf('read-free-text')).toEqual(EVERYBODY.map((one) => `read-free-text: ${one}`));
    expect(asked(row('see: gm')).context).toEqual({});
    expect(asked(row('read-free-text: gm')).context).toEqual({ jurisdiction: 'CN' });
    for (const act of ['ask-provider', 'settle-provider-request', 'see-provider-requests']) {
      expect(namesOf(act)).toEqual(
        product(EVERYBODY, ['awaiting-approval', 'open', 'closed'], ['wecom', 'booking']).map(
          ([one, state, platform]) => `${act}: ${one}, of ${platform}, while ${state}`,
        ),
      );
      expect(asked(row(`${act}: gm, of booking, while open`))).toMatchObject({
        principal: 'p_some-gm',
        req_supposed: { state: 'open' },
        context: { platform: 'booking', hotels: ['SHA01'], regionHotels: REGION.hotels },
      });
    }
  });
});

describe('the floor table asks about break-glass', () => {
  it('by the requester and another of each role, at first and far beyond the quota, in three states', () => {
    const acts = ['ask-emergency', 'answer-emergency', 'view-emergency', 'bring-form'];
    const names = rows
      .filter(({ name, question: { act } }) => acts.includes(act) && !name.en.includes(' in use, '))
      .map(({ name }) => name.en);
    expect(names).toEqual(
      product(ROLE_NAMES, ['', 'another '], ['0', '1000'], ['requested', 'open', 'closed'], acts).map(
        ([role, another, uses, state, act]) => `${act}: ${another}${role}, ${uses} before, while ${state}`,
      ),
    );
    expect(asked(row('view-emergency: another gm, 1000 before, while open'))).toMatchObject({
      principal: 'p_some-gm',
      context: { role: 'gm', uses: 1000 },
      'p_some-gm': { roles: ['gm'] },
      p_requester: { roles: ['gm'] },
      req_supposed: { emergency: true, state: 'open', requesterRole: 'gm' },
    });
    expect(asked(row('bring-form: gm, 0 before, while closed'))).toMatchObject({
      principal: 'p_requester',
      context: { role: 'gm', uses: 0 },
    });
  });

  it('by a look of its starter while it is in use, however the step-up went, with its opening and before', () => {
    const names = namesOf('view-emergency').filter((name) => name.includes(' in use, '));
    expect(names).toEqual(
      product([...STEP_UPS], ['', ', its opening on record']).map(
        ([stepUp, opening]) => `view-emergency: break-glass in use, step-up ${stepUp}${opening}`,
      ),
    );
    const seen = names.filter((name) => evaluate(bundledRuleSet(), row(name).question).outcome === 'allow');
    expect(seen).toEqual([
      'view-emergency: break-glass in use, step-up verified',
      'view-emergency: break-glass in use, step-up verified, its opening on record',
    ]);
    expect(asked(row('view-emergency: break-glass in use, step-up device-revoked'))).toMatchObject({
      principal: 'p_requester',
      context: { stepUp: 'device-revoked' },
      req_supposed: { emergency: true, state: 'emergency' },
    });
  });
});

const SCHEMA = `
type Span = { from: datetime, open: Bool };
entity Person = { active: Bool };
entity Thing = { name: String, size: Long };
entity Request;
action "own-act" appliesTo { principal: Person, resource: Thing, context: {
  flag: Bool, span: Span, many: Set<Long>, who: Person, optional?: Long } };
action "bare-act" appliesTo { principal: Person, resource: [Request, Thing], context: {} };
action "by-things" appliesTo { principal: Thing, resource: Thing, context: {} };
action approve appliesTo { principal: Person, resource: Request, context: { unlikely: Bool } };
action group;`;

describe('the floor table asks about every other act of the schema', () => {
  const found = [...upTo('approve', SCHEMA)];
  const LAST = 9007199254740991;

  function* upTo(act: string, schema: string): Generator<FloorRow> {
    for (const one of floorTable(supposition, schema)) {
      if (one.question.act === act) return;
      yield one;
    }
  }
  const contextsOf = (prefix: string) =>
    found
      .filter(({ name }) => name.en.startsWith(`${prefix}, `))
      .map(({ name, question }) => [name.en.slice(prefix.length + 2), question.context]);

  it('by everybody, about each kind of thing that it applies to; acts with rows of their own not twice', () => {
    const acts = new Set<string>(found.map(({ question: { act } }) => act));
    expect([...acts].sort()).toEqual(['bare-act', 'by-things', 'own-act']);
    const bare = found.filter(({ question: { act } }) => act === 'bare-act');
    expect(bare.map(({ name, question }) => [name.en, question.resource.type])).toEqual(
      product(EVERYBODY, ['Request', 'Thing']).map(([one, type]) => [`bare-act: ${one}`, type]),
    );
    expect(bare[0]?.question).toMatchObject({ principal: { id: 'p_requester' }, context: {} });
    expect(bare[0]?.question.entities.map(({ uid }) => uid)).toEqual([
      { type: 'Person', id: 'p_requester' },
      { type: 'Request', id: 'req_supposed' },
    ]);
    const things = found.filter(({ question: { act } }) => act === 'by-things');
    const thing = { uid: { type: 'Thing', id: 'concerned' }, attrs: { name: 'SHA01', size: 0 }, parents: [] };
    expect(things.map(({ name, question }) => [name.en, question])).toEqual([
      [
        'by-things: Thing',
        {
          principal: thing.uid,
          act: 'by-things',
          resource: thing.uid,
          context: {},
          entities: [thing, thing],
        },
      ],
    ]);
  });

  it('with each attribute of the context at each value that matters, the others at their first or last', () => {
    const time = (arg: string) => ({ __extn: { fn: 'datetime', arg } });
    const person = { __entity: { type: 'Person', id: 'p_requester' } };
    const early = { from: time('2026-06-15T12:00:00.000Z'), open: true };
    const late = { from: time('2026-06-15T13:00:00.000Z'), open: false };
    const first = { flag: true, span: early, many: [0], who: person, optional: 0 };
    const last = { flag: false, span: late, many: [], who: person, optional: LAST };
    const { optional: _, ...firstWithout } = first;
    const { optional: __, ...lastWithout } = last;
    const contexts = contextsOf('own-act: gm');
    const around = (usual: typeof first | typeof last, without: object) => [
      ['flag true', { ...usual, flag: true }],
      ['flag false', { ...usual, flag: false }],
      ['many [0]', { ...usual, many: [0] }],
      ['many []', { ...usual, many: [] }],
      ['optional 0', { ...usual, optional: 0 }],
      ['optional 1', { ...usual, optional: 1 }],
      [`optional ${LAST}`, { ...usual, optional: LAST }],
      ['no optional', without],
      [`span ${JSON.stringify(early)}`, { ...usual, span: early }],
      [`span ${JSON.stringify(late)}`, { ...usual, span: late }],
      [`who ${JSON.stringify(person)}`, { ...usual, who: person }],
    ];
    const sorted = (list: readonly unknown[]) => list.map((one) => canonicalize(one)).sort();
    expect(sorted(contexts)).toEqual(sorted([...around(first, firstWithout), ...around(last, lastWithout)]));
  });
});

describe('the floor table asks about requests', () => {
  let found: ReadonlyMap<string, FloorRow> | undefined;

  /** By name: read when the first of these tests needs them. */
  function requests(): ReadonlyMap<string, FloorRow> {
    found ??= new Map(
      [...floorTable(supposition, '')]
        .filter(({ question: { act } }) => act === 'request')
        .map((one) => [one.name.en, one]),
    );
    return found;
  }
  const ofRole = (role: keyof typeof ROLES) =>
    [...requests().keys()].filter((name) => name.startsWith(`request: asked by ${ROLES[role].en}; `));

  it('and about the route, of the same facts', () => {
    for (const { question, next } of [...requests().values()].slice(0, 20)) {
      expect(next).toEqual({ ...question, act: 'route' });
    }
  });

  it('of every role with every category and masking, and of nobody', () => {
    for (const role of ROLE_NAMES) {
      const said = ofRole(role);
      for (const category of CATEGORIES) {
        const of = said.filter((name) => name.includes(`"categories":["${category}"]`));
        for (const masking of ASKED_MASKINGS) {
          expect(of.filter((name) => name.endsWith(`"masking":"${masking}"}`)).length).toBeGreaterThan(0);
        }
        const nobody = of.find((name) => name.includes('; the role is not held; '));
        expect(nobody && requests().get(nobody)?.question.entities[0]?.attrs['roles']).toEqual([]);
      }
      expect(said.some((name) => name.includes('; two guests are concerned; '))).toBe(true);
      expect(said.some((name) => name.includes('; the platform is workgroup; '))).toBe(true);
      expect(said.some((name) => /^[^;]*; the platform is weibo; \{/.test(name))).toBe(false);
    }
  });

  it('with what the file says: whoever reads a refusal can try it', () => {
    const [first = ''] = ofRole('legal');
    expect(JSON.parse(first.slice(first.indexOf('{')))).toEqual({
      purpose: 'dispute',
      basis: 'legal-claim',
      matter: 'M-1',
      ticket: 'T-1',
      subjectKind: 'phone',
      platforms: ['wecom'],
      hotels: ['SHA01'],
      categories: ['enquiry'],
      from: '2026-06-13T12:00:00.000Z',
      to: '2026-06-15T11:00:00.000Z',
      masking: 'masked',
    });
    expect(requests().get(first)?.question).toMatchObject({
      principal: { id: 'p_requester' },
      resource: { id: 'req_supposed' },
      context: { retrievals: 0, transferOnFile: false },
    });
  });

  it('with three facts changed at once, three hundred times, of every role and category', () => {
    const names = [...requests().keys()];
    const mixed = names.filter((name) => name.slice(0, name.indexOf('; {')).split('; ').length === 4);
    expect(mixed).toEqual(names.slice(-300));
    expect(new Set(mixed).size).toBe(300);
    for (const role of ROLE_NAMES) expect(mixed.some((name) => name.includes(ROLES[role].en))).toBe(true);
    for (const category of CATEGORIES) expect(mixed.some((name) => name.includes(category))).toBe(true);
  });
});
