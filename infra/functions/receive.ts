import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  KNOWS_CALLERS,
  PROVIDER_ROWS,
  READS_COLLECTION_BASES,
  RECORDS_BATCHES,
  RECORDS_REFUSALS,
  WHO_CALLS,
} from '../named-rights.ts';

export const RECEIVE = {
  does: 'opens a batch and signs its upload to the inbox; completes it; tells how far it is; has rejected lines read again',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: [
    'POST /batches',
    'GET /batches',
    'POST /batches/{id}/complete',
    'GET /batches/{id}',
    'POST /batches/{id}/rerun',
    'GET /quarantine',
  ],
  environment: [
    ...WHO_CALLS,
    'RECORDS_TABLE',
    'CASES_TABLE',
    'GRANTS_TABLE',
    'INBOX_BUCKET',
    'INGEST_FUNCTION',
  ],
  tables: {
    // The provider request that a batch answers.
    grants: { actions: ['GetItem'], rows: PROVIDER_ROWS },
    directory: KNOWS_CALLERS,
    cases: READS_COLLECTION_BASES,
    events: [...RECORDS_REFUSALS, RECORDS_BATCHES],
    records: [
      { actions: ['GetItem', 'PutItem'], rows: ['BATCH#*', 'BATCHES#OPEN', 'LISTED#*'] },
      { actions: ['Query', 'PutItem'], rows: ['UPLOADS#*'] },
      { actions: ['BatchGetItem'], rows: ['BATCH#*'] },
      { actions: ['Query'], rows: ['QUARANTINE#*', 'LISTED#*'] },
    ],
  },
  // Its links let the uploader put parts; nothing lets it, or them, read what was put.
  buckets: { inbox: [{ actions: ['PutObject'], objects: '*' }] },
  lists: { inbox: ['*'] },
  invokes: ['ingest'],
} as const satisfies FunctionSpec;
