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

/** WhatsApp rests on no consent here (R8): messages of the guest, so many minutes ago. */
function messagesOf({ phone }: Guest, ...minutesAgo: number[]): string {
  const number = phone.slice(1);
  const messages = minutesAgo.map((minutes, index) => ({
    ...{ from: number, id: `wamid.${number}.${index}`, type: 'text' },
    timestamp: String(Math.floor((Date.now() - minutes * MINUTE_MS) / 1000)),
    text: { body: `第${index}条:请回电${phone}` },
  }));
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '8621', phone_number_id: '2' },
    contacts: [{ wa_id: number, profile: { name: '王伟' } }],
    messages,
  };
  const entry = [{ id: '1', changes: [{ field: 'messages', value }] }];
  return JSON.stringify({ object: 'whatsapp_business_account', entry });
}

async function guestOfToday(): Promise<Guest> {
  const guest = newGuest();
  // A week ago, and just now.
  await ingest(messagesOf(guest, 7 * 24 * 60, 2, 1), 'whatsapp');
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
    // The shift is the whole day, and the business day holds the hours before it: two of now, none of last week.
    expect(view.records).toHaveLength(2);
    expect(stdout).not.toContain(guest.phone.slice(3));
    expect(stdout).not.toContain('王伟');
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

    const read = await runDualkey(['view', '--guest', `phone:${guest.phone}`, '--as', userOf('front-desk')]);
    const lines = read.stdout.trimEnd().split('\n');
    expect(lines[0]).toContain(desk.personId);
    expect(lines.at(-1)).toBe(lines[0]);
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
    expect(view.records).toHaveLength(2);
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
      new PutCommand({ TableName: stack.tables.directory, Item: { ...Item, ...key, guests } }),
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
