import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  APPENDS_TO_REQUESTS,
  KNOWS_CALLERS,
  OPENING_ROWS,
  READS_CASES,
  READS_REQUEST_CHAINS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  REGISTER_ROWS,
  REQUEST_ROWS,
  WHO_CALLS,
} from '../named-rights.ts';

export const REQUEST = {
  does: 'takes a request, seals what is personal in it, starts its retrieval; shows and lists requests',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: ['POST /requests', 'GET /requests', 'GET /requests/{id}'],
  environment: [
    ...WHO_CALLS,
    'GRANTS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'EVIDENCE_BUCKET',
    'GRANT_KEY',
    'STATE_MACHINE',
  ],
  tables: {
    directory: KNOWS_CALLERS,
    events: [...RECORDS_REFUSALS, APPENDS_TO_REQUESTS, READS_REQUEST_CHAINS],
    grants: [
      { actions: ['GetItem', 'PutItem'], rows: REQUEST_ROWS },
      { actions: ['Query', 'PutItem'], rows: REGISTER_ROWS },
      { actions: ['Query'], rows: OPENING_ROWS },
    ],
    keys: { actions: ['GetItem', 'PutItem'], rows: REQUEST_ROWS },
    cases: [READS_RULES_POINTER, ...READS_CASES],
  },
  indexes: { grants: ['byRequester'] },
  buckets: { evidence: [READS_RULE_SETS] },
  knowsMissing: ['evidence'],
  keys: { grant: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['evidence'] } },
  starts: true,
} as const satisfies FunctionSpec;
