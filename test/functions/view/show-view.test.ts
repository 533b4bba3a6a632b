import { describe, expect, it } from '@jest/globals';
import { countForView } from '../../../functions/view/count-for-view.ts';
import { showView } from '../../../functions/view/show-view.ts';
import type { ViewBody } from '../../../functions/view/view-body.ts';
import type { ViewDependencies } from '../../../functions/view/view-dependencies.ts';
import { searchIndexesOf } from '../../../shared/crypto/blind-index.ts';
import type { Case } from '../../../shared/domain/case.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { ShownView } from '../../../shared/domain/shown-view.ts';
import type { EventDraft } from '../../../shared/ports/grant-store.ts';
import type { HttpResult } from '../../../shared/runtime/http-result.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { approvedRetrieval, GUEST_ID } from '../../fakes/approved-retrieval.ts';
import { person } from '../../shared/policy/staff.ts';

/** The guest wrote on 10 May 2026 at 18:00 and 19:00 of Shanghai; now it is 20:00 there. */
const EVENING = new Date('2026-05-10T12:00:00.000Z');
const PHONE = { kind: 'phone' as const, value: '+8613800138000' };
const GUEST: ViewBody = { kind: 'guest', guest: PHONE };
const KEY = new Uint8Array(32).fill(7);
const EXAM = { system: '2026-01-05T00:00:00.000Z', exam: '2026-04-02T00:00:00.000Z' };

const at = (role: Parameters<typeof person>[1], changes: Partial<Person> = {}): Person => ({
  ...person(role, role),
  displayName: '王前台',
  training: EXAM,
  ...changes,
});
const desk = at('front-desk');
const trainee = at('trainee', { mentor: desk.personId });

async function hotelOfViews() {
  const world = await approvedRetrieval();
  const region = { ...regionConfig('cn-north-1'), consentSources: [] };
  const views = new Map<string, ShownView>();
  const events: { subject: string; day: string; draft: EventDraft }[] = [];
  const place = region.hotels.find(({ code }) => code === 'SHA01');
  for (const index of searchIndexesOf(KEY, PHONE, { hotel: 'SHA01', country: place?.country ?? 'CN' })) {
    world.records.guests.set(index, GUEST_ID);
  }
  for (const one of [desk, trainee]) world.directory.people.set(one.personId, one);
  const told: string[] = [];
  const dependencies: ViewDependencies = {
    region,
    directory: world.directory,
    cases: world.cases,
    consents: world.consents,
    indexKey: { forSearch: async () => KEY },
    records: world.records,
    ruleSets: world.ruleSets,
    sealWaiting: async () => ({ left: 0 }),
    keys: world.custodyKeys,
    vault: world.vault,
    views: {
      async record(view, day, draft) {
        views.set(view.viewId, view);
        events.push({ subject: `views/${view.viewer}`, day, draft });
      },
      read: async (viewId) => views.get(viewId) ?? null,
    },
    blockRefused: () => told.push('block-refused'),
    shown: () => told.push('shown'),
  };
  const looks = (viewer: Person, body: ViewBody, now = EVENING, changes: Partial<ViewDependencies> = {}) =>
    showView({ viewer, body, device: 'ua-1', now }, { ...dependencies, ...changes });
  return { ...world, dependencies, views, events, told, looks };
}

function ticket(changes: Partial<Extract<Case, { kind: 'ticket' }>> = {}): Case {
  return {
    kind: 'ticket',
    reference: 'TK-1',
    hotels: ['SHA01'],
    recordedAt: '2026-05-10T11:30:00.000Z',
    recordedBy: 'p_hr',
    broughtBy: [],
    formerly: { guests: [], hotels: [] },
    guests: [GUEST_ID],
    assignee: null,
    handedOver: null,
    closedAt: null,
    ...changes,
  };
}

const file = (cases: { rows: Map<string, { filed: Case; version: number }> }, filed: Case) =>
  cases.rows.set(`${filed.kind} ${filed.reference}`, { filed, version: 1 });

const shown = (result: HttpResult) => JSON.parse(JSON.stringify(result.body));

describe('an identifier that can’t be of its kind', () => {
  it('is bad input with its place, shows nothing, and leaves no event of a view', async () => {
    const { looks, events, told } = await hotelOfViews();
    for (const guest of [
      { kind: 'phone' as const, value: 'abc' },
      { kind: 'email' as const, value: 'wang' },
    ]) {
      const answer = await looks(desk, { kind: 'guest', guest });
      expect(answer).toMatchObject({ status: 400, body: { error: { where: 'body.guest.value' } } });
      expect(JSON.stringify(answer)).not.toContain(guest.value);
    }
    expect([...events, ...told]).toEqual([]);
  });
});

describe('a routine view of the front desk', () => {
  it('shows today’s conversation masked, newest first, under a watermark', async () => {
    const { looks } = await hotelOfViews();
    const result = await looks(desk, GUEST);
    expect(result.status).toBe(200);
    const { records, watermark, more, rules, role } = shown(result);
    expect(records).toHaveLength(5);
    expect({ more, rules, role }).toEqual({ more: false, rules: ['T1'], role: 'front-desk' });
    expect(JSON.stringify(records)).not.toContain('13800138000');
    expect(watermark).toMatchObject({ viewer: desk.personId, name: '王前台', hotel: 'SHA01' });
  });

  it('is recorded before it is shown: who, in which role, under which rule, how much, and never a word', async () => {
    const { looks, events, told } = await hotelOfViews();
    const { viewId, records } = shown(await looks(desk, GUEST));
    expect(events).toMatchObject([
      {
        subject: `views/${desk.personId}`,
        day: '2026-05-10',
        draft: {
          actor: desk.personId,
          data: {
            view: viewId,
            role: 'front-desk',
            rules: ['T1'],
            records: 5,
            conversations: 1,
            hotel: 'SHA01',
            device: 'ua-1',
            guests: [GUEST_ID],
            shown: sha256(JSON.stringify(records)),
          },
        },
      },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/退房|赔偿|谢谢|1380013/);
    expect(told).toEqual(['shown']);
  });

  it('shows nothing where it can’t be recorded', async () => {
    const { looks, told } = await hotelOfViews();
    const views = {
      record: async () => {
        throw new Error('the events table is away');
      },
      read: async () => null,
    };
    await expect(looks(desk, GUEST, EVENING, { views })).rejects.toThrow('the events table is away');
    expect(told).toEqual([]);
  });

  it('shows nothing of yesterday, but what the shift of now began with', async () => {
    const { looks, directory } = await hotelOfViews();
    const nextMorning = new Date('2026-05-10T21:00:00.000Z');
    expect(shown(await looks(desk, GUEST, nextMorning)).records).toEqual([]);
    const shift = { hotel: 'SHA01', from: '2026-05-10T10:30:00.000Z', to: '2026-05-10T23:00:00.000Z' };
    directory.shifts.set(desk.personId, [shift]);
    expect(shown(await looks(desk, GUEST, nextMorning)).records).toHaveLength(2);
  });

  it('has the hours after midnight in the business day that began the morning before', async () => {
    const { looks } = await hotelOfViews();
    const afterMidnight = new Date('2026-05-10T19:59:00.000Z');
    expect(shown(await looks(desk, GUEST, afterMidnight)).records).toHaveLength(5);
  });

  it('finds nobody of another hotel, and is refused there', async () => {
    const { looks } = await hotelOfViews();
    const result = await looks({ ...desk, hotel: 'HGH02' }, { ...GUEST, hotel: 'SHA01' });
    expect(result).toMatchObject({
      status: 403,
      body: { verdict: { reasons: ['front-desk-at-another-hotel'] } },
    });
  });

  it('is refused while a dispute about the guest is another department’s', async () => {
    const { looks, cases, events } = await hotelOfViews();
    file(cases, {
      ...{ kind: 'dispute', reference: 'D-1', hotels: ['SHA01'], guests: [GUEST_ID], department: 'legal' },
      ...{
        recordedAt: '2026-05-01T00:00:00.000Z',
        recordedBy: 'p_hr',
        broughtBy: [],
        formerly: { guests: [], hotels: [] },
        matter: null,
        closedAt: null,
      },
      openedAt: '2026-05-01T00:00:00.000Z',
    });
    expect(await looks(desk, GUEST)).toMatchObject({ status: 403, body: { verdict: { rules: ['R3'] } } });
    expect(events).toEqual([]);
  });

  it('serves the guest’s own contract where consent does not stand, and the event says so (R8)', async () => {
    const { looks, events, dependencies, directory } = await hotelOfViews();
    const region = { ...dependencies.region, consentSources: ['wecom' as const] };
    expect(await looks(desk, GUEST, EVENING, { region })).toMatchObject({ status: 200 });
    expect(events[0]?.draft.data).toMatchObject({ basis: 'contract', withoutConsent: ['wecom'] });
    const manager = at('account-manager');
    directory.clients.set(manager.personId, [GUEST_ID]);
    expect(await looks(manager, GUEST, EVENING, { region })).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['R8'] } },
    });
  });

  it('sees a ticket that was handed over to the shift of now, and no longer with the next', async () => {
    const { looks, cases, directory } = await hotelOfViews();
    const body: ViewBody = { kind: 'ticket', ticket: 'TK-1' };
    file(cases, ticket({ handedOver: { to: desk.personId, at: '2026-05-10T11:40:00.000Z' } }));
    directory.shifts.set(desk.personId, [
      { hotel: 'SHA01', from: '2026-05-10T04:00:00.000Z', to: '2026-05-10T11:30:00.000Z' },
      { hotel: 'SHA01', from: '2026-05-10T11:45:00.000Z', to: '2026-05-10T20:00:00.000Z' },
      { hotel: 'SHA01', from: '2026-05-11T04:00:00.000Z', to: '2026-05-11T11:30:00.000Z' },
    ]);
    expect(shown(await looks(desk, body)).records).toHaveLength(5);
    const nextDay = await looks(desk, body, new Date('2026-05-11T05:00:00.000Z'));
    expect(nextDay).toMatchObject({
      status: 403,
      body: { verdict: { reasons: ['ticket-not-handed-over-to-this-shift'] } },
    });
  });

  it('has no more records than a screen may hold, and says that there are more', async () => {
    const { looks, ingest } = await hotelOfViews();
    const many = Array.from({ length: LIMITS.viewRecords }, (_, index) => `第 ${index} 条`);
    await ingest('many', many.slice(0, 100), 61);
    const { records, more } = shown(await looks(desk, GUEST, new Date('2026-05-10T14:00:00.000Z')));
    expect(records).toHaveLength(LIMITS.viewRecords);
    expect(more).toBe(true);
  });
});

describe('a trainee', () => {
  it('sees simulated conversations in both languages, before any training', async () => {
    const { looks } = await hotelOfViews();
    const novice = { ...trainee, training: { system: null, exam: null } };
    const { records, rules } = shown(await looks(novice, { kind: 'simulated' }));
    expect(rules).toEqual(['T10']);
    expect(records.length).toBeGreaterThan(5);
    for (const { text } of records) expect(text).toMatch(/\p{Script=Han}.*[A-Za-z]/u);
  });

  it('sees inside the own mentor’s open view what the mentor saw, and both are named', async () => {
    const { looks, events, ingest } = await hotelOfViews();
    const { viewId, records } = shown(await looks(desk, GUEST));
    await ingest('later', ['后来的话'], 115);
    const seen = shown(await looks(trainee, { kind: 'shared', view: viewId }));
    expect(seen.records).toEqual(records);
    expect(seen.watermark.text).toContain(desk.personId);
    expect(events[1]).toMatchObject({
      subject: `views/${trainee.personId}`,
      draft: { data: { mentor: desk.personId, sharedView: viewId } },
    });
  });

  it.each([
    ['of nobody', async () => 'view_nothing', {}, 0],
    ['of somebody who is not the own mentor', null, { mentor: 'p_other' }, 0],
    ['that is over', null, {}, LIMITS.openViewMinutes],
  ])('sees nothing inside a view %s', async (_what, of, changes, minutes) => {
    const { looks } = await hotelOfViews();
    const view = of === null ? shown(await looks(desk, GUEST)).viewId : await of();
    const now = new Date(EVENING.getTime() + minutes * 60_000);
    const result = await looks({ ...trainee, ...changes }, { kind: 'shared', view }, now);
    expect(result).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['T10'], reasons: ['no-open-view-of-the-mentor'] } },
    });
  });

  it('is not led from view to view', async () => {
    const { looks, directory } = await hotelOfViews();
    const { viewId } = shown(await looks(desk, GUEST));
    const own = shown(await looks(trainee, { kind: 'shared', view: viewId }));
    const second = at('trainee', { personId: 'p_second', mentor: trainee.personId });
    directory.people.set(second.personId, second);
    expect(await looks(second, { kind: 'shared', view: own.viewId })).toMatchObject({ status: 403 });
  });

  it('looks at no guest alone', async () => {
    const { looks } = await hotelOfViews();
    expect(await looks(trainee, GUEST)).toMatchObject({
      status: 403,
      body: { verdict: { reasons: ['trainee-looks-alone'] } },
    });
  });
});

describe('others', () => {
  it('an account manager sees the own account’s history, and nobody else’s', async () => {
    const { looks, directory } = await hotelOfViews();
    const manager = at('account-manager');
    const later = new Date('2026-06-20T12:00:00.000Z');
    expect(await looks(manager, GUEST, later)).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['T6'] } },
    });
    directory.clients.set(manager.personId, [GUEST_ID]);
    expect(shown(await looks(manager, GUEST, later)).records).toHaveLength(5);
  });

  it('somebody in two roles looks in the one that may', async () => {
    const { looks } = await hotelOfViews();
    const both = { ...person('both', 'account-manager', 'front-desk'), training: EXAM };
    expect(shown(await looks(both, GUEST)).role).toBe('front-desk');
  });

  it('an agent sees the own open ticket, and of its guests the one that is named', async () => {
    const { looks, cases } = await hotelOfViews();
    const agent = at('agent');
    file(cases, ticket({ assignee: agent.personId }));
    const body: ViewBody = { kind: 'ticket', ticket: 'TK-1' };
    expect(shown(await looks(agent, body)).records).toHaveLength(5);
    const other = { kind: 'phone' as const, value: '+8613900139000' };
    expect(shown(await looks(agent, { ...body, guest: other })).records).toEqual([]);
    expect(await looks(agent, { kind: 'ticket', ticket: 'TK-2' })).toMatchObject({ status: 403 });
  });

  it('IT operations sees no conversation, whatever it asks for', async () => {
    const { looks } = await hotelOfViews();
    const it_ = at('it-ops');
    expect(await looks(it_, GUEST)).toMatchObject({ status: 403, body: { verdict: { rules: ['T4'] } } });
    expect(shown(await looks(it_, { kind: 'system' })).records).toEqual([]);
  });

  it('whoever has no routine view is refused under the own rule', async () => {
    const { looks, events } = await hotelOfViews();
    expect(await looks(at('legal'), GUEST)).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['T7'], reasons: ['legal-has-no-routine-view'] } },
      attempted: { kind: 'guest', hotel: 'SHA01', device: 'ua-1', role: 'legal' },
    });
    expect(events).toEqual([]);
  });

  it('whoever has no role sees nothing', async () => {
    const { looks } = await hotelOfViews();
    expect(await looks({ ...desk, roles: [] }, GUEST)).toMatchObject({
      status: 403,
      body: { verdict: { reasons: ['nothing-permits-this'] } },
    });
  });
});

describe('a supervisor', () => {
  it('counts ratings and abnormal tickets of the own hotel by day, without a word', async () => {
    const { dependencies, records, events } = await hotelOfViews();
    const rated = records.rows.map((row) => ({ ...row, categories: ['service-rating' as const] }));
    const body = { from: '2026-05-09', to: '2026-05-11' };
    const index = rated[0]?.index.map((byte, position) => (position % 57 === 24 ? 6 : byte));
    const [first] = rated;
    if (first === undefined || index === undefined) throw new Error('There is no block');
    records.rows.splice(0, 1, { ...first, index });
    const viewer = at('supervisor');
    const result = await countForView({ viewer, body, device: 'ua-1', now: EVENING }, dependencies);
    expect(result).toMatchObject({
      status: 200,
      body: { counts: [{ day: '2026-05-10', category: 'service-rating', records: 3 }], rules: ['T2'] },
    });
    expect(events).toMatchObject([{ draft: { data: { kind: 'aggregates', rules: ['T2'] } } }]);
  });

  it('looks at no record', async () => {
    const { looks } = await hotelOfViews();
    expect(await looks(at('supervisor'), GUEST)).toMatchObject({
      status: 403,
      body: { verdict: { reasons: ['supervisor-sees-aggregates-only'] } },
    });
  });
});
