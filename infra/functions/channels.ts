import type { FunctionSpec } from '../function-spec.ts';
import { API_SECONDS, KNOWS_CALLERS, RECORDS_REFUSALS, WHO_CALLS } from '../named-rights.ts';

export const CHANNELS = {
  does: 'keeps the channels by which platforms push, their secrets sealed: adds, lists, rotates, removes; has unread pushes tried again',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: [
    'POST /channels',
    'GET /channels',
    'POST /channels/rotate',
    'POST /channels/remove',
    'POST /channels/read-again',
  ],
  environment: [...WHO_CALLS, 'CHANNEL_KEY', 'GATHER_FUNCTION'],
  tables: {
    directory: [
      ...KNOWS_CALLERS,
      { actions: ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'], rows: ['CHANNEL#*'] },
      { actions: ['Query', 'PutItem', 'DeleteItem'], rows: ['CHANNELS'] },
    ],
    events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['channel/*'] }],
  },
  keys: { channel: { actions: ['GenerateDataKey'], purposes: ['channel-secrets'] } },
  invokes: ['gather'],
} as const satisfies FunctionSpec;
