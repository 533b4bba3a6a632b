import { z } from 'zod';
import { channelSecrets } from '../../shared/aws/channel-secrets.ts';
import { channelTable } from '../../shared/aws/channel-table.ts';
import { dynamoClient, kmsClient } from '../../shared/aws/clients.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { hotelsOfEveryRegion, regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { addBodySchema, removeBodySchema, rotateBodySchema } from './channel-body.ts';
import { addChannel, listChannels, removeChannel, rotateChannel } from './keep-channels.ts';

const env = environment('DUALKEY_REGION', 'DIRECTORY_TABLE', 'EVENTS_TABLE', 'CHANNEL_KEY', 'CLOCK');
const dynamo = dynamoClient();
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const dependencies = {
  channels: channelTable(env.DIRECTORY_TABLE, dynamo, custody),
  secrets: channelSecrets(kmsClient(), env.CHANNEL_KEY, () => new Date()),
  region: regionFacts(regionConfig(env.DUALKEY_REGION)),
  chain: hotelsOfEveryRegion(),
};
const now = clockAt(env.CLOCK);

export const handler = apiHandler(
  {
    'POST /channels': route(addBodySchema, ({ person, body }) =>
      addChannel({ person, body, now: now() }, dependencies),
    ),
    'GET /channels': route(z.undefined(), ({ person }) => listChannels(person, dependencies)),
    'POST /channels/rotate': route(rotateBodySchema, ({ person, body }) =>
      rotateChannel({ person, body, now: now() }, dependencies),
    ),
    'POST /channels/remove': route(removeBodySchema, ({ person, body }) =>
      removeChannel({ person, body, now: now() }, dependencies),
    ),
  },
  { directory: directoryTable(env.DIRECTORY_TABLE, dynamo), custody },
);
