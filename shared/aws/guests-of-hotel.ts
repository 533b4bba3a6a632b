import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tableReader } from './table-reader.ts';

/** Whether a hotel has records of a guest: whether there is a key of theirs (the keys table, read and no more). */
export function guestsOfHotel(table: string, dynamo: DynamoDBDocumentClient) {
  const reader = tableReader(table, dynamo);
  return {
    async hasRecordsAt(guestId: string, hotel: string): Promise<boolean> {
      return (await reader.listUnder(`GUEST#${guestId}`, `KEY#${hotel}#`, 1)).length > 0;
    },
  };
}
