import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { grantStore } from '../../../shared/aws/grant-store.ts';
import { retrievalCounts } from '../../../shared/aws/retrieval-counts.ts';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import { retrievalKey, retrievalMonths } from '../../../shared/domain/retrieval-count.ts';
import { retrievalFacts } from '../../../shared/facts/retrieval-facts.ts';
import type { GrantStore } from '../../../shared/ports/grant-store.ts';
import type { RetrievalCounts } from '../../../shared/ports/retrieval-counts.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { approved, NOON, request } from '../policy/staff.ts';

const PLACES = [
  { code: 'SHA01', zone: 'Asia/Shanghai' },
  { code: 'FRA01', zone: 'Europe/Berlin' },
];
const MOST = 3;

/** The grants table on a DynamoDB in memory, where each process has a client of its own. */
function tables() {
  const aws = inMemoryAws();
  const { dynamo } = aws.aProcess();
  return {
    store: grantStore('grants', dynamo, custodyLog('events', dynamo)),
    counts: retrievalCounts('grants', dynamo),
  };
}

/** A retrieval that was approved and waits to be provisioned; its guests' persons are those of `linked`. */
async function waiting(store: GrantStore, requestId: string, changes: Partial<AccessGrant> = {}) {
  const { chain: _chain, version: _version, ...asked } = approved({ requestId, ...changes });
  return store.create(asked, { at: NOON, actor: 'p_lawyer', data: {} });
}

/** What provision does of it: reads the counters, decides, grants with the reservation; reads again where it came late. */
async function grant(
  row: AccessGrant,
  guests: string[],
  { store, counts }: { store: GrantStore; counts: RetrievalCounts },
  { now = NOON, linked = [] }: { now?: Date; linked?: string[][] } = {},
): Promise<'granted' | 'refused'> {
  const people = peopleOf(guests, linked);
  for (;;) {
    const { retrievals, reservation } = await retrievalFacts(row, people, { counts, places: PLACES, now });
    if (retrievals >= MOST) return 'refused';
    const event = { at: now, actor: 'function:provision', data: {} };
    const moved = await store.provision(row, {}, event, reservation);
    if (moved.outcome === 'moved') return 'granted';
  }
}

function peopleOf(guests: string[], linked: string[][]) {
  const persons = guests.map((guestId) => linked.find((ids) => ids.includes(guestId)) ?? [guestId]);
  return [...new Set(persons)].map((ids) => ({ ids, inScope: ids.filter((id) => guests.includes(id)) }));
}

const T3 = { requesterRole: 'infosec-director' as const, matter: null, ticket: 'T-1' };

describe('a retrieval counts', () => {
  it('by its request; under T7 by its matter, under T12 by its instrument', () => {
    expect(retrievalKey(request({ ...T3, instrumentNumber: 'I-1' }))).toBe('request/req_1');
    expect(retrievalKey(request())).toBe('matter/M-2026-014');
    expect(retrievalKey(request({ matter: ' m-2026-014' }))).toBe('matter/M-2026-014');
    expect(retrievalKey(request({ requesterRole: 'liaison', instrumentNumber: 'I-1' }))).toBe(
      'instrument/I-1',
    );
  });

  it('not at all as break-glass, as a guest’s own access, of a cohort or of the system’s records', () => {
    expect(retrievalKey(request({ emergency: true }))).toBeNull();
    expect(retrievalKey(request({ requesterRole: 'guest' }))).toBeNull();
    expect(retrievalKey(request({ subjectKind: 'cohort' }))).toBeNull();
    expect(retrievalKey(request({ subjectKind: 'system' }))).toBeNull();
  });
});

describe('the month in which it counts', () => {
  const months = (time: string, ...hotels: string[]) => retrievalMonths(new Date(time), hotels, PLACES);

  it('is the hotel’s own, to the second', () => {
    expect(months('2026-06-30T15:59:59.999Z', 'SHA01')).toEqual(['2026-06']);
    expect(months('2026-06-30T16:00:00.000Z', 'SHA01')).toEqual(['2026-07']);
    // Summer time in Berlin, and winter time.
    expect(months('2026-06-30T21:59:59.999Z', 'FRA01')).toEqual(['2026-06']);
    expect(months('2026-06-30T22:00:00.000Z', 'FRA01')).toEqual(['2026-07']);
    expect(months('2026-10-31T22:59:59.999Z', 'FRA01')).toEqual(['2026-10']);
    expect(months('2026-10-31T23:00:00.000Z', 'FRA01')).toEqual(['2026-11']);
  });

  it('is where the clocks change still one: 25 and 23 hours belong to their day', () => {
    expect(months('2026-03-29T00:59:59.000Z', 'FRA01')).toEqual(['2026-03']);
    expect(months('2026-03-31T21:59:59.999Z', 'FRA01')).toEqual(['2026-03']);
    expect(months('2026-03-31T22:00:00.000Z', 'FRA01')).toEqual(['2026-04']);
    expect(months('2026-10-25T01:30:00.000Z', 'FRA01')).toEqual(['2026-10']);
  });

  it('is both where hotels of two zones are asked for between their month’s ends', () => {
    expect(months('2026-06-30T18:00:00.000Z', 'SHA01', 'FRA01')).toEqual(['2026-06', '2026-07']);
    expect(months('2026-06-15T18:00:00.000Z', 'SHA01', 'FRA01')).toEqual(['2026-06']);
  });

  it('is the calendar’s of its zone, whatever the instant', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        fc.constantFrom(...PLACES),
        (now, { code, zone }) => {
          const [month] = retrievalMonths(now, [code], PLACES);
          const parts = new Intl.DateTimeFormat('en-CA', {
            timeZone: zone,
            year: 'numeric',
            month: '2-digit',
          });
          expect(month).toBe(parts.format(now).slice(0, 7));
        },
      ),
    );
  });
});

describe('granted retrievals of one guest by one requester', () => {
  it('are three in a month; the fourth is refused, and the next month begins anew', async () => {
    const world = tables();
    const outcomes = [];
    for (const number of [1, 2, 3, 4]) {
      const row = await waiting(world.store, `req_${number}`, T3);
      outcomes.push(await grant(row, ['gst_1'], world));
    }
    expect(outcomes).toEqual(['granted', 'granted', 'granted', 'refused']);
    const other = await waiting(world.store, 'req_5', T3);
    expect(await grant(other, ['gst_2'], world)).toBe('granted');
    const next = await waiting(world.store, 'req_6', T3);
    expect(await grant(next, ['gst_1'], world, { now: new Date('2026-06-30T15:59:59.999Z') })).toBe(
      'refused',
    );
    expect(await grant(next, ['gst_1'], world, { now: new Date('2026-06-30T16:00:00.000Z') })).toBe(
      'granted',
    );
  });

  it('of one matter count once, however many there are', async () => {
    const world = tables();
    for (const number of [1, 2, 3, 4, 5]) {
      expect(await grant(await waiting(world.store, `req_${number}`), ['gst_1'], world)).toBe('granted');
    }
    for (const matter of ['M-2', 'M-3']) {
      const row = await waiting(world.store, `req_${matter.slice(2)}0`, { matter });
      expect(await grant(row, ['gst_1'], world)).toBe('granted');
    }
    const fourth = await waiting(world.store, 'req_40', { matter: 'M-4' });
    expect(await grant(fourth, ['gst_1'], world)).toBe('refused');
    // One that was counted already goes on.
    expect(await grant(await waiting(world.store, 'req_41', { matter: 'M-3' }), ['gst_1'], world)).toBe(
      'granted',
    );
  });

  it('are those of all identifiers together once they are linked, and stay counted when they are taken apart', async () => {
    const world = tables();
    for (const [number, guest] of [
      ['1', 'gst_1'],
      ['2', 'gst_1'],
      ['3', 'gst_2'],
    ] as const) {
      expect(await grant(await waiting(world.store, `req_${number}`, T3), [guest], world)).toBe('granted');
    }
    const linked = [['gst_1', 'gst_2']];
    const fourth = await waiting(world.store, 'req_4', T3);
    expect(await grant(fourth, ['gst_2'], world, { linked })).toBe('refused');
    // While they were one, what was granted was written under each.
    const third = tables();
    for (const number of [1, 2, 3]) {
      const row = await waiting(third.store, `req_${number}`, T3);
      expect(await grant(row, ['gst_1'], third, { linked })).toBe('granted');
    }
    const apart = await waiting(third.store, 'req_4', T3);
    expect(await grant(apart, ['gst_2'], third)).toBe('refused');
    expect(await grant(apart, ['gst_1'], third)).toBe('refused');
  });

  it('are two more beside one on record, though four are granted at one time', async () => {
    const world = tables();
    expect(await grant(await waiting(world.store, 'req_0', T3), ['gst_1'], world)).toBe('granted');
    const rows = await Promise.all([1, 2, 3, 4].map((number) => waiting(world.store, `req_${number}`, T3)));
    const outcomes = await Promise.all(rows.map((row) => grant(row, ['gst_1'], world)));
    expect(outcomes.sort()).toEqual(['granted', 'granted', 'refused', 'refused']);
    const [counted] = await world.counts.read('p_lawyer', ['gst_1'], ['2026-06']);
    expect(counted).toMatchObject({ version: 3 });
    expect(counted?.keys).toHaveLength(MOST);
  });

  it('are never four and never lost, however many are granted at one time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            matter: fc.constantFrom(null, 'M-1', 'M-2', 'M-3', 'M-4'),
            guests: fc.uniqueArray(fc.constantFrom('gst_1', 'gst_2', 'gst_3'), {
              minLength: 1,
              maxLength: 3,
            }),
            requester: fc.constantFrom('p_lawyer', 'p_other'),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        fc.boolean(),
        async (asked, areLinked) => {
          const world = tables();
          const linked = areLinked ? [['gst_1', 'gst_2']] : [];
          const rows = await Promise.all(
            asked.map(({ matter, requester }, number) =>
              waiting(world.store, `req_${number}`, {
                requester,
                ...(matter === null ? T3 : { matter }),
              }),
            ),
          );
          const outcomes = await Promise.all(
            rows.map((row, number) => grant(row, asked[number]?.guests ?? [], world, { linked })),
          );
          for (const requester of ['p_lawyer', 'p_other']) {
            for (const person of peopleOf(['gst_1', 'gst_2', 'gst_3'], linked)) {
              const granted = rows.filter(
                (row, number) =>
                  outcomes[number] === 'granted' &&
                  row.requester === requester &&
                  asked[number]?.guests.some((guestId) => person.ids.includes(guestId)),
              );
              const keys = new Set(granted.map(retrievalKey));
              expect(keys.size).toBeLessThanOrEqual(MOST);
              for (const guestId of person.ids) {
                const [counted] = await world.counts.read(requester, [guestId], ['2026-06']);
                expect(new Set(counted?.keys)).toEqual(keys);
              }
            }
          }
          // Whoever was refused had met three others.
          for (const [number, row] of rows.entries()) {
            if (outcomes[number] === 'granted') continue;
            const people = peopleOf(asked[number]?.guests ?? [], linked);
            const { retrievals } = await retrievalFacts(row, people, {
              counts: world.counts,
              places: PLACES,
              now: NOON,
            });
            expect(retrievals).toBe(MOST);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
