import { describe, expect, it } from '@jest/globals';
import { requestDigest } from '../../../shared/domain/request-digest.ts';
import { readScope } from '../../../shared/facts/scope-object.ts';
import { askedRetrieval, idOf, PHONE, WECOM_CLERK } from '../../fakes/asked-retrieval.ts';
import { mortalProcess } from '../../fakes/killed-process.ts';
import { aCase } from '../../shared/policy/sample-cases.ts';
import { lawyer, NOON } from '../../shared/policy/staff.ts';

describe('check', () => {
  it('freezes the scope, computes the route and the request digest, and awaits approval', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer));
    const step = await world.check(requestId);
    const row = await world.row(requestId);
    expect(step).toEqual({
      version: 1,
      requestId,
      state: 'awaiting-approval',
      route: ['infosec-director', 'privacy-officer'],
    });
    expect(row).toMatchObject({
      scope: {
        ...{ conversations: 1, records: 3, guests: ['gst_1'], sensitive: 0 },
        media: { inCustody: 0, missing: 0 },
      },
      participants: [WECOM_CLERK.personId],
      deadline: new Date(NOON.getTime() + 24 * 3_600_000).toISOString(),
      verdict: { outcome: 'allow', rules: ['T7'] },
    });
    expect(row.requestDigest).toBe(requestDigest(row));
    expect((await readScope(world.evidence, row.scope?.digest ?? '')).records).toHaveLength(3);
  });

  it('keeps what it found for whoever decides: persons, cases about them, departments, earlier retrievals', async () => {
    const world = askedRetrieval();
    await world.cases.file(aCase('dispute', { department: 'spa' }), null, {
      at: NOON,
      actor: 'p_lawyer',
      data: {},
    });
    const requestId = idOf(await world.ask(lawyer));
    await world.check(requestId);
    expect((await world.row(requestId)).scope?.found).toMatchObject({
      guests: 1,
      records: 3,
      disputeElsewhere: false,
      disputeOrMajorComplaint: true,
      departments: [WECOM_CLERK.department],
      retrievals: 0,
    });
  });

  it('refuses a matter that is on file as closed, and none that isn’t on file', async () => {
    const world = askedRetrieval();
    const matter = aCase('matter', { reference: 'M-9', closedAt: '2026-06-01T00:00:00.000Z' });
    await world.cases.file(matter, null, { at: NOON, actor: 'p_lawyer', data: {} });
    const closed = idOf(await world.ask(lawyer, { matter: 'M-9' }));
    await world.check(closed);
    expect(await world.row(closed)).toMatchObject({ state: 'refused', verdict: { rules: ['T7'] } });
    const other = idOf(await world.ask(lawyer, { matter: 'M-10' }));
    await world.check(other);
    expect(await world.row(other)).toMatchObject({ state: 'awaiting-approval' });
  });

  it('asks for what was asked for alone: hotel, platform, category, time', async () => {
    const world = askedRetrieval();
    world.ingest('other-hotel', [{ at: '2026-05-11T09:00:00Z' }], { hotel: 'HGH02' });
    world.ingest('other-platform', [{ at: '2026-05-11T09:00:00Z' }], { platform: 'internal' });
    world.ingest('other-category', [{ at: '2026-05-11T09:00:00Z', category: 'dispute' }]);
    world.ingest('other-guest', [{ at: '2026-05-11T09:00:00Z' }], { guestId: 'gst_2' });
    world.ingest('at-the-edges', [
      { at: '2026-04-30T15:59:59.999Z' },
      { at: '2026-04-30T16:00:00.000Z' },
      { at: '2026-05-31T15:59:59.000Z' },
      { at: '2026-05-31T15:59:59.001Z' },
    ]);
    const requestId = idOf(await world.ask(lawyer));
    await world.check(requestId);
    expect((await world.row(requestId)).scope?.records).toBe(3 + 2);
  });

  it('finds what was pushed and not sealed yet; what could not be sealed in time is out of scope, and said', async () => {
    const world = askedRetrieval();
    const asked: string[][] = [];
    world.waiting.seal = (guests) => {
      asked.push([...guests]);
      world.ingest('pushed just now', [{ at: '2026-05-11T09:00:00Z' }]);
      return { left: 2 };
    };
    const requestId = idOf(await world.ask(lawyer));
    await world.check(requestId);
    expect(asked).toEqual([['gst_1']]);
    expect((await world.row(requestId)).scope?.records).toBe(3 + 1);
    const events = await world.store.events(requestId);
    expect(events.at(-1)?.data).toMatchObject({ records: 4, waiting: 2 });
  });

  it('has the infosec director and legal agree, and raises an alarm, for fifty sensitive records (A9)', async () => {
    const world = askedRetrieval();
    const times = Array.from({ length: 50 }, (_, minute) => ({
      at: new Date(Date.parse('2026-05-11T09:00:00Z') + minute * 60_000).toISOString(),
      category: 'key-card' as const,
    }));
    world.ingest('doors', times);
    const asked = { categories: ['enquiry', 'key-card'], impactAssessment: 'PIA-3' };
    const refused = idOf(await world.ask(lawyer, asked));
    await world.check(refused);
    expect((await world.row(refused)).verdict?.reasons).toEqual(['necessity-not-stated']);
    world.done.length = 0;
    const requestId = idOf(await world.ask(lawyer, { ...asked, necessity: '核实当晚出入' }));
    expect(await world.check(requestId)).toMatchObject({ state: 'awaiting-approval' });
    expect((await world.row(requestId)).verdict?.rules).toEqual(['T7', 'A9']);
    expect(world.done).toEqual([{ what: 'many-or-sensitive', count: 1 }]);
  });

  it('searches for nothing where sensitive records alone are asked for without their necessity (R14)', async () => {
    const world = askedRetrieval();
    const requestId = idOf(
      await world.ask(lawyer, { categories: ['stay'], remarks: '必要:核实入住', impactAssessment: 'PIA-3' }),
    );
    world.waiting.seal = () => {
      throw new Error('it was searched');
    };
    expect(await world.check(requestId)).toMatchObject({ state: 'refused' });
    expect((await world.row(requestId)).verdict).toMatchObject({ rules: ['R14'] });
  });

  it.each([
    ['before the usual deadline', '2026-06-15T20:00:00.000Z', '2026-06-15T20:00:00.000Z'],
    ['after it', '2026-06-30T20:00:00.000Z', '2026-06-16T12:00:00.000Z'],
    ['over already', '2026-06-14T20:00:00.000Z', '2026-06-16T12:00:00.000Z'],
  ])(
    'has approvals due by an instrument’s date where that is sooner (A4): %s',
    async (_, dueAt, deadline) => {
      const world = askedRetrieval();
      const instrument = {
        type: 'court-order',
        number: 'HU-2026-7',
        authority: '某法院',
        validFrom: '2026-01-01T00:00:00Z',
        validUntil: '2026-12-31T00:00:00Z',
        officers: ['p_officer'],
        dueAt,
      };
      const requestId = idOf(await world.ask(lawyer, { instrument }));
      await world.check(requestId);
      expect(await world.row(requestId)).toMatchObject({ state: 'awaiting-approval', deadline });
    },
  );

  it('refuses a scope without records under R6, and writes no scope', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer, { categories: ['ai-service'] }));
    expect(await world.check(requestId)).toMatchObject({ state: 'refused', route: [] });
    expect((await world.row(requestId)).verdict).toMatchObject({ reasons: ['empty-scope'], rules: ['R6'] });
    expect(world.evidence.objects.size).toBe(0);
    expect(world.done).toEqual([{ what: 'refused', count: 1 }]);
  });

  it.each([
    [{ subject: null }, 'subject-missing'],
    [{ from: null }, 'time-range-missing'],
    [{ platforms: [] }, 'platform-missing'],
    [{ purpose: null }, 'purpose-missing'],
    [{ matter: null, ticket: 'T-1' }, 'legal-names-no-matter'],
  ])('refuses %j without searching', async (changes, reason) => {
    const world = askedRetrieval();
    world.records.guestsOf = async () => {
      throw new Error('searched');
    };
    const requestId = idOf(await world.ask(lawyer, changes));
    expect((await world.check(requestId)).state).toBe('refused');
    expect((await world.row(requestId)).verdict?.reasons).toContain(reason);
  });

  it('counts a record that lies in two blocks once', async () => {
    const world = askedRetrieval();
    world.ingest('first', [{ at: '2026-05-10T10:00:00Z' }, { at: '2026-05-10T10:05:00Z' }], {
      blockId: 'blk_again',
    });
    const requestId = idOf(await world.ask(lawyer));
    await world.check(requestId);
    expect((await world.row(requestId)).scope).toMatchObject({ records: 3, conversations: 1 });
  });

  it('gives the same scope wherever the records lie', async () => {
    const [one, other] = [askedRetrieval(), askedRetrieval()];
    other.records.rows.reverse();
    for (const row of other.records.rows) row.blockId = `moved_${row.blockId}`;
    const digests: (string | undefined)[] = [];
    for (const world of [one, other]) {
      const requestId = idOf(await world.ask(lawyer));
      await world.check(requestId);
      digests.push((await world.row(requestId)).scope?.digest);
    }
    expect(digests[0]).toBe(digests[1]);
  });

  it('says nothing personal in its event or its output', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer));
    const step = await world.check(requestId);
    const written = JSON.stringify([step, await world.store.events(requestId)]);
    for (const secret of [PHONE, '13800138000', 'gst_1', 'conversation-1'])
      expect(written).not.toContain(secret);
  });

  it('run twice changes nothing and answers the same', async () => {
    const world = askedRetrieval();
    const requestId = idOf(await world.ask(lawyer));
    const first = await world.check(requestId);
    const row = await world.row(requestId);
    world.ingest('later', [{ at: '2026-05-20T09:00:00Z' }]);
    expect(await world.check(requestId)).toEqual(first);
    expect(await world.row(requestId)).toEqual(row);
    expect(await world.store.events(requestId)).toHaveLength(2);
  });

  it('killed anywhere and run again, gives the same answer with one event', async () => {
    for (let effect = 0; effect < 5; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = askedRetrieval();
        const requestId = idOf(await world.ask(lawyer));
        await world.check(requestId, mortalProcess({ effect, when })).catch(() => undefined);
        expect((await world.check(requestId)).state).toBe('awaiting-approval');
        expect((await world.store.events(requestId)).map(({ type }) => type)).toEqual([
          'request-made',
          'request-checked',
        ]);
      }
    }
  });

  it('throws for a request that is not there', async () => {
    await expect(askedRetrieval().check('req_none')).rejects.toThrow('There is no request');
  });
});
