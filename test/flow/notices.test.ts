import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { show } from '../../cli/commands/request.ts';
import type { NoticeKind } from '../../shared/domain/notice.ts';
import { eventually } from './support/eventually.ts';
import { failing } from './support/faults.ts';
import { invoke } from './support/invoke.ts';
import {
  as,
  conversation,
  decide,
  type Guest,
  ingest,
  newGuest,
  reached,
  request,
  requestFor,
} from './support/retrieval.ts';
import { dynamo, stack } from './support/stack.ts';
import { type Subscription, subscribed } from './support/subscription.ts';

const HOUR_MS = 3_600_000;
const REMARKS = '客人王小明的房卡丢了 the guest’s key card is lost';
const DANGER = '客人失联,家属报警 the guest can’t be reached';
const later = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
const swept = z.object({ noticesSent: z.number() });

let guest: Guest;
const queues = new Map<string, Subscription>();
beforeAll(async () => {
  for (const role of ['privacy-officer', 'infosec-director', 'it-ops', 'internal-audit']) {
    queues.set(role, await subscribed(role));
  }
  guest = newGuest();
  await ingest(`${conversation(guest, 4)}\n`);
});
afterAll(async () => {
  for (const queue of queues.values()) await queue.end();
});

function queueOf(role: string): Subscription {
  const queue = queues.get(role);
  if (queue === undefined) throw new Error(`Nobody subscribed for ${role}`);
  return queue;
}

/** Waits until the role's queue has a notice of this kind; answers everything that it has of the request. */
async function told(role: string, requestId: string, kind: NoticeKind) {
  return eventually(
    () => queueOf(role).of(requestId),
    (all) => all.some(({ notice }) => notice.kind === kind),
  );
}

function kindsOf(all: { notice: { kind: string } }[]): string[] {
  return [...new Set(all.map(({ notice }) => notice.kind))].sort();
}

async function rowsOf(requestId: string): Promise<number> {
  const { Count } = await dynamo.send(
    new QueryCommand({
      TableName: stack.tables.grants,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `NOTICES#${requestId}` },
      ConsistentRead: true,
    }),
  );
  return Count ?? 0;
}

/** Whoever sent it deletes its row after. */
async function sentAll(requestId: string): Promise<void> {
  await eventually(
    () => rowsOf(requestId),
    (rows) => rows === 0,
  );
}

/** What nobody may learn from a notice. */
function saysNothingOfAnybody(all: { everything: string }[]): void {
  const everything = all.map((one) => one.everything).join('\n');
  expect(all.length).toBeGreaterThan(0);
  for (const secret of [guest.wecom, guest.phone, guest.phone.slice(3), 'M-2026-014', 'INC-2026-7', 'p_']) {
    expect(everything).not.toContain(secret);
  }
  expect(everything).not.toMatch(/王小明|房卡|key card|失联|can’t be reached/);
}

describe('notices on the deployed stack', () => {
  it('tell each role of the route of what awaits it, and at half time those that are still missing (A4)', async () => {
    const shown = await request(requestFor(guest, { remarks: REMARKS }));
    const [officer] = await told('privacy-officer', shown.requestId, 'request-awaiting-approval');
    const [director] = await told('infosec-director', shown.requestId, 'request-awaiting-approval');
    expect(officer?.notice).toMatchObject({ version: 1, hotels: ['SHA01'], deadline: shown.deadline });
    expect([...(director?.notice.roles ?? [])].sort()).toEqual(['infosec-director', 'privacy-officer']);

    await decide(shown, 'privacy-officer');
    await invoke('reconcile', { asOf: later(11) });
    expect(kindsOf(await queueOf('infosec-director').of(shown.requestId))).toEqual([
      'request-awaiting-approval',
    ]);
    await invoke('reconcile', { asOf: later(13) });
    const reminded = await told('infosec-director', shown.requestId, 'approval-reminder');
    expect(reminded.find(({ notice }) => notice.kind === 'approval-reminder')?.notice.roles).toEqual([
      'infosec-director',
    ]);
    const decided = await queueOf('privacy-officer').of(shown.requestId);
    expect(kindsOf(decided)).toEqual(['request-awaiting-approval']);
    expect(kindsOf(await queueOf('internal-audit').of(shown.requestId))).toEqual([]);
    saysNothingOfAnybody([...reminded, ...decided]);
    await sentAll(shown.requestId);
  });

  it('tell IT and the approvers on call of break-glass, internal audit that it was opened, and of an incident (L5)', async () => {
    const starter = await as('duty-manager');
    const { requestId } = await starter.post(
      '/requests',
      requestFor(guest, {
        purpose: 'safety',
        basis: 'vital-interest',
        matter: null,
        ticket: 'INC-2026-7',
        emergency: { danger: 'life', description: DANGER },
      }),
      z.object({ requestId: z.string() }),
    );
    await told('it-ops', requestId, 'emergency-asked');
    await told('privacy-officer', requestId, 'emergency-asked');
    await decide(await show(starter, requestId), 'infosec-director');
    await told('internal-audit', requestId, 'emergency-opened');
    const followUp = await told('privacy-officer', requestId, 'request-awaiting-approval');
    expect(followUp.find(({ notice }) => notice.kind === 'request-awaiting-approval')?.notice.roles).toEqual([
      'legal',
      'privacy-officer',
    ]);

    await invoke('reconcile', { asOf: later(25) });
    await reached(requestId, 'revoked', 'archived');
    const audited = await told('internal-audit', requestId, 'emergency-unfinished');
    expect(kindsOf(audited)).toEqual(['emergency-opened', 'emergency-unfinished']);
    const directed = await told('infosec-director', requestId, 'emergency-unfinished');
    const helped = await queueOf('it-ops').of(requestId);
    expect(kindsOf(helped)).toEqual(['emergency-asked']);
    saysNothingOfAnybody([...audited, ...directed, ...helped, ...followUp]);
  });

  it('wait where the topic takes nothing, hold up no lapse, and go out once it does', async () => {
    const shown = await failing('reconcile', ['sns:Publish'], async () => {
      const asked = await request(requestFor(guest));
      expect(asked.state).toBe('awaiting-approval');
      expect(swept.parse(await invoke('reconcile', { asOf: later(24.1) })).noticesSent).toBe(0);
      await reached(asked.requestId, 'lapsed');
      expect(await queueOf('privacy-officer').of(asked.requestId)).toEqual([]);
      expect(await rowsOf(asked.requestId)).toBe(1);
      return asked;
    });
    await invoke('reconcile', { asOf: later(24.2) });
    await told('privacy-officer', shown.requestId, 'request-awaiting-approval');
    await sentAll(shown.requestId);
  });
});
