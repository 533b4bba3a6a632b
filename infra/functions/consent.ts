import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  KNOWS_CALLERS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  WHO_CALLS,
} from '../named-rights.ts';

export const CONSENT = {
  does: 'keeps dated facts of consent (R8) and the bases on which employees’ talk is collected (R7)',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: [
    'POST /consents',
    'POST /consents/search',
    'POST /collection-bases',
    'POST /collection-bases/{id}/withdraw',
    'GET /collection-bases',
  ],
  environment: [...WHO_CALLS, 'RECORDS_TABLE', 'KEYS_TABLE', 'CASES_TABLE', 'EVIDENCE_BUCKET', 'INDEX_KEY'],
  tables: {
    directory: [...KNOWS_CALLERS, { actions: ['Query', 'BatchGetItem'], rows: ['ACCOUNTS', 'PERSON#*'] }],
    events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['guest/*', 'collection/*'] }],
    records: [
      { actions: ['BatchGetItem', 'PutItem'], rows: ['ID#*'] },
      { actions: ['GetItem', 'PutItem'], rows: ['GUEST#*'] },
      { actions: ['BatchGetItem'], rows: ['BATCH#*'] },
    ],
    keys: { actions: ['GetItem', 'PutItem'], rows: ['INDEX'] },
    cases: [
      READS_RULES_POINTER,
      { actions: ['Query', 'PutItem'], rows: ['CONSENT#*'] },
      { actions: ['Query', 'PutItem', 'UpdateItem'], rows: ['COLLECTION#*'] },
    ],
  },
  buckets: { evidence: [READS_RULE_SETS] },
  knowsMissing: ['evidence'],
  keys: { index: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['index'] } },
} as const satisfies FunctionSpec;
