import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  KEEPS_STEPS_UP,
  KNOWS_CALLERS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  STEP_UP,
  TAKES_STEPS_UP,
  WHO_CALLS,
} from '../named-rights.ts';

export const UNLOCK = {
  does: 'opens an account that misoperations locked, signed by the information security director or a deputy',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: ['POST /accounts/unlock'],
  environment: [...WHO_CALLS, ...STEP_UP, 'KEYS_TABLE', 'CASES_TABLE', 'EVIDENCE_BUCKET', 'GRANT_KEY'],
  tables: {
    directory: [...KNOWS_CALLERS, ...TAKES_STEPS_UP],
    events: RECORDS_REFUSALS,
    // The key of its reasons is of the person whose account it is: no request's keys.
    keys: { actions: ['GetItem', 'PutItem'], rows: ['REQUEST#p_*'] },
    cases: READS_RULES_POINTER,
  },
  buckets: { evidence: [READS_RULE_SETS, KEEPS_STEPS_UP] },
  knowsMissing: ['evidence'],
  keys: { grant: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['evidence'] } },
} as const satisfies FunctionSpec;
