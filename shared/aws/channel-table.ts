import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import {
  CHANNELS,
  type Channel,
  type ChannelPlace,
  channelAccountSchema,
  channelSchema,
  channelSubject,
} from '../domain/channel.ts';
import type { EventDraft } from '../ports/grant-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { type RowKey, tableReader } from './table-reader.ts';

const placeSchema = z.object({ channel: z.enum(CHANNELS), account: channelAccountSchema });

const keys = {
  channel: ({ channel, account }: ChannelPlace): RowKey => ({
    pk: `CHANNEL#${channel}#${account}`,
    sk: 'CHANNEL',
  }),
  listed: ({ channel, account }: ChannelPlace): RowKey => ({
    pk: 'CHANNELS',
    sk: `CHANNEL#${channel}#${account}`,
  }),
};

/** Channels by which platforms push, in the directory table. Each change is one transaction with its custody event. */
export function channelTable(table: string, dynamo: DynamoDBDocumentClient, custody: CustodyLog) {
  const reader = tableReader(table, dynamo);

  async function read(place: ChannelPlace): Promise<Channel | null> {
    const item = await reader.get(keys.channel(place));
    return item === null ? null : channelSchema.parse(item);
  }

  return {
    read,

    async list(): Promise<Channel[]> {
      const places = (await reader.listUnder('CHANNELS', 'CHANNEL#')).map((item) => placeSchema.parse(item));
      return (await reader.getAll(places.map(keys.channel)))
        .map((item) => channelSchema.parse(item))
        .sort((a, b) => (keys.listed(a).sk < keys.listed(b).sk ? -1 : 1));
    },

    /** `exists`: there is a channel of this account already. */
    async add(channel: Channel, event: EventDraft): Promise<'added' | 'exists'> {
      const { channel: name, account } = channel;
      const outcome = await custody.record(channelSubject(channel), 'channel-added', event, [
        {
          Put: {
            TableName: table,
            Item: { ...keys.channel(channel), ...channel },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        { Put: { TableName: table, Item: { ...keys.listed(channel), channel: name, account } } },
      ]);
      return outcome === 'recorded' ? 'added' : 'exists';
    },

    /** `stale`: somebody else changed it meanwhile. */
    async rotate(
      prior: Channel,
      versions: Channel['versions'],
      event: EventDraft,
    ): Promise<'rotated' | 'stale'> {
      const outcome = await custody.record(channelSubject(prior), 'channel-rotated', event, [
        {
          Put: {
            TableName: table,
            Item: { ...keys.channel(prior), ...prior, versions, revision: prior.revision + 1 },
            ConditionExpression: 'revision = :revision',
            ExpressionAttributeValues: { ':revision': prior.revision },
          },
        },
      ]);
      return outcome === 'recorded' ? 'rotated' : 'stale';
    },

    /** Its secrets go with it: from now on no push of it is taken. */
    async remove(prior: Channel, event: EventDraft): Promise<'removed' | 'stale'> {
      const outcome = await custody.record(channelSubject(prior), 'channel-removed', event, [
        {
          Delete: {
            TableName: table,
            Key: keys.channel(prior),
            ConditionExpression: 'revision = :revision',
            ExpressionAttributeValues: { ':revision': prior.revision },
          },
        },
        { Delete: { TableName: table, Key: keys.listed(prior) } },
      ]);
      return outcome === 'recorded' ? 'removed' : 'stale';
    },
  };
}
export type ChannelTable = ReturnType<typeof channelTable>;
