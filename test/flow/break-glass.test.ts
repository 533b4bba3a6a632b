import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Api } from '../../cli/api.ts';
import { deviceKeys } from '../../cli/authenticator/device-keys.ts';
import { type ShownRequest, show } from '../../cli/commands/request.ts';
import { type StepUpBody, stepUpEvidenceKey, stepUpEvidenceSchema } from '../../shared/domain/step-up.ts';
import { personOf } from './support/directory.ts';
import { enrol } from './support/enrol.ts';
import { eventually } from './support/eventually.ts';
import { invoke } from './support/invoke.ts';
import { keysIn } from './support/leftovers.ts';
import { objectText } from './support/reading.ts';
import {
  as,
  conversation,
  decide,
  type Guest,
  ingest,
  newGuest,
  openOnce,
  reached,
  refusal,
  requestFor,
} from './support/retrieval.ts';
import { dynamo, executionArn, stack, states } from './support/stack.ts';

const HOUR_MS = 3_600_000;
const viewed = z.object({
  records: z.array(z.looseObject({ text: z.string() })),
  more: z.boolean(),
  views: z.number(),
  mediaLater: z.number(),
  watermark: z.looseObject({ text: z.string() }),
});
const formed = z.object({ followedUp: z.boolean() });
const state = z.object({ state: z.string() });

let guest: Guest;
beforeAll(async () => {
  guest = newGuest();
  await ingest(`${conversation(guest, 4)}\n`);
});

/** Break-glass of this person, as check answered it: waiting, or refused. */
async function asked(starter: Promise<Api>, changes: object = {}): Promise<ShownRequest> {
  const api = await starter;
  const body = requestFor(guest, {
    purpose: 'safety',
    basis: 'vital-interest',
    matter: null,
    ticket: 'INC-2026-7',
    emergency: { danger: 'life', description: '客人失联,家属报警 the guest can’t be reached' },
    ...changes,
  });
  const { requestId } = await api.post('/requests', body, z.object({ requestId: z.string() }));
  return eventually(
    () => show(api, requestId),
    ({ state: now, verdict }) => now !== 'requested' || verdict !== null,
  );
}

/** A look that the own device signs now; `given` instead of what it signs. */
async function view(
  starter: Promise<Api>,
  shown: ShownRequest,
  body: { asOf?: string } = {},
  given?: StepUpBody | 'unsigned',
) {
  const api = await starter;
  const stepUp = given === 'unsigned' ? undefined : (given ?? (await signedLook(api, shown, body.asOf)));
  return api.post(`/emergencies/${shown.requestId}/view`, { ...body, stepUp }, viewed);
}

function signedLook(api: Api, { requestId, requestDigest }: ShownRequest, asOf?: string) {
  return api.stepUp({
    action: 'view-emergency',
    subject: requestId,
    digest: requestDigest ?? '',
    reason: null,
    asOf,
  });
}

async function execution(requestId: string) {
  return eventually(
    () => states.send(new DescribeExecutionCommand({ executionArn: executionArn(requestId) })),
    ({ status }) => status !== 'RUNNING',
  );
}

const shownEvents = z.object({
  events: z.array(z.object({ type: z.string(), data: z.looseObject({}) })),
});

/** What was kept of the last look's signature. */
async function lastEvidence(requestId: string): Promise<string> {
  const { events } = shownEvents.parse(await reached(requestId, 'emergency'));
  const look = events.filter(({ type }) => type === 'emergency-viewed').at(-1);
  const { stepUp } = z.object({ stepUp: z.string() }).parse(look?.data);
  return objectText('evidence', stepUpEvidenceKey(stepUp));
}

describe('break-glass on the deployed stack', () => {
  it('is opened by one approver, seen masked, followed up by two others and the form, closed and archived', async () => {
    const starter = as('duty-manager');
    const shown = await asked(starter);
    expect(shown).toMatchObject({
      state: 'requested',
      verdict: { outcome: 'allow' },
      route: ['infosec-director', 'legal', 'privacy-officer'],
      windowHours: 4,
    });
    expect((await refusal(view(starter, shown))).reasons).toEqual(['break-glass-not-opened-yet']);
    expect((await refusal(decide(shown, 'legal'))).reasons).toEqual(['break-glass-not-opened-yet']);

    expect(await decide(shown, 'privacy-officer')).toMatchObject({ state: 'emergency' });
    const { records, views, watermark } = await view(starter, shown);
    expect({ shown: records.length, views }).toEqual({ shown: 4, views: 1 });
    expect(watermark.text).toContain('仅供屏幕查看');
    expect((await refusal(view(as('privacy-officer'), shown))).reasons).toContain(
      'break-glass-is-for-its-starter',
    );
    // No package and no link, ever.
    expect((await refusal(openOnce(shown.requestId, 'k1', starter))).rules).toEqual(['L5']);
    expect(await keysIn('delivery', `staged/${shown.requestId}`)).toEqual([]);

    const api = await starter;
    const close = () => api.post(`/requests/${shown.requestId}/close`, {}, state);
    expect((await refusal(close())).reasons).toContain('break-glass-unfinished');
    await decide(shown, 'infosec-director');
    await decide(shown, 'legal');
    expect(await api.post(`/emergencies/${shown.requestId}/form`, { number: 'F-2026-0042' }, formed)).toEqual(
      { followedUp: true },
    );
    expect(await close()).toEqual({ state: 'closed' });
    const archived = await reached(shown.requestId, 'archived');
    expect(await execution(shown.requestId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(archived['events']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'emergency-asked',
          data: expect.objectContaining({ told: ['it-ops'] }),
        }),
        expect.objectContaining({ type: 'emergency-viewed', data: expect.objectContaining({ records: 4 }) }),
      ]),
    );
    const archive = await objectText('evidence', `archives/${shown.requestId}.json`);
    expect(archive).toContain('"views":1');
    expect(archive).not.toContain('F-2026-0042');
    expect(archive).not.toContain('失联');
  });

  it('is revoked at its deadline where the form and an approval are missing, with an incident', async () => {
    const starter = as('gm');
    const shown = await asked(starter);
    await decide(shown, 'infosec-director');
    await view(starter, shown);
    await decide(shown, 'privacy-officer');
    const over = new Date(Date.now() + 5 * HOUR_MS).toISOString();
    expect((await refusal(view(starter, shown, { asOf: over }))).reasons).toEqual(['break-glass-is-over']);
    await invoke('reconcile', { asOf: new Date(Date.now() + 25 * HOUR_MS).toISOString() });
    const ended = await reached(shown.requestId, 'revoked', 'archived');
    expect(ended).toMatchObject({ endReason: 'follow-up-overdue' });
    expect((await refusal(view(starter, shown))).reasons).toContain('break-glass-not-in-use');
    await reached(shown.requestId, 'archived');
    const cases = await (await as('legal')).get(
      '/cases?kind=incident',
      z.object({ cases: z.array(z.looseObject({ reference: z.string(), closedAt: z.string().nullable() })) }),
    );
    expect(cases.cases).toContainEqual(
      expect.objectContaining({ reference: `L5-${String(ended['registerNumber'])}`, closedAt: null }),
    );
  });

  it('is not seen on a row’s word alone: somebody’s device must have signed its opening (A6)', async () => {
    const starter = as('legal', 1);
    const shown = await asked(starter, { ticket: null, matter: 'M-2026-014' });
    await decide(shown, 'privacy-officer');
    expect(await view(starter, shown)).toMatchObject({ views: 1, mediaLater: 0 });
    const key = { pk: `REQUEST#${shown.requestId}`, sk: 'REQUEST' };
    const { Item: row } = await dynamo.send(new GetCommand({ TableName: stack.tables.grants, Key: key }));
    const without = async (approvals: object[]) => {
      await dynamo.send(
        new PutCommand({ TableName: stack.tables.grants, Item: { ...row, ...key, approvals } }),
      );
      return (await refusal(view(starter, shown))).reasons;
    };
    const { approvals } = z
      .object({ approvals: z.array(z.looseObject({ stepUp: z.object({}) })) })
      .parse(row);
    expect(await without([])).toContain('break-glass-without-its-opening');
    expect(await without(approvals.map(({ stepUp: _, ...unsigned }) => unsigned))).toEqual([
      'step-up-missing',
    ]);
    await dynamo.send(new PutCommand({ TableName: stack.tables.grants, Item: { ...row, ...key } }));
    expect(await view(starter, shown)).toMatchObject({ views: 2 });
  });

  it('is signed anew by the own device at each look: a revoked device sees nothing (A6, R5)', async () => {
    const [starter, director] = [as('duty-manager', 1), await as('infosec-director')];
    const shown = await asked(starter);
    // Another than in the other tests: each opens three a month.
    await decide(shown, 'privacy-officer', 'approve', {}, 1);
    const reasonsOf = async (...look: Parameters<typeof view>) => (await refusal(view(...look))).reasons;
    expect(await reasonsOf(starter, shown, {}, 'unsigned')).toEqual(['step-up-missing']);
    const once = await signedLook(await starter, shown);
    expect(await view(starter, shown, {}, once)).toMatchObject({ views: 1 });
    expect(await reasonsOf(starter, shown, {}, once)).toEqual(['step-up-used-already']);
    const evidence = stepUpEvidenceSchema.parse(JSON.parse(await lastEvidence(shown.requestId)));
    expect(evidence.statement).toEqual(once.statement);

    // By a device of their own that counts, which is lost.
    const api = await starter;
    const { personId: person } = await personOf('duty-manager', 1);
    const keys = deviceKeys(api.username);
    const { key: kept } = await keys.read();
    const { key, credentialId } = await enrol(api);
    try {
      await keys.use(key);
      expect(await reasonsOf(starter, shown)).toEqual(['device-not-confirmed']);
      await director.post('/devices/confirm', { person, credentialId }, state);
      expect(await view(starter, shown)).toMatchObject({ views: 2 });
      // The key as it was before it signed, as a copy of it would be.
      await keys.use(key);
      expect(await reasonsOf(starter, shown)).toEqual(['device-counter-went-back']);
      const before = await signedLook(api, shown);
      await director.post('/devices/revoke', { person, credentialId }, state);
      expect(await reasonsOf(starter, shown, {}, before)).toEqual(['device-revoked']);
      expect(await reasonsOf(starter, shown)).toEqual(['device-revoked']);
    } finally {
      if (kept !== null) await keys.use(kept);
    }
    expect(await view(starter, shown)).toMatchObject({ views: 3 });
  });

  it('is refused by an approver, or unanswered, and its workflow ends', async () => {
    const starter = as('legal', 1);
    const denied = await asked(starter, { ticket: null, matter: 'M-2026-014' });
    expect(await decide(denied, 'privacy-officer', 'deny')).toMatchObject({ state: 'refused' });
    expect(await execution(denied.requestId)).toMatchObject({ status: 'SUCCEEDED' });
    const unanswered = await asked(starter, { ticket: null, matter: 'M-2026-014' });
    await invoke('reconcile', { asOf: new Date(Date.now() + 1.5 * HOUR_MS).toISOString() });
    expect(await reached(unanswered.requestId, 'refused')).toMatchObject({ endReason: 'deadline' });
    expect(await execution(unanswered.requestId)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is asked for three times a month and no more, however many at the same time; refused ones don’t count', async () => {
    const starter = as('security');
    const refused = await asked(starter, { masking: 'named' });
    expect(refused).toMatchObject({ state: 'refused', verdict: { reasons: ['break-glass-is-masked'] } });
    const all = await Promise.all(Array.from({ length: 5 }, () => asked(starter)));
    expect(all.filter(({ state: now }) => now === 'requested')).toHaveLength(3);
    const over = all.filter(({ state: now }) => now === 'refused');
    expect(over.map(({ verdict }) => verdict?.reasons)).toEqual([
      ['break-glass-used-up-by-requester'],
      ['break-glass-used-up-by-requester'],
    ]);
    const [one] = all.filter(({ state: now }) => now === 'requested');
    if (one === undefined) throw new Error('None was asked');
    await decide(one, 'infosec-director', 'deny');
    expect(await asked(starter)).toMatchObject({ state: 'requested' });
  });

  it('is not for a clerk, nor without a danger', async () => {
    const clerk = await asked(as('front-desk'));
    expect(clerk.verdict?.reasons).toContain('role-may-not-break-glass');
    const vague = await asked(as('gm', 1), { purpose: 'service-quality', basis: 'notice' });
    expect(vague.verdict?.reasons).toContain('no-danger-named');
  });
});
