import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Device, deviceSchema } from '../domain/step-up.ts';
import type { DeviceChange, DeviceStore } from '../ports/device-store.ts';
import type { EventDraft } from '../ports/grant-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { deviceKey, nonceItem } from './step-up-store.ts';
import { tableReader } from './table-reader.ts';

/** The devices of a person in the chain of custody. */
export function deviceSubject(person: string): string {
  return `device/${person}`;
}

/** People's devices in the directory table: `DEVICES#<person>`, one row each. They are never deleted. */
export function deviceStore(table: string, dynamo: DynamoDBDocumentClient, custody: CustodyLog): DeviceStore {
  const reader = tableReader(table, dynamo);

  async function settle(
    { person, credentialId, state }: Device,
    type: 'device-enrolled' | 'device-revoked',
    changes: Partial<Device>,
    event: EventDraft,
  ): Promise<DeviceChange> {
    const set = Object.entries(changes);
    const outcome = await custody.record(deviceSubject(person), type, event, [
      {
        Update: {
          TableName: table,
          Key: deviceKey(person, credentialId),
          UpdateExpression: `SET ${set.map((_, at) => `#name${at} = :value${at}`).join(', ')}`,
          ConditionExpression: '#state = :read',
          ExpressionAttributeNames: {
            '#state': 'state',
            ...Object.fromEntries(set.map(([name], at) => [`#name${at}`, name])),
          },
          ExpressionAttributeValues: {
            ':read': state,
            ...Object.fromEntries(set.map(([, value], at) => [`:value${at}`, value])),
          },
        },
      },
    ]);
    return outcome === 'recorded' ? 'done' : 'stale';
  }

  return {
    async read(person, credentialId): Promise<Device | null> {
      const item = await reader.get(deviceKey(person, credentialId));
      return item === null ? null : deviceSchema.parse(item);
    },

    async of(person): Promise<Device[]> {
      const items = await reader.listUnder(`DEVICES#${person}`, 'DEVICE#');
      return items
        .map((item) => deviceSchema.parse(item))
        .sort((a, b) => (a.enrolled.at < b.enrolled.at ? -1 : 1));
    },

    async offer(device, { nonce }, event): Promise<DeviceChange> {
      const outcome = await custody.record(deviceSubject(device.person), 'device-offered', event, [
        {
          Put: {
            TableName: table,
            Item: { ...deviceKey(device.person, device.credentialId), ...device },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        nonceItem(table, { person: device.person, nonce, at: event.at }),
      ]);
      return outcome === 'recorded' ? 'done' : 'stale';
    },

    confirm: (device, confirmed, event) =>
      settle(device, 'device-enrolled', { state: 'enrolled', confirmed }, event),
    revoke: (device, revoked, event) =>
      settle(device, 'device-revoked', { state: 'revoked', revoked }, event),
  };
}
