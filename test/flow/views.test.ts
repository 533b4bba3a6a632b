import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { custodyEventSchema, faultInChain } from '../../shared/domain/custody-event.ts';
import { runDualkey } from '../cli/run-dualkey.ts';
import { changed, personOf } from './support/directory.ts';
import { keysIn } from './support/leftovers.ts';
import { as, type Guest, ingest, newGuest, refusal } from './support/retrieval.ts';
import { dynamo, stack, userOf } from './support/stack.ts';

const MINUTE_MS = 60_000;

const shown = z.looseObject({
  viewId: z.string(),
  rules: z.array(z.string()),
  records: z.array(z.looseObject({ text: z.string(), at: z.string() })),
  more: z.boolean(),
  watermark: z.looseObject({ viewer: z.string(), text: z.string() }),
});
const counted = z.object({
  counts: z.array(z.object({ day: z.string(), category: z.string(), records: z.number() })),
});

/** A mini-program needs no consent (R8): messages of the guest, so many minutes ago, newest last. */
function messagesOf({ phone }: Guest, ...minutesAgo: number[]): string {
  const rows = minutesAgo.map((minutes, index) => {
    const at = new Date(Date.now() - minutes * MINUTE_MS).toISOString().slice(0, 19).replace('T', ' ');
    return `m${phone}-${index},${phone.slice(-8)},${phone},${at},客人,${`第${index}条:请回电${phone}`}`;
  });
  return ['消息编号,订单号,手机号,发送时间,角色,内容', ...rows, ''].join('\n');
}

async function guestOfToday(): Promise<Guest> {
  const guest = newGuest();
  // A week ago, and just now.
  await ingest(messagesOf(guest, 7 * 24 * 60, 2, 1), 'ctrip');
  return guest;
}

const lookFor = ({ phone }: Guest) => ({ kind: 'guest', guest: { kind: 'phone', value: phone } });

async function eventsOf(subject: string) {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: stack.tables.events,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': subject },
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => custodyEventSchema.parse(item));
}

describe('routine views on the deployed stack', () => {
  it('show the front desk today’s conversation, masked and marked, recorded and counted, and leave nothing', async () => {
    const guest = await guestOfToday();
    const desk = await personOf('front-desk');
    const before = await eventsOf(`views/${desk.personId}`);
    const delivered = await keysIn('delivery');
    const { code, stdout, stderr } = await runDualkey([
      ...['view', '--guest', `phone:${guest.phone}`, '--json', '--as', userOf('front-desk')],
    ]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const view = shown.parse(JSON.parse(stdout));
    expect(view.rules).toEqual(['T1']);
    // Two of now; at the very start of a business day one of them may lie before it.
    expect(view.records.length).toBeGreaterThan(0);
    expect(view.records.length).toBeLessThanOrEqual(2);
    expect(stdout).not.toContain(guest.phone.slice(3));
    expect(view.watermark).toMatchObject({ viewer: desk.personId });
    const events = await eventsOf(`views/${desk.personId}`);
    expect(faultInChain(events)).toBeNull();
    expect(events.slice(before.length)).toMatchObject([
      {
        type: 'view-shown',
        actor: desk.personId,
        data: { view: view.viewId, hotel: 'SHA01', role: 'front-desk', records: view.records.length },
      },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/请回电/);
    const day = z.object({ views: z.number(), records: z.number() });
    const { Items: days = [] } = await dynamo.send(
      new QueryCommand({
        TableName: stack.tables.grants,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `VIEWS#${desk.personId}` },
      }),
    );
    const total = days.map((row) => day.parse(row)).reduce((sum, { views }) => sum + views, 0);
    expect(total).toBe(events.length);
    expect(await keysIn('delivery')).toEqual(delivered);
  });

  it('say in both languages why whoever has none is refused', async () => {
    const guest = newGuest();
    const { code, stdout } = await runDualkey([
      ...['view', '--guest', `phone:${guest.phone}`, '--as', userOf('legal')],
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/T7 法务没有日常查询权限.*legal has no routine view/);
    const verdict = await refusal((await as('it-ops')).post('/views', lookFor(guest), shown));
    expect(verdict.rules).toEqual(['T4']);
  });

  it('let a trainee see inside the mentor’s view what the mentor saw, and nobody else’s', async () => {
    const guest = await guestOfToday();
    const view = await (await as('front-desk')).post('/views', lookFor(guest), shown);
    const [mentor, trainee] = [await personOf('front-desk'), await personOf('trainee')];
    const body = { kind: 'shared', view: view.viewId };
    const seen = await (await as('trainee')).post('/views', body, shown);
    expect(seen.records).toEqual(view.records);
    expect(seen.watermark.text).toContain(mentor.personId);
    const last = (await eventsOf(`views/${trainee.personId}`)).at(-1);
    expect(last?.data).toMatchObject({ mentor: mentor.personId, sharedView: view.viewId });
    expect((await refusal((await as('trainee', 1)).post('/views', body, shown))).rules).toEqual(['T10']);
    const simulated = await (await as('trainee')).post('/views', { kind: 'simulated' }, shown);
    expect(simulated.records.length).toBeGreaterThan(5);
  });

  it('show an account manager the own account’s history, older records too', async () => {
    const guest = await guestOfToday();
    const manager = await as('account-manager');
    expect((await refusal(manager.post('/views', lookFor(guest), shown))).rules).toContain('T6');
    const { personId } = await personOf('account-manager');
    const desk = await personOf('front-desk');
    await (await as('front-desk')).post('/views', lookFor(guest), shown);
    const { data = {} } = (await eventsOf(`views/${desk.personId}`)).at(-1) ?? {};
    const { guests } = z.object({ guests: z.array(z.string()) }).parse(data);
    const key = { pk: `PERSON#${personId}`, sk: 'CLIENTS' };
    const { Item } = await dynamo.send(new GetCommand({ TableName: stack.tables.directory, Key: key }));
    await dynamo.send(
      new PutCommand({ TableName: stack.tables.directory, Item: { ...Item, ...key, clients: guests } }),
    );
    expect((await manager.post('/views', lookFor(guest), shown)).records).toHaveLength(3);
  });

  it('are refused where the exam has lapsed (R10)', async () => {
    const desk = await personOf('front-desk', 1);
    const training = { system: '2026-01-05T00:00:00.000Z', exam: '2025-01-05T00:00:00.000Z' };
    const verdict = await changed(desk, { training }, async () =>
      refusal((await as('front-desk', 1)).post('/views', lookFor(newGuest()), shown)),
    );
    expect(verdict.rules).toContain('R10');
  });

  it('count for a supervisor, and show no record', async () => {
    const supervisor = await as('supervisor');
    const today = new Date().toISOString().slice(0, 10);
    const { counts } = await supervisor.post('/views/aggregates', { from: today, to: today }, counted);
    expect(counts).toEqual(expect.any(Array));
    expect((await refusal(supervisor.post('/views', lookFor(newGuest()), shown))).rules).toEqual(['T2']);
  });
});
