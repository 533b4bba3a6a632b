import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';

const KEY_BYTES = 'pk'.length + 'sk'.length + 'body'.length + 2;
const LARGEST = 400 * 1024 - KEY_BYTES;

/** Rows of so many bytes each, besides their names and keys. */
const rows = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, n) => ({
    Put: {
      TableName: 'records',
      Item: { pk: String.fromCodePoint(0x21 + n), sk: 's', body: new Uint8Array(bytes) },
    },
  }));

describe('the tables of these tests refuse what DynamoDB refuses', () => {
  it('an item of more than 400 KiB, names of attributes included', async () => {
    const { dynamo } = inMemoryAws().aProcess();
    const put = (bytes: number) =>
      dynamo.send(
        new PutCommand({
          TableName: 'records',
          Item: { pk: 'p', sk: 's', body: new Uint8Array(bytes) },
        }),
      );
    await put(LARGEST);
    await expect(put(LARGEST + 1)).rejects.toThrow('Item size');
  });

  it('a transaction of more than 100 items, or of more than 4 MB of them', async () => {
    const { dynamo } = inMemoryAws().aProcess();
    const write = (count: number, bytes: number) =>
      dynamo.send(new TransactWriteCommand({ TransactItems: rows(count, bytes) }));
    await write(90, 1);
    await expect(write(101, 1)).rejects.toThrow('Too many items');
    await write(10, 400_000);
    await expect(write(11, 400_000)).rejects.toThrow('Transaction size');
  });
});
