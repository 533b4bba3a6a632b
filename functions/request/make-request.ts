import { openText, sealText } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant, NewAccessGrant } from '../../shared/domain/access-grant.ts';
import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import { derivedId, newId } from '../../shared/domain/identifiers.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import type { Role } from '../../shared/domain/roles.ts';
import { instrumentTerms } from '../../shared/domain/stated-instrument.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import { UNWRITTEN_REASON } from '../../shared/policy/reasons.ts';
import { requestingRole } from '../../shared/policy/requesting-role.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { Workflow } from '../../shared/ports/workflow.ts';
import { accepted, badInput, type HttpResult, refused } from '../../shared/runtime/http-result.ts';
import { faultInRequest } from './fault-in-request.ts';
import type { RequestBody } from './request-body.ts';

export type MakeDependencies = {
  store: Pick<GrantStore, 'create' | 'read' | 'byRequester'>;
  workflow: Pick<Workflow, 'start'>;
  directory: Pick<Directory, 'byId'>;
  keys: Pick<RequestKeys, 'create'>;
  region: RegionConfig;
  /** Every hotel of the chain, in whichever region. */
  chain: RegionConfig['hotels'];
  /** Something broke after the request stood; the reconciler finishes it. */
  broke(error: unknown): void;
};

/**
 * Takes a request: what is personal in it is sealed under an evidence key of its own, the row is written with its
 * event, then the workflow starts. The verdict is check's. With an idempotency key, sending it again is the same
 * request.
 */
export async function makeRequest(
  { person, body, now }: { person: Person; body: RequestBody; now: Date },
  dependencies: MakeDependencies,
): Promise<HttpResult> {
  const { store, workflow, directory, keys, region } = dependencies;
  const fault = faultInRequest(body, dependencies);
  if (fault !== null) return fault;
  const role = body.role ?? requestingRole(person, body.hotels, now, body.emergency !== null);
  if (role === null) {
    return refused({ outcome: 'deny', reasons: [UNWRITTEN_REASON], rules: [], route: [] });
  }
  const requestId =
    body.idempotencyKey === undefined
      ? newId('req', now)
      : derivedId('req', person.personId, body.idempotencyKey);
  const [recipient, own, there] = await Promise.all([
    body.recipient === undefined ? person : directory.byId(body.recipient),
    store.byRequester(person.personId),
    body.idempotencyKey === undefined ? null : store.read(requestId),
  ]);
  if (recipient === null) {
    return badInput({ zh: '没有此人', en: 'there is no such person' }, 'body.recipient', {
      zh: '写人员目录中的人员编号',
      en: 'name a person id of the directory',
    });
  }
  if (there === null && own.filter(isPending).length >= LIMITS.pendingRequestsPerPerson) {
    return badInput(
      {
        zh: `您已有 ${LIMITS.pendingRequestsPerPerson} 份申请待处理`,
        en: `you have ${LIMITS.pendingRequestsPerPerson} requests pending already`,
      },
      'body',
      { zh: '请撤回一部分,或等待审批结果', en: 'withdraw some, or wait until they are decided' },
    );
  }
  const key = await keys.create('evidence', requestId);
  const asked = requestOf(body, { requestId, person, role, recipient, region, now, key });
  const row = await store.create(asked, { at: now, actor: person.personId, data: madeData(asked) });
  if (!isSameRequest(row, asked, key)) {
    return badInput(
      { zh: '此幂等键已用于另一份申请', en: 'this idempotency key stands for another request' },
      'body.idempotencyKey',
      { zh: '另一份申请请用另一幂等键', en: 'send another request with a key of its own' },
    );
  }
  // The request stands whatever becomes of this: reconcile starts what was not started.
  if (row.state === 'requested') await workflow.start(requestId).catch(dependencies.broke);
  return accepted({ requestId, state: row.state });
}

type Asking = {
  requestId: string;
  person: Person;
  role: Role;
  recipient: Person;
  region: RegionConfig;
  now: Date;
  key: Uint8Array;
};

function requestOf(body: RequestBody, asking: Asking): NewAccessGrant {
  const { requestId, person, role, recipient, region, now, key } = asking;
  const cites = body.instrument !== null || body.emergency !== null;
  // Why sensitive records are needed in an emergency is the emergency itself, where nothing else is said (R14).
  const necessity = body.necessity ?? body.emergency?.description;
  return {
    requestId,
    state: 'requested',
    requestedAt: now.toISOString(),
    requester: person.personId,
    requesterRole: role,
    recipient: recipient.personId,
    purpose: body.purpose,
    basis: body.basis,
    matter: body.matter,
    ticket: body.ticket,
    subjectKind: body.subject?.kind ?? null,
    subject:
      body.subject === null ? null : sealText(key, requestTexts.subject(requestId), body.subject.value),
    remarks: sealText(key, requestTexts.remarks(requestId), body.remarks),
    ...(cites ? { citations: sealText(key, requestTexts.citations(requestId), citationsOf(body)) } : {}),
    ...(necessity ? { necessity: sealText(key, requestTexts.necessity(requestId), necessity) } : {}),
    ...(body.impactAssessment ? { impactAssessment: body.impactAssessment } : {}),
    ...(body.agreement ? { agreement: body.agreement } : {}),
    paperForm: body.paperForm,
    instrument: body.instrument !== null,
    ...instrumentOf(body),
    emergency: body.emergency !== null,
    platforms: body.platforms,
    hotels: body.hotels,
    categories: body.categories,
    from: body.from,
    to: body.to,
    masking: body.masking,
    windowHours: windowHoursOf(body, region),
    opens: body.opens ?? region.grant.opens,
    registerNumber: registerNumber(requestId, now),
    verdict: null,
    route: [],
    ruleSet: null,
    scope: null,
    requestDigest: null,
    participants: [],
    deadline: null,
    approvals: [],
    provisionedAt: null,
    windowEnds: null,
    staged: null,
    opened: 0,
    endReason: null,
    archive: null,
  };
}

/** Break-glass lasts no longer than the region's hours (L5). */
function windowHoursOf({ emergency, windowHours }: RequestBody, { grant, rules }: RegionConfig): number {
  if (emergency === null) return windowHours ?? grant.windowHours;
  return Math.min(windowHours ?? rules.emergencyHours, rules.emergencyHours);
}

/** The number names a file; what the instrument says in words stays in the sealed citations. */
function instrumentOf({
  instrument,
}: RequestBody): Pick<NewAccessGrant, 'instrumentNumber' | 'instrumentTerms'> {
  if (instrument === null) return {};
  if (typeof instrument === 'string') return { instrumentNumber: instrument };
  return { instrumentNumber: instrument.number, instrumentTerms: instrumentTerms(instrument) };
}

function citationsOf({ instrument, emergency }: RequestBody): string {
  return canonicalJson({ instrument, emergency });
}

/** Year and the end of the request's id: unique, short enough to be read out. */
function registerNumber(requestId: string, now: Date): string {
  return `${now.getUTCFullYear()}-${requestId.slice(-12).toUpperCase()}`;
}

/** References and free text stay out of events: people write names into them. */
function madeData(asked: NewAccessGrant) {
  return {
    role: asked.requesterRole,
    recipient: asked.recipient,
    purpose: asked.purpose,
    basis: asked.basis,
    subjectKind: asked.subjectKind,
    platforms: asked.platforms,
    hotels: asked.hotels,
    categories: asked.categories,
    from: asked.from,
    to: asked.to,
    masking: asked.masking,
    windowHours: asked.windowHours,
    opens: asked.opens,
    instrument: asked.instrument,
    emergency: asked.emergency,
    registerNumber: asked.registerNumber,
  };
}

function isPending({ state }: AccessGrant): boolean {
  return state === 'requested' || state === 'awaiting-approval';
}

/** Whether the row is what was asked for now, sealed texts compared by their words. */
function isSameRequest(row: AccessGrant, asked: NewAccessGrant, key: Uint8Array): boolean {
  return canonicalJson(wordsOf(row, key)) === canonicalJson(wordsOf(asked, key));
}

function wordsOf(request: NewAccessGrant, key: Uint8Array): Record<string, unknown> {
  const { requestId } = request;
  return {
    ...madeData({ ...request, registerNumber: '' }),
    requester: request.requester,
    matter: request.matter,
    ticket: request.ticket,
    paperForm: request.paperForm,
    emergency: request.emergency,
    impactAssessment: request.impactAssessment ?? null,
    agreement: request.agreement ?? null,
    necessity: request.necessity ? openText(key, requestTexts.necessity(requestId), request.necessity) : null,
    subject: request.subject && openText(key, requestTexts.subject(requestId), request.subject),
    remarks: openText(key, requestTexts.remarks(requestId), request.remarks),
    citations: request.citations ? openText(key, requestTexts.citations(requestId), request.citations) : null,
  };
}
