import { createHash, randomBytes } from 'node:crypto';
import { type DecisionCall, decideOnRequest } from '../../functions/approve/decide-on-request.ts';
import { checkRequest } from '../../functions/check/check-request.ts';
import { endRequest } from '../../functions/end/end-request.ts';
import { follow } from '../../functions/reconcile/finish-what-was-begun.ts';
import type { ReconcileDependencies } from '../../functions/reconcile/reconcile-dependencies.ts';
import { sweep } from '../../functions/reconcile/sweep.ts';
import { listRequests } from '../../functions/request/list-requests.ts';
import { makeRequest } from '../../functions/request/make-request.ts';
import { type RequestBody, requestBodySchema } from '../../functions/request/request-body.ts';
import { showRequest } from '../../functions/request/show-request.ts';
import { keepGate, waitInputSchema } from '../../functions/wait/keep-gate.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { blindIndexOf, staffIndexOf } from '../../shared/crypto/blind-index.ts';
import { encodeBlockIndex } from '../../shared/crypto/block-index.ts';
import type { AccessGrant, Opening } from '../../shared/domain/access-grant.ts';
import { decidingRole } from '../../shared/domain/deciding-role.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Category } from '../../shared/domain/record.ts';
import type { EndingFacts } from '../../shared/policy/facts.ts';
import type { BlockRow } from '../../shared/ports/records-index.ts';
import { hotelsOfEveryRegion, regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import * as staff from '../shared/policy/staff.ts';
import { inMemoryCases } from './in-memory-cases.ts';
import { inMemoryConduct } from './in-memory-conduct.ts';
import { inMemoryConsents } from './in-memory-consents.ts';
import { inMemoryDirectory } from './in-memory-directory.ts';
import { inMemoryGrantStore } from './in-memory-grant-store.ts';
import { inMemoryNotices } from './in-memory-notices.ts';
import { inMemoryObjectStore } from './in-memory-object-store.ts';
import { inMemoryProviderStore } from './in-memory-provider-store.ts';
import { inMemoryRecordsIndex } from './in-memory-records-index.ts';
import { inMemoryRequestKeys } from './in-memory-request-keys.ts';
import { inMemoryRuleSets } from './in-memory-rule-sets.ts';
import { inMemoryStepUps } from './in-memory-step-ups.ts';
import { inMemoryWorkflow } from './in-memory-workflow.ts';
import type { mortalProcess } from './killed-process.ts';

export const PHONE = '+86 138 0013 8000';
export const REMARKS = '客人王小明说房卡丢了';
export const WECOM_CLERK: Person = { ...staff.clerk, accounts: ['wecom:clerk-7'] };

/** What legal asks for, as a request file. */
export const ASKED = {
  purpose: 'dispute',
  basis: 'legal-claim',
  matter: 'M-2026-014',
  ticket: null,
  subject: { kind: 'phone', value: PHONE },
  platforms: ['wecom'],
  hotels: ['SHA01'],
  categories: ['enquiry', 'complaint'],
  from: '2026-05-01T00:00:00+08:00',
  to: '2026-05-31T23:59:59+08:00',
  masking: 'masked',
  instrument: null,
  emergency: null,
  paperForm: null,
  remarks: REMARKS,
};

/**
 * A region in memory with one guest's conversation in custody, and every step of the loop's first half run on it, each
 * as its function runs it. A step given a process of its own can be killed at any of its effects.
 */
export function askedRetrieval() {
  const region = regionConfig('cn-north-1');
  const key = Uint8Array.from(randomBytes(32));
  const now = { value: new Date(staff.NOON) };
  const errors: unknown[] = [];
  const done: { what: string; count: number }[] = [];
  const signing = inMemoryStepUps();
  const telling = inMemoryNotices();
  const parts = {
    store: inMemoryGrantStore(signing.use),
    directory: inMemoryDirectory(
      staff.lawyer,
      staff.secondLawyer,
      staff.director,
      staff.officer,
      staff.secondOfficer,
      staff.auditor,
      WECOM_CLERK,
    ),
    keys: inMemoryRequestKeys(),
    workflow: inMemoryWorkflow(),
    records: inMemoryRecordsIndex(),
    consents: inMemoryConsents(),
    cases: inMemoryCases(),
    evidence: inMemoryObjectStore(),
    delivery: inMemoryObjectStore(),
  };
  const ruleSets = inMemoryRuleSets();
  const conducts = inMemoryConduct();
  const conduct = keepConduct(conducts, region);
  const archived: string[] = [];
  const batches = { stalled: [] as string[], resumed: [] as string[] };
  const uploads = { begun: [] as Date[] };
  /** What gather does for guests who are searched; nothing waits unless a test says so. */
  const waiting = { seal: (_guests: readonly string[]): { left: number } => ({ left: 0 }) };

  type Process = ReturnType<typeof mortalProcess>;

  /** The parts as one process sees them. */
  function seenBy(process: Process | undefined) {
    if (process === undefined) return parts;
    const { watched } = process;
    return {
      ...parts,
      store: watched(parts.store),
      keys: watched(parts.keys),
      workflow: watched(parts.workflow),
      evidence: watched(parts.evidence),
      delivery: watched(parts.delivery),
    };
  }
  function common(process?: Process) {
    return {
      ...seenBy(process),
      ruleSets,
      region: regionFacts(region),
      stepUps: signing.sources(seenBy(process).evidence),
      emergency: { places: region.hotels, cases: parts.cases, emergencies: parts.store.emergencies },
      emergencyOpened: () => {
        done.push({ what: 'emergency-opened', count: 1 });
      },
      broke: (error: unknown) => {
        errors.push(error);
      },
    };
  }

  function reconciling(process?: Process): ReconcileDependencies {
    return {
      ...common(process),
      archive: async (requestId) => {
        archived.push(requestId);
      },
      providers: inMemoryProviderStore(),
      notices: process === undefined ? telling.notices : process.watched(telling.notices),
      noticeFailed: telling.noticeFailed,
      batches: {
        stalled: async () => batches.stalled,
        resume: async (id) => {
          batches.resumed.push(id);
        },
      },
      uploads: {
        abortOlderThan: async (begun) => uploads.begun.filter((at) => at < begun).length,
      },
      did: (what, count) => {
        done.push({ what, count });
      },
    };
  }

  /** Puts a block of a conversation of the guest into custody, as its row shows it. */
  function ingest(
    name: string,
    records: { at: string; category?: Category }[],
    changes: Partial<BlockRow> = {},
  ): BlockRow {
    const entries = records.map(({ at, category }, position) => ({
      recordId: hex(`${name}-${position}`, 32),
      at: new Date(at),
      category: category ?? ('enquiry' as const),
      commitment: hex(`${name}-${position}-commitment`, 64),
    }));
    const times = entries.map(({ at }) => at.toISOString()).sort();
    const row: BlockRow = {
      blockId: `blk_${hex(name, 32)}`,
      guestId: 'gst_1',
      conversationId: 'conversation-1',
      hotel: 'SHA01',
      platform: 'wecom',
      categories: [...new Set(entries.map(({ category }) => category))],
      recordClass: 'ordinary',
      period: '2026-11',
      from: times[0] ?? '',
      to: times.at(-1) ?? '',
      records: entries.length,
      bytes: 1_000,
      objectKey: `SHA01/ordinary/2026-11/${name}`,
      objectDigest: `sha256:${hex(name, 64)}`,
      batchId: 'bat_1',
      index: encodeBlockIndex(entries),
      staff: [staffIndexOf(key, 'wecom:clerk-7')],
      ...changes,
    };
    parts.records.rows.push(row);
    return row;
  }

  const phone = blindIndexOf(key, { kind: 'phone', value: PHONE }, { hotel: 'SHA01', country: 'CN' });
  parts.records.guests.set(phone ?? '', 'gst_1');
  ingest('first', [{ at: '2026-05-10T10:00:00Z' }, { at: '2026-05-10T10:05:00Z' }]);
  ingest('second', [{ at: '2026-05-12T09:00:00Z', category: 'complaint' }]);

  async function row(requestId: string): Promise<AccessGrant> {
    const found = await parts.store.read(requestId);
    if (found === null) throw new Error('There is no such request');
    return found;
  }

  return {
    ...parts,
    signing,
    telling,
    ruleSets,
    conduct,
    conducts,
    now,
    errors,
    done,
    archived,
    batches,
    uploads,
    waiting,
    ingest,
    reconciling,
    row,
    wait(hours: number) {
      now.value = new Date(now.value.getTime() + hours * 3_600_000);
    },

    ask(person: Person, changes: Record<string, unknown> = {}, process?: Process) {
      const body: RequestBody = requestBodySchema('system').parse({ ...ASKED, ...changes });
      return makeRequest(
        { person, body, now: now.value },
        { ...common(process), region, chain: hotelsOfEveryRegion() },
      );
    },
    check(requestId: string, process?: Process) {
      return checkRequest(
        { version: 1, requestId },
        {
          ...common(process),
          counts: parts.store.counts,
          emergencies: parts.store.emergencies,
          emergencyAsked: () => done.push({ what: 'emergency-asked', count: 1 }),
          region,
          regionFacts: regionFacts(region),
          indexKey: { forSearch: async () => key },
          sealWaiting: async (guests) => waiting.seal(guests),
          clock: () => now.value,
          conduct,
          refused: () => done.push({ what: 'refused', count: 1 }),
          accountLocked: () => done.push({ what: 'account-locked', count: 1 }),
          manyOrSensitive: () => done.push({ what: 'many-or-sensitive', count: 1 }),
        },
      );
    },
    keep(requestId: string, gate: string, token: string, process?: Process) {
      const input = waitInputSchema.parse({ version: 1, requestId, gate, token });
      return keepGate(input, common(process));
    },
    async decide(
      requestId: string,
      actor: Person,
      decision: 'approve' | 'deny',
      changes: Partial<DecisionCall['body']> = {},
      process?: Process,
    ) {
      const grant = await row(requestId);
      const { requestDigest } = grant;
      const body = { decision, reason: '同意,理由充分', requestDigest: requestDigest ?? '', ...changes };
      const stepUp = signing.sign({
        action: decision,
        subject: requestId,
        digest: body.requestDigest,
        role: decidingRole(grant, actor, body.role, now.value),
        reason: body.reason,
        person: actor.personId,
        now: now.value,
      });
      return decideOnRequest(
        { requestId, actor, body: { asOf: undefined, stepUp, ...body }, now: now.value },
        common(process),
      );
    },
    end(
      requestId: string,
      actor: Person,
      ending: EndingFacts['ending'],
      reason: string | null = null,
      process?: Process,
    ) {
      return endRequest({ requestId, actor, ending, reason, now: now.value }, common(process));
    },
    show(requestId: string, actor: Person) {
      return showRequest({ requestId, actor, now: now.value }, common());
    },
    list(actor: Person, query: Record<string, string> = {}) {
      return listRequests({ actor, query, now: now.value }, common());
    },
    /** What reconcile does where the request's row has changed. */
    follow(requestId: string, process?: Process) {
      return follow(requestId, now.value, reconciling(process));
    },
    sweep(process?: Process) {
      return sweep(now.value, reconciling(process));
    },

    /** A request of legal that awaits approval, with the workflow waiting at both gates. */
    async awaiting(changes: Record<string, unknown> = {}): Promise<string> {
      const requestId = idOf(await this.ask(staff.lawyer, changes));
      const { route } = await this.check(requestId);
      for (const role of route) await this.keep(requestId, `approval:${role}`, `token-${role}`);
      return requestId;
    },
    /** The same, open, as provision leaves it, with one issued copy. */
    async opened(): Promise<string> {
      const requestId = await this.awaiting();
      await this.decide(requestId, staff.officer, 'approve');
      await this.decide(requestId, staff.director, 'approve');
      await parts.keys.create('grant', requestId);
      await parts.delivery.put(`staged/${requestId}`, new Uint8Array([1]));
      const grant = await row(requestId);
      const opened = await parts.store.move(
        grant,
        'provision',
        { windowEnds: new Date(now.value.getTime() + grant.windowHours * 3_600_000).toISOString() },
        { at: now.value, actor: 'function:provision', data: {} },
      );
      if (opened.outcome !== 'moved') throw new Error('It was not provisioned');
      await this.keep(requestId, 'end', 'token-end');
      await this.copy(requestId, 'opn_1');
      return requestId;
    },
    /** An opening that was counted, with its copy. */
    async copy(requestId: string, openingId: string): Promise<void> {
      const copy = { copyKey: `copies/${requestId}/${openingId}/one.zip`, copyDigest: 'sha256:copy' };
      const at = now.value.toISOString();
      const prepared = await parts.store.prepare(await row(requestId), {
        openingId,
        requestId,
        state: 'preparing',
        number: null,
        by: staff.lawyer.personId,
        copyKey: null,
        copyDigest: null,
        createdAt: at,
        issuedAt: null,
        expiresAt: null,
        deleteAt: new Date(now.value.getTime() + 600_000).toISOString(),
      });
      if (prepared.outcome !== 'prepared') throw new Error(`The opening is ${prepared.outcome}`);
      await parts.delivery.put(copy.copyKey, new Uint8Array([2]));
      await parts.store.rendered(prepared.opening, copy);
      const grant = await row(requestId);
      const issued: Opening = {
        ...prepared.opening,
        ...copy,
        number: grant.opened + 1,
        issuedAt: at,
        expiresAt: at,
      };
      await parts.store.issue(grant, issued, {
        at: now.value,
        actor: staff.lawyer.personId,
        data: {},
      });
    },
  };
}
export type AskedRetrieval = ReturnType<typeof askedRetrieval>;

/** The id in an answer to `POST /requests`. */
export function idOf({ body }: { body: object }): string {
  if ('requestId' in body && typeof body.requestId === 'string') return body.requestId;
  throw new Error(`The request was not taken: ${JSON.stringify(body)}`);
}

function hex(name: string, digits: number): string {
  return createHash('sha256').update(name).digest('hex').slice(0, digits);
}
