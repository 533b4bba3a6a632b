import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  CUSTODY_CONTEXT,
  FINDS_BY_INDEX,
  HOLD_ROWS,
  KEEPS_STEPS_UP,
  KEY_HIERARCHY_ROWS,
  KNOWS_CALLERS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  STEP_UP,
  TAKES_STEPS_UP,
  WHO_CALLS,
} from '../named-rights.ts';

export const HOLD = {
  does: 'places, releases and lists legal holds',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: ['POST /holds', 'POST /holds/{id}/release', 'GET /holds'],
  environment: [
    ...WHO_CALLS,
    ...STEP_UP,
    'RECORDS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'EVIDENCE_BUCKET',
    'CUSTODY_KEY',
    'INDEX_KEY',
  ],
  tables: {
    directory: [...KNOWS_CALLERS, ...TAKES_STEPS_UP],
    events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['hold/*'] }],
    records: { actions: ['GetItem', 'BatchGetItem'], rows: ['ID#*', 'GUEST#*'] },
    keys: [
      {
        actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
        rows: KEY_HIERARCHY_ROWS,
      },
      { actions: ['GetItem'], rows: ['INDEX'] },
    ],
    cases: [
      { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'], rows: HOLD_ROWS },
      READS_RULES_POINTER,
    ],
  },
  buckets: { evidence: [READS_RULE_SETS, KEEPS_STEPS_UP] },
  knowsMissing: ['evidence'],
  keys: {
    custody: [
      { actions: ['GenerateDataKey', 'Decrypt'], contextKeys: CUSTODY_CONTEXT },
      // What a hold's lawyer writes is sealed as evidence.
      { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['evidence'], contextKeys: ['purpose', 'hold'] },
    ],
    index: FINDS_BY_INDEX,
  },
} as const satisfies FunctionSpec;
