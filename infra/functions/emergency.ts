import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  APPENDS_TO_REQUESTS,
  CLOSES_REGISTER,
  CUSTODY_CONTEXT,
  FINDS_RECORDS,
  KEY_HIERARCHY_ROWS,
  KNOWS_CALLERS,
  MOVES_GRANTS,
  READS_CASES,
  READS_CONSENTS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  READS_SCOPES,
  RECORDS_REFUSALS,
  WHO_CALLS,
} from '../named-rights.ts';

export const EMERGENCY = {
  does: 'shows break-glass to whoever started it: masked, on screen, recorded before it is shown; takes the paper form’s number',
  memoryMb: 1024,
  timeoutSeconds: API_SECONDS,
  routes: ['POST /emergencies/{id}/view', 'POST /emergencies/{id}/form'],
  environment: [
    ...WHO_CALLS,
    'GRANTS_TABLE',
    'RECORDS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'VAULT_BUCKET',
    'EVIDENCE_BUCKET',
    'CUSTODY_KEY',
  ],
  tables: {
    directory: KNOWS_CALLERS,
    events: [...RECORDS_REFUSALS, APPENDS_TO_REQUESTS],
    grants: [MOVES_GRANTS, CLOSES_REGISTER],
    records: FINDS_RECORDS,
    keys: { actions: ['GetItem'], rows: KEY_HIERARCHY_ROWS },
    cases: [READS_RULES_POINTER, READS_CONSENTS, ...READS_CASES],
  },
  buckets: {
    vault: [{ actions: ['GetObject'], objects: '*' }],
    evidence: [READS_SCOPES, READS_RULE_SETS],
  },
  knowsMissing: ['vault', 'evidence'],
  keys: { custody: { actions: ['Decrypt'], contextKeys: CUSTODY_CONTEXT } },
} as const satisfies FunctionSpec;
