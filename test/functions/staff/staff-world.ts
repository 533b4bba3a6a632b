import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { WorkDependencies } from '../../../functions/staff/staff-dependencies.ts';
import { uploadKey } from '../../../functions/staff/staff-dependencies.ts';
import { changeStore } from '../../../shared/aws/change-store.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { directoryChanges } from '../../../shared/aws/directory-changes.ts';
import { directoryRows, superiorsAmong } from '../../../shared/aws/directory-rows.ts';
import { directoryTable } from '../../../shared/aws/directory-table.ts';
import { custodyEventSchema } from '../../../shared/domain/custody-event.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { type StaffFormat, waitingPatchSchema } from '../../../shared/domain/staff-import.ts';
import type { Directory } from '../../../shared/ports/directory.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { plainRow } from '../../fakes/in-memory-aws/plain-row.ts';
import { inMemoryRuleSets } from '../../fakes/in-memory-rule-sets.ts';
import type { Death } from '../../fakes/killed-process.ts';
import { NOON, person } from '../../shared/policy/staff.ts';

const TABLE = 'directory';
export const ISSUER = 'https://issuer.example';

export const director = person('director', 'infosec-director');
export const headquarters = person('headquarters', 'hq-approver');
export const officer = person('officer', 'privacy-officer');
export const boss = person('boss', 'gm');
export const head: Person = { ...person('head', 'department-head'), manager: 'p_boss' };
export const clerk: Person = { ...person('clerk', 'front-desk'), manager: 'p_head' };

type Process = WorkDependencies & { directory: Directory; effects(): number };

/** A directory of six people behind the product's own adapters, in memory, and what brings files to it. */
export async function staffWorld(
  people: readonly Person[] = [director, headquarters, officer, boss, head, clerk],
) {
  const aws = inMemoryAws();
  const files = new Map<string, Uint8Array>();
  let ids = 0;

  function aProcess(death?: Death): Process {
    const running = aws.aProcess(death);
    const custody = custodyLog('events', running.dynamo);
    return {
      region: regionConfig('cn-north-1'),
      chainHotels: ['SHA01', 'HGH02', 'SIN01', 'FRA01'],
      ruleSets: inMemoryRuleSets(),
      directory: directoryTable(TABLE, running.dynamo),
      changes: directoryChanges(TABLE, running.dynamo, custody),
      waiting: changeStore(TABLE, running.dynamo, custody, waitingPatchSchema),
      inbox: {
        begin: async () => 'upload',
        complete: async () => 'completed',
        size: async (key) => files.get(key)?.length ?? null,
        async *read(key) {
          yield files.get(key) ?? new Uint8Array(0);
        },
        delete: async (key) => {
          files.delete(key);
        },
      },
      links: async () => ({
        parts: [{ number: 1, bytes: 1, url: 'https://put.example' }],
        sessionEnds: null,
      }),
      wake: async () => undefined,
      clock: () => NOON,
      issuer: ISSUER,
      indexKey: { forSearch: async () => new Uint8Array(32) },
      records: { guestsOf: async (indexes) => (indexes.length > 0 ? ['gst_known'] : []) },
      hasRecordsAt: async (_guestId, hotel) => hotel === 'SHA01',
      newPersonId: () => {
        ids += 1;
        return `p_new${ids}`;
      },
      hasTime: () => true,
      effects: running.effects,
    };
  }

  const seeded = aws.aProcess();
  const superiors = superiorsAmong(people);
  /** Somebody whom another way than a file brought into the directory. */
  async function entered(one: Person): Promise<void> {
    const rows = directoryRows(one, {
      login: { issuer: ISSUER, subject: one.username },
      superiors: superiors.get(one.personId) ?? [],
    });
    for (const Item of rows) await seeded.dynamo.send(new PutCommand({ TableName: TABLE, Item }));
  }
  for (const one of people) await entered(one);

  /** A file that was uploaded and waits for the next run. */
  async function uploaded(
    text: string,
    format: StaffFormat = 'json',
    by: Person = director,
  ): Promise<string> {
    const { changes } = aProcess();
    const bytes = Buffer.from(text);
    const importId = `imp_${createHash('sha256').update(text).digest('hex').slice(0, 20)}`;
    files.set(uploadKey(importId), bytes);
    const at = NOON.toISOString();
    const created = {
      importId,
      state: 'queued' as const,
      format,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      by: by.personId,
      roles: by.roles.map(({ role }) => role),
      at,
      people: 0,
      added: 0,
      next: 0,
      changed: 0,
      waiting: 0,
      failed: 0,
      changes: [],
      faults: [],
      verdict: null,
    };
    await changes.createImport(created);
    await changes.addJob({ kind: 'import', id: importId, at });
    return importId;
  }

  /** Every row there is, as text. */
  const written = () => JSON.stringify([...aws.tables.rows(TABLE), ...aws.tables.rows('events')]);

  const events = () => aws.tables.rows('events').map((row) => custodyEventSchema.parse(plainRow(row)));
  const changesOfPeople = () =>
    aws.tables.rows('events').filter(({ type }) => type?.['S'] === 'directory-person-changed').length;

  return { files, aProcess, uploaded, entered, written, events, changesOfPeople };
}
