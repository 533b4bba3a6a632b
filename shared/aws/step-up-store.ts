import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import {
  type Device,
  deviceSchema,
  type IssuedChallenge,
  issuedChallengeSchema,
  type StepUpUse,
} from '../domain/step-up.ts';
import type { KnownStepUp, StepUpStore } from '../ports/step-up-store.ts';
import { type Row, type RowKey, tableReader } from './table-reader.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const NONCE = 'NONCE#';
const COUNTER = 'COUNTER#';
/** A nonce that is over is kept a while, so that a replay is told as one; there is no time-to-live on any table. */
const KEPT_MS = 3_600_000;
/** How many old nonces one call takes away. */
const CLEARED_AT_ONCE = 10;

const oldNonceSchema = z.object({ pk: z.string(), sk: z.string(), writtenAt: z.string() });
const counterSchema = z.object({ counter: z.number().int().min(0) });

// Nonces and counters in a partition of their own: whoever uses a step-up up has nothing to write in a device's row.
const keys = {
  nonce: (person: string, nonce: string): RowKey => ({ pk: `STEPUP#${person}`, sk: `${NONCE}${nonce}` }),
  counter: (person: string, credentialId: string): RowKey => ({
    pk: `STEPUP#${person}`,
    sk: `${COUNTER}${credentialId}`,
  }),
};

/** A device's row in the directory table. */
export function deviceKey(person: string, credentialId: string): RowKey {
  return { pk: `DEVICES#${person}`, sk: `DEVICE#${credentialId}` };
}

/** The rows of the directory table that a step-up is checked against: they may be read with others, in one call. */
export function stepUpKeys(person: string, nonce: string, credentialId: string): RowKey[] {
  return [keys.nonce(person, nonce), deviceKey(person, credentialId), keys.counter(person, credentialId)];
}

/** What rows that were read say, in whatever order, among whatever others. */
export function knownStepUp(
  rows: readonly Row[],
  person: string,
  nonce: string,
  credentialId: string,
): KnownStepUp {
  const row = ({ pk, sk }: RowKey) => rows.find((one) => one['pk'] === pk && one['sk'] === sk);
  const [challenge, device, counter] = stepUpKeys(person, nonce, credentialId).map(row);
  return {
    challenge: challenge === undefined ? null : issuedChallengeSchema.parse(challenge),
    device: device === undefined ? null : deviceWith(deviceSchema.parse(device), counter),
  };
}

/** A device with the counter of what it signed last: kept beside it once it signed anything. */
export function deviceWith(device: Device, counter: Row | undefined): Device {
  return counter === undefined ? device : { ...device, counter: counterSchema.parse(counter).counter };
}

/** Steps-up in the directory table. */
export function stepUpStore(table: string, dynamo: DynamoDBDocumentClient): StepUpStore {
  const reader = tableReader(table, dynamo);

  /** Nonces by when they were written, by the clock of the machine: an injected time says nothing of how old they are. */
  async function clear(person: string, now: Date): Promise<void> {
    const rows = await reader.listUnder(`STEPUP#${person}`, NONCE);
    const old = rows
      .map((row) => oldNonceSchema.parse(row))
      .filter(({ writtenAt }) => now.getTime() - Date.parse(writtenAt) > KEPT_MS);
    await Promise.all(
      old
        .slice(0, CLEARED_AT_ONCE)
        .map(({ pk, sk }) => writeRow(dynamo, new DeleteCommand({ TableName: table, Key: { pk, sk } }))),
    );
  }

  return {
    async issue(challenge: IssuedChallenge): Promise<void> {
      const now = new Date();
      const { person, nonce } = challenge;
      await Promise.all([
        writeRow(
          dynamo,
          new PutCommand({
            TableName: table,
            Item: { ...keys.nonce(person, nonce), ...challenge, writtenAt: now.toISOString() },
          }),
        ),
        clear(person, now),
      ]);
    },

    async known(person, nonce, credentialId): Promise<KnownStepUp> {
      const rows = await reader.getAll(stepUpKeys(person, nonce, credentialId));
      return knownStepUp(rows, person, nonce, credentialId);
    },
  };
}

/**
 * What uses a step-up up, for the transaction of what it serves: its nonce, once; while its device is still enrolled; with
 * the counter moving on, so that of two signatures with one count only the first passes.
 */
export function stepUpItems(table: string, use: StepUpUse): TransactItem[] {
  const { person, credentialId, counter } = use;
  return [
    nonceItem(table, use),
    enrolledItem(table, person, credentialId),
    ...(counter.after === 0
      ? []
      : [
          {
            Update: {
              TableName: table,
              Key: keys.counter(person, credentialId),
              UpdateExpression: 'SET #counter = :after',
              ConditionExpression: 'attribute_not_exists(#counter) OR #counter < :after',
              ExpressionAttributeNames: { '#counter': 'counter' },
              ExpressionAttributeValues: { ':after': counter.after },
            },
          },
        ]),
  ];
}

/** Holds a transaction to a device that is enrolled when it is written, whatever was read before. */
export function enrolledItem(table: string, person: string, credentialId: string): TransactItem {
  return {
    ConditionCheck: {
      TableName: table,
      Key: deviceKey(person, credentialId),
      ConditionExpression: '#state = :enrolled',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':enrolled': 'enrolled' },
    },
  };
}

/** Uses a nonce up, where it wasn't. */
export function nonceItem(
  table: string,
  { person, nonce, at }: Pick<StepUpUse, 'person' | 'nonce' | 'at'>,
): TransactItem {
  return {
    Update: {
      TableName: table,
      Key: keys.nonce(person, nonce),
      UpdateExpression: 'SET usedAt = :at',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(usedAt)',
      ExpressionAttributeValues: { ':at': at.toISOString() },
    },
  };
}
