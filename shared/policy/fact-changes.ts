import { isDeepStrictEqual } from 'node:util';
import type { AccessGrant } from '../domain/access-grant.ts';
import { ASKED_MASKINGS, BASES, PURPOSES, SUBJECT_KINDS } from '../domain/access-request.ts';
import { JURISDICTIONS } from '../domain/jurisdiction.ts';
import type { Person } from '../domain/person.ts';
import { CATEGORIES, SOURCES } from '../domain/record.ts';
import { ROLE_NAMES, ROLES, type Role } from '../domain/roles.ts';
import type { NamedCases, RequestFacts } from './facts.ts';

/** One fact or field of a request changed, in words, with the facts as they would be. */
export type FactChange = { what: string; zh: string; en: string; facts: RequestFacts };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Everything that one change can make of a request's facts: each field of the request, each fact about the requester,
 * the cases, the scope and the times, to each value that a rule tells apart. Bounded, and always in the same order; the
 * facts as they are come not among them.
 */
export function singleChanges(facts: RequestFacts): FactChange[] {
  return [
    ...requesterChanges(facts),
    ...requestChanges(facts),
    ...rangeChanges(facts),
    ...caseChanges(facts),
    ...scopeChanges(facts),
  ].filter((change) => !isDeepStrictEqual(change.facts, facts));
}

function requesterChanges(facts: RequestFacts): FactChange[] {
  const { grant, requester, region, now } = facts;
  const inRole = (role: Role): RequestFacts => {
    const others = requester.roles.filter((held) => held.role !== role);
    const given = { role, hotels: '*', grantedBy: 'p_hr', since: '2000-01-01T00:00:00.000Z' } as const;
    const person = { ...requester, roles: [...others, given] };
    return withRequester({ ...facts, grant: { ...grant, requesterRole: role } }, person);
  };
  const asPerson = (what: string, zh: string, en: string, changes: Partial<Person>): FactChange => ({
    what,
    zh,
    en,
    facts: withRequester(facts, { ...requester, ...changes }),
  });
  const times = { past: new Date(now.getTime() - HOUR_MS), future: new Date(now.getTime() + HOUR_MS) };
  return [
    ...ROLE_NAMES.filter((role) => role !== grant.requesterRole).map((role) => ({
      what: `role:${role}`,
      zh: `改由${ROLES[role].zh}申请`,
      en: `asked by ${ROLES[role].en}`,
      facts: inRole(role),
    })),
    asPerson('role-not-held', '申请人不具有该角色', 'the requester does not hold the role', { roles: [] }),
    asPerson('inactive', '申请人已停用', 'the requester is no longer active', { active: false }),
    ...(requester.training.system === null
      ? [
          asPerson('trained', '申请人完成系统培训', 'the requester passes the system training', {
            training: { ...requester.training, system: times.past.toISOString() },
          }),
        ]
      : [
          asPerson('untrained', '申请人未完成系统培训', 'the requester has not passed the system training', {
            training: { ...requester.training, system: null },
          }),
        ]),
    asPerson(
      'exam-lapsed',
      '申请人的季度隐私考试已过期',
      'the requester’s quarterly privacy exam has lapsed',
      {
        training: { ...requester.training, exam: null },
      },
    ),
    asPerson('exam-passed', '申请人通过本季度隐私考试', 'the requester passes this quarter’s privacy exam', {
      training: { ...requester.training, exam: times.past.toISOString() },
    }),
    asPerson('session-locked', '申请人的会话被锁定', 'the requester’s session is locked', {
      lock: { sessionUntil: times.future.toISOString(), account: false },
    }),
    asPerson('account-locked', '申请人的账号被锁定', 'the requester’s account is locked', {
      lock: { sessionUntil: null, account: true },
    }),
    asPerson('unlocked', '申请人的账号未锁定', 'the requester’s account is not locked', {
      lock: { sessionUntil: null, account: false },
    }),
    ...JURISDICTIONS.filter((jurisdiction) => jurisdiction !== region.jurisdiction).map((jurisdiction) =>
      asPerson(
        `works-in:${jurisdiction}`,
        `申请人在${jurisdiction}工作`,
        `the requester works in ${jurisdiction}`,
        {
          jurisdiction,
        },
      ),
    ),
    asPerson('another-hotel', '申请人属于另一酒店', 'the requester belongs to another hotel', {
      hotel: region.hotels.find((hotel) => hotel !== requester.hotel) ?? '',
    }),
    ...(grant.hotels[0] === undefined
      ? []
      : [
          asPerson('own-hotel', '申请人属于所申请的酒店', 'the requester belongs to the hotel asked for', {
            hotel: grant.hotels[0],
          }),
        ]),
    asPerson('not-seconded', '申请人未外派', 'the requester was not seconded', { secondments: [] }),
    {
      what: 'recipient-without-role',
      zh: '接收人为不具有该角色的他人',
      en: 'somebody without the role receives',
      facts: {
        ...facts,
        grant: { ...grant, recipient: 'p_recipient' },
        recipient: { ...requester, personId: 'p_recipient', roles: [] },
      },
    },
    {
      what: 'off-shift',
      zh: '申请人不在班',
      en: 'the requester is off shift',
      facts: { ...facts, standing: { shift: null } },
    },
    {
      what: 'on-shift',
      zh: '申请人当班',
      en: 'the requester is on shift',
      facts: { ...facts, standing: { shift: { from: times.past, to: times.future } } },
    },
  ];
}

function withRequester(facts: RequestFacts, requester: Person): RequestFacts {
  const same = facts.recipient.personId === facts.requester.personId;
  return { ...facts, requester, ...(same ? { recipient: requester } : {}) };
}

function requestChanges(facts: RequestFacts): FactChange[] {
  const { grant, region } = facts;
  const field = (what: string, zh: string, en: string, changes: Partial<AccessGrant>): FactChange => ({
    what,
    zh,
    en,
    facts: { ...facts, grant: { ...grant, ...changes } },
  });
  const found = (
    what: string,
    zh: string,
    en: string,
    categories: AccessGrant['categories'],
  ): FactChange => ({
    what,
    zh,
    en,
    facts: {
      ...facts,
      grant: { ...grant, categories },
      scope: facts.scope && { ...facts.scope, categories },
    },
  });
  const outside = region.chainHotels.find((hotel) => !region.hotels.includes(hotel));
  const more = region.hotels.find((hotel) => !grant.hotels.includes(hotel));
  return [
    ...[...PURPOSES, null].map((purpose) =>
      purpose === null
        ? field('no-purpose', '未写明目的', 'no purpose is stated', { purpose })
        : field(`purpose:${purpose}`, `目的为 ${purpose}`, `the purpose is ${purpose}`, { purpose }),
    ),
    ...[...BASES, null].map((basis) =>
      basis === null
        ? field('no-basis', '未写明法律依据', 'no legal basis is stated', { basis })
        : field(`basis:${basis}`, `依据为 ${basis}`, `the basis is ${basis}`, { basis }),
    ),
    grant.matter === null
      ? field('matter', '写明案件编号', 'a matter is named', { matter: 'M-1' })
      : field('no-matter', '不写案件编号', 'no matter is named', { matter: null }),
    grant.ticket === null
      ? field('ticket', '写明工单编号', 'a ticket is named', { ticket: 'T-1' })
      : field('no-ticket', '不写工单编号', 'no ticket is named', { ticket: null }),
    field('no-matter-or-ticket', '案件与工单均不写', 'neither matter nor ticket is named', {
      matter: null,
      ticket: null,
    }),
    ...[...SUBJECT_KINDS, null].map((subjectKind) =>
      subjectKind === null
        ? field('no-subject', '未写明对象', 'no subject is named', { subjectKind })
        : field(`subject:${subjectKind}`, `对象为 ${subjectKind}`, `the subject is ${subjectKind}`, {
            subjectKind,
          }),
    ),
    ...CATEGORIES.filter((category) => !grant.categories.includes(category)).map((category) =>
      found(`category+${category}`, `增加类别 ${category}`, `category ${category} added`, [
        ...grant.categories,
        category,
      ]),
    ),
    ...grant.categories.map((category) =>
      found(
        `category-${category}`,
        `去掉类别 ${category}`,
        `category ${category} removed`,
        grant.categories.filter((other) => other !== category),
      ),
    ),
    ...SOURCES.filter((platform) => !grant.platforms.includes(platform)).map((platform) =>
      field(`platform:${platform}`, `平台为 ${platform}`, `the platform is ${platform}`, {
        platforms: [platform],
      }),
    ),
    field('no-platform', '未写明平台', 'no platform is named', { platforms: [] }),
    ...(outside === undefined
      ? []
      : [
          field('hotel-outside-region', '增加其他区域的酒店', 'a hotel of another region added', {
            hotels: [...grant.hotels, outside],
          }),
        ]),
    ...(more === undefined
      ? []
      : [
          field('hotel-added', '增加本区域另一酒店', 'another hotel of the region added', {
            hotels: [...grant.hotels, more],
          }),
        ]),
    field('no-hotel', '未写明酒店', 'no hotel is named', { hotels: [] }),
    ...ASKED_MASKINGS.map((masking) =>
      field(`masking:${masking}`, `遮盖方式为 ${masking}`, `masking is ${masking}`, { masking }),
    ),
    field(
      grant.instrument ? 'no-instrument' : 'instrument',
      grant.instrument ? '不引用法律文书' : '引用法律文书',
      grant.instrument ? 'no legal instrument is cited' : 'a legal instrument is cited',
      { instrument: !grant.instrument },
    ),
    field(
      grant.emergency ? 'no-emergency' : 'emergency',
      grant.emergency ? '不作为紧急调阅' : '作为紧急调阅',
      grant.emergency ? 'it is no emergency' : 'it is an emergency',
      { emergency: !grant.emergency },
    ),
    grant.necessity === undefined
      ? field('necessity', '写明必要性', 'necessity is stated', { necessity: '' })
      : {
          ...field('no-necessity', '未写明必要性', 'necessity is not stated', {}),
          facts: { ...facts, grant: without(grant, 'necessity') },
        },
    grant.impactAssessment === undefined
      ? field('assessment-named', '写明影响评估编号', 'an impact assessment is named', {
          impactAssessment: 'IA-1',
        })
      : {
          ...field('assessment-not-named', '未写明影响评估编号', 'no impact assessment is named', {}),
          facts: { ...facts, grant: without(grant, 'impactAssessment') },
        },
    field('window:720', '许可期为 720 小时', 'the grant lasts 720 hours', { windowHours: 720 }),
    field('opens:20', '可打开 20 次', 'twenty openings', { opens: 20 }),
    field('participant', '申请人参与了这些记录', 'the requester takes part in the records', {
      participants: [grant.requester],
    }),
  ];
}

function without(grant: AccessGrant, field: 'necessity' | 'impactAssessment'): AccessGrant {
  const { [field]: _, ...rest } = grant;
  return rest;
}

function rangeChanges(facts: RequestFacts): FactChange[] {
  const { grant, now } = facts;
  const asked = new Date(grant.requestedAt).getTime();
  const reaching = (what: string, zh: string, en: string, milliseconds: number): FactChange => ({
    what,
    zh,
    en,
    facts: {
      ...facts,
      grant: {
        ...grant,
        from: new Date(asked - milliseconds).toISOString(),
        to: new Date(asked).toISOString(),
      },
    },
  });
  return [
    reaching('range:2h', '范围为此前两小时', 'the two hours before', 2 * HOUR_MS),
    reaching('range:72h', '范围为此前 72 小时', 'the 72 hours before', 72 * HOUR_MS),
    reaching('range:7d', '范围为此前 7 天', 'the seven days before', 7 * DAY_MS),
    reaching('range:month', '范围为此前一个月', 'the month before', 31 * DAY_MS),
    reaching('range:ten-years', '范围为此前十年', 'the ten years before', 3_650 * DAY_MS),
    {
      what: 'no-range',
      zh: '未写明起止时间',
      en: 'no time range is stated',
      facts: { ...facts, grant: { ...grant, from: null, to: null } },
    },
    {
      what: 'range-reversed',
      zh: '起始时间晚于结束时间',
      en: 'the range ends before it begins',
      facts: { ...facts, grant: { ...grant, from: grant.to, to: grant.from } },
    },
    {
      what: 'long-after',
      zh: '四百天之后',
      en: 'four hundred days later',
      facts: { ...facts, now: new Date(now.getTime() + 400 * DAY_MS) },
    },
  ];
}

function caseChanges(facts: RequestFacts): FactChange[] {
  const { cases, grant, now } = facts;
  const on = (what: string, zh: string, en: string, changes: Partial<NamedCases>): FactChange => ({
    what,
    zh,
    en,
    facts: { ...facts, cases: { ...cases, ...changes } },
  });
  const valid = { validFrom: new Date(now.getTime() - DAY_MS), validUntil: new Date(now.getTime() + DAY_MS) };
  const over = {
    validFrom: new Date(now.getTime() - 2 * DAY_MS),
    validUntil: new Date(now.getTime() - DAY_MS),
  };
  const around = { from: new Date(grant.from ?? now), to: new Date(grant.to ?? now) };
  const long = new Date(now.getTime() - 900 * DAY_MS);
  const instrument = {
    reference: 'I-1',
    foreign: false,
    chineseApproval: false,
    treaty: false,
    covers: true,
    officer: true,
    ...valid,
  };
  const named = (what: string, zh: string, en: string, changes: Partial<typeof instrument>): FactChange => ({
    what,
    zh,
    en,
    facts: {
      ...facts,
      grant: { ...grant, instrument: true },
      cases: { ...cases, instrument: { ...(cases.instrument ?? instrument), ...changes } },
    },
  });
  return [
    on('matter-closed', '案件已结', 'the matter is closed', { matter: { open: false } }),
    on('matter-not-on-file', '案件未登记', 'the matter is not on file', { matter: null }),
    on('complaint', '有该酒店未结的投诉', 'a complaint of that hotel is open', {
      complaint: { open: true, major: false, hotels: grant.hotels },
    }),
    on('complaint-major', '投诉为重大投诉', 'the complaint is a major one', {
      complaint: { open: true, major: true, hotels: grant.hotels },
    }),
    on('complaint-closed', '投诉已结', 'the complaint is closed', {
      complaint: { open: false, major: false, hotels: grant.hotels },
    }),
    on('no-complaint', '没有登记的投诉', 'no complaint is on file', { complaint: null }),
    on('incident', '有该酒店未结的事件', 'an incident of that hotel is open', {
      incident: { open: true, hotels: grant.hotels, ...around },
    }),
    on('no-incident', '没有登记的事件', 'no incident is on file', { incident: null }),
    on('incident-long-ago', '事件发生在很久以前', 'the incident was long ago', {
      incident: { open: true, hotels: grant.hotels, from: long, to: long },
    }),
    on('instrument-not-on-file', '法律文书未登记', 'the instrument is not on file', { instrument: null }),
    named('instrument-on-file', '有效的法律文书在案', 'a valid instrument is on file', {}),
    named('instrument-over', '法律文书已失效', 'the instrument is no longer valid', over),
    named('instrument-narrower', '超出法律文书所列范围', 'more than the instrument names', { covers: false }),
    named(
      'instrument-officer',
      '接收人不是法律文书所列人员',
      'the recipient is no officer of the instrument',
      {
        officer: false,
      },
    ),
    named('instrument-foreign', '法律文书来自境外', 'the instrument comes from abroad', { foreign: true }),
    named(
      'instrument-approved',
      '境外法律文书已获中国主管机关批准',
      'a foreign instrument with the Chinese approval',
      {
        foreign: true,
        chineseApproval: true,
        treaty: true,
      },
    ),
    on('agreement', '有效的合作协议在案', 'a valid agreement is on file', {
      agreement: { covers: true, ...valid },
    }),
    on('agreement-over', '合作协议已到期', 'the agreement has expired', {
      agreement: { covers: true, ...over },
    }),
    on('agreement-narrower', '超出合作协议范围', 'more than the agreement names', {
      agreement: { covers: false, ...valid },
    }),
    on('no-agreement', '没有登记的合作协议', 'no agreement is on file', { agreement: null }),
    on(
      cases.assessment ? 'no-assessment' : 'assessment',
      cases.assessment ? '影响评估未登记或不涵盖' : '影响评估在案并涵盖',
      cases.assessment ? 'no impact assessment covers it' : 'an impact assessment covers it',
      { assessment: !cases.assessment },
    ),
    {
      what: 'transfer',
      zh: '接收人的跨境传输机制在案',
      en: 'a transfer mechanism is on file for the recipient',
      facts: { ...facts, transferOnFile: true },
    },
    ...[0, facts.region.rules.retrievalsPerMonth, facts.region.rules.retrievalsPerMonth + 1].map(
      (retrievals) => ({
        what: `retrievals:${retrievals}`,
        zh: `本月已获准调阅该客人 ${retrievals} 次`,
        en: `${retrievals} retrievals of the guest granted this month`,
        facts: { ...facts, retrievals },
      }),
    ),
  ];
}

function scopeChanges(facts: RequestFacts): FactChange[] {
  const { scope, region, grant } = facts;
  if (scope === null) return [];
  const found = (what: string, zh: string, en: string, changes: Partial<typeof scope>): FactChange => ({
    what,
    zh,
    en,
    facts: { ...facts, scope: { ...scope, ...changes } },
  });
  const many = region.rules.sensitiveRecords;
  return [
    { what: 'not-searched', zh: '尚未检索', en: 'before the search', facts: { ...facts, scope: null } },
    found('no-records', '范围内没有记录', 'no record is found', { records: 0, conversations: 0, guests: 0 }),
    found('huge', '范围内记录极多', 'a huge number of records is found', {
      records: Number.MAX_SAFE_INTEGER,
      conversations: Number.MAX_SAFE_INTEGER,
    }),
    found('two-guests', '涉及两位客人', 'two guests are concerned', { guests: 2 }),
    found('one-guest', '只涉及一位客人', 'one guest is concerned', { guests: 1 }),
    found('no-sensitive', '没有敏感记录', 'no record is sensitive', { sensitive: 0 }),
    found('sensitive-below', `敏感记录 ${many - 1} 条`, `${many - 1} sensitive records`, {
      sensitive: many - 1,
    }),
    found('sensitive-many', `敏感记录 ${many} 条`, `${many} sensitive records`, { sensitive: many }),
    found('without-consent', '有客人的同意不成立', 'somebody’s consent does not stand', {
      withoutConsent: [...grant.platforms],
    }),
    found('with-consent', '客人的同意均成立', 'everybody’s consent stands', { withoutConsent: [] }),
    found('unpublished-plan', '投诉处理方案尚未公布', 'a complaint plan is not published', {
      unpublishedPlans: true,
      categories: [...new Set([...scope.categories, 'complaint-plan'])],
    }),
    found('plans-published', '投诉处理方案均已公布', 'every complaint plan is published', {
      unpublishedPlans: false,
    }),
    found('dispute-elsewhere', '纠纷正由其他部门处理', 'a dispute is in progress elsewhere', {
      disputeElsewhere: true,
      categories: [...new Set([...scope.categories, 'dispute'])],
    }),
    found('dispute-unknown', '纠纷状态未登记', 'the state of a dispute is unknown', {
      disputeUnknown: true,
      categories: [...new Set([...scope.categories, 'dispute'])],
    }),
    found('no-dispute-elsewhere', '没有由其他部门处理的纠纷', 'no dispute is in progress elsewhere', {
      disputeElsewhere: false,
      disputeUnknown: false,
    }),
    found('major', '范围内有纠纷或重大投诉', 'a dispute or major complaint is in scope', {
      disputeOrMajorComplaint: true,
    }),
    found('not-major', '范围内没有纠纷或重大投诉', 'no dispute or major complaint is in scope', {
      disputeOrMajorComplaint: false,
    }),
    found('complaint-of-others', '所引投诉与范围内的客人无关', 'the complaint named is about somebody else', {
      ofNamedComplaint: false,
    }),
    found(
      'complaint-of-these',
      '所引投诉涉及范围内的每位客人',
      'the complaint named is about everyone in scope',
      {
        ofNamedComplaint: true,
      },
    ),
    found('others-clients', '有他人的客户', 'a guest is not the requester’s own account', {
      ownClients: false,
    }),
    found('own-clients', '均为申请人自己的客户', 'every guest is the requester’s own account', {
      ownClients: true,
    }),
    found('other-department', '记录不属于外派部门', 'the records are not that department’s', {
      departments: ['housekeeping'],
    }),
    found('no-marketing-consent', '有客人未同意用于市场', 'a guest consented to no marketing', {
      withoutMarketingConsent: true,
    }),
    found('marketing-consent', '客人均同意用于市场', 'every guest consented to marketing', {
      withoutMarketingConsent: false,
    }),
    found('no-separate-consent', '有客人未单独同意', 'a separate consent is missing', {
      withoutSeparateConsent: true,
    }),
    ...CATEGORIES.filter((category) => !scope.categories.includes(category)).map((category) =>
      found(`found:${category}`, `检索到类别 ${category}`, `records of ${category} are found`, {
        categories: [...scope.categories, category],
      }),
    ),
  ];
}
