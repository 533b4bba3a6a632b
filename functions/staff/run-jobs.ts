import { randomUUID } from 'node:crypto';
import { hotelsConcerned } from '../../shared/directory/hotels-concerned.ts';
import { patchOf } from '../../shared/directory/parts-of-entry.ts';
import { digestOf } from '../../shared/domain/digest.ts';
import type { StaffField, StaffPatch } from '../../shared/domain/directory-entry.ts';
import { derivedId } from '../../shared/domain/identifiers.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import type {
  DirectoryJob,
  PendingPatch,
  PlannedPerson,
  StaffImport,
  WaitingPatch,
} from '../../shared/domain/staff-import.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { inParallel } from '../../shared/loop/in-parallel.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type {
  DirectoryChanges,
  DirectoryWork,
  KeptEntry,
  Lane,
} from '../../shared/ports/directory-changes.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import { type Applying, applyAtOnce, applyConfirmed, type CannotWrite, keepBelow } from './apply-person.ts';
import { planImport } from './plan-import.ts';
import type { WorkDependencies } from './staff-dependencies.ts';

/** People between two checkpoints. */
const AT_A_TIME = 100;
const SIDE_BY_SIDE = 8;

export type WorkDone = { outcome: 'done' | 'busy' | 'more'; jobs: number };

/**
 * Works through what waits: one job after another, one process at a time, so that chains of managers are never changed by
 * two at once. Killed anywhere and run again it goes on from the last checkpoint; what was written is not written again.
 */
export async function runJobs(dependencies: WorkDependencies): Promise<WorkDone> {
  const { changes, clock, wake } = dependencies;
  const lane = await changes.takeLane(randomUUID(), clock());
  if (lane === null) return { outcome: 'busy', jobs: 0 };
  const run: WorkDone = { outcome: 'more', jobs: 0 };
  try {
    for (let [job] = await changes.jobs(); job !== undefined; [job] = await changes.jobs()) {
      if (!(await work(job, lane, dependencies))) break;
      await changes.endJob(job);
      run.jobs += 1;
    }
    run.outcome = (await changes.jobs()).length === 0 ? 'done' : 'more';
  } finally {
    // Not through: whoever asks for superiors walks the chain until another run has finished this.
    await changes.leaveLane(lane, run.outcome === 'done');
  }
  // Also what came while this run was on its way out.
  if ((await changes.jobs()).length > 0) await wake();
  return run;
}

/** Whether the job is done; false where time ran out. */
async function work(job: DirectoryJob, lane: Lane, dependencies: WorkDependencies): Promise<boolean> {
  if (job.kind === 'change') return confirmedChange(job.id, lane, dependencies);
  const { changes } = dependencies;
  const row = await changes.readImport(job.id);
  if (row?.state === 'queued') await planImport(row, dependencies);
  return throughImport(job.id, lane, dependencies);
}

/** Puts the planned people of a file through, from where an earlier run stopped. */
async function throughImport(importId: string, lane: Lane, dependencies: WorkDependencies): Promise<boolean> {
  const { changes, clock, hasTime } = dependencies;
  const mayDecide = await decidesOn(dependencies);
  const work = { kind: 'import' as const, id: importId };
  const failed = await failedIn(work, changes);
  for (;;) {
    const row = await changes.readImport(importId);
    if (row?.state !== 'planned') return true;
    if (row.next >= row.people) {
      await proposeWaiting(row, dependencies);
      return true;
    }
    if (!hasTime()) return false;
    await changes.keepLane(lane, clock());
    const people = await changes.plannedPeople(importId, row.next, AT_A_TIME);
    const counts = { changed: 0, waiting: 0, failed: 0 };
    let position = row.next;
    for (const wave of wavesOf(people)) {
      const first = position;
      position += wave.length;
      const known = await changes.entries(wave.map(({ patch }) => patch.personId));
      await inParallel([...wave.entries()], SIDE_BY_SIDE, async ([at, planned]) => {
        // An earlier run said so: what was said once stays.
        const outcome = failed.has(planned.patch.personId)
          ? 'failed'
          : await through(row, first + at, planned, known, mayDecide, dependencies);
        counts[outcome] += 1;
      });
    }
    await changes.moveImport(row, {
      next: row.next + people.length,
      changed: row.changed + counts.changed,
      waiting: row.waiting + counts.waiting,
      failed: row.failed + counts.failed,
    });
  }
}

/** Whether all of this person's is changed, something of it waits, or nothing could be written. */
async function through(
  row: StaffImport,
  position: number,
  { patch, isNew }: PlannedPerson,
  known: ReadonlyMap<string, KeptEntry>,
  mayDecide: (person: Person) => boolean,
  { changes, region }: WorkDependencies,
): Promise<'changed' | 'waiting' | 'failed'> {
  const applying: Applying = {
    changes,
    given: { grantedBy: row.by, since: row.at },
    actor: row.by,
    cause: row.importId,
    at: new Date(row.at),
  };
  const result = await applyAtOnce(patch, applying, known.get(patch.personId));
  if ('failed' in result) {
    await keepFailure({ kind: 'import', id: row.importId }, patch, result, applying);
    return 'failed';
  }
  const { before, wanted, fields, stood, moved } = result;
  // Nobody is under somebody new yet: whoever is planned to be comes later, and finds the manager as it is now.
  if (moved && !isNew) await keepBelow(patch.personId, applying);
  if (fields.length === 0) return 'changed';
  const waiting = patchOf(patch, fields);
  const regionHotels = region.hotels.map(({ code }) => code);
  await changes.keepPending(row.importId, position, {
    patch: waiting,
    fields,
    stood,
    hotels: hotelsConcerned(waiting, wanted.person, regionHotels),
    decides: mayDecide(before.person) || mayDecide(wanted.person),
  });
  return 'waiting';
}

/**
 * Who may be put through side by side, so that superiors come out right: people whose manager comes before them wait for the
 * next wave, and somebody who takes others along to another manager goes alone.
 */
function wavesOf(people: readonly PlannedPerson[]): PlannedPerson[][] {
  const waves: PlannedPerson[][] = [];
  let wave: PlannedPerson[] = [];
  let ids = new Set<string>();
  const close = () => {
    waves.push(wave);
    wave = [];
    ids = new Set();
  };
  for (const planned of people) {
    const takesOthersAlong = planned.moves && !planned.isNew;
    const { manager, personId } = planned.patch;
    if (takesOthersAlong || (typeof manager === 'string' && ids.has(manager))) close();
    wave.push(planned);
    ids.add(personId);
    if (takesOthersAlong) close();
  }
  return [...waves, wave].filter((one) => one.length > 0);
}

/**
 * Makes changes of what waits: of whoever keeps the directory or confirms changes one each, so that they never stand in the
 * way of confirming others'.
 */
async function proposeWaiting(
  row: StaffImport,
  { changes, waiting, clock }: WorkDependencies,
): Promise<void> {
  const pending = await changes.pending(row.importId);
  const others = pending.filter(({ decides }) => !decides);
  const groups: PendingPatch[][] = pending.filter(({ decides }) => decides).map((one) => [one]);
  for (let at = 0; at < others.length; at += LIMITS.staffPerChange) {
    groups.push(others.slice(at, at + LIMITS.staffPerChange));
  }
  const changeIds: string[] = [];
  for (const group of groups) {
    const items = group.map(({ patch, fields, stood }): WaitingPatch => ({ patch, fields, stood }));
    const changeId = derivedId('chg', row.importId, ...items.map(({ patch }) => patch.personId));
    changeIds.push(changeId);
    // An earlier run may have proposed it.
    if ((await waiting.read(changeId)) !== null) continue;
    const digest = digestOf(items);
    const gives = [...new Set(group.flatMap(fieldsInHand))].sort();
    await waiting.propose(
      {
        changeId,
        about: 'staff',
        state: 'proposed',
        hotels: [...new Set(group.flatMap(({ hotels }) => hotels))].sort(),
        gives,
        items: items.length,
        digest,
        proposed: { by: row.by, roles: row.roles, at: row.at },
        settled: null,
      },
      items,
      {
        at: clock(),
        actor: row.by,
        data: { about: 'staff', importId: row.importId, gives, items: items.length, digest },
      },
    );
  }
  await changes.clearImport(row.importId);
  await changes.moveImport(row, { state: 'done', changes: changeIds });
}

/**
 * What a second person is told that this gives. Roles and deputyships stand in one list, and are compared as one: of the two
 * only what the change sets, and not a deputyship that nobody gets.
 */
function fieldsInHand({ patch, fields }: PendingPatch): StaffField[] {
  return fields.filter((field) => {
    if (field !== 'roles' && field !== 'deputyships') return true;
    return (patch[field] ?? []).length > 0;
  });
}

/** Puts a confirmed change in force. */
async function confirmedChange(
  changeId: string,
  lane: Lane,
  { changes, waiting, clock, hasTime }: WorkDependencies,
): Promise<boolean> {
  const found = await waiting.read(changeId);
  if (found?.change.state !== 'confirming' || found.change.settled === null) return true;
  const { proposed, settled } = found.change;
  const applying: Applying = {
    changes,
    given: { grantedBy: proposed.by, confirmedBy: settled.by, since: settled.at },
    actor: settled.by,
    cause: changeId,
    at: new Date(settled.at),
  };
  const work = { kind: 'change' as const, id: changeId };
  const failed = await failedIn(work, changes);
  let left = 0;
  for (let at = 0; at < found.items.length; at += AT_A_TIME) {
    if (!hasTime()) return false;
    await changes.keepLane(lane, clock());
    const items = found.items.slice(at, at + AT_A_TIME);
    // Chains of managers are changed one after another.
    const atOnce = items.some(({ patch }) => patch.manager !== undefined) ? 1 : SIDE_BY_SIDE;
    await inParallel(items, atOnce, async (item) => {
      if (failed.has(item.patch.personId)) return;
      const outcome = await applyConfirmed(item, applying);
      if (outcome === 'stale') left += 1;
      else if (outcome !== 'done') {
        await keepFailure(work, item.patch, outcome, applying);
        failed.add(item.patch.personId);
      } else if (item.patch.manager !== undefined) await keepBelow(item.patch.personId, applying);
    });
  }
  await waiting.inForce(changeId, left, failed.size);
  return true;
}

async function failedIn(work: DirectoryWork, changes: DirectoryChanges): Promise<Set<string>> {
  return new Set((await changes.failures(work)).map(({ personId }) => personId));
}

/** One person who can't be written is nobody else's: it is said with the reason, and the work goes on. */
async function keepFailure(
  work: DirectoryWork,
  { personId, username }: StaffPatch,
  { failed }: CannotWrite,
  { changes, actor, at }: Applying,
): Promise<void> {
  const kept = username ?? (await changes.entries([personId])).get(personId)?.entry.person.username ?? '';
  await changes.keepFailure(
    work,
    { personId, username: kept, ...failed },
    { at, actor, data: { cause: work.id, field: failed.field, code: failed.code } },
  );
}

/** Whether somebody keeps the directory or confirms changes of it, or would if they were active. */
async function decidesOn({
  ruleSets,
  region,
  clock,
}: WorkDependencies): Promise<(person: Person) => boolean> {
  const ruleSet = await currentRuleSet(ruleSets);
  const facts = { region: regionFacts(region), hotels: [], now: clock() };
  const known = new Map<string, boolean>();
  return (person) => {
    const key = JSON.stringify(person.roles.map(({ role, from, until }) => [role, from, until]));
    const decides =
      known.get(key) ??
      (['keep-directory', 'confirm-directory-change'] as const).some(
        (duty) =>
          decideDuty(ruleSet, { ...facts, actor: { ...person, active: true }, duty }).outcome === 'allow',
      );
    known.set(key, decides);
    return decides;
  };
}
