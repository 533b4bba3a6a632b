import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  KNOWS_CALLERS,
  READS_GRANTS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  STEP_UP,
  WHO_CALLS,
} from '../named-rights.ts';

export const DEVICE = {
  does: 'enrols, confirms, revokes and lists people’s devices; issues the nonces of steps-up',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: [
    'POST /step-up/challenges',
    'POST /devices',
    'POST /devices/confirm',
    'POST /devices/revoke',
    'GET /devices',
  ],
  environment: [...WHO_CALLS, ...STEP_UP, 'CASES_TABLE', 'GRANTS_TABLE', 'EVIDENCE_BUCKET'],
  tables: {
    directory: [
      ...KNOWS_CALLERS,
      { actions: ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'], rows: ['STEPUP#*'] },
      { actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], rows: ['DEVICES#*'] },
    ],
    events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['device/*'] }],
    // The role that is decided in.
    grants: READS_GRANTS,
    cases: READS_RULES_POINTER,
  },
  buckets: { evidence: [READS_RULE_SETS] },
  knowsMissing: ['evidence'],
} as const satisfies FunctionSpec;
