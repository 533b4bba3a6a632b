import type { FunctionSpec } from '../function-spec.ts';
import {
  FINDS_BY_INDEX,
  KNOWS_CALLERS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  WHO_CALLS,
} from '../named-rights.ts';

export const STAFF = {
  does: 'takes directory files, plans and applies their changes, has what gives somebody more confirmed; shows people',
  memoryMb: 1024,
  timeoutSeconds: 900,
  routes: [
    'POST /staff/imports',
    'POST /staff/imports/{id}/complete',
    'GET /staff/imports/{id}',
    'GET /staff/people',
    'GET /staff/changes',
    'GET /staff/changes/{id}',
    'POST /staff/changes/{id}/confirm',
    'POST /staff/changes/{id}/reject',
  ],
  invokedLater: true,
  environment: [
    ...WHO_CALLS,
    'RECORDS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'INBOX_BUCKET',
    'EVIDENCE_BUCKET',
    'INDEX_KEY',
    'STAFF_FUNCTION',
    'TOKEN_ISSUER',
  ],
  tables: {
    directory: [
      ...KNOWS_CALLERS,
      {
        actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
        rows: [
          ...['PERSON#*', 'SUBJECT#*', 'USERNAME#*', 'ROLE#*', 'TEAM#*', 'ACCOUNTS'],
          ...['REPORTING', 'JOBS', 'IMPORT#*', 'CHANGE#*', 'CHANGES'],
        ],
      },
    ],
    events: [
      ...RECORDS_REFUSALS,
      { actions: ['Query', 'PutItem'], rows: ['directory/*', 'directory-import/*', 'change/*'] },
    ],
    // An account manager's own clients are found by blind index (T6), as far as the hotel has records of them.
    records: { actions: ['GetItem', 'BatchGetItem'], rows: ['ID#*', 'GUEST#*'] },
    keys: [
      { actions: ['Query'], rows: ['GUEST#*'] },
      { actions: ['GetItem'], rows: ['INDEX'] },
    ],
    cases: READS_RULES_POINTER,
  },
  buckets: {
    inbox: [{ actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: 'staff-imports/*' }],
    evidence: [READS_RULE_SETS],
  },
  knowsMissing: ['evidence', 'inbox'],
  keys: { index: FINDS_BY_INDEX },
  invokes: ['staff'],
} as const satisfies FunctionSpec;
