import type { FunctionSpec } from '../function-spec.ts';
import {
  APPENDS_TO_PROVIDERS,
  APPENDS_TO_REQUESTS,
  CLEARS_OPENINGS,
  CLOSES_REGISTER,
  DROPS_TOKENS,
  FINDS_DELIVERED,
  GIVES_EMERGENCIES_BACK,
  LOOP,
  MOVES_GRANTS,
  NOTICE_ROWS,
  PROVIDER_ROWS,
  RECORDS_COPIES,
  REQUEST_ROWS,
  SHREDS_REQUEST_KEYS,
} from '../named-rights.ts';

export const RECONCILE = {
  does: 'keeps deadlines, windows and copies; finishes what a crash left behind; sends notices; woken by the grants stream too',
  memoryMb: 512,
  timeoutSeconds: 120,
  invokedLater: true,
  environment: [
    ...LOOP,
    'RECORDS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'INBOX_BUCKET',
    'VAULT_BUCKET',
    'DELIVERY_BUCKET',
    'GRANT_KEY',
    'STATE_MACHINE',
    'ARCHIVE_FUNCTION',
    'INGEST_FUNCTION',
    'NOTICES_TOPIC',
  ],
  tables: {
    grants: [
      MOVES_GRANTS,
      // What is done is no longer due.
      { actions: ['UpdateItem'], rows: REQUEST_ROWS },
      CLOSES_REGISTER,
      CLEARS_OPENINGS,
      DROPS_TOKENS,
      // A provider that hasn't answered in time.
      { actions: ['GetItem', 'PutItem'], rows: PROVIDER_ROWS },
      GIVES_EMERGENCIES_BACK,
      // Sends what is due, of whoever's change.
      { actions: ['Query', 'PutItem', 'DeleteItem'], rows: NOTICE_ROWS },
    ],
    // Incidents of break-glass that was left unfinished (L5).
    cases: [
      { actions: ['GetItem', 'PutItem'], rows: ['CASE#*'] },
      { actions: ['PutItem'], rows: ['CASES#*'] },
    ],
    events: [
      APPENDS_TO_REQUESTS,
      APPENDS_TO_PROVIDERS,
      RECORDS_COPIES,
      { actions: ['Query', 'PutItem'], rows: ['case/*'] },
    ],
    records: { actions: ['GetItem', 'Query'], rows: ['BATCH#*', 'BATCHES#OPEN'] },
    keys: SHREDS_REQUEST_KEYS,
  },
  indexes: { grants: ['due'] },
  buckets: {
    inbox: [{ actions: ['AbortMultipartUpload'], objects: '*' }],
    vault: [{ actions: ['AbortMultipartUpload'], objects: '*' }],
    delivery: [
      { actions: ['AbortMultipartUpload', 'DeleteObject'], objects: 'staged/*' },
      { actions: ['AbortMultipartUpload', 'DeleteObject'], objects: 'copies/*' },
    ],
  },
  lists: FINDS_DELIVERED,
  listsUploads: ['inbox', 'vault', 'delivery'],
  invokes: ['archive', 'ingest'],
  starts: true,
  releases: true,
  sendsNotices: true,
  readsGrantsStream: true,
} as const satisfies FunctionSpec;
