import { z } from 'zod';
import { channelSecrets } from '../../shared/aws/channel-secrets.ts';
import { channelTable } from '../../shared/aws/channel-table.ts';
import { dynamoClient, kmsClient, lambdaClient } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { invokeLater } from '../../shared/aws/invoke-later.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { hotelsOfEveryRegion, regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { addBodySchema, readAgainBodySchema, removeBodySchema, rotateBodySchema } from './channel-body.ts';
import { addChannel, listChannels, removeChannel, rotateChannel } from './keep-channels.ts';
import { readUnreadAgain } from './read-unread-again.ts';

const env = environment(
  'DUALKEY_REGION',
  'DIRECTORY_TABLE',
  'EVENTS_TABLE',
  'CHANNEL_KEY',
  'GATHER_FUNCTION',
  'CLOCK',
);
const dynamo = dynamoClient();
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(
  conductTable(env.DIRECTORY_TABLE, dynamo, custody),
  regionConfig(env.DUALKEY_REGION),
);
const lambda = lambdaClient();
const dependencies = {
  custody,
  begin: (hotel: string) => invokeLater(lambda, env.GATHER_FUNCTION, { readAgain: true, hotel }),
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
    'POST /channels/read-again': route(readAgainBodySchema, ({ person, body }) =>
      readUnreadAgain({ person, hotel: body.hotel, now: now() }, dependencies),
    ),
  },
  { directory: directoryTable(env.DIRECTORY_TABLE, dynamo), custody, conduct, ruleSets: null },
);
