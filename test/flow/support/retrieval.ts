import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Api, signedIn } from '../../../cli/api.ts';
import { type ShownRequest, show, shownRequest } from '../../../cli/commands/request.ts';
import { RefusedError } from '../../../cli/failure.ts';
import { measureExport, uploadExport } from '../../../cli/upload-export.ts';
import type { Verdict } from '../../../shared/domain/verdict.ts';
import { eventually } from './eventually.ts';
import { userOf } from './stack.ts';

const signedInPeople = new Map<string, Promise<Api>>();

/** The API as the `index`th demo person of a role. */
export function as(role: string, index = 0): Promise<Api> {
  const username = userOf(role, index);
  const api = signedInPeople.get(username) ?? signedIn(username);
  signedInPeople.set(username, api);
  return api;
}

/** A guest of this test alone, so that tests never see each other's records. */
export type Guest = { wecom: string; phone: string };

let guests = 0;
export function newGuest(): Guest {
  guests += 1;
  const unique = `${Date.now() % 1_000_000}${String(guests).padStart(2, '0')}`.padStart(8, '0');
  return { wecom: `wm${randomUUID().replaceAll('-', '')}`, phone: `+86139${unique}` };
}

export function wecomLine(guest: Guest, text: string, at: Date, from: 'guest' | 'staff' = 'guest'): string {
  const staff = 'reservations01';
  return JSON.stringify({
    msgid: randomUUID(),
    action: 'send',
    from: from === 'guest' ? guest.wecom : staff,
    tolist: [from === 'guest' ? staff : guest.wecom],
    roomid: '',
    msgtime: at.getTime(),
    msgtype: 'text',
    text: { content: text },
  });
}

/** Midday some days ago: tests speak of recent records, so that none falls due while they run. */
export function daysAgo(days: number): Date {
  const at = new Date(Date.now() - days * 86_400_000);
  at.setUTCHours(4, 0, 0, 0);
  return at;
}

/** `count` WeCom messages of the guest, one a minute. */
export function conversation(guest: Guest, count: number, start = daysAgo(10).toISOString()): string {
  const first = new Date(start).getTime();
  return Array.from({ length: count }, (_, index) =>
    wecomLine(
      guest,
      index % 2 === 0 ? `请问第${index}项服务几点开始?` : `第${index}项服务上午九点开始。`,
      new Date(first + index * 60_000),
      index % 2 === 0 ? 'guest' : 'staff',
    ),
  ).join('\n');
}

/** Brings an export into custody through the deployed functions, as the command does. */
export async function ingest(content: string | Buffer, source = 'wecom', hotel = 'SHA01') {
  const folder = mkdtempSync(join(tmpdir(), 'export-'));
  const file = join(folder, 'export');
  try {
    writeFileSync(file, content);
    return await uploadExport(await as('it-ops'), await measureExport(file), { source, hotel }, () => {});
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function requestFor(guest: Guest, changes: object = {}) {
  return {
    purpose: 'dispute',
    basis: 'legal-claim',
    matter: 'M-2026-014',
    ticket: null,
    subject: { kind: 'wecom', value: guest.wecom },
    platforms: ['wecom'],
    hotels: ['SHA01'],
    categories: ['enquiry', 'complaint'],
    from: daysAgo(20).toISOString(),
    to: daysAgo(0).toISOString(),
    masking: 'masked',
    instrument: null,
    emergency: null,
    paperForm: null,
    remarks: '',
    ...changes,
  };
}

export async function request(body: object, requester: Promise<Api> = as('legal')): Promise<ShownRequest> {
  const api = await requester;
  const { requestId } = await api.post('/requests', body, z.object({ requestId: z.string() }));
  return eventually(
    () => show(api, requestId),
    ({ state }) => state !== 'requested',
  );
}

const decided = z.object({
  state: z.string(),
  approvals: z.array(z.object({ role: z.string(), by: z.string() })),
});

export async function decide(
  shown: ShownRequest,
  role: string,
  decision: 'approve' | 'deny' = 'approve',
  changes: { reason?: string; requestDigest?: string; role?: string; asOf?: string } = {},
  index = 0,
) {
  const api = await as(role, index);
  const body = {
    decision,
    reason: '案件需要 needed for the matter',
    requestDigest: shown.requestDigest ?? '',
    ...changes,
  };
  const stepUp = await signedDecision(api, shown.requestId, body);
  return api.post(`/requests/${shown.requestId}/decisions`, { ...body, stepUp }, decided);
}

/** What the person's own device signs of a decision. */
export function signedDecision(
  api: Api,
  requestId: string,
  body: { decision: 'approve' | 'deny'; reason: string; requestDigest: string; role?: string; asOf?: string },
) {
  const { decision: action, requestDigest: digest, reason, role, asOf } = body;
  return api.stepUp({ action, subject: requestId, digest, reason, role, asOf });
}

/** What the person's own device signs of an opening: of the request as legal sees it, whoever opens. */
export async function signedOpening(api: Api, requestId: string, asOf?: string) {
  const { requestDigest } = await show(await as('legal'), requestId);
  return api.stepUp({ action: 'open', subject: requestId, digest: requestDigest ?? '', reason: null, asOf });
}

/** Waits until the request is in one of these states. */
export async function reached(requestId: string, ...wanted: string[]): Promise<ShownRequest> {
  const api = await as('legal');
  return eventually(
    () => api.get(`/requests/${requestId}`, shownRequest),
    ({ state }) => wanted.includes(state),
  );
}

/** A guest's records, requested by legal, approved by both roles, provisioned. */
export async function openGrant(
  records = 6,
  changes: object = {},
): Promise<{ guest: Guest; shown: ShownRequest }> {
  const guest = newGuest();
  await ingest(conversation(guest, records));
  const shown = await request(requestFor(guest, changes));
  await decide(shown, 'privacy-officer');
  await decide(shown, 'infosec-director');
  return { guest, shown: await reached(shown.requestId, 'open', 'failed') };
}

const issued = z.object({
  url: z.string(),
  expiresAt: z.string(),
  opensLeft: z.number(),
  openingId: z.string(),
});

/** `changes.asOf` injects the clock, which only a local deployment takes. */
export async function openOnce(
  requestId: string,
  key: string = randomUUID(),
  api: Promise<Api> = as('legal'),
  changes: { asOf?: string } = {},
) {
  const opener = await api;
  const stepUp = await signedOpening(opener, requestId, changes.asOf);
  return opener.post(`/requests/${requestId}/openings`, { key, stepUp, ...changes }, issued);
}

/** The verdict of a call that must be refused; fails where it wasn't. */
export async function refusal(call: Promise<unknown>): Promise<Verdict> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RefusedError) return error.verdict;
    throw error;
  }
  throw new Error('this should have been refused');
}
