import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  CUSTODY_CONTEXT,
  FINDS_BY_INDEX,
  FINDS_RECORDS,
  KEY_HIERARCHY_ROWS,
  KNOWS_CALLERS,
  READS_CASES,
  READS_CONSENTS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  WHO_CALLS,
} from '../named-rights.ts';

export const VIEW = {
  does: 'shows records masked on screen within the viewer’s own standing tier; recorded before they are shown',
  memoryMb: 1024,
  timeoutSeconds: API_SECONDS,
  routes: ['POST /views', 'POST /views/aggregates'],
  environment: [
    ...WHO_CALLS,
    'RECORDS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'GRANTS_TABLE',
    'VAULT_BUCKET',
    'EVIDENCE_BUCKET',
    'CUSTODY_KEY',
    'INDEX_KEY',
    'GATHER_FUNCTION',
  ],
  tables: {
    grants: [
      { actions: ['GetItem', 'PutItem'], rows: ['VIEW#*'] },
      { actions: ['UpdateItem'], rows: ['VIEWS#*'] },
    ],
    events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['views/*'] }],
    directory: KNOWS_CALLERS,
    records: FINDS_RECORDS,
    keys: [
      { actions: ['GetItem'], rows: KEY_HIERARCHY_ROWS },
      { actions: ['GetItem'], rows: ['INDEX'] },
    ],
    cases: [READS_RULES_POINTER, READS_CONSENTS, ...READS_CASES],
  },
  buckets: { vault: [{ actions: ['GetObject'], objects: '*' }], evidence: [READS_RULE_SETS] },
  knowsMissing: ['vault', 'evidence'],
  keys: { custody: { actions: ['Decrypt'], contextKeys: CUSTODY_CONTEXT }, index: FINDS_BY_INDEX },
  invokes: ['gather'],
} as const satisfies FunctionSpec;
