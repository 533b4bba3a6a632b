import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { AccessGrant } from '../domain/access-grant.ts';
import { ASKED_MASKINGS } from '../domain/access-request.ts';
import { nobody, type Person } from '../domain/person.ts';
import { CATEGORIES } from '../domain/record.ts';
import { requestDigest } from '../domain/request-digest.ts';
import { REQUEST_STATES } from '../domain/request-states.ts';
import { ROLE_NAMES, ROLES, type Role } from '../domain/roles.ts';
import {
  askingContext,
  atOf,
  decidingContext,
  emergencyContext,
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
export type FloorRow = { name: string; question: Question<string>; next?: Question<string> };

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
  for (const { name, facts } of requests(supposition)) {
    yield { name: `request: ${name}`, question: asking(facts, 'request'), next: asking(facts, 'route') };
  }
}

type Named = { name: string; facts: RequestFacts };

function* requests(supposition: Supposition): Generator<Named> {
  for (const role of ROLE_NAMES) {
    for (const category of CATEGORIES) {
      const facts = supposedRequest(role, [category], supposition);
      for (const masking of ASKED_MASKINGS) yield named({ ...facts, grant: { ...facts.grant, masking } });
      const nobody = { ...facts.requester, roles: [] };
      yield named({ ...facts, requester: nobody, recipient: nobody }, 'the role is not held');
    }
    const usual = supposedRequest(role, [role === 'security' ? 'key-card' : 'enquiry'], supposition);
    for (const { what, en, facts } of singleChanges(usual)) {
      if (!what.startsWith('platform:') || what === 'platform:workgroup') yield named(facts, en);
    }
  }
  const next = counted(1);
  for (let mixture = 0; mixture < MIXTURES; mixture += 1) {
    let facts = supposedRequest(pick(ROLE_NAMES, next()), [pick(CATEGORIES, next())], supposition);
    const changes: string[] = [];
    for (let change = 0; change < MIXED_CHANGES; change += 1) {
      const one = pick(singleChanges(facts), next());
      facts = one.facts;
      changes.push(one.en);
    }
    yield named(facts, ...changes);
  }
}

function named(facts: RequestFacts, ...changes: string[]): Named {
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
  const words = [`asked by ${ROLES[requesterRole].en}`, ...changes].join('; ');
  return { name: `${words}; ${JSON.stringify(file)}`, facts };
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
      for (const act of acts) yield approving(act, facts, `${role} on a request of ${asker}`);
    }
  }
  const usual = approvalFacts(checkedRequest('legal', supposition), 'privacy-officer', supposition);
  for (const [change, facts] of approvalChanges(usual, supposition)) {
    for (const act of acts) yield approving(act, facts, change);
  }
}

function approving(act: Act, facts: ApprovalFacts, name: string): FloorRow {
  return {
    name: `${act}: ${name}`,
    question: {
      principal: personUid(facts.actor.personId),
      act,
      resource: requestUid(facts.grant),
      context: decidingContext(facts),
      entities: entitiesOf(facts.grant, [facts.requester, facts.recipient, facts.actor], atOf(facts)),
    },
  };
}

function* approvalChanges(
  usual: ApprovalFacts,
  supposition: Supposition,
): Generator<[string, ApprovalFacts]> {
  const { grant, actor, now } = usual;
  const request = (changes: Partial<AccessGrant>): ApprovalFacts => ({
    ...usual,
    grant: { ...grant, ...changes },
  });
  for (const stepUp of STEP_UPS) yield [`step-up ${stepUp}`, { ...usual, stepUp }];
  for (const state of REQUEST_STATES) yield [`the request is ${state}`, request({ state })];
  for (const role of ROLE_NAMES) {
    yield [`decides as ${role}, without it`, { ...usual, role }];
    yield [`decides as ${role}`, { ...usual, role, actor: supposedPerson('other', [role], supposition) }];
  }
  const actors: [string, Partial<Person>][] = [
    ['is no longer active', { active: false }],
    ['holds no role', { roles: [] }],
    ['is locked', { lock: { sessionUntil: null, account: true } }],
    ['has not passed training', { training: { system: null, exam: null } }],
    ['lost a superior since the request', { lostSuperiors: { p_manager: [now.toISOString()] } }],
    [
      'was let act since the request by the requester',
      { enablers: { [grant.requester]: [now.toISOString()] } },
    ],
    ['works abroad', { jurisdiction: usual.region.jurisdiction === 'EU' ? 'CN' : 'EU' }],
    [
      'was given the role by the requester',
      { roles: actor.roles.map((held) => ({ ...held, grantedBy: grant.requester })) },
    ],
    [
      'was given the role just now',
      { roles: actor.roles.map((held) => ({ ...held, since: now.toISOString() })) },
    ],
    [
      'stands in for the requester',
      { roles: actor.roles.map((held) => ({ ...held, deputyOf: grant.requester, from: held.since })) },
    ],
    [
      'stands in for somebody',
      { roles: actor.roles.map((held) => ({ ...held, deputyOf: 'p_officer', from: held.since })) },
    ],
  ];
  for (const [name, changes] of actors)
    yield [`the approver ${name}`, { ...usual, actor: { ...actor, ...changes } }];
  yield ['the requester decides', { ...usual, actor: { ...usual.requester, roles: actor.roles } }];
  yield ['the approver is below the requester', { ...usual, actorManagers: [grant.requester] }];
  yield ['the approver is above the requester', { ...usual, requesterManagers: [actor.personId] }];
  yield ['the approver takes part in the records', request({ participants: [actor.personId] })];
  yield ['the approver gave the requester the role', { ...usual, enabledBy: [actor.personId] }];
  yield ['the approver gave the recipient the role', { ...usual, recipientEnabledBy: [actor.personId] }];
  yield [
    'the approver brought on file what the request rests on',
    { ...usual, cases: { ...usual.cases, broughtBy: [actor.personId] } },
  ];
  yield ['another digest was seen', { ...usual, seenDigest: 'another' }];
  yield ['the row is not what its digest says', request({ opens: grant.opens + 1 })];
  yield ['the deadline is past', request({ deadline: new Date(now.getTime() - HOUR_MS).toISOString() })];
  yield ['the role is not on the route', request({ route: ['legal', 'infosec-director'] })];
  for (const [by, role] of [
    [actor.personId, 'infosec-director'],
    ['p_another', usual.role],
    ['p_another', 'infosec-director'],
  ] as const) {
    for (const decision of ['approve', 'deny'] as const) {
      const approvals = [approval(grant, by, role, decision)];
      yield [`${by} has decided to ${decision} as ${role}`, request({ approvals })];
    }
  }
  yield* besideAnother(usual, request);
}

/** Whom another approver was under, and by whom they were let act, when the request was made already. */
function* besideAnother(
  usual: ApprovalFacts,
  grantWith: (changes: Partial<AccessGrant>) => ApprovalFacts,
): Generator<[string, ApprovalFacts]> {
  const { actor, grant, now } = usual;
  const at = now.toISOString();
  const beside = (role: Role, other: Partial<Person>, own: Partial<Person> = {}): ApprovalFacts => ({
    ...grantWith({ approvals: [{ ...approval(grant, 'p_another', role), at }] }),
    actor: { ...actor, ...own },
    approverPeople: { p_another: { ...nobody('p_another'), ...other } },
  });
  const dated = { [actor.personId]: [at] };
  yield ['another approver was under the approver', beside('infosec-director', { lostSuperiors: dated })];
  yield ['the approver let another approver act', beside('infosec-director', { enablers: dated })];
  yield [
    'another approver let the approver act',
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
          name: `${act}: a request of ${asker}; ${name}`,
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
          name: `rely: a request of ${asker}; ${name}`,
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
): Generator<[string, OpeningFacts]> {
  yield ['as approved', usual];
  // What follows says the same of every role.
  if (asker !== 'legal') return;
  const { grant, now } = usual;
  const request = (changes: Partial<AccessGrant>): OpeningFacts => ({
    ...usual,
    grant: { ...grant, ...changes },
  });
  for (const stepUp of STEP_UPS) yield [`step-up ${stepUp}`, { ...usual, stepUp }];
  for (const state of REQUEST_STATES) yield [`the request is ${state}`, request({ state })];
  yield ['no approval', releaseFacts({ ...usual, grant: { ...grant, approvals: [] } }, [], supposition)];
  yield ['one approval', releaseFacts(usual, ['privacy-officer'], supposition)];
  yield [
    'two approvals of one role',
    releaseFacts(usual, ['privacy-officer', 'privacy-officer'], supposition),
  ];
  yield [
    'three approvals',
    releaseFacts(usual, ['privacy-officer', 'infosec-director', 'legal'], supposition),
  ];
  const both = supposedPerson('both', ['privacy-officer', 'infosec-director'], supposition);
  yield [
    'one person in both roles',
    { ...usual, approvers: usual.approvers.map((one) => ({ ...one, person: both })) },
  ];
  yield [
    'an approver is gone',
    { ...usual, approvers: usual.approvers.map((one) => ({ ...one, person: null })) },
  ];
  yield [
    'an approver denied',
    request({ approvals: [...grant.approvals, approval(grant, 'p_x', 'legal', 'deny')] }),
  ];
  yield ['the window is over', request({ windowEnds: new Date(now.getTime() - HOUR_MS).toISOString() })];
  yield ['no opening is left', request({ opened: grant.opens })];
  yield ['one opening is used', request({ opened: 1 })];
  yield ['nothing is staged', request({ staged: null })];
  yield ['no purpose', request({ purpose: null })];
  yield ['the route is longer', request({ route: [...grant.route, 'legal'] })];
  yield ['originals', request({ masking: 'original' })];
  yield ['records changed', { ...usual, scopeDigestNow: 'another' }];
  yield ['the request changed', { ...usual, requestDigestNow: 'another' }];
  yield ['somebody else', { ...usual, actor: supposedPerson('somebody', ['legal'], supposition) }];
  yield ['inactive', { ...usual, actor: { ...usual.actor, active: false } }];
  yield ['two guests', { ...usual, scope: usual.scope && { ...usual.scope, guests: 2 } }];
  yield ['huge', { ...usual, scope: usual.scope && { ...usual.scope, records: Number.MAX_SAFE_INTEGER } }];
  yield [
    'abroad',
    { ...usual, actor: { ...usual.actor, jurisdiction: usual.region.jurisdiction === 'EU' ? 'CN' : 'EU' } },
  ];
}

/** Everybody there is: the requester, who receives, and one person of each role. */
function everybody(facts: RequestFacts, supposition: Supposition): [string, Person][] {
  return [
    ['the requester', facts.requester],
    ...ROLE_NAMES.map((role): [string, Person] => [
      role,
      supposedPerson(`some-${role}`, [role], supposition),
    ]),
    ['an inactive officer', { ...supposedPerson('gone', ['privacy-officer'], supposition), active: false }],
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
        yield about(ending, grant, actor, `${who}, of a request that is ${state}`, context, supposition);
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
          yield about(act, grant, actor, `${who}, of ${platform}, while ${state}`, context, supposition);
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
            const context = emergencyContext({ ...facts, grant, actor, role, uses });
            const name = `${actor === person ? 'another ' : ''}${role}, ${uses} before, while ${state}`;
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
  name: string,
  context: Question['context'],
  supposition: Supposition,
  ...others: Person[]
): FloorRow {
  const entities = entitiesOf(grant, [actor, ...others], atOf(supposition));
  return {
    name: `${act}: ${name}`,
    question: { principal: personUid(actor.personId), act, resource: requestUid(grant), context, entities },
  };
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
    const actors: [string, EntityJson][] = principalTypes.includes('Person')
      ? people.map(([who, person]) => [who, personEntity(person, grant.hotels, atOf(supposition))])
      : principalTypes.map((type) => [type, anyEntity(vocabulary, type, supposition)]);
    for (const [who, actor] of actors) {
      for (const type of resourceTypes) {
        const about =
          type === 'Request'
            ? entitiesOf(grant, [], atOf(supposition))
            : [anyEntity(vocabulary, type, supposition)];
        const [resource] = about;
        for (const [name, values] of contexts) {
          if (resource === undefined) continue;
          yield {
            name: `${act}: ${who}${name === '' ? '' : `, ${name}`}`,
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
): [string, Record<string, CedarValueJson>][] {
  const attributes = Object.entries(resolved(vocabulary, shape)?.attributes ?? {}).map(
    ([name, of]) => [name, valuesOf(vocabulary, of, supposition), of.required === false] as const,
  );
  if (attributes.length === 0) return [['', {}]];
  return [0, -1].flatMap((end): [string, Record<string, CedarValueJson>][] => {
    const usual = Object.fromEntries(
      attributes.flatMap(([name, values]) =>
        values
          .slice(end)
          .slice(0, 1)
          .map((value) => [name, value]),
      ),
    );
    const varied = attributes.flatMap(
      ([name, values, optional]): [string, Record<string, CedarValueJson>][] => [
        ...values.map((value): [string, Record<string, CedarValueJson>] => [
          `${name} ${JSON.stringify(value)}`,
          { ...usual, [name]: value },
        ]),
        ...(optional
          ? [
              [
                `no ${name}`,
                Object.fromEntries(Object.entries(usual).filter(([other]) => other !== name)),
              ] as const,
            ].map(([label, values]): [string, Record<string, CedarValueJson>] => [label, values])
          : []),
      ],
    );
    return varied;
  });
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
