import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { AccessGrant } from '../domain/access-grant.ts';
import { ASKED_MASKINGS } from '../domain/access-request.ts';
import { nobody, type Person } from '../domain/person.ts';
import { CATEGORIES } from '../domain/record.ts';
import { requestDigest } from '../domain/request-digest.ts';
import { REQUEST_STATES } from '../domain/request-states.ts';
import { ROLE_NAMES, ROLES, type Role } from '../domain/roles.ts';
import type { Words } from '../domain/words.ts';
import {
  askingContext,
  atOf,
  decidingContext,
  emergencyContext,
  emergencyViewContext,
  endingContext,
  entitiesOf,
  personEntity,
  personUid,
  releasingContext,
  relyingContext,
  requestUid,
  standingApprovals,
} from './cedar-facts.ts';
import type { Act, Question } from './evaluate.ts';
import { singleChanges } from './fact-changes.ts';
import { type ApprovalFacts, type OpeningFacts, type RequestFacts, STEP_UPS } from './facts.ts';
import { resolved, type Shape, type Vocabulary, vocabularyOf } from './known-facts.ts';
import { type Supposition, supposedPerson, supposedRequest } from './supposed-request.ts';

/**
 * One question that the rulebook is asked, with what whoever reads a refusal needs to see in it; and the one that follows
 * where the answer is yes: who must agree.
 */
export type FloorRow = { name: Words; question: Question<string>; next?: Question<string> };

const HOUR_MS = 3_600_000;
const DIGEST = `sha256:${'5'.repeat(64)}`;
const MIXTURES = 300;
const MIXED_CHANGES = 3;

/** Roles that stand on routes. */
const APPROVING: readonly Role[] = [
  'department-head',
  'gm',
  'hq-approver',
  'infosec-director',
  'internal-audit',
  'legal',
  'privacy-officer',
];

/**
 * The table that a changed rule set is held against: every act that the rulebook is asked about, by every role; requests
 * of every role with every category and masking, with each single fact changed, and with several changed at once. The
 * same rows in the same order, whenever and wherever.
 */
export function* floorTable(supposition: Supposition, schema: string): Generator<FloorRow> {
  yield* schemaRows(schema, supposition);
  yield* approvalRows(supposition);
  yield* releaseRows(supposition);
  yield* endingRows(supposition);
  yield* sightRows(supposition);
  yield* emergencyRows(supposition);
  yield* lookRows(supposition);
  for (const { name, facts } of requests(supposition)) {
    yield {
      name: ofAct('request', name),
      question: asking(facts, 'request'),
      next: asking(facts, 'route'),
    };
  }
}

type Named = { name: Words; facts: RequestFacts };

function* requests(supposition: Supposition): Generator<Named> {
  for (const role of ROLE_NAMES) {
    for (const category of CATEGORIES) {
      const facts = supposedRequest(role, [category], supposition);
      for (const masking of ASKED_MASKINGS) yield named({ ...facts, grant: { ...facts.grant, masking } });
      const nobody = { ...facts.requester, roles: [] };
      yield named(
        { ...facts, requester: nobody, recipient: nobody },
        { zh: '不担任该角色', en: 'the role is not held' },
      );
    }
    const usual = supposedRequest(role, [role === 'security' ? 'key-card' : 'enquiry'], supposition);
    for (const { what, zh, en, facts } of singleChanges(usual)) {
      if (!what.startsWith('platform:') || what === 'platform:workgroup') yield named(facts, { zh, en });
    }
  }
  const next = counted(1);
  for (let mixture = 0; mixture < MIXTURES; mixture += 1) {
    let facts = supposedRequest(pick(ROLE_NAMES, next()), [pick(CATEGORIES, next())], supposition);
    const changes: Words[] = [];
    for (let change = 0; change < MIXED_CHANGES; change += 1) {
      const one = pick(singleChanges(facts), next());
      facts = one.facts;
      changes.push(one);
    }
    yield named(facts, ...changes);
  }
}

function named(facts: RequestFacts, ...changes: Words[]): Named {
  const { requesterRole, purpose, basis, matter, ticket, subjectKind, platforms, hotels } = facts.grant;
  const { categories, from, to, masking } = facts.grant;
  const file = {
    purpose,
    basis,
    matter,
    ticket,
    subjectKind,
    platforms,
    hotels,
    categories,
    from,
    to,
    masking,
  };
  const { zh, en } = ROLES[requesterRole];
  const said = [{ zh: `由${zh}提出`, en: `asked by ${en}` }, ...changes];
  const fields = JSON.stringify(file);
  return {
    name: {
      zh: [...said.map((words) => words.zh), fields].join(';'),
      en: [...said.map((words) => words.en), fields].join('; '),
    },
    facts,
  };
}

function asking(facts: RequestFacts, act: Act): Question {
  return {
    principal: personUid(facts.requester.personId),
    act,
    resource: requestUid(facts.grant),
    context: askingContext(facts),
    entities: entitiesOf(facts.grant, [facts.requester, facts.recipient], atOf(facts)),
  };
}

/** A row is named after its act, which is a code in either language. */
function ofAct(act: string, { zh, en }: Words): Words {
  return { zh: `${act}: ${zh}`, en: `${act}: ${en}` };
}

/** Of roles, Chinese has the name; English has the code, as the files of a chain do. */
function ofRequest(asker: Role, { zh, en }: Words): Words {
  return { zh: `${ROLES[asker].zh}的申请;${zh}`, en: `a request of ${asker}; ${en}` };
}

/** A request of this role that was checked: scope frozen, everybody who ever approves on its route. */
function checkedRequest(
  role: Role,
  supposition: Supposition,
  changes: Partial<AccessGrant> = {},
): RequestFacts {
  const facts = supposedRequest(role, [role === 'security' ? 'key-card' : 'enquiry'], supposition);
  const grant: AccessGrant = {
    ...facts.grant,
    state: 'awaiting-approval',
    route: [...APPROVING],
    ruleSet: DIGEST,
    scope: { digest: DIGEST, conversations: 1, records: 12, guests: ['gst_1'], sensitive: 0 },
    deadline: new Date(supposition.now.getTime() + HOUR_MS).toISOString(),
    ...changes,
  };
  return { ...facts, grant: { ...grant, requestDigest: requestDigest(grant) } };
}

function approvalFacts(facts: RequestFacts, role: Role, supposition: Supposition): ApprovalFacts {
  return {
    ...facts,
    actor: supposedPerson(`approver-${role}`, [role], supposition),
    role,
    decision: 'approve',
    seenDigest: facts.grant.requestDigest ?? '',
    requesterManagers: [],
    actorManagers: [],
    approverPeople: {},
    approverManagers: {},
    enabledBy: ['p_hr'],
    recipientEnabledBy: ['p_hr'],
    stepUp: 'verified',
  };
}

function* approvalRows(supposition: Supposition): Generator<FloorRow> {
  const acts = ['approve', 'deny', 'rely', 'open-emergency', 'follow-up'] as const;
  for (const asker of ROLE_NAMES) {
    for (const role of APPROVING) {
      const facts = approvalFacts(checkedRequest(asker, supposition), role, supposition);
      const name = {
        zh: `${ROLES[role].zh}审批${ROLES[asker].zh}的申请`,
        en: `${role} on a request of ${asker}`,
      };
      for (const act of acts) yield approving(act, facts, name);
    }
  }
  const usual = approvalFacts(checkedRequest('legal', supposition), 'privacy-officer', supposition);
  for (const [change, facts] of approvalChanges(usual, supposition)) {
    for (const act of acts) yield approving(act, facts, change);
  }
}

function approving(act: Act, facts: ApprovalFacts, name: Words): FloorRow {
  return {
    name: ofAct(act, name),
    question: {
      principal: personUid(facts.actor.personId),
      act,
      resource: requestUid(facts.grant),
      context: decidingContext(facts),
      entities: entitiesOf(facts.grant, [facts.requester, facts.recipient, facts.actor], atOf(facts)),
    },
  };
}

function* approvalChanges(usual: ApprovalFacts, supposition: Supposition): Generator<[Words, ApprovalFacts]> {
  const { grant, actor, now } = usual;
  const request = (changes: Partial<AccessGrant>): ApprovalFacts => ({
    ...usual,
    grant: { ...grant, ...changes },
  });
  for (const stepUp of STEP_UPS)
    yield [
      { zh: `设备签署 ${stepUp}`, en: `step-up ${stepUp}` },
      { ...usual, stepUp },
    ];
  for (const state of REQUEST_STATES) yield [whileState(state), request({ state })];
  for (const role of ROLE_NAMES) {
    yield [
      { zh: `以${ROLES[role].zh}审批而不担任`, en: `decides as ${role}, without it` },
      { ...usual, role },
    ];
    yield [
      { zh: `以${ROLES[role].zh}审批`, en: `decides as ${role}` },
      { ...usual, role, actor: supposedPerson('other', [role], supposition) },
    ];
  }
  const actors: [Words, Partial<Person>][] = [
    [{ zh: '已停用', en: 'is no longer active' }, { active: false }],
    [{ zh: '不担任任何角色', en: 'holds no role' }, { roles: [] }],
    [{ zh: '被锁定', en: 'is locked' }, { lock: { sessionUntil: null, account: true } }],
    [{ zh: '未通过培训', en: 'has not passed training' }, { training: { system: null, exam: null } }],
    [
      { zh: '在申请之后不再受某上级管理', en: 'lost a superior since the request' },
      { lostSuperiors: { p_manager: [now.toISOString()] } },
    ],
    [
      { zh: '在申请之后由申请人使其得以操作', en: 'was let act since the request by the requester' },
      { enablers: { [grant.requester]: [now.toISOString()] } },
    ],
    [
      { zh: '在境外工作', en: 'works abroad' },
      { jurisdiction: usual.region.jurisdiction === 'EU' ? 'CN' : 'EU' },
    ],
    [
      { zh: '的角色由申请人授予', en: 'was given the role by the requester' },
      { roles: actor.roles.map((held) => ({ ...held, grantedBy: grant.requester })) },
    ],
    [
      { zh: '的角色刚刚授予', en: 'was given the role just now' },
      { roles: actor.roles.map((held) => ({ ...held, since: now.toISOString() })) },
    ],
    [
      { zh: '代理申请人', en: 'stands in for the requester' },
      { roles: actor.roles.map((held) => ({ ...held, deputyOf: grant.requester, from: held.since })) },
    ],
    [
      { zh: '代理他人', en: 'stands in for somebody' },
      { roles: actor.roles.map((held) => ({ ...held, deputyOf: 'p_officer', from: held.since })) },
    ],
  ];
  for (const [{ zh, en }, changes] of actors)
    yield [
      { zh: `审批人${zh}`, en: `the approver ${en}` },
      { ...usual, actor: { ...actor, ...changes } },
    ];
  yield [
    { zh: '申请人自行审批', en: 'the requester decides' },
    { ...usual, actor: { ...usual.requester, roles: actor.roles } },
  ];
  yield [
    { zh: '审批人是申请人的下属', en: 'the approver is below the requester' },
    { ...usual, actorManagers: [grant.requester] },
  ];
  yield [
    { zh: '审批人是申请人的上级', en: 'the approver is above the requester' },
    { ...usual, requesterManagers: [actor.personId] },
  ];
  yield [
    { zh: '审批人参与了所涉记录', en: 'the approver takes part in the records' },
    request({ participants: [actor.personId] }),
  ];
  yield [
    { zh: '审批人授予了申请人的角色', en: 'the approver gave the requester the role' },
    { ...usual, enabledBy: [actor.personId] },
  ];
  yield [
    { zh: '审批人授予了接收人的角色', en: 'the approver gave the recipient the role' },
    { ...usual, recipientEnabledBy: [actor.personId] },
  ];
  yield [
    { zh: '审批人登记了申请所依据的内容', en: 'the approver brought on file what the request rests on' },
    { ...usual, cases: { ...usual.cases, broughtBy: [actor.personId] } },
  ];
  yield [
    { zh: '所见摘要不是该申请的', en: 'another digest was seen' },
    { ...usual, seenDigest: 'another' },
  ];
  yield [
    { zh: '申请内容与其摘要不符', en: 'the row is not what its digest says' },
    request({ opens: grant.opens + 1 }),
  ];
  yield [
    { zh: '已过审批期限', en: 'the deadline is past' },
    request({ deadline: new Date(now.getTime() - HOUR_MS).toISOString() }),
  ];
  yield [
    { zh: '该角色不在审批路线上', en: 'the role is not on the route' },
    request({ route: ['legal', 'infosec-director'] }),
  ];
  for (const [by, role] of [
    [actor.personId, 'infosec-director'],
    ['p_another', usual.role],
    ['p_another', 'infosec-director'],
  ] as const) {
    for (const decision of ['approve', 'deny'] as const) {
      const approvals = [approval(grant, by, role, decision)];
      const name = {
        zh: `${by} 已以${ROLES[role].zh}${decision === 'approve' ? '批准' : '否决'}`,
        en: `${by} has decided to ${decision} as ${role}`,
      };
      yield [name, request({ approvals })];
    }
  }
  yield* besideAnother(usual, request);
}

/** Whom another approver was under, and by whom they were let act, when the request was made already. */
function* besideAnother(
  usual: ApprovalFacts,
  grantWith: (changes: Partial<AccessGrant>) => ApprovalFacts,
): Generator<[Words, ApprovalFacts]> {
  const { actor, grant, now } = usual;
  const at = now.toISOString();
  const beside = (role: Role, other: Partial<Person>, own: Partial<Person> = {}): ApprovalFacts => ({
    ...grantWith({ approvals: [{ ...approval(grant, 'p_another', role), at }] }),
    actor: { ...actor, ...own },
    approverPeople: { p_another: { ...nobody('p_another'), ...other } },
  });
  const dated = { [actor.personId]: [at] };
  yield [
    { zh: '另一审批人曾是该审批人的下属', en: 'another approver was under the approver' },
    beside('infosec-director', { lostSuperiors: dated }),
  ];
  yield [
    { zh: '该审批人曾使另一审批人得以操作', en: 'the approver let another approver act' },
    beside('infosec-director', { enablers: dated }),
  ];
  yield [
    { zh: '另一审批人曾使该审批人得以操作', en: 'another approver let the approver act' },
    beside('infosec-director', {}, { enablers: { p_another: [at] } }),
  ];
}

function approval(
  grant: AccessGrant,
  by: string,
  role: Role,
  decision: 'approve' | 'deny' = 'approve',
): AccessGrant['approvals'][number] {
  const requestDigestOf = grant.requestDigest ?? '';
  return {
    role,
    by,
    at: grant.requestedAt,
    requestDigest: requestDigestOf,
    decision,
    reason: '',
    reasonCommitment: '',
  };
}

function whileState(state: AccessGrant['state']): Words {
  return { zh: `申请状态为 ${state}`, en: `the request is ${state}` };
}

function* releaseRows(supposition: Supposition): Generator<FloorRow> {
  for (const asker of ROLE_NAMES) {
    for (const act of ['provision', 'open'] as const) {
      for (const [name, facts] of openingChanges(
        openedRequest(asker, act, supposition),
        asker,
        supposition,
      )) {
        const approvals = standingApprovals(facts);
        yield {
          name: ofAct(act, ofRequest(asker, name)),
          question: {
            principal: personUid(facts.actor.personId),
            act,
            resource: requestUid(facts.grant),
            context: releasingContext(facts, approvals, facts.grant.route),
            entities: entitiesOf(
              facts.grant,
              [facts.requester, facts.recipient, facts.actor, ...approvals.map(({ person }) => person)],
              atOf(facts),
            ),
          },
        };
        const [first, ...others] = approvals;
        if (first === undefined || act === 'provision') continue;
        yield {
          name: ofAct('rely', ofRequest(asker, name)),
          question: {
            principal: personUid(first.person.personId),
            act: 'rely',
            resource: requestUid(facts.grant),
            context: relyingContext(facts, first, others),
            entities: entitiesOf(
              facts.grant,
              [facts.requester, facts.recipient, ...approvals.map(({ person }) => person)],
              atOf(facts),
            ),
          },
        };
      }
    }
  }
}

function openedRequest(asker: Role, act: 'provision' | 'open', supposition: Supposition): OpeningFacts {
  const provisioned = new Date(supposition.now.getTime() - HOUR_MS).toISOString();
  const checked = checkedRequest(asker, supposition, {
    state: act === 'open' ? 'open' : 'provisioning',
    route: ['infosec-director', 'privacy-officer'],
    provisionedAt: act === 'open' ? provisioned : null,
    windowEnds: new Date(supposition.now.getTime() + HOUR_MS).toISOString(),
    staged: act === 'open' ? { key: 'k', digest: 'd', records: 12, conversations: 1, bytes: 1 } : null,
  });
  return releaseFacts(checked, ['infosec-director', 'privacy-officer'], supposition);
}

function releaseFacts(facts: RequestFacts, roles: readonly Role[], supposition: Supposition): OpeningFacts {
  const { grant } = facts;
  return {
    ...facts,
    grant: { ...grant, approvals: roles.map((role, index) => approval(grant, `p_approver-${index}`, role)) },
    actor: facts.requester,
    approvers: roles.map((role, index) => ({
      role,
      person: supposedPerson(`approver-${index}`, [role], supposition),
      managers: [],
      requestDigest: grant.requestDigest ?? '',
      stepUp: 'verified' as const,
    })),
    requesterManagers: [],
    enabledBy: ['p_hr'],
    recipientEnabledBy: ['p_hr'],
    scopeDigestNow: grant.scope?.digest ?? '',
    requestDigestNow: grant.requestDigest ?? '',
    stepUp: 'verified',
  };
}

function* openingChanges(
  usual: OpeningFacts,
  asker: Role,
  supposition: Supposition,
): Generator<[Words, OpeningFacts]> {
  yield [{ zh: '与审批时一致', en: 'as approved' }, usual];
  // What follows says the same of every role.
  if (asker !== 'legal') return;
  const { grant, now } = usual;
  const request = (changes: Partial<AccessGrant>): OpeningFacts => ({
    ...usual,
    grant: { ...grant, ...changes },
  });
  for (const stepUp of STEP_UPS)
    yield [
      { zh: `设备签署 ${stepUp}`, en: `step-up ${stepUp}` },
      { ...usual, stepUp },
    ];
  for (const state of REQUEST_STATES) yield [whileState(state), request({ state })];
  yield [
    { zh: '没有审批', en: 'no approval' },
    releaseFacts({ ...usual, grant: { ...grant, approvals: [] } }, [], supposition),
  ];
  yield [{ zh: '一份审批', en: 'one approval' }, releaseFacts(usual, ['privacy-officer'], supposition)];
  yield [
    { zh: '同一角色的两份审批', en: 'two approvals of one role' },
    releaseFacts(usual, ['privacy-officer', 'privacy-officer'], supposition),
  ];
  yield [
    { zh: '三份审批', en: 'three approvals' },
    releaseFacts(usual, ['privacy-officer', 'infosec-director', 'legal'], supposition),
  ];
  const both = supposedPerson('both', ['privacy-officer', 'infosec-director'], supposition);
  yield [
    { zh: '同一人以两个角色审批', en: 'one person in both roles' },
    { ...usual, approvers: usual.approvers.map((one) => ({ ...one, person: both })) },
  ];
  yield [
    { zh: '一名审批人已不在', en: 'an approver is gone' },
    { ...usual, approvers: usual.approvers.map((one) => ({ ...one, person: null })) },
  ];
  yield [
    { zh: '一名审批人否决', en: 'an approver denied' },
    request({ approvals: [...grant.approvals, approval(grant, 'p_x', 'legal', 'deny')] }),
  ];
  yield [
    { zh: '许可期限已过', en: 'the window is over' },
    request({ windowEnds: new Date(now.getTime() - HOUR_MS).toISOString() }),
  ];
  yield [{ zh: '打开次数已用尽', en: 'no opening is left' }, request({ opened: grant.opens })];
  yield [{ zh: '已打开一次', en: 'one opening is used' }, request({ opened: 1 })];
  yield [{ zh: '尚未备妥任何内容', en: 'nothing is staged' }, request({ staged: null })];
  yield [{ zh: '未写明用途', en: 'no purpose' }, request({ purpose: null })];
  yield [{ zh: '审批路线更长', en: 'the route is longer' }, request({ route: [...grant.route, 'legal'] })];
  yield [{ zh: '原件', en: 'originals' }, request({ masking: 'original' })];
  yield [
    { zh: '记录已变动', en: 'records changed' },
    { ...usual, scopeDigestNow: 'another' },
  ];
  yield [
    { zh: '申请已变动', en: 'the request changed' },
    { ...usual, requestDigestNow: 'another' },
  ];
  yield [
    { zh: '另一人', en: 'somebody else' },
    { ...usual, actor: supposedPerson('somebody', ['legal'], supposition) },
  ];
  yield [
    { zh: '已停用', en: 'inactive' },
    { ...usual, actor: { ...usual.actor, active: false } },
  ];
  yield [
    { zh: '两位客人', en: 'two guests' },
    { ...usual, scope: usual.scope && { ...usual.scope, guests: 2 } },
  ];
  yield [
    { zh: '记录数量极大', en: 'huge' },
    { ...usual, scope: usual.scope && { ...usual.scope, records: Number.MAX_SAFE_INTEGER } },
  ];
  yield [
    { zh: '在境外', en: 'abroad' },
    { ...usual, actor: { ...usual.actor, jurisdiction: usual.region.jurisdiction === 'EU' ? 'CN' : 'EU' } },
  ];
}

/** Everybody there is: the requester, who receives, and one person of each role. */
function everybody(facts: RequestFacts, supposition: Supposition): [Words, Person][] {
  return [
    [{ zh: '申请人', en: 'the requester' }, facts.requester],
    ...ROLE_NAMES.map((role): [Words, Person] => [
      { zh: ROLES[role].zh, en: role },
      supposedPerson(`some-${role}`, [role], supposition),
    ]),
    [
      { zh: '已停用的个人信息保护负责人', en: 'an inactive officer' },
      { ...supposedPerson('gone', ['privacy-officer'], supposition), active: false },
    ],
  ];
}

function* endingRows(supposition: Supposition): Generator<FloorRow> {
  const facts = checkedRequest('legal', supposition);
  for (const state of REQUEST_STATES) {
    const grant: AccessGrant = { ...facts.grant, state };
    for (const [who, actor] of everybody(facts, supposition)) {
      for (const ending of ['withdraw', 'close', 'revoke'] as const) {
        const context = endingContext({
          now: supposition.now,
          region: supposition.region,
          grant,
          actor,
          ending,
        });
        const name = {
          zh: `${who.zh},申请状态为 ${state}`,
          en: `${who.en}, of a request that is ${state}`,
        };
        yield about(ending, grant, actor, name, context, supposition);
      }
    }
  }
}

function* sightRows(supposition: Supposition): Generator<FloorRow> {
  const { region } = supposition;
  const facts = checkedRequest('legal', supposition);
  for (const [who, actor] of everybody(facts, supposition)) {
    yield about('see', facts.grant, actor, who, {}, supposition);
    yield about(
      'read-free-text',
      facts.grant,
      actor,
      who,
      { jurisdiction: region.jurisdiction },
      supposition,
    );
    for (const state of ['awaiting-approval', 'open', 'closed'] as const) {
      for (const platform of ['wecom', 'booking']) {
        for (const act of ['ask-provider', 'settle-provider-request', 'see-provider-requests'] as const) {
          const context = { platform, hotels: facts.grant.hotels, regionHotels: region.hotels };
          const grant: AccessGrant = { ...facts.grant, state };
          const name = {
            zh: `${who.zh},平台 ${platform},申请状态为 ${state}`,
            en: `${who.en}, of ${platform}, while ${state}`,
          };
          yield about(act, grant, actor, name, context, supposition);
        }
      }
    }
  }
}

function* emergencyRows(supposition: Supposition): Generator<FloorRow> {
  for (const role of ROLE_NAMES) {
    const facts = checkedRequest(role, supposition, { emergency: true });
    const person = supposedPerson(`some-${role}`, [role], supposition);
    for (const actor of [facts.requester, person]) {
      for (const uses of [0, 1_000]) {
        for (const state of ['requested', 'open', 'closed'] as const) {
          for (const act of ['ask-emergency', 'answer-emergency', 'view-emergency', 'bring-form'] as const) {
            const grant: AccessGrant = { ...facts.grant, state };
            const asked = { ...facts, grant, actor, role, uses };
            const context =
              act === 'view-emergency'
                ? emergencyViewContext({ ...asked, stepUp: 'verified', onRecord: null })
                : emergencyContext(asked);
            const another = actor === person ? { zh: '另一名', en: 'another ' } : { zh: '', en: '' };
            const name = {
              zh: `${another.zh}${ROLES[role].zh},此前 ${uses} 次,申请状态为 ${state}`,
              en: `${another.en}${role}, ${uses} before, while ${state}`,
            };
            yield about(act, grant, actor, name, context, supposition, facts.requester);
          }
        }
      }
    }
  }
}

function about(
  act: Act,
  grant: AccessGrant,
  actor: Person,
  name: Words,
  context: Question['context'],
  supposition: Supposition,
  ...others: Person[]
): FloorRow {
  const entities = entitiesOf(grant, [actor, ...others], atOf(supposition));
  return {
    name: ofAct(act, name),
    question: { principal: personUid(actor.personId), act, resource: requestUid(grant), context, entities },
  };
}

const OPENING_ON_RECORD: Words = { zh: ',已有启用审批', en: ', its opening on record' };

/** Looks at break-glass in use, before its approvals are looked at and after, however what its starter's device signed looks. */
function* lookRows(supposition: Supposition): Generator<FloorRow> {
  const now = supposition.now.getTime();
  const facts = checkedRequest('duty-manager', supposition, {
    emergency: true,
    state: 'emergency',
    masking: 'masked',
    route: ['infosec-director', 'legal', 'privacy-officer'],
    provisionedAt: new Date(now - HOUR_MS).toISOString(),
    windowEnds: new Date(now + HOUR_MS).toISOString(),
  });
  const looking = {
    ...releaseFacts(facts, ['privacy-officer'], supposition),
    role: facts.grant.requesterRole,
  };
  for (const stepUp of STEP_UPS) {
    for (const onRecord of [null, looking]) {
      const { grant, actor } = looking;
      const context = emergencyViewContext({ ...looking, uses: 0, stepUp, onRecord });
      const opening = onRecord === null ? { zh: '', en: '' } : OPENING_ON_RECORD;
      const name = {
        zh: `启用中的紧急调阅,设备签署为 ${stepUp}${opening.zh}`,
        en: `break-glass in use, step-up ${stepUp}${opening.en}`,
      };
      yield about('view-emergency', grant, actor, name, context, supposition);
    }
  }
}

/** The same numbers in the same order, each time: Lehmer's generator. */
function counted(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
}

function pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[], number: number): Item {
  const item = items[number % items.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** Acts that have rows of their own above. */
const WITH_ROWS: ReadonlySet<string> = new Set([
  'request',
  'route',
  'approve',
  'deny',
  'rely',
  'open-emergency',
  'follow-up',
  'provision',
  'open',
  'withdraw',
  'close',
  'revoke',
  'see',
  'ask-emergency',
  'answer-emergency',
  'view-emergency',
  'bring-form',
]);

/**
 * Every other act that a schema has, asked by every role about its kind of thing, with each attribute of its context in
 * turn at each value that could matter: an act that is added is in the table from then on.
 */
function* schemaRows(schema: string, supposition: Supposition): Generator<FloorRow> {
  const vocabulary = vocabularyOf(schema);
  if (vocabulary === null) return;
  const grant = checkedRequest('legal', supposition).grant;
  const people = everybody(checkedRequest('legal', supposition), supposition);
  for (const [act, { appliesTo }] of Object.entries(vocabulary.actions)) {
    if (appliesTo === undefined || WITH_ROWS.has(act)) continue;
    const { principalTypes, resourceTypes, context } = appliesTo;
    const contexts = contextsOf(vocabulary, context, supposition);
    const actors: [Words, EntityJson][] = principalTypes.includes('Person')
      ? people.map(([who, person]) => [who, personEntity(person, grant.hotels, atOf(supposition))])
      : principalTypes.map((type) => [
          { zh: type === 'Guest' ? '客人' : type, en: type },
          anyEntity(vocabulary, type, supposition),
        ]);
    for (const [who, actor] of actors) {
      for (const type of resourceTypes) {
        const about =
          type === 'Request'
            ? entitiesOf(grant, [], atOf(supposition))
            : [anyEntity(vocabulary, type, supposition)];
        const [resource] = about;
        for (const [said, values] of contexts) {
          if (resource === undefined) continue;
          yield {
            name: ofAct(act, {
              zh: [who.zh, ...said.map(({ zh }) => zh)].join(','),
              en: [who.en, ...said.map(({ en }) => en)].join(', '),
            }),
            question: {
              principal: uidOf(actor),
              act,
              resource: uidOf(resource),
              context: values,
              entities: [actor, ...about],
            },
          };
        }
      }
    }
  }
}

function uidOf({ uid }: EntityJson): TypeAndId {
  return 'type' in uid ? uid : uid.__entity;
}

function anyEntity(vocabulary: Vocabulary, type: string, supposition: Supposition): EntityJson {
  const shape = resolved(vocabulary, vocabulary.entityTypes[type]?.shape);
  const attrs = Object.fromEntries(
    Object.entries(shape?.attributes ?? {}).flatMap(([name, of]) => {
      const [first] = valuesOf(vocabulary, of, supposition);
      return first === undefined ? [] : [[name, first]];
    }),
  );
  return { uid: { type, id: 'concerned' }, attrs, parents: [] };
}

/** All at their first value and all at their last, and from each of these one attribute at every other value. */
function contextsOf(
  vocabulary: Vocabulary,
  shape: Shape | undefined,
  supposition: Supposition,
): [Words[], Record<string, CedarValueJson>][] {
  const attributes = Object.entries(resolved(vocabulary, shape)?.attributes ?? {}).map(
    ([name, of]) => [name, valuesOf(vocabulary, of, supposition), of.required === false] as const,
  );
  if (attributes.length === 0) return [[[], {}]];
  return [0, -1].flatMap((end): [Words[], Record<string, CedarValueJson>][] => {
    const usual = Object.fromEntries(
      attributes.flatMap(([name, values]) =>
        values
          .slice(end)
          .slice(0, 1)
          .map((value) => [name, value]),
      ),
    );
    const varied = attributes.flatMap(
      ([name, values, optional]): [Words[], Record<string, CedarValueJson>][] => [
        ...values.map((value): [Words[], Record<string, CedarValueJson>] => [
          [attributeAt(`${name} ${JSON.stringify(value)}`)],
          { ...usual, [name]: value },
        ]),
        ...(optional
          ? [
              [
                [{ zh: `无 ${name}`, en: `no ${name}` }],
                Object.fromEntries(Object.entries(usual).filter(([other]) => other !== name)),
              ] as const,
            ].map(([label, values]): [Words[], Record<string, CedarValueJson>] => [[...label], values])
          : []),
      ],
    );
    return varied;
  });
}

/** An attribute of the schema and its value read the same in either language. */
function attributeAt(text: string): Words {
  return { zh: text, en: text };
}

/** Values of a type that rules tell apart: both of a Bool, none and many of a Long, what the region is for a String. */
function valuesOf(vocabulary: Vocabulary, of: Shape, supposition: Supposition): CedarValueJson[] {
  const { region, now } = supposition;
  const shape = resolved(vocabulary, of);
  const name = shape?.type === 'EntityOrCommon' ? shape.name : shape?.type;
  switch (name) {
    case 'Bool':
    case 'Boolean':
      return [true, false];
    case 'Long':
      return [0, 1, Number.MAX_SAFE_INTEGER];
    case 'String':
      return [
        ...region.hotels.slice(0, 1),
        'verified',
        'missing',
        'cn',
        region.jurisdiction,
        'privacy-officer',
        'erase',
        'wecom',
      ];
    case 'datetime':
      return [now, new Date(now.getTime() - 400 * 24 * HOUR_MS), new Date(now.getTime() + HOUR_MS)].map(
        (time) => ({
          __extn: { fn: 'datetime', arg: time.toISOString() },
        }),
      );
    case 'Set': {
      const items = shape?.element === undefined ? [] : valuesOf(vocabulary, shape.element, supposition);
      return [items.slice(0, 1), []];
    }
    case 'Record': {
      const [first, ...others] = contextsOf(vocabulary, shape, supposition);
      return [...(first === undefined ? [] : [first]), ...others.slice(-1)].map(([, values]) => values);
    }
    default:
      return name === undefined ? [] : [{ __entity: { type: name, id: 'p_requester' } }];
  }
}
