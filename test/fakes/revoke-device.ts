import { deviceKey } from '../../shared/aws/step-up-store.ts';
import type { InMemoryAws } from './in-memory-aws/in-memory-aws.ts';

/** Revokes a device in the directory table at once, as another process would, between two calls of whoever is under way. */
export function revokeDevice({ tables }: InMemoryAws, person: string, credentialId: string): void {
  const { pk, sk } = deviceKey(person, credentialId);
  tables.call('UpdateItem', {
    TableName: 'directory',
    Key: { pk: { S: pk }, sk: { S: sk } },
    UpdateExpression: 'SET #state = :revoked',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':revoked': { S: 'revoked' } },
  });
}
