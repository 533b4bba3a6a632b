import { describe, expect, it } from '@jest/globals';
import { followStream, grantsStreamSchema } from '../../../functions/reconcile/follow-stream.ts';
import { type AskedRetrieval, askedRetrieval } from '../../fakes/asked-retrieval.ts';
import { brokenGlass } from '../../fakes/broken-glass.ts';
import { type Death, mortalProcess } from '../../fakes/killed-process.ts';
import { officer } from '../../shared/policy/staff.ts';

const MINUTE = 1 / 60;

/** What the stream brings where a notice's row was put, or deleted. */
function streamed(
  world: AskedRetrieval,
  requestId: string,
  { eventName = 'INSERT', dies }: { eventName?: string; dies?: Death } = {},
) {
  const record = {
    eventName,
    dynamodb: { Keys: { pk: { S: `NOTICES#${requestId}` }, sk: { S: 'NOTICE#x' } }, NewImage: {} },
  };
  return followStream(
    grantsStreamSchema.parse({ Records: [record, record] }),
    world.now.value,
    world.reconciling(dies === undefined ? undefined : mortalProcess(dies)),
  );
}

const kinds = (world: AskedRetrieval) => world.telling.told.map(({ kind }) => kind);

describe('a notice', () => {
  it('is due with the change that it tells of, and sent once the stream brings it', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    expect(await world.store.noticesDue(requestId)).toHaveLength(1);
    expect(world.telling.told).toEqual([]);
    expect(await streamed(world, requestId)).toEqual({ followed: 0, released: 0 });
    expect(world.telling.told).toMatchObject([
      { kind: 'request-awaiting-approval', requestId, roles: ['infosec-director', 'privacy-officer'] },
    ]);
    expect(await world.store.noticesDue(requestId)).toEqual([]);
    await streamed(world, requestId, { eventName: 'REMOVE' });
    world.wait(1);
    await world.sweep();
    expect(kinds(world)).toEqual(['request-awaiting-approval']);
  });

  it('is left to the stream for a minute, then sent by the sweep', async () => {
    const world = askedRetrieval();
    await world.awaiting();
    expect((await world.sweep()).counts['noticesSent']).toBe(0);
    world.wait(MINUTE);
    expect((await world.sweep()).counts['noticesSent']).toBe(1);
    expect((await world.sweep()).counts['noticesSent']).toBe(0);
    expect(kinds(world)).toEqual(['request-awaiting-approval']);
  });

  it('reminds the roles that are missing at half time, and nobody twice (A4)', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    await streamed(world, requestId);
    await world.decide(requestId, officer, 'approve');
    world.wait(12);
    await Promise.all([world.sweep(), world.sweep()]);
    await streamed(world, requestId);
    world.wait(1);
    await world.sweep();
    expect(world.telling.told.slice(1)).toMatchObject([
      {
        kind: 'approval-reminder',
        roles: ['infosec-director'],
        deadline: (await world.row(requestId)).deadline,
      },
    ]);
  });

  it('is sent at least once wherever reconcile is killed, twice at most, and then no longer due', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let effect = 0; effect < 4; effect += 1) {
        const world = askedRetrieval();
        const requestId = await world.awaiting();
        await streamed(world, requestId, { dies: { effect, when } });
        world.wait(MINUTE);
        await world.sweep();
        const { told } = world.telling;
        expect({ effect, when, enough: told.length >= 1 && told.length <= 2 }).toMatchObject({
          enough: true,
        });
        expect(await world.store.noticesDue(requestId)).toEqual([]);
      }
    }
  });

  it('of a reminder is sent wherever the sweep that noted it was killed', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let effect = 0; effect < 12; effect += 1) {
        const world = askedRetrieval();
        const requestId = await world.awaiting();
        await streamed(world, requestId);
        world.wait(12);
        await world.sweep(mortalProcess({ effect, when })).catch(() => undefined);
        await world.sweep();
        world.wait(MINUTE);
        await world.sweep();
        expect(kinds(world).filter((kind) => kind === 'approval-reminder').length).toBeGreaterThanOrEqual(1);
        expect(await world.store.noticesDue(requestId)).toEqual([]);
      }
    }
  });

  it('that the channel doesn’t take fails no sweep and holds up no lapse; it is reported, stays due and goes out later', async () => {
    const world = askedRetrieval();
    const requestId = await world.awaiting();
    world.telling.channel.works = false;
    await streamed(world, requestId);
    expect(world.telling.failures.length).toBeGreaterThan(0);
    expect(world.errors).toEqual([]);
    world.wait(24);
    const swept = await world.sweep();
    expect(swept.failures).toEqual([]);
    expect((await world.row(requestId)).state).toBe('lapsed');
    expect(await world.store.noticesDue(requestId)).toHaveLength(1);
    world.telling.channel.works = true;
    await world.sweep();
    expect(kinds(world)).toEqual(['request-awaiting-approval']);
    expect(await world.store.noticesDue(requestId)).toEqual([]);
  });

  it('that the channel doesn’t take keeps no other from going out', async () => {
    const world = askedRetrieval();
    const [first, second] = [await world.awaiting(), await world.awaiting({ matter: 'M-2026-015' })];
    const { tell } = world.telling.notices;
    world.telling.notices.tell = async (notice) => {
      if (notice.requestId === first) throw new Error('this one alone');
      return tell(notice);
    };
    world.wait(MINUTE);
    await world.sweep();
    expect(world.telling.told.map(({ requestId }) => requestId)).toEqual([second]);
  });
});

describe('break-glass (L5)', () => {
  it('tells internal audit when it is opened, the roles that must follow, and whom an incident concerns', async () => {
    const world = await brokenGlass();
    await world.decide(officer);
    world.wait(1);
    await world.sweep();
    expect(world.told.map(({ kind, roles }) => [kind, ...roles])).toEqual([
      ['emergency-opened', 'internal-audit'],
      ['request-awaiting-approval', 'infosec-director', 'legal'],
    ]);
    world.wait(24 * 60);
    await world.sweep();
    world.wait(1);
    await world.sweep();
    expect(world.told.slice(2)).toMatchObject([
      { kind: 'emergency-unfinished', roles: ['internal-audit', 'infosec-director', 'privacy-officer'] },
    ]);
  });

  it('tells of an incident too where a person revoked it', async () => {
    const world = await brokenGlass();
    await world.decide(officer);
    await world.end(officer, 'revoke');
    world.wait(1);
    await world.sweep();
    expect(world.told.map(({ kind }) => kind)).toContain('emergency-unfinished');
  });
});
