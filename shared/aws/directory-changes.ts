import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type DirectoryEntry, type Login, loginSchema } from '../domain/directory-entry.ts';
import { personSchema } from '../domain/person.ts';
import { shiftSchema } from '../domain/shift.ts';
import {
  type DirectoryJob,
  directoryJobSchema,
  type FailedPerson,
  failedPersonSchema,
  type PendingPatch,
  type PlannedPerson,
  pendingPatchSchema,
  plannedPersonSchema,
  type StaffImport,
  staffImportSchema,
} from '../domain/staff-import.ts';
import {
  type Above,
  type DirectoryChanges,
  type DirectoryWork,
  type KeptEntry,
  LaneLostError,
  loginKey,
} from '../ports/directory-changes.ts';
import type { EventDraft } from '../ports/grant-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { directoryKeys } from './directory-rows.ts';
import { type Row, type RowKey, tableReader } from './table-reader.ts';
import { transact } from './transact.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** How long a process may be silent before another one takes the directory's changes over. */
const LANE_MS = 60_000;
/** Rows of one transaction (TransactWriteItems takes 100). */
const ITEMS_AT_ONCE = 90;
const POSITION_DIGITS = 6;

const reference = z.object({ personId: z.string() });
const profileSchema = z.object({
  superiors: z.array(z.string()).default([]),
  login: loginSchema.nullable().default(null),
  revision: z.number().default(0),
});
const shiftsSchema = z.object({ shifts: z.array(shiftSchema) });
const clientsSchema = z.object({ guests: z.array(z.string()) });
const plannedRow = z.object({ planned: plannedPersonSchema });
const failedRow = z.object({ failed: failedPersonSchema });
const pendingRow = z.object({ pending: pendingPatchSchema });

const importKeys = {
  row: (importId: string): RowKey => ({ pk: `IMPORT#${importId}`, sk: 'IMPORT' }),
  planned: (importId: string, position: number): RowKey => ({
    pk: `IMPORT#${importId}`,
    sk: `PLANNED#${String(position).padStart(POSITION_DIGITS, '0')}`,
  }),
  pending: (importId: string, position: number): RowKey => ({
    pk: `IMPORT#${importId}`,
    sk: `PENDING#${String(position).padStart(POSITION_DIGITS, '0')}`,
  }),
};
const workKeys = {
  pk: ({ kind, id }: DirectoryWork) => (kind === 'import' ? importKeys.row(id).pk : `CHANGE#${id}`),
  failed: (personId: string) => `FAILED#${personId}`,
};
const jobKey = ({ at, id }: DirectoryJob): RowKey => ({ pk: 'JOBS', sk: `JOB#${at}#${id}` });

/** A person's subject in the chain of custody. */
export function directorySubject(personId: string): string {
  return `directory/${personId}`;
}

/** Changes of the directory table. Each change of a person is one transaction with its custody event. */
export function directoryChanges(
  table: string,
  dynamo: DynamoDBDocumentClient,
  custody: CustodyLog,
): DirectoryChanges {
  const reader = tableReader(table, dynamo);

  const put = (row: Row): TransactItem => ({ Put: { TableName: table, Item: row } });
  const remove = (key: RowKey): TransactItem => ({ Delete: { TableName: table, Key: key } });

  async function inTransactions(items: readonly TransactItem[]): Promise<void> {
    for (let at = 0; at < items.length; at += ITEMS_AT_ONCE) {
      await transact(dynamo, items.slice(at, at + ITEMS_AT_ONCE));
    }
  }

  /** Whether the row was written; its condition may not hold any more. */
  async function conditionally(command: PutCommand | UpdateCommand): Promise<boolean> {
    try {
      await writeRow(dynamo, command);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async function leading(keys: readonly RowKey[]): Promise<Map<string, string>> {
    const rows = await reader.getAll(keys);
    return new Map(rows.map((row) => [String(row['pk']), reference.parse(row).personId]));
  }

  /** The profile, its revision one up; whatever others keep on the row stays. */
  function profileUpdate({ entry: before, revision }: KeptEntry, after: DirectoryEntry): TransactItem {
    const { lock: _kept, ...person } = after.person;
    const said = { ...person, superiors: after.superiors, login: after.login, revision: revision + 1 };
    const named = Object.entries(said);
    return {
      Update: {
        TableName: table,
        Key: directoryKeys.profile(before.person.personId),
        UpdateExpression: `SET ${named.map((_, at) => `#f${at} = :f${at}`).join(', ')}`,
        ConditionExpression: revision === 0 ? 'attribute_not_exists(#revision)' : '#revision = :revision',
        ExpressionAttributeNames: {
          '#revision': 'revision',
          ...Object.fromEntries(named.map(([name], at) => [`#f${at}`, name])),
        },
        ExpressionAttributeValues: {
          ...(revision === 0 ? {} : { ':revision': revision }),
          ...Object.fromEntries(named.map(([, value], at) => [`:f${at}`, value])),
        },
      },
    };
  }

  /** A row that leads to one person and to no other. */
  function claim(key: RowKey, personId: string): TransactItem {
    return {
      Put: {
        TableName: table,
        Item: { ...key, personId },
        ConditionExpression: 'attribute_not_exists(pk) OR personId = :person',
        ExpressionAttributeValues: { ':person': personId },
      },
    };
  }

  /** The rows that lead to a person, as far as they change; those that are another's fail. */
  function leadingRows(before: DirectoryEntry, after: DirectoryEntry): TransactItem[] {
    const { personId } = after.person;
    const rolesOf = ({ person }: DirectoryEntry) => [...new Set(person.roles.map(({ role }) => role))];
    const [had, has] = [rolesOf(before), rolesOf(after)];
    const items: TransactItem[] = [
      ...has
        .filter((role) => !had.includes(role))
        .map((role) => put({ ...directoryKeys.role(role, personId), personId })),
      ...had.filter((role) => !has.includes(role)).map((role) => remove(directoryKeys.role(role, personId))),
    ];
    if (before.person.accounts.length === 0 && after.person.accounts.length > 0) {
      items.push(put({ ...directoryKeys.accounts(personId), personId }));
    }
    if (before.person.accounts.length > 0 && after.person.accounts.length === 0) {
      items.push(remove(directoryKeys.accounts(personId)));
    }
    const [from, to] = [before.person.manager, after.person.manager];
    if (from !== to) {
      if (from !== null) items.push(remove(directoryKeys.report(from, personId)));
      if (to !== null) items.push(put({ ...directoryKeys.report(to, personId), personId }));
    }
    const [name, newName] = [before.person.username, after.person.username];
    if (name !== newName) {
      if (name !== '') items.push(remove(directoryKeys.username(name)));
      if (newName !== '') items.push(claim(directoryKeys.username(newName), personId));
    }
    const [login, newLogin] = [before.login, after.login];
    const isSame = login !== null && newLogin !== null && loginKey(login) === loginKey(newLogin);
    if (!isSame && login !== null) items.push(remove(directoryKeys.subject(login)));
    if (!isSame && newLogin !== null) items.push(claim(directoryKeys.subject(newLogin), personId));
    return items;
  }

  return {
    async createImport(created: StaffImport): Promise<void> {
      await writeRow(
        dynamo,
        new PutCommand({
          TableName: table,
          Item: { ...importKeys.row(created.importId), ...created },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    },

    async readImport(importId: string): Promise<StaffImport | null> {
      const row = await reader.get(importKeys.row(importId));
      return row === null ? null : staffImportSchema.parse(row);
    },

    async moveImport(prior, changes, event) {
      const named = Object.entries(changes);
      const update: TransactItem = {
        Update: {
          TableName: table,
          Key: importKeys.row(prior.importId),
          UpdateExpression: `SET ${named.map((_, at) => `#f${at} = :f${at}`).join(', ')}`,
          ConditionExpression: '#state = :prior AND #next = :next',
          ExpressionAttributeNames: {
            '#state': 'state',
            '#next': 'next',
            ...Object.fromEntries(named.map(([name], at) => [`#f${at}`, name])),
          },
          ExpressionAttributeValues: {
            ':prior': prior.state,
            ':next': prior.next,
            ...Object.fromEntries(named.map(([, value], at) => [`:f${at}`, value])),
          },
        },
      };
      if (event === undefined) return (await transact(dynamo, [update])) === 'done' ? 'moved' : 'stale';
      const subject = `directory-import/${prior.importId}`;
      const outcome = await custody.record(subject, event.type, event.draft, [update]);
      return outcome === 'recorded' ? 'moved' : 'stale';
    },

    async planPeople(importId: string, people: readonly PlannedPerson[]): Promise<void> {
      await inTransactions(
        people.map((planned, position) => put({ ...importKeys.planned(importId, position), planned })),
      );
    },

    async plannedPeople(importId: string, from: number, count: number): Promise<PlannedPerson[]> {
      const first = importKeys.planned(importId, from);
      const last = importKeys.planned(importId, from + count - 1);
      const rows = await reader.list({
        condition: 'pk = :pk AND sk BETWEEN :first AND :last',
        values: { ':pk': first.pk, ':first': first.sk, ':last': last.sk },
      });
      return rows.map((row) => plannedRow.parse(row).planned);
    },

    async keepPending(importId: string, position: number, pending: PendingPatch): Promise<void> {
      const Item = { ...importKeys.pending(importId, position), pending };
      await writeRow(dynamo, new PutCommand({ TableName: table, Item }));
    },

    async pending(importId: string): Promise<PendingPatch[]> {
      const rows = await reader.listUnder(`IMPORT#${importId}`, 'PENDING#');
      return rows.map((row) => pendingRow.parse(row).pending);
    },

    async clearImport(importId: string): Promise<void> {
      for (const prefix of ['PLANNED#', 'PENDING#']) {
        const keys: TransactItem[] = [];
        for await (const { sk } of reader.under(`IMPORT#${importId}`, prefix)) {
          keys.push(remove({ pk: `IMPORT#${importId}`, sk: String(sk) }));
        }
        await inTransactions(keys);
      }
    },

    async byUsername(usernames: readonly string[]): Promise<Map<string, string>> {
      const names = [...new Set(usernames)];
      const found = await leading(names.map(directoryKeys.username));
      return named(names, (name) => found.get(directoryKeys.username(name).pk));
    },

    async byLogin(logins: readonly Login[]): Promise<Map<string, string>> {
      const keys = new Map(logins.map((login) => [loginKey(login), directoryKeys.subject(login)]));
      const found = await leading([...keys.values()]);
      return named([...keys.keys()], (key) => found.get(keys.get(key)?.pk ?? ''));
    },

    async entries(personIds: readonly string[]): Promise<Map<string, KeptEntry>> {
      const keys = [...new Set(personIds)].flatMap((personId) => [
        directoryKeys.profile(personId),
        directoryKeys.shifts(personId),
        directoryKeys.clients(personId),
      ]);
      const rows = await reader.getAll(keys);
      const beside = new Map(rows.map((row) => [`${String(row['pk'])} ${String(row['sk'])}`, row]));
      const found = new Map<string, KeptEntry>();
      for (const row of rows.filter(({ sk }) => sk === 'PROFILE')) {
        const person = personSchema.parse(row);
        const { superiors, login, revision } = profileSchema.parse(row);
        const shifts = beside.get(`${String(row['pk'])} SHIFTS`);
        const clients = beside.get(`${String(row['pk'])} CLIENTS`);
        found.set(person.personId, {
          entry: {
            person,
            superiors,
            login,
            shifts: shifts === undefined ? [] : shiftsSchema.parse(shifts).shifts,
            clients: clients === undefined ? [] : clientsSchema.parse(clients).guests,
          },
          revision,
        });
      }
      return found;
    },

    async write(before: KeptEntry, after: DirectoryEntry, event: EventDraft) {
      const { personId } = after.person;
      const items = [
        profileUpdate(before, after),
        ...(isSame(before.entry.shifts, after.shifts)
          ? []
          : [put({ ...directoryKeys.shifts(personId), shifts: after.shifts })]),
        ...(isSame(before.entry.clients, after.clients)
          ? []
          : [put({ ...directoryKeys.clients(personId), guests: after.clients })]),
        ...leadingRows(before.entry, after),
      ];
      const outcome = await custody.record(
        directorySubject(personId),
        'directory-person-changed',
        event,
        items,
      );
      if (outcome === 'recorded') return 'written';
      // Which of the conditions failed isn't said: the revision tells.
      const now = await this.entries([personId]);
      return (now.get(personId)?.revision ?? 0) === before.revision ? 'taken' : 'stale';
    },

    async keepFailure(work: DirectoryWork, failed: FailedPerson, event: EventDraft): Promise<void> {
      const { personId } = failed;
      // Where the condition fails an earlier run said so.
      await custody.record(directorySubject(personId), 'directory-person-failed', event, [
        {
          Put: {
            TableName: table,
            Item: { pk: workKeys.pk(work), sk: workKeys.failed(personId), failed },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
      ]);
    },

    async failures(work: DirectoryWork): Promise<FailedPerson[]> {
      const rows = await reader.listUnder(workKeys.pk(work), 'FAILED#');
      return rows.map((row) => failedRow.parse(row).failed);
    },

    async reportsOf(personId: string): Promise<string[]> {
      const rows = await reader.listUnder(`TEAM#${personId}`, 'PERSON#');
      return rows.map((row) => reference.parse(row).personId);
    },

    async keepSuperiors(
      personId: string,
      manager: string,
      { superiors, lostSuperiors }: Above,
    ): Promise<void> {
      // Where the condition fails the person went under another manager, and whoever wrote that keeps it.
      await conditionally(
        new UpdateCommand({
          TableName: table,
          Key: directoryKeys.profile(personId),
          UpdateExpression: 'SET superiors = :superiors, lostSuperiors = :lost',
          ConditionExpression: 'manager = :manager',
          ExpressionAttributeValues: {
            ':superiors': superiors,
            ':lost': lostSuperiors,
            ':manager': manager,
          },
        }),
      );
    },

    async addJob(job: DirectoryJob): Promise<void> {
      await writeRow(dynamo, new PutCommand({ TableName: table, Item: { ...jobKey(job), ...job } }));
    },

    async jobs(): Promise<DirectoryJob[]> {
      const rows = await reader.listUnder('JOBS', 'JOB#');
      return rows.map((row) => directoryJobSchema.parse(row));
    },

    async endJob(job: DirectoryJob): Promise<void> {
      await writeRow(dynamo, new DeleteCommand({ TableName: table, Key: jobKey(job) }));
    },

    async takeLane(holder: string, now: Date) {
      const taken = await conditionally(
        new UpdateCommand({
          TableName: table,
          Key: directoryKeys.reporting,
          UpdateExpression: 'SET changing = :holder, heldUntil = :until',
          ConditionExpression:
            'attribute_not_exists(pk) OR changing = :nobody OR changing = :holder OR heldUntil < :now',
          ExpressionAttributeValues: {
            ':holder': holder,
            ':until': now.getTime() + LANE_MS,
            ':now': now.getTime(),
            ':nobody': null,
          },
        }),
      );
      return taken ? { holder } : null;
    },

    async keepLane({ holder }, now): Promise<void> {
      const kept = await conditionally(
        new UpdateCommand({
          TableName: table,
          Key: directoryKeys.reporting,
          UpdateExpression: 'SET heldUntil = :until',
          ConditionExpression: 'changing = :holder',
          ExpressionAttributeValues: { ':holder': holder, ':until': now.getTime() + LANE_MS },
        }),
      );
      if (!kept) throw new LaneLostError('Another process changes the directory by now');
    },

    async leaveLane({ holder }, done): Promise<void> {
      await conditionally(
        new UpdateCommand({
          TableName: table,
          Key: directoryKeys.reporting,
          UpdateExpression: done ? 'SET changing = :nobody, heldUntil = :past' : 'SET heldUntil = :past',
          ConditionExpression: 'changing = :holder',
          ExpressionAttributeValues: { ':holder': holder, ':past': 0, ...(done ? { ':nobody': null } : {}) },
        }),
      );
    },
  };
}

function named(names: readonly string[], find: (name: string) => string | undefined): Map<string, string> {
  return new Map(
    names.flatMap((name) => {
      const found = find(name);
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
