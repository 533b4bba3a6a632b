import type { AccessGrant } from '../domain/access-grant.ts';
import { CATEGORIES, type Category } from '../domain/record.ts';
import { ROLE_NAMES, type Role } from '../domain/roles.ts';
import type { Verdict } from '../domain/verdict.ts';
import { decideRequest } from './decide-request.ts';
import { decideView } from './decide-view.ts';
import { type RequestFacts, VIEW_KINDS, type ViewKind } from './facts.ts';
import type { RuleSet } from './rule-set.ts';
import { type Supposition, supposedPerson, supposedRequest } from './supposed-request.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Scope = { zh: string; en: string; of(facts: RequestFacts): RequestFacts };

/** How a request is meant to differ from the usual one of its role (supposed-request.ts); each scope is a row of the matrix. */
export const MATRIX_SCOPES = {
  usual: {
    zh: '本酒店、两日内、一位客人(T9 的角色为去标识化的群体),所需登记事项、班次、协议与法律文书齐备',
    en: 'own hotel, the two days before, one guest (for the roles of T9 a de-identified cohort); the cases, shift, agreement or instrument that the role needs are there',
    of: (facts) => facts,
  },
  'week-for-complaint': {
    zh: '七日内,就已登记的投诉',
    en: 'the seven days before, for a complaint on file',
    of: (facts) => reaching(facts, 7 * DAY_MS),
  },
  week: {
    zh: '七日内,无投诉',
    en: 'the seven days before, without a complaint',
    of: (facts) => withCases(reaching(facts, 7 * DAY_MS), { complaint: null }),
  },
  month: {
    zh: '一个月内',
    en: 'the month before',
    of: (facts) => reaching(facts, 31 * DAY_MS),
  },
  'other-hotel': {
    zh: '非申请人所属的酒店',
    en: 'a hotel that is not the requester’s own',
    of: (facts) => withRequester(facts, { hotel: 'ELSEWHERE', secondments: [] }),
  },
  'several-regions': {
    zh: '本酒店与另一区域的酒店',
    en: 'the own hotel and one of another region',
    of: (facts) =>
      withGrant(facts, { hotels: [...facts.grant.hotels, ...hotelsElsewhere(facts).slice(0, 1)] }),
  },
  'off-shift': { zh: '不在班', en: 'off shift', of: (facts) => ({ ...facts, standing: { shift: null } }) },
  'nothing-on-file': {
    zh: '案件、协议与法律文书均未登记,未写案件编号,只写工单编号',
    en: 'no case, agreement or instrument on file, no matter named, a ticket’s number alone',
    of: (facts) =>
      withCases(withGrant(facts, { matter: null }), {
        matter: null,
        complaint: null,
        incident: null,
        instrument: null,
        agreement: null,
      }),
  },
  'neither-matter-nor-ticket': {
    zh: '案件与工单编号均未写',
    en: 'neither a matter nor a ticket named',
    of: (facts) => withGrant(facts, { matter: null, ticket: null }),
  },
  'others-clients': {
    zh: '非本人客户、非外派部门的记录',
    en: 'guests who are not own accounts, records that are not the former department’s',
    of: (facts) => withScope(facts, { ownClients: false, departments: ['housekeeping'] }),
  },
  'dispute-or-major': {
    zh: '范围内有纠纷或重大投诉',
    en: 'a dispute or a major complaint in scope',
    of: (facts) => withScope(facts, { disputeOrMajorComplaint: true }),
  },
  'several-guests': {
    zh: '多位客人',
    en: 'several guests',
    of: (facts) => withScope(facts, { guests: 2 }),
  },
  'many-sensitive': {
    zh: '敏感记录达到数量',
    en: 'as many sensitive records as A9 names',
    of: (facts) => withScope(facts, { sensitive: facts.region.rules.sensitiveRecords }),
  },
  named: {
    zh: '显示姓名与联系方式',
    en: 'names and contacts shown',
    of: (facts) => withGrant(facts, { masking: 'named' }),
  },
  'de-identified': {
    zh: '去标识化的群体',
    en: 'a de-identified cohort',
    of: (facts) => withGrant(facts, { masking: 'pseudonymised', subjectKind: 'cohort', purpose: 'training' }),
  },
  originals: {
    zh: '法院出证(原件)',
    en: 'court production of originals',
    of: (facts) => withGrant(facts, { masking: 'original' }),
  },
} as const satisfies Record<string, Scope>;
export type MatrixScope = keyof typeof MATRIX_SCOPES;
export const MATRIX_SCOPE_NAMES = Object.keys(MATRIX_SCOPES).filter(isScope);

function isScope(name: string): name is MatrixScope {
  return Object.hasOwn(MATRIX_SCOPES, name);
}

/** What the rulebook says of one role's request for one category in one scope: its route, or the rules that refuse it. */
export type MatrixCell = { role: Role; scope: MatrixScope; category: Category } & Pick<
  Verdict,
  'outcome' | 'route' | 'rules' | 'reasons'
>;

/** What the rulebook says of one role's routine view of one kind. */
export type ViewCell = { role: Role; kind: ViewKind } & Pick<Verdict, 'outcome' | 'rules' | 'reasons'>;

export type Matrix = { requests: MatrixCell[]; views: ViewCell[] };

/** Role × category × scope → route, by asking the policies about each. */
export function matrixOf(ruleSet: RuleSet, supposition: Supposition): Matrix {
  return {
    requests: ROLE_NAMES.flatMap((role) =>
      MATRIX_SCOPE_NAMES.flatMap((scope) =>
        CATEGORIES.map((category) => {
          const facts = MATRIX_SCOPES[scope].of(supposedRequest(role, [category], supposition));
          const { outcome, route, rules, reasons } = decideRequest(ruleSet, facts);
          return { role, scope, category, outcome, route: outcome === 'allow' ? route : [], rules, reasons };
        }),
      ),
    ),
    views: ROLE_NAMES.flatMap((role) =>
      VIEW_KINDS.map((kind) => {
        const { outcome, rules, reasons } = decideView(ruleSet, supposedView(role, kind, supposition));
        return { role, kind, outcome, rules, reasons };
      }),
    ),
  };
}

/** A look with everything that the role's rule asks for: on shift, the own open ticket handed over, the mentor's open view. */
function supposedView(
  role: Role,
  kind: ViewKind,
  supposition: Supposition,
): Parameters<typeof decideView>[1] {
  const { region, now } = supposition;
  const category: Category =
    kind === 'system' ? 'system' : kind === 'aggregates' ? 'service-rating' : 'enquiry';
  const { scope, standing } = supposedRequest(role, [category], supposition);
  const shift = standing.shift;
  return {
    now,
    region,
    viewer: supposedPerson('viewer', [role], supposition),
    role,
    hotel: region.hotels[0] ?? '',
    kind,
    shift,
    businessDay: { from: new Date(now.getTime() - 8 * HOUR_MS), to: new Date(now.getTime() + 16 * HOUR_MS) },
    ticket: kind === 'ticket' ? { open: true, assigned: true, handedOver: true } : null,
    mentor: kind === 'shared' ? { own: true, open: true } : null,
    transferOnFile: false,
    found:
      scope === null
        ? null
        : {
            scope,
            span: { from: new Date(now.getTime() - 2 * HOUR_MS), to: new Date(now.getTime() - HOUR_MS) },
          },
  };
}

function reaching(facts: RequestFacts, milliseconds: number): RequestFacts {
  const from = new Date(new Date(facts.grant.requestedAt).getTime() - milliseconds).toISOString();
  return withRequester(withGrant(facts, { from }), {
    secondments: facts.requester.secondments.map((lent) => ({ ...lent, from })),
  });
}

function hotelsElsewhere({ region }: RequestFacts): string[] {
  return region.chainHotels.filter((hotel) => !region.hotels.includes(hotel));
}

function withGrant(facts: RequestFacts, changes: Partial<AccessGrant>): RequestFacts {
  return { ...facts, grant: { ...facts.grant, ...changes } };
}

function withRequester(facts: RequestFacts, changes: Partial<RequestFacts['requester']>): RequestFacts {
  const requester = { ...facts.requester, ...changes };
  return { ...facts, requester, recipient: requester };
}

function withCases(facts: RequestFacts, changes: Partial<RequestFacts['cases']>): RequestFacts {
  return { ...facts, cases: { ...facts.cases, ...changes } };
}

function withScope(facts: RequestFacts, changes: Partial<NonNullable<RequestFacts['scope']>>): RequestFacts {
  return { ...facts, scope: facts.scope && { ...facts.scope, ...changes } };
}
