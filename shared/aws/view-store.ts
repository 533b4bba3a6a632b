import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { shownViewSchema } from '../domain/shown-view.ts';
import type { ViewStore } from '../ports/view-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { tableReader } from './table-reader.ts';

/** A view of this id is there already. Nothing was written. */
export class ViewIdTakenError extends Error {
  override name = 'ViewIdTakenError';
}

/** Routine views in the grants table, and how many of them each person had on each day of the hotel. */
export function viewStore(
  table: string,
  dynamo: DynamoDBDocumentClient,
  custody: Pick<CustodyLog, 'record'>,
): ViewStore {
  const reader = tableReader(table, dynamo);
  return {
    async record(view, day, event) {
      const recorded = await custody.record(`views/${view.viewer}`, 'view-shown', event, [
        {
          Put: {
            TableName: table,
            Item: { pk: `VIEW#${view.viewId}`, sk: 'VIEW', ...view },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Update: {
            TableName: table,
            Key: { pk: `VIEWS#${view.viewer}`, sk: day },
            UpdateExpression: 'ADD #views :one, #records :records',
            ExpressionAttributeNames: { '#views': 'views', '#records': 'records' },
            ExpressionAttributeValues: { ':one': 1, ':records': view.recordIds.length },
          },
        },
      ]);
      if (recorded === 'row-changed') throw new ViewIdTakenError(`There is a view ${view.viewId} already`);
    },
    async read(viewId) {
      const row = await reader.get({ pk: `VIEW#${viewId}`, sk: 'VIEW' });
      return row === null ? null : shownViewSchema.parse(row);
    },
  };
}
