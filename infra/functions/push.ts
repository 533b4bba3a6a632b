import type { FunctionSpec } from '../function-spec.ts';

export const PUSH = {
  does: 'verifies what a platform pushes, over its exact bytes, and puts it, encrypted, into the queue',
  memoryMb: 512,
  timeoutSeconds: 10,
  openRoutes: ['POST /push/{channel}/{account}', 'GET /push/{channel}/{account}'],
  environment: ['DIRECTORY_TABLE', 'RECORDS_TABLE', 'EVENTS_TABLE', 'CHANNEL_KEY', 'PUSH_QUEUE'],
  tables: {
    directory: { actions: ['GetItem'], rows: ['CHANNEL#*'] },
    records: { actions: ['GetItem', 'PutItem'], rows: ['PUSHED#*'] },
    events: { actions: ['Query', 'PutItem'], rows: ['channel/*'] },
  },
  keys: {
    channel: [
      // What it queued it can't read again, and secrets are `channels`' to seal.
      { actions: ['GenerateDataKey'], purposes: ['push'] },
      { actions: ['Decrypt'], purposes: ['channel-secrets'] },
    ],
  },
  sendsPushes: true,
} as const satisfies FunctionSpec;
