import { createHash } from 'node:crypto';
import { draftProviderRequest } from '../../../functions/provider/draft-provider-request.ts';
import { issueLetter } from '../../../functions/provider/issue-letter.ts';
import { listProviderRequests } from '../../../functions/provider/list-provider-requests.ts';
import { type DraftBody, draftBodySchema } from '../../../functions/provider/provider-body.ts';
import type { ProviderDependencies } from '../../../functions/provider/provider-dependencies.ts';
import {
  recordRefused,
  recordSent,
  withdrawProviderRequest,
} from '../../../functions/provider/record-what-became.ts';
import { beginAnswer, keepAnswer } from '../../../functions/provider/take-answer.ts';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { HttpResult } from '../../../shared/runtime/http-result.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { approvedRetrieval, REQUEST_ID } from '../../fakes/approved-retrieval.ts';
import { inMemoryProviderStore } from '../../fakes/in-memory-provider-store.ts';
import type { mortalProcess } from '../../fakes/killed-process.ts';
import { lawyer } from '../../shared/policy/staff.ts';
import { inMemoryInbox } from './in-memory-inbox.ts';

type Process = ReturnType<typeof mortalProcess>;

export const PROVIDER = '携程计算机技术（上海）有限公司';
export const DRAFT: DraftBody = draftBodySchema('system').parse({
  provider: PROVIDER,
  platform: 'wecom',
  dueDays: 14,
  address: '上海市长宁区 100 号,王五收',
  replyTo: 'legal@hotel.example',
});

/** An approved request in memory, and the steps of the function `provider` on it, each killable at any effect. */
export async function providerWorld(changes: Partial<AccessGrant> = {}) {
  const retrieval = await approvedRetrieval(changes);
  const providers = inMemoryProviderStore();
  const inbox = inMemoryInbox();
  const parts = {
    store: retrieval.grants,
    providers,
    keys: retrieval.requestKeys,
    directory: retrieval.directory,
    signer: retrieval.signer,
    inbox,
    evidence: retrieval.evidence,
  };

  function dependencies(process?: Process): ProviderDependencies {
    const seen = <Port extends object>(port: Port): Port => process?.watched(port) ?? port;
    return {
      region: regionConfig('cn-north-1'),
      ruleSets: retrieval.ruleSets,
      links: async (key, uploadId, sizes) => ({
        parts: sizes.map((bytes, index) => ({ number: index + 1, bytes, url: `${uploadId} ${key}` })),
        sessionEnds: null,
      }),
      store: seen(parts.store),
      providers: seen(parts.providers),
      keys: seen(parts.keys),
      directory: seen(parts.directory),
      signer: seen(parts.signer),
      inbox: { ...seen(parts.inbox), read: parts.inbox.read },
      evidence: seen(parts.evidence),
    };
  }

  const call = (providerRequestId: string, actor: Person) => ({
    providerRequestId,
    actor,
    now: retrieval.clock(),
  });

  return {
    ...retrieval,
    providers,
    inbox,
    draft: (body: Partial<DraftBody> = {}, actor: Person = lawyer, process?: Process) =>
      draftProviderRequest(
        { requestId: REQUEST_ID, actor, body: { ...DRAFT, ...body }, now: retrieval.clock() },
        dependencies(process),
      ),
    list: (actor: Person) => listProviderRequests({ requestId: REQUEST_ID, actor }, dependencies()),
    letter: (id: string, actor: Person = lawyer, process?: Process) =>
      issueLetter(call(id, actor), dependencies(process)),
    sent: (id: string, actor: Person = lawyer, process?: Process) =>
      recordSent({ ...call(id, actor), body: { reference: 'SF1234567890123' } }, dependencies(process)),
    refused: (id: string, actor: Person = lawyer, process?: Process) =>
      recordRefused(
        { ...call(id, actor), body: { reason: '客人王小明未授权', reference: '携法〔2026〕3号' } },
        dependencies(process),
      ),
    withdraw: (id: string, actor: Person = lawyer, process?: Process) =>
      withdrawProviderRequest(call(id, actor), dependencies(process)),
    begin: (id: string, file: Uint8Array, actor: Person = lawyer, process?: Process) =>
      beginAnswer({ ...call(id, actor), body: measured(file) }, dependencies(process)),
    /** Puts the file where the link says, and has it kept. */
    async answer(id: string, file: Uint8Array, actor: Person = lawyer, process?: Process, put = file) {
      const begun = await beginAnswer({ ...call(id, actor), body: measured(file) }, dependencies(process));
      const uploadId = textOf(begun, 'uploadId');
      if (uploadId === null) return begun;
      const etag = inbox.put(uploadId, put);
      const body = { ...measured(file), uploadId, etag, reference: '携法〔2026〕4号' };
      return keepAnswer({ ...call(id, actor), body }, dependencies(process));
    },
    /** A drafted, issued and sent request, by its id. */
    async awaiting(): Promise<string> {
      const id = idOf(await this.draft());
      await this.letter(id);
      await this.sent(id);
      return id;
    },
    /** Every row and event of provider requests, as one text. */
    async everythingRecorded(): Promise<string> {
      const rows = await providers.ofRequest(REQUEST_ID);
      const events = rows.flatMap(({ providerRequestId }) => providers.events(providerRequestId));
      return JSON.stringify([rows, events, [...retrieval.evidence.objects.keys()]]);
    },
  };
}
export type ProviderWorld = Awaited<ReturnType<typeof providerWorld>>;

function measured(file: Uint8Array) {
  return { bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') };
}

export function textOf({ body }: HttpResult, field: string): string | null {
  const value: unknown = Object.entries(body).find(([name]) => name === field)?.[1];
  return typeof value === 'string' ? value : null;
}

export function idOf(result: HttpResult): string {
  const id = textOf(result, 'providerRequestId');
  if (id === null) throw new Error(`No provider request: ${JSON.stringify(result)}`);
  return id;
}
