import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  APPENDS_TO_REQUESTS,
  CLOSES_REGISTER,
  COUNTS_EMERGENCIES,
  KEEPS_STEPS_UP,
  KNOWS_CALLERS,
  LEAVES_NOTICES,
  MOVES_GRANTS,
  READS_CASES,
  READS_EVIDENCE_KEY,
  READS_REQUEST_KEYS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  REQUEST_ROWS,
  STEP_UP,
  TAKES_STEPS_UP,
  WHO_CALLS,
} from '../named-rights.ts';

export const APPROVE = {
  does: 'records one decision of one person on one request digest, whose row wakes reconcile, which gives the tokens back',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: ['POST /requests/{id}/decisions'],
  environment: [
    ...WHO_CALLS,
    ...STEP_UP,
    'GRANTS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'EVIDENCE_BUCKET',
    'GRANT_KEY',
  ],
  tables: {
    directory: [...KNOWS_CALLERS, ...TAKES_STEPS_UP],
    events: [...RECORDS_REFUSALS, APPENDS_TO_REQUESTS],
    // What it decides on is read at once, of four tables.
    grants: [
      MOVES_GRANTS,
      { actions: ['BatchGetItem'], rows: REQUEST_ROWS },
      CLOSES_REGISTER,
      COUNTS_EMERGENCIES,
      LEAVES_NOTICES,
    ],
    keys: [READS_REQUEST_KEYS, { actions: ['BatchGetItem'], rows: REQUEST_ROWS }],
    // What allowed break-glass to be asked for is asked again (L5).
    cases: [READS_RULES_POINTER, { actions: ['BatchGetItem'], rows: ['RULES'] }, ...READS_CASES],
  },
  buckets: { evidence: [READS_RULE_SETS, KEEPS_STEPS_UP] },
  knowsMissing: ['evidence'],
  keys: { grant: READS_EVIDENCE_KEY },
} as const satisfies FunctionSpec;
