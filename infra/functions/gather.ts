import type { FunctionSpec } from '../function-spec.ts';
import {
  CUSTODY_CONTEXT,
  KEEPS_CONSENTS,
  MAKES_CUSTODY_KEYS,
  RECORDS_BATCHES,
  TAKES_INTO_CUSTODY,
} from '../named-rights.ts';

export const GATHER = {
  does: 'takes pushes out of the queue, keeps their messages under their guests’ keys, seals conversations into blocks',
  memoryMb: 1024,
  timeoutSeconds: 300,
  invokedLater: true,
  takesPushes: true,
  environment: [
    'DUALKEY_REGION',
    'RECORDS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'DIRECTORY_TABLE',
    'EVENTS_TABLE',
    'VAULT_BUCKET',
    'EVIDENCE_BUCKET',
    'CUSTODY_KEY',
    'INDEX_KEY',
    'CHANNEL_KEY',
    'INGEST_FUNCTION',
    'CLOCK',
  ],
  tables: {
    records: TAKES_INTO_CUSTODY,
    keys: MAKES_CUSTODY_KEYS,
    directory: [
      { actions: ['GetItem'], rows: ['CHANNEL#*'] },
      { actions: ['BatchGetItem', 'Query'], rows: ['ACCOUNTS', 'PERSON#*'] },
    ],
    events: [RECORDS_BATCHES, { actions: ['Query', 'PutItem'], rows: ['guest/*'] }],
    cases: [KEEPS_CONSENTS],
  },
  buckets: {
    vault: [{ actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: '*' }],
    evidence: [{ actions: ['GetObject', 'PutObject'], objects: 'batches/*' }],
  },
  knowsMissing: ['vault', 'evidence'],
  keys: {
    custody: { actions: ['GenerateDataKey', 'Decrypt'], contextKeys: CUSTODY_CONTEXT },
    index: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['index'] },
    channel: { actions: ['Decrypt'], purposes: ['push'] },
  },
  invokes: ['ingest'],
} as const satisfies FunctionSpec;
