import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { inMemoryAws } from './in-memory-aws.ts';

const KEY = { pk: 'ROW', sk: 'ROW' };

describe('a set in a row, as DynamoDB keeps it', () => {
  it('is added to and taken from, has a size, and is gone with its last member', async () => {
    const { dynamo } = inMemoryAws().aProcess();
    const change = (verb: 'ADD' | 'DELETE', members: string[], most = 9) =>
      dynamo.send(
        new UpdateCommand({
          TableName: 'table',
          Key: KEY,
          UpdateExpression: `${verb} names :names`,
          ConditionExpression: 'attribute_not_exists(names) OR size(names) < :most',
          ExpressionAttributeValues: { ':names': new Set(members), ':most': most },
        }),
      );
    const names = async () =>
      (await dynamo.send(new GetCommand({ TableName: 'table', Key: KEY }))).Item?.['names'];
    await change('ADD', ['a', 'b'], 0);
    await change('ADD', ['b', 'c']);
    expect(await names()).toEqual(new Set(['a', 'b', 'c']));
    await expect(change('ADD', ['d'], 3)).rejects.toThrow(ConditionalCheckFailedException);
    await change('DELETE', ['a', 'x']);
    expect(await names()).toEqual(new Set(['b', 'c']));
    await change('DELETE', ['b', 'c']);
    expect(await names()).toBeUndefined();
  });
});
