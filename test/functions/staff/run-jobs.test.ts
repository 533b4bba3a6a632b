import { describe, expect, it } from '@jest/globals';
import { runJobs } from '../../../functions/staff/run-jobs.ts';
import { confirmChange, rejectChange, showChange } from '../../../functions/staff/settle-change.ts';
import { showImport } from '../../../functions/staff/show-import.ts';
import { showPerson } from '../../../functions/staff/show-person.ts';
import { newConduct } from '../../../shared/domain/conduct.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { type Death, everyDeath, KilledError } from '../../fakes/killed-process.ts';
import { NOON } from '../../shared/policy/staff.ts';
import { clerk, director, head, headquarters, officer, staffWorld } from './staff-world.ts';

type World = Awaited<ReturnType<typeof staffWorld>>;

const people = (...list: object[]) => JSON.stringify({ people: list });

async function imported(world: World, ...list: object[]) {
  const importId = await world.uploaded(people(...list));
  await runJobs(world.aProcess());
  const row = await world.aProcess().changes.readImport(importId);
  if (row === null) throw new Error('the import is gone');
  return row;
}
async function entryOf(world: World, personId: string) {
  const entry = (await world.aProcess().changes.entries([personId])).get(personId)?.entry;
  if (entry === undefined) throw new Error(`${personId} is not there`);
  return entry;
}
/** A second person confirms; the work that this makes is still to be done. */
async function confirming(world: World, actor: Person, changeId = '') {
  const call = { actor, changeId, body: { reason: 'as agreed' }, now: NOON };
  return confirmChange(call, world.aProcess());
}
async function confirmedBy(world: World, actor: Person, changeId = '') {
  const answer = await confirming(world, actor, changeId);
  await runJobs(world.aProcess());
  return answer;
}
/** A file of these people whose first change a second person confirms. */
async function agreed(world: World, actor: Person, ...list: object[]) {
  const [changeId] = (await imported(world, ...list)).changes;
  return confirmedBy(world, actor, changeId);
}
/** A process that may take over what a dead one held: its lease is over. */
const afterLease = (world: World) => ({
  ...world.aProcess(),
  clock: () => new Date(NOON.getTime() + 120_000),
});
/** Kills the work of a world at each of its effects, each time in another one; `look` sees what is left. */
async function killedAnywhere(
  prepared: () => Promise<World>,
  look: (world: World, death: Death) => Promise<void>,
) {
  const counting = (await prepared()).aProcess();
  await runJobs(counting);
  expect(counting.effects()).toBeGreaterThan(0);
  for (const death of everyDeath(counting.effects())) {
    const world = await prepared();
    await expect(runJobs(world.aProcess(death))).rejects.toThrow(KilledError);
    await look(world, death);
  }
}
/** Somebody new. */
const LI = { username: 'li', displayName: '李', department: '前厅部', hotel: 'SHA01' };
const reasonsOf = (answer: { body: object }) => JSON.stringify(answer.body);

describe('a directory file', () => {
  it('takes away at once, and changes what is neutral', async () => {
    const world = await staffWorld();
    const row = await imported(world, { username: 'clerk', legalEntity: 'E1', roles: [], active: false });
    expect(row).toMatchObject({ state: 'done', people: 1, changed: 1, waiting: 0, changes: [] });
    const { person } = await entryOf(world, 'p_clerk');
    expect(person).toMatchObject({ legalEntity: 'E1', roles: [], active: false });
  });

  it('gives nobody another’s name before a second person agrees', async () => {
    const world = await staffWorld();
    const row = await imported(world, { personId: 'p_clerk', username: 'clerk2', displayName: '新名' });
    expect(row).toMatchObject({ state: 'done', changed: 0, waiting: 1 });
    expect((await entryOf(world, 'p_clerk')).person).toMatchObject({
      username: 'clerk',
      displayName: 'clerk',
    });
    await confirmedBy(world, headquarters, row.changes[0]);
    expect((await entryOf(world, 'p_clerk')).person).toMatchObject({
      username: 'clerk2',
      displayName: '新名',
    });
  });

  it('shows somebody new as not active yet, with the change that waits for a second person', async () => {
    const world = await staffWorld();
    const row = await imported(world, { ...LI, active: true });
    const user = (await world.aProcess().changes.byUsername(['li'])).get('li') ?? '';
    const shown = async () => {
      const parts = { ...world.aProcess(), conduct: { read: async (id: string) => newConduct(id) } };
      return (await showPerson({ actor: director, user, now: NOON }, parts)).body;
    };
    expect(await shown()).toMatchObject({ active: false, awaits: row.changes[0] });
    await confirmedBy(world, headquarters, row.changes[0]);
    expect(await shown()).toMatchObject({ active: true, awaits: null });
  });

  it('waits for a second person with what gives more, and gives it from the confirmation on, by both', async () => {
    const world = await staffWorld();
    const row = await imported(world, {
      username: 'clerk',
      legalEntity: 'E1',
      roles: [{ role: 'legal', hotels: '*' }],
    });
    expect(row).toMatchObject({ state: 'done', changed: 0, waiting: 1 });
    const before = await entryOf(world, 'p_clerk');
    expect(before.person).toMatchObject({ legalEntity: 'E1', roles: [] });
    // Whoever confirms is told what it gives, and no deputyship that nobody gets; people by their names.
    const call = { actor: headquarters, changeId: row.changes[0] ?? '', now: NOON };
    const { body } = await showChange(call, world.aProcess());
    expect(body).toMatchObject({
      gives: ['roles'],
      names: { p_clerk: { username: 'clerk', displayName: 'clerk' }, p_director: { username: 'director' } },
    });
    const answer = await confirmedBy(world, headquarters, row.changes[0]);
    expect(answer.status).toBe(202);
    const { person } = await entryOf(world, 'p_clerk');
    expect(person.roles).toEqual([
      {
        role: 'legal',
        hotels: '*',
        grantedBy: 'p_director',
        confirmedBy: 'p_headquarters',
        since: NOON.toISOString(),
      },
    ]);
    expect((await world.aProcess().directory.byId('p_clerk'))?.roles).toHaveLength(1);
  });

  it('keeps who brought what else it gives: the exam, the login, clients that were given before (A1)', async () => {
    const world = await staffWorld();
    const exam = '2026-06-01T00:00:00.000Z';
    await agreed(world, headquarters, { username: 'clerk', exam, accounts: ['wecom:a'] });
    const both = ['p_director', 'p_headquarters'];
    expect((await entryOf(world, 'p_clerk')).person.givenBy).toEqual({ exam: both, accounts: both });
    // What takes away is brought by nobody, and washes nobody off.
    await imported(world, { username: 'clerk', legalEntity: 'E2' });
    await agreed(world, officer, { username: 'clerk', accounts: ['wecom:a', 'wecom:b'] });
    const { givenBy } = (await entryOf(world, 'p_clerk')).person;
    expect(givenBy).toEqual({ exam: both, accounts: [...both, 'p_officer'] });
  });

  it('keeps by whom, and when, somebody was let act: by the login, by being active again, by another name (A1)', async () => {
    const enablers = async (world: World) => (await entryOf(world, 'p_clerk')).person.enablers;
    for (const change of [
      { displayName: '另一位' },
      { accounts: ['wecom:a'] },
      { subject: 'sub-of-another' },
    ]) {
      const world = await staffWorld();
      const row = await imported(world, { username: 'clerk', ...change });
      expect(await enablers(world)).toEqual({});
      await confirmedBy(world, headquarters, row.changes[0]);
      const at = [NOON.toISOString()];
      expect(await enablers(world)).toEqual({ p_director: at, p_headquarters: at });
      expect((await world.aProcess().directory.byId('p_clerk'))?.enablers).toEqual(await enablers(world));
      // Whatever others make of the same field afterwards.
      await agreed(world, officer, { username: 'clerk', displayName: '第三位' });
      expect(await enablers(world)).toEqual({ p_director: at, p_headquarters: at, p_officer: at });
    }
  });

  it('keeps nobody as having let somebody act by the exam, or by what takes away', async () => {
    const world = await staffWorld();
    await agreed(world, headquarters, { username: 'clerk', exam: '2026-06-01T00:00:00.000Z' });
    await imported(world, { username: 'clerk', active: false });
    expect((await entryOf(world, 'p_clerk')).person.enablers).toEqual({});
  });

  it('is confirmed by nobody in the proposer’s role, by no proposer and by nobody concerned', async () => {
    const world = await staffWorld();
    const row = await imported(
      world,
      {
        username: 'officer',
        shifts: [{ hotel: 'SHA01', from: '2026-06-16T08:00', to: '2026-06-16T16:00', zone: 'Asia/Shanghai' }],
      },
      { username: 'clerk', roles: [{ role: 'agent', hotels: ['SHA01'] }] },
    );
    // Whoever confirms changes has one of their own, so that it never stands in the way of others'.
    expect(row.changes).toHaveLength(2);
    const twin = { ...director, personId: 'p_twin', username: 'twin' };
    const [own = '', others = ''] = row.changes;
    expect(reasonsOf(await confirmedBy(world, director, others))).toContain(
      'change-confirmed-by-its-proposer',
    );
    expect(reasonsOf(await confirmedBy(world, twin, others))).toContain(
      'change-confirmed-in-its-proposers-role',
    );
    expect(reasonsOf(await confirmedBy(world, officer, own))).toContain('directory-change-about-oneself');
    expect(reasonsOf(await confirmedBy(world, clerk, others))).toContain('may-not-confirm');
    expect((await confirmedBy(world, officer, others)).status).toBe(202);
    expect((await entryOf(world, 'p_officer')).shifts).toEqual([]);
    expect((await confirmedBy(world, headquarters, own)).status).toBe(202);
    expect((await entryOf(world, 'p_officer')).shifts).toEqual([
      { hotel: 'SHA01', from: '2026-06-16T00:00:00.000Z', to: '2026-06-16T08:00:00.000Z' },
    ]);
  });

  it('is refused whole where it gives its own importer more', async () => {
    const world = await staffWorld();
    const row = await imported(
      world,
      {
        username: 'director',
        roles: [
          { role: 'infosec-director', hotels: '*' },
          { role: 'legal', hotels: '*' },
        ],
      },
      { username: 'clerk', active: false },
    );
    expect(row).toMatchObject({ state: 'refused', verdict: { reasons: ['directory-change-about-oneself'] } });
    expect((await entryOf(world, 'p_clerk')).person.active).toBe(true);
  });

  it('is refused whole with the line of every fault, and leaves what was in force', async () => {
    const world = await staffWorld();
    const importId = await world.uploaded(
      'username,displayName,manager,roles\nclerk,新名,boss,owner@SHA01\nhead,x,nobody1,\n',
      'csv',
    );
    await runJobs(world.aProcess());
    const row = await world.aProcess().changes.readImport(importId);
    expect(row).toMatchObject({
      state: 'refused',
      faults: [
        { line: 2, field: 'roles.0.role', code: 'unknown-role' },
        { line: 3, field: 'manager', code: 'unknown-person' },
      ],
    });
    expect((await entryOf(world, 'p_clerk')).person.displayName).toBe('clerk');
    expect(world.files.size).toBe(0);
  });

  it('comes to nothing where it is rejected', async () => {
    const world = await staffWorld();
    const row = await imported(world, { username: 'clerk', exam: '2026-06-01T00:00:00Z', training: null });
    const [changeId = ''] = row.changes;
    const call = { actor: officer, changeId, body: { reason: 'not passed' }, now: NOON };
    expect((await rejectChange(call, world.aProcess())).status).toBe(200);
    expect((await confirmedBy(world, headquarters, changeId)).status).toBe(409);
    expect((await entryOf(world, 'p_clerk')).person.training).toEqual({
      system: null,
      exam: clerk.training.exam,
    });
  });

  it('leaves out what was changed since it was proposed', async () => {
    const world = await staffWorld();
    const first = await imported(world, {
      username: 'clerk',
      roles: [
        { role: 'front-desk', hotels: '*' },
        { role: 'agent', hotels: '*' },
      ],
    });
    await imported(world, { username: 'clerk', roles: [] });
    await confirmedBy(world, headquarters, first.changes[0]);
    expect((await entryOf(world, 'p_clerk')).person.roles).toEqual([]);
    const change = await world.aProcess().waiting.read(first.changes[0] ?? '');
    expect(change?.change).toMatchObject({ state: 'confirmed', left: 1 });
  });

  describe('of whom somebody can’t be written any more', () => {
    const renamed = (username: string) => ({ personId: 'p_clerk', username, displayName: '新名' });
    const eventsOf = (world: World, type: string) =>
      world.events().filter((event) => event.type === type && event.data['code'] !== undefined);

    /** A change that renames the clerk and gives the head more, confirmed after somebody else came by that name. */
    async function confirmedTooLate() {
      const world = await staffWorld();
      const row = await imported(world, renamed('li'), {
        username: 'head',
        roles: [
          { role: 'department-head', hotels: '*' },
          { role: 'agent', hotels: '*' },
        ],
      });
      await imported(world, LI);
      const [changeId = ''] = row.changes;
      await confirmedBy(world, headquarters, changeId);
      return { world, changeId };
    }

    it('a confirmed change fails for that person with the reason, and the rest is in force', async () => {
      const { world, changeId } = await confirmedTooLate();
      expect((await entryOf(world, 'p_clerk')).person.username).toBe('clerk');
      expect((await entryOf(world, 'p_head')).person.roles.map(({ role }) => role)).toContain('agent');
      const call = { actor: headquarters, changeId, now: NOON };
      expect((await showChange(call, world.aProcess())).body).toMatchObject({
        state: 'confirmed',
        failed: 1,
        failures: [{ personId: 'p_clerk', username: 'li', field: 'username', code: 'username-of-another' }],
      });
    });

    it('says so in one event without a name', async () => {
      const { world, changeId } = await confirmedTooLate();
      expect(eventsOf(world, 'directory-person-failed')).toEqual([
        expect.objectContaining({
          subject: 'directory/p_clerk',
          actor: 'p_headquarters',
          data: { cause: changeId, field: 'username', code: 'username-of-another' },
        }),
      ]);
    });

    it('the queue goes on with what came after', async () => {
      const { world } = await confirmedTooLate();
      expect(await world.aProcess().changes.jobs()).toEqual([]);
      expect(await imported(world, { username: 'clerk', legalEntity: 'E9' })).toMatchObject({
        state: 'done',
      });
      expect((await entryOf(world, 'p_clerk')).person.legalEntity).toBe('E9');
    });

    it('a login that became another’s fails alike', async () => {
      const world = await staffWorld();
      const row = await imported(world, { username: 'clerk', subject: 'sub-li' });
      await agreed(world, officer, { username: 'boss', subject: 'sub-li' });
      const [changeId = ''] = row.changes;
      await confirmedBy(world, headquarters, changeId);
      const call = { actor: headquarters, changeId, now: NOON };
      expect((await showChange(call, world.aProcess())).body).toMatchObject({
        failures: [{ personId: 'p_clerk', field: 'login', code: 'login-of-another' }],
      });
    });

    it('an import fails for somebody new whose name was taken since it was read, and for whoever comes under them', async () => {
      const world = await staffWorld();
      const newcomer = { department: '前厅部', hotel: 'SHA01', displayName: '新' };
      const importId = await world.uploaded(
        people(
          { ...newcomer, username: 'wang', manager: 'head' },
          { ...newcomer, username: 'li', manager: 'wang' },
          { username: 'clerk', legalEntity: 'E3' },
        ),
      );
      // Read, and stopped before anything was written.
      await runJobs({ ...world.aProcess(), hasTime: () => false });
      await world.entered({ ...clerk, personId: 'p_other', username: 'wang' });
      await runJobs(world.aProcess());
      const call = { actor: director, importId };
      expect((await showImport(call, world.aProcess())).body).toMatchObject({
        state: 'done',
        changed: 1,
        failed: [
          { username: 'wang', field: 'username', code: 'username-of-another' },
          { username: 'li', field: 'manager', code: 'unknown-person' },
        ],
      });
      expect((await entryOf(world, 'p_clerk')).person.legalEntity).toBe('E3');
      expect([...(await world.aProcess().changes.byUsername(['li', 'wang'])).values()]).toEqual(['p_other']);
    });

    it('killed at any effect and run again it says so once', async () => {
      const prepared = async () => {
        const world = await staffWorld();
        const row = await imported(world, renamed('li'));
        await imported(world, LI);
        await confirming(world, headquarters, row.changes[0]);
        return world;
      };
      await killedAnywhere(prepared, async (world, death) => {
        await runJobs(afterLease(world));
        const said = eventsOf(world, 'directory-person-failed').length;
        expect({ ...death, said }).toEqual({ ...death, said: 1 });
        expect(await world.aProcess().changes.jobs()).toEqual([]);
      });
    });
  });

  it('keeps who stands above everybody, for those below as well', async () => {
    const world = await staffWorld();
    expect((await entryOf(world, 'p_clerk')).superiors).toEqual(['p_head', 'p_boss']);
    await imported(world, { username: 'boss', manager: 'headquarters' });
    expect((await entryOf(world, 'p_clerk')).superiors).toEqual(['p_head', 'p_boss', 'p_headquarters']);
    const away = await imported(world, { username: 'head', manager: null });
    // Losing a superior gives more.
    expect(away.waiting).toBe(1);
    expect((await entryOf(world, 'p_clerk')).superiors).toEqual(['p_head', 'p_boss', 'p_headquarters']);
    await confirmedBy(world, officer, away.changes[0]);
    expect((await entryOf(world, 'p_clerk')).superiors).toEqual(['p_head']);
    const read = await world.aProcess().directory.peopleWithSuperiors(['p_clerk', 'p_gone']);
    expect([...read].map(([id, { superiors }]) => [id, superiors])).toEqual([['p_clerk', ['p_head']]]);
  });

  describe('by which somebody is no longer under one of their superiors', () => {
    const CONFIRMED = NOON.toISOString();
    const lostBy = async (world: World, personId: string) =>
      (await entryOf(world, personId)).person.lostSuperiors;

    it('keeps whom and since when, from the confirmation on, for the person themselves (A1)', async () => {
      const world = await staffWorld();
      const row = await imported(world, { username: 'clerk', manager: null });
      expect(await lostBy(world, 'p_clerk')).toEqual({});
      await confirmedBy(world, officer, row.changes[0]);
      const lost = { p_head: [CONFIRMED], p_boss: [CONFIRMED] };
      expect(await lostBy(world, 'p_clerk')).toEqual(lost);
      expect((await world.aProcess().directory.byId('p_clerk'))?.lostSuperiors).toEqual(lost);
      // Nobody is washed off by coming under somebody again.
      await imported(world, { username: 'clerk', manager: 'head' });
      expect(await lostBy(world, 'p_clerk')).toEqual(lost);
    });

    it('keeps it for everybody below whom they take along (A1)', async () => {
      const world = await staffWorld();
      await agreed(world, headquarters, { username: 'head', manager: 'officer' });
      expect((await entryOf(world, 'p_clerk')).superiors).toEqual(['p_head', 'p_officer']);
      expect(await lostBy(world, 'p_head')).toEqual({ p_boss: [CONFIRMED] });
      expect(await lostBy(world, 'p_clerk')).toEqual({ p_boss: [CONFIRMED] });
      expect(await lostBy(world, 'p_boss')).toEqual({});
    });

    it('keeps nothing of whoever only comes under more people', async () => {
      const world = await staffWorld();
      await imported(world, { username: 'boss', manager: 'headquarters' });
      expect((await entryOf(world, 'p_clerk')).superiors).toEqual(['p_head', 'p_boss', 'p_headquarters']);
      for (const personId of ['p_boss', 'p_head', 'p_clerk']) {
        expect(await lostBy(world, personId)).toEqual({});
      }
    });

    it('stopped anywhere: whoever is read is under them still, or it is said since when not', async () => {
      const prepared = async () => {
        const world = await staffWorld();
        const row = await imported(world, { username: 'head', manager: null });
        await confirming(world, officer, row.changes[0]);
        return world;
      };
      await killedAnywhere(prepared, async (world, death) => {
        const read = await world.aProcess().directory.peopleWithSuperiors(['p_head', 'p_clerk']);
        const standing = [...read.values()].map(
          ({ person: { lostSuperiors }, superiors }) =>
            superiors.includes('p_boss') || lostSuperiors['p_boss']?.includes(CONFIRMED) === true,
        );
        expect({ ...death, standing }).toEqual({ ...death, standing: [true, true] });
        await runJobs(afterLease(world));
        expect(await lostBy(world, 'p_clerk')).toEqual({ p_boss: [CONFIRMED] });
        expect((await entryOf(world, 'p_clerk')).superiors).toEqual(['p_head']);
      });
    });
  });

  it('brings somebody new, who can do nothing before the confirmation', async () => {
    const world = await staffWorld();
    const row = await imported(
      world,
      {
        ...LI,
        manager: 'wang',
        active: true,
        roles: [{ role: 'front-desk', hotels: ['SHA01'] }],
        subject: 'sub-li',
      },
      {
        ...LI,
        username: 'wang',
        displayName: '王',
        manager: 'head',
        active: true,
      },
    );
    expect(row).toMatchObject({ state: 'done', added: 2, waiting: 2 });
    const found = await world.aProcess().changes.byUsername(['li', 'wang']);
    const li = found.get('li') ?? '';
    expect((await entryOf(world, li)).person).toMatchObject({ active: false, roles: [] });
    expect((await entryOf(world, li)).superiors).toEqual([found.get('wang'), 'p_head', 'p_boss']);
    await confirmedBy(world, headquarters, row.changes[0]);
    expect((await entryOf(world, li)).person).toMatchObject({ active: true, hotel: 'SHA01' });
    expect(
      (await world.aProcess().directory.holding('front-desk')).map(({ personId }) => personId),
    ).toContain(li);
  });

  it('keeps of an account manager’s own clients their ids alone, those of the own hotel', async () => {
    const world = await staffWorld();
    await agreed(world, headquarters, { username: 'clerk', clients: ['phone:+8613800138000'] });
    expect(await world.aProcess().directory.clientsOf('p_clerk')).toEqual(['gst_known']);
    expect(world.written()).not.toContain('13800138000');
    const elsewhere = await staffWorld([director, headquarters, { ...clerk, hotel: 'HGH02' }]);
    expect(await imported(elsewhere, { username: 'clerk', clients: ['phone:+8613800138000'] })).toMatchObject(
      {
        state: 'refused',
        faults: [{ line: 1, field: 'clients.0', code: 'unknown-client' }],
      },
    );
  });
});

describe('work on the directory', () => {
  const file = people(
    { username: 'boss', manager: 'headquarters', displayName: '总' },
    {
      username: 'clerk',
      displayName: '新',
      roles: [{ role: 'agent', hotels: ['SHA01'] }],
      shifts: [{ hotel: 'SHA01', from: '2026-06-15T00:00:00Z', to: '2026-06-15T23:00:00Z' }],
    },
    {
      ...LI,
      manager: 'head',
      active: true,
    },
  );

  const withFile = async () => {
    const world = await staffWorld();
    const importId = await world.uploaded(file);
    return { world, importId };
  };
  async function standing(world: World) {
    const { changes } = world.aProcess();
    const li = (await changes.byUsername(['li'])).get('li') ?? '';
    const entries = await changes.entries(['p_boss', 'p_head', 'p_clerk', li]);
    return [...entries.values()].map(({ entry }) => ({
      ...entry,
      person: { ...entry.person, personId: entry.person.username },
    }));
  }

  it('killed at any effect and run again comes to the same, with one event for each change', async () => {
    const { world: whole } = await withFile();
    const uninterrupted = whole.aProcess();
    await runJobs(uninterrupted);
    const [change] = await uninterrupted.waiting.waiting();
    await confirmedBy(whole, headquarters, change?.changeId);
    const wanted = { people: await standing(whole), events: whole.changesOfPeople() };
    const prepared = async () => (await withFile()).world;
    await killedAnywhere(prepared, async (world, death) => {
      const later = afterLease(world);
      await runJobs(later);
      const [waiting] = await later.waiting.waiting();
      expect((await confirming(world, headquarters, waiting?.changeId)).status).toBe(202);
      await runJobs(later);
      const found = { people: await standing(world), events: world.changesOfPeople() };
      expect({ ...death, ...found }).toEqual({ ...death, ...wanted });
      expect(await later.changes.jobs()).toEqual([]);
    });
  });

  it('goes on in another run where time is over, one process at a time', async () => {
    const { world, importId } = await withFile();
    expect(await runJobs({ ...world.aProcess(), hasTime: () => false })).toEqual({
      outcome: 'more',
      jobs: 0,
    });
    // Meanwhile whoever asks for superiors walks the chain.
    const read = await world.aProcess().directory.peopleWithSuperiors([head.personId]);
    expect(read.get(head.personId)?.superiors).toEqual(['p_boss']);
    const lane = await world.aProcess().changes.takeLane('another', NOON);
    expect(await runJobs(world.aProcess())).toEqual({ outcome: 'busy', jobs: 0 });
    if (lane !== null) await world.aProcess().changes.leaveLane(lane, false);
    expect(await runJobs(world.aProcess())).toEqual({ outcome: 'done', jobs: 1 });
    expect(await world.aProcess().changes.readImport(importId)).toMatchObject({ state: 'done' });
  });
});
