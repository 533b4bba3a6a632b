import type { FunctionSpec } from '../function-spec.ts';
import {
  CUSTODY_CONTEXT,
  KEEPS_CONSENTS,
  MAKES_CUSTODY_KEYS,
  READS_COLLECTION_BASES,
  RECORDS_BATCHES,
  TAKES_INTO_CUSTODY,
} from '../named-rights.ts';

export const INGEST = {
  does: 'streams an upload into encrypted blocks, checkpoints, continues itself, commits the batch, empties the inbox',
  memoryMb: 1769,
  timeoutSeconds: 900,
  invokedLater: true,
  environment: [
    'DUALKEY_REGION',
    'RECORDS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'DIRECTORY_TABLE',
    'EVENTS_TABLE',
    'INBOX_BUCKET',
    'VAULT_BUCKET',
    'EVIDENCE_BUCKET',
    'CUSTODY_KEY',
    'INDEX_KEY',
    'INGEST_FUNCTION',
    'CLOCK',
  ],
  tables: {
    records: TAKES_INTO_CUSTODY,
    keys: MAKES_CUSTODY_KEYS,
    cases: [READS_COLLECTION_BASES, KEEPS_CONSENTS],
    directory: { actions: ['BatchGetItem', 'Query'], rows: ['ACCOUNTS', 'PERSON#*'] },
    events: [RECORDS_BATCHES, { actions: ['Query', 'PutItem'], rows: ['guest/*'] }],
  },
  buckets: {
    // What is dropped gets a key of its own before it is read.
    inbox: [{ actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: '*' }],
    vault: [{ actions: ['GetObject', 'PutObject', 'AbortMultipartUpload', 'DeleteObject'], objects: '*' }],
    evidence: [{ actions: ['GetObject', 'PutObject'], objects: 'batches/*' }],
  },
  lists: { inbox: ['*'] },
  knowsMissing: ['vault', 'evidence'],
  keys: {
    custody: { actions: ['GenerateDataKey', 'Decrypt'], contextKeys: CUSTODY_CONTEXT },
    index: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['index'] },
  },
  invokes: ['ingest'],
} as const satisfies FunctionSpec;
