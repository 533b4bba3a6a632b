import { createHash } from 'node:crypto';
import { UploadMissingError } from '../../shared/aws/inbox.ts';
import { searchIndexesOf } from '../../shared/crypto/blind-index.ts';
import { applyPatch } from '../../shared/directory/apply-patch.ts';
import { faultsBeside } from '../../shared/directory/faults-beside.ts';
import type { FileFault } from '../../shared/directory/file-faults.ts';
import { givesMore } from '../../shared/directory/gives-more.ts';
import { hotelsConcerned } from '../../shared/directory/hotels-concerned.ts';
import { loginIn, namesIn, type Planned, planDirectory } from '../../shared/directory/plan-directory.ts';
import { readStaffFile } from '../../shared/directory/read-staff-file.ts';
import type { StaffLine } from '../../shared/directory/staff-fields.ts';
import { newEntry } from '../../shared/domain/directory-entry.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { nobody, type Person } from '../../shared/domain/person.ts';
import type { PlannedPerson, StaffImport } from '../../shared/domain/staff-import.ts';
import { deny, type Verdict } from '../../shared/domain/verdict.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import { superiorsUnder } from './apply-person.ts';
import { uploadKey, type WorkDependencies } from './staff-dependencies.ts';

type Refusal = { faults: FileFault[] } | { verdict: Verdict };

/**
 * Reads a directory file whole and plans what it is to change, or refuses it whole: what is in force stays in force. Its
 * bytes go either way. Ended anywhere and run again it plans the same.
 */
export async function planImport(row: StaffImport, dependencies: WorkDependencies): Promise<void> {
  const { changes, inbox, clock } = dependencies;
  const { importId } = row;
  const plan = await planOf(row, dependencies);
  const event = { at: clock(), actor: row.by };
  const file = `sha256:${row.sha256}`;
  if ('people' in plan) {
    await changes.planPeople(importId, plan.people);
    const counts = { people: plan.people.length, added: plan.people.filter(({ isNew }) => isNew).length };
    await changes.moveImport(
      row,
      { state: 'planned', ...counts },
      { type: 'directory-import-planned', draft: { ...event, data: { file, ...counts } } },
    );
  } else {
    const faults = 'faults' in plan ? plan.faults : [];
    const verdict = 'verdict' in plan ? plan.verdict : null;
    await changes.moveImport(
      row,
      { state: 'refused', faults: faults.slice(0, LIMITS.fileFaultsListed), verdict },
      {
        type: 'directory-import-refused',
        draft: {
          ...event,
          data: {
            file,
            faults: [...new Set(faults.map(({ code }) => code))],
            rules: verdict?.rules ?? [],
            reasons: verdict?.reasons ?? [],
          },
        },
      },
    );
  }
  await inbox.delete(uploadKey(importId));
}

async function planOf(
  row: StaffImport,
  dependencies: WorkDependencies,
): Promise<{ people: PlannedPerson[] } | Refusal> {
  const bytes = await fileOf(row, dependencies);
  if (bytes === null) return { faults: [{ line: 1, field: null, code: 'upload-gone' }] };
  const read = await readStaffFile(bytes, row.format);
  if ('faults' in read) {
    const beside =
      read.readable.length === 0
        ? []
        : faultsBeside(read.readable, await standingFor(read.readable, dependencies));
    return { faults: [...read.faults, ...beside].sort((one, other) => one.line - other.line) };
  }
  const standing = await standingFor(read.lines, dependencies);
  const plan = planDirectory(read.lines, standing);
  if ('faults' in plan) return plan;
  const verdict = await verdictOn(row, plan.planned, standing.people, dependencies);
  if (verdict.outcome === 'deny') return { verdict };
  return withClients(plan.planned, dependencies);
}

/** The file's bytes; null where they are gone, or others than were announced. */
async function fileOf(
  { importId, bytes, sha256 }: StaffImport,
  { inbox }: WorkDependencies,
): Promise<Uint8Array | null> {
  const key = uploadKey(importId);
  if ((await inbox.size(key)) !== bytes) return null;
  const parts: Uint8Array[] = [];
  try {
    for await (const part of inbox.read(key, 0, bytes)) parts.push(part);
  } catch (error) {
    if (error instanceof UploadMissingError) return null;
    throw error;
  }
  const file = Buffer.concat(parts);
  return createHash('sha256').update(file).digest('hex') === sha256 ? file : null;
}

/** The directory as far as the file speaks of it: whom it names, and everyone above them. */
async function standingFor(lines: readonly StaffLine[], dependencies: WorkDependencies) {
  const { changes, region, chainHotels, issuer, newPersonId } = dependencies;
  const { ids, usernames } = namesIn(lines);
  const byUsername = await changes.byUsername(usernames);
  const logins = lines.flatMap(({ fields }) => loginIn(fields, issuer) ?? []);
  const byLogin = await changes.byLogin(logins);
  const named = await changes.entries([...ids, ...byUsername.values()]);
  const above = [...named.values()].flatMap(({ entry }) => entry.superiors);
  const others = await changes.entries(above.filter((personId) => !named.has(personId)));
  return {
    people: new Map([...named, ...others].map(([personId, { entry }]) => [personId, entry.person])),
    byUsername,
    byLogin,
    hotels: region.hotels.map(({ code }) => code),
    chainHotels,
    issuer,
    newPersonId,
  };
}

/** Whether whoever brought the file may still do so, for every hotel concerned, and gains nothing by it. */
async function verdictOn(
  { by }: StaffImport,
  planned: readonly Planned[],
  people: ReadonlyMap<string, Person>,
  { ruleSets, region, directory, changes, clock }: WorkDependencies,
): Promise<Verdict> {
  const facts = regionFacts(region);
  const now = clock();
  const concerned = planned.flatMap(({ patch }) =>
    hotelsConcerned(patch, people.get(patch.personId), facts.hotels),
  );
  const verdict = decideDuty(await currentRuleSet(ruleSets), {
    region: facts,
    actor: (await directory.byId(by)) ?? nobody(by),
    duty: 'keep-directory',
    hotels: [...new Set(concerned)],
    now,
  });
  if (verdict.outcome === 'deny') return verdict;
  const own = planned.find(({ patch }) => patch.personId === by);
  if (own === undefined) return verdict;
  const { entry } = (await changes.entries([by])).get(by) ?? { entry: newEntry(by) };
  const after = applyPatch(entry, own.patch, {
    given: { grantedBy: by, since: now.toISOString() },
    superiors: await superiorsUnder(own.patch, entry, changes),
    keepFrom: now,
  });
  const gains = givesMore(entry, after) || own.clients !== null;
  return gains ? deny('A1', 'directory-change-about-oneself') : verdict;
}

/** Looks the guests up who are somebody's own clients: from here on there are ids alone. */
async function withClients(
  planned: readonly Planned[],
  { region, indexKey, records, hasRecordsAt }: WorkDependencies,
): Promise<{ people: PlannedPerson[] } | Refusal> {
  const key = planned.some(({ clients }) => clients !== null) ? await indexKey.forSearch() : null;
  const faults: FileFault[] = [];
  const people: PlannedPerson[] = [];
  for (const { patch, isNew, moves, line, clients } of planned) {
    if (clients === null) {
      people.push({ patch, isNew, moves });
      continue;
    }
    const place = region.hotels.find(({ code }) => code === clients.hotel);
    const found: string[] = [];
    for (const [at, guest] of clients.guests.entries()) {
      const field = `clients.${at}`;
      const indexes =
        key === null || place === undefined
          ? []
          : searchIndexesOf(key, guest, { hotel: place.code, country: place.country });
      const known = indexes.length === 0 ? [] : await records.guestsOf(indexes);
      // Refused alike where nobody is known and where this hotel has no records of whoever is: else the answer would tell
      // who is a guest of the chain's other hotels.
      const here: string[] = [];
      for (const guestId of known) if (await hasRecordsAt(guestId, clients.hotel)) here.push(guestId);
      if (here.length === 0) faults.push({ line: line.lineOf(field), field, code: 'unknown-client' });
      found.push(...here);
    }
    people.push({ patch: { ...patch, clients: found }, isNew, moves });
  }
  return faults.length > 0 ? { faults } : { people };
}
