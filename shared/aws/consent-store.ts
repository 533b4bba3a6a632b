import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { type CollectionBasis, collectionBasisSchema } from '../domain/collection-basis.ts';
import { type ConsentFact, consentFactSchema } from '../domain/consent.ts';
import type { ConsentStore } from '../ports/consent-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { type RowKey, tableReader } from './table-reader.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const keys = {
  consent: ({ guestId, source, at, factId }: ConsentFact): RowKey => ({
    pk: `CONSENT#${guestId}`,
    sk: `${source}#${at}#${factId}`,
  }),
  basis: (hotel: string, basisId: string): RowKey => ({ pk: `COLLECTION#${hotel}`, sk: `BASIS#${basisId}` }),
};

/** Consents of guests, and the bases of collecting employees' talk, in the cases table: dated facts, each with its event. */
export function consentStore(
  table: string,
  dynamo: DynamoDBDocumentClient,
  custody: CustodyLog,
): ConsentStore {
  const reader = tableReader(table, dynamo);

  function put(item: Record<string, unknown>, condition?: string): TransactItem {
    return {
      Put: {
        TableName: table,
        Item: item,
        ...(condition === undefined ? {} : { ConditionExpression: condition }),
      },
    };
  }

  return {
    async record(fact, event) {
      const { guestId, source, state, at, purpose = 'collection' } = fact;
      const outcome = await custody.record(
        `guest/${guestId}`,
        'consent-recorded',
        { ...event, data: { source, purpose, state, said: at, hotel: fact.hotel, ...event.data } },
        [put({ ...keys.consent(fact), ...fact }, 'attribute_not_exists(pk)')],
      );
      return outcome === 'recorded' ? 'recorded' : 'there-already';
    },

    async ofGuests(guestIds) {
      const found = await Promise.all(
        [...new Set(guestIds)].map((guestId) =>
          reader.list({ condition: 'pk = :pk', values: { ':pk': `CONSENT#${guestId}` } }),
        ),
      );
      return found.flat().map((item) => consentFactSchema.parse(item));
    },

    async place(basis, event) {
      const { hotel, basisId, kind, reference, from, until } = basis;
      const outcome = await custody.record(
        `collection/${hotel}`,
        'collection-basis-placed',
        { ...event, data: { basisId, kind, reference, from, until, ...event.data } },
        [put({ ...keys.basis(hotel, basisId), ...basis }, 'attribute_not_exists(pk)')],
      );
      if (outcome !== 'recorded') throw new Error(`The basis ${basisId} is there already`);
    },

    async withdraw(basis, withdrawn, event) {
      const { hotel, basisId } = basis;
      const outcome = await custody.record(
        `collection/${hotel}`,
        'collection-basis-withdrawn',
        { ...event, data: { basisId, kind: basis.kind, ...event.data } },
        [
          {
            Update: {
              TableName: table,
              Key: keys.basis(hotel, basisId),
              UpdateExpression: 'SET withdrawn = :withdrawn',
              ConditionExpression: 'attribute_exists(pk) AND withdrawn = :none',
              ExpressionAttributeValues: { ':withdrawn': withdrawn, ':none': null },
            },
          },
        ],
      );
      return outcome === 'recorded' ? 'withdrawn' : 'stale';
    },

    async bases(hotel): Promise<CollectionBasis[]> {
      const items = await reader.listUnder(`COLLECTION#${hotel}`, 'BASIS#');
      return items.map((item) => collectionBasisSchema.parse(item));
    },
  };
}
