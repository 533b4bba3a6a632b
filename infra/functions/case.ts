import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  KNOWS_CALLERS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  WHO_CALLS,
} from '../named-rights.ts';

export const CASE = {
  does: 'keeps the cases on file (complaints, disputes, plans, matters, instruments …); what gives somebody more waits for a second person',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: [
    'POST /cases',
    'GET /cases',
    'GET /case-changes',
    'POST /case-changes/{id}/confirm',
    'POST /case-changes/{id}/reject',
  ],
  environment: [...WHO_CALLS, 'RECORDS_TABLE', 'KEYS_TABLE', 'CASES_TABLE', 'EVIDENCE_BUCKET', 'INDEX_KEY'],
  tables: {
    directory: KNOWS_CALLERS,
    events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['case/*', 'change/*', 'guest/*'] }],
    // Somebody whom nobody knows yet becomes a guest by the identifier of a case.
    records: [
      { actions: ['BatchGetItem', 'PutItem'], rows: ['ID#*'] },
      { actions: ['GetItem', 'PutItem'], rows: ['GUEST#*'] },
    ],
    keys: { actions: ['GetItem', 'PutItem'], rows: ['INDEX'] },
    cases: [
      READS_RULES_POINTER,
      { actions: ['GetItem', 'BatchGetItem', 'PutItem'], rows: ['CASE#*'] },
      { actions: ['Query', 'PutItem', 'DeleteItem'], rows: ['CASES#*', 'CHANGES'] },
      { actions: ['PutItem', 'DeleteItem'], rows: ['CASESOF#*', 'TRANSFERS#*'] },
      { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], rows: ['CHANGE#*'] },
    ],
  },
  buckets: { evidence: [READS_RULE_SETS] },
  knowsMissing: ['evidence'],
  keys: { index: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['index'] } },
} as const satisfies FunctionSpec;
