import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  CLOSES_REGISTER,
  KNOWS_CALLERS,
  READS_EVIDENCE_KEY,
  READS_GRANTS,
  READS_REQUEST_KEYS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  WHO_CALLS,
} from '../named-rights.ts';

export const PRINT = {
  does: 'keeps the prints of what was opened: numbered and sealed, returned or destroyed on record',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: ['POST /requests/{id}/prints', 'POST /requests/{id}/prints/end', 'GET /requests/{id}/prints'],
  environment: [...WHO_CALLS, 'GRANTS_TABLE', 'KEYS_TABLE', 'CASES_TABLE', 'EVIDENCE_BUCKET', 'GRANT_KEY'],
  tables: {
    directory: KNOWS_CALLERS,
    events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['prints/*'] }],
    // The register says how many prints are out.
    grants: [READS_GRANTS, { actions: ['Query', 'PutItem'], rows: ['PRINTS#*'] }, CLOSES_REGISTER],
    keys: READS_REQUEST_KEYS,
    cases: READS_RULES_POINTER,
  },
  buckets: { evidence: [READS_RULE_SETS] },
  knowsMissing: ['evidence'],
  keys: { grant: READS_EVIDENCE_KEY },
} as const satisfies FunctionSpec;
