import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  FINDS_BY_INDEX,
  KNOWS_CALLERS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  WHO_CALLS,
} from '../named-rights.ts';

export const IDENTITY = {
  does: 'separates identifiers that were linked wrongly',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: ['POST /identities/unlink'],
  environment: [...WHO_CALLS, 'RECORDS_TABLE', 'KEYS_TABLE', 'CASES_TABLE', 'EVIDENCE_BUCKET', 'INDEX_KEY'],
  tables: {
    directory: KNOWS_CALLERS,
    events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['guest/*'] }],
    records: [
      { actions: ['GetItem', 'BatchGetItem', 'PutItem'], rows: ['ID#*'] },
      { actions: ['GetItem', 'Query', 'PutItem', 'DeleteItem'], rows: ['GUEST#*'] },
    ],
    keys: { actions: ['GetItem'], rows: ['INDEX'] },
    cases: READS_RULES_POINTER,
  },
  buckets: { evidence: [READS_RULE_SETS] },
  knowsMissing: ['evidence'],
  keys: { index: FINDS_BY_INDEX },
} as const satisfies FunctionSpec;
