import { randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  type AttributeType,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { deviceKeys } from '../cli/authenticator/device-keys.ts';
import { coseKeyOf, newSoftwareKey } from '../cli/authenticator/software-authenticator.ts';
import {
  directoryKeys,
  directoryRows,
  putDirectoryRows,
  superiorsAmong,
} from '../shared/aws/directory-rows.ts';
import { deviceKey } from '../shared/aws/step-up-store.ts';
import type { Row } from '../shared/aws/table-reader.ts';
import type { Person } from '../shared/domain/person.ts';
import { ROLE_NAMES } from '../shared/domain/roles.ts';
import type { Shift } from '../shared/domain/shift.ts';
import { type Device, SOFTWARE_AAGUID } from '../shared/domain/step-up.ts';
import type { RootClients } from './aws-clients.ts';
import { type Users, usersSchema } from './outputs.ts';

const SIDE_BY_SIDE = 8;

/**
 * Makes these people's accounts in the user pool and their rows in the directory, with `shiftsOf` each. A second run changes
 * nothing but shifts, and passwords that are not in `passwords`. Returns everybody's password.
 */
export async function seedPeople(
  people: readonly Person[],
  pool: { userPoolId: string; issuer: string },
  directoryTable: string,
  passwords: Readonly<Record<string, string>>,
  clients: Pick<RootClients, 'cognito' | 'dynamo'>,
  shiftsOf: (person: Person) => Shift[] = () => [],
): Promise<Record<string, string>> {
  const kept: Record<string, string> = {};
  const rows: Row[] = [];
  const superiors = superiorsAmong(people);
  await eachOf(people, async (person) => {
    const above = superiors.get(person.personId);
    const shifts = shiftsOf(person);
    const beside = {
      ...(above === undefined ? {} : { superiors: above }),
      ...(shifts.length === 0 ? {} : { shifts }),
    };
    // Only people who hold a role sign in.
    if (person.roles.length === 0) {
      rows.push(...directoryRows(person, beside));
      return;
    }
    const password = passwords[person.username] ?? newPassword();
    kept[person.username] = password;
    const subject = await poolUser(person.username, password, pool.userPoolId, clients);
    rows.push(...directoryRows(person, { ...beside, login: { issuer: pool.issuer, subject } }));
  });
  await putDirectoryRows(rows, directoryTable, clients.dynamo);
  return kept;
}

/** Makes people's shifts those of now: of a stack that stands, yesterday's would be over some day. */
export async function refreshShifts(
  people: readonly Person[],
  directoryTable: string,
  { dynamo }: Pick<RootClients, 'dynamo'>,
  shiftsOf: (person: Person) => Shift[],
): Promise<void> {
  const rows = people
    .map((person) => ({ ...directoryKeys.shifts(person.personId), shifts: shiftsOf(person) }))
    .filter(({ shifts }) => shifts.length > 0);
  await putDirectoryRows(rows, directoryTable, dynamo);
}

/**
 * A software key for each of these people who signs in, in the deployment's folder, and its device's row, confirmed by
 * `confirmer`: with the administrator's credentials, as the directory's other rows. Keys and rows that are there stay; a
 * device that was revoked stays revoked.
 */
export async function seedDevices(
  people: readonly Person[],
  confirmer: string,
  site: { rpId: string; origins: readonly string[] },
  directoryTable: string,
  folder: string,
  { dynamo }: Pick<RootClients, 'dynamo'>,
): Promise<void> {
  const origin = site.origins[0] ?? '';
  const at = new Date().toISOString();
  const signing = people.filter(({ roles }) => roles.length > 0);
  await eachOf(signing, async ({ username, personId }) => {
    const keys = deviceKeys(username, folder);
    const { key: kept } = await keys.read();
    // Counts nothing: commands of one user run side by side.
    const key = kept ?? newSoftwareKey({ rpId: site.rpId, origin }, { counts: false });
    if (kept === null) await keys.use(key);
    const device: Device = {
      credentialId: key.credentialId,
      person: personId,
      kind: 'software',
      state: 'enrolled',
      publicKey: coseKeyOf(key).toString('base64url'),
      counter: 0,
      aaguid: SOFTWARE_AAGUID,
      backedUp: false,
      enrolled: { by: personId, at },
      confirmed: { by: confirmer, at },
      revoked: null,
    };
    await dynamo
      .send(
        new PutCommand({
          TableName: directoryTable,
          Item: { ...deviceKey(personId, device.credentialId), ...device },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      )
      .catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
  });
}

/** People by role, in the order of the directory. */
export function usersByRole(people: readonly Person[]): Users {
  const holders = (role: string) =>
    people
      .filter(({ roles }) => roles.some((held) => held.role === role))
      .map(({ username, displayName, hotel, department, personId }) => ({
        username,
        displayName,
        hotel,
        department,
        personId,
      }));
  return usersSchema.parse(Object.fromEntries(ROLE_NAMES.map((role) => [role, holders(role)])));
}

/** 144 random bits, and one character of each kind that the pool's policy asks for. */
function newPassword(): string {
  return `${randomBytes(18).toString('base64url')}aA1!`;
}

/** The subject (`sub`) of the pool's user of this name, made if it isn't there. */
async function poolUser(
  username: string,
  password: string,
  userPoolId: string,
  { cognito }: Pick<RootClients, 'cognito'>,
): Promise<string> {
  const attributes = await cognito
    .send(
      new AdminCreateUserCommand({
        UserPoolId: userPoolId,
        Username: username,
        TemporaryPassword: password,
        MessageAction: 'SUPPRESS',
      }),
    )
    .then(({ User }) => User?.Attributes ?? [])
    .catch(async (error: unknown): Promise<AttributeType[]> => {
      if (!(error instanceof UsernameExistsException)) throw error;
      const there = await cognito.send(
        new AdminGetUserCommand({ UserPoolId: userPoolId, Username: username }),
      );
      return there.UserAttributes ?? [];
    });
  const subject = attributes.find(({ Name }) => Name === 'sub')?.Value;
  if (subject === undefined) throw new Error(`The user pool gave ${username} no subject`);
  await cognito.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: userPoolId,
      Username: username,
      Password: password,
      Permanent: true,
    }),
  );
  return subject;
}

async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]();
  // The workers draw from one iterator: each item is worked on once.
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}
