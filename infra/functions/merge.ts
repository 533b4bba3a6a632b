import type { FunctionSpec } from '../function-spec.ts';
import {
  CUSTODY_CONTEXT,
  KEY_HIERARCHY_ROWS,
  KNOWS_CALLERS,
  RECORDS_REFUSALS,
  WHO_CALLS,
} from '../named-rights.ts';

export const MERGE = {
  does: 'makes the small blocks of each conversation as few as they can be, at the end of a month',
  memoryMb: 1024,
  timeoutSeconds: 900,
  routes: ['POST /merges'],
  invokedLater: true,
  environment: [...WHO_CALLS, 'RECORDS_TABLE', 'KEYS_TABLE', 'VAULT_BUCKET', 'CUSTODY_KEY', 'MERGE_FUNCTION'],
  tables: {
    directory: KNOWS_CALLERS,
    events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['merge/*'] }],
    records: { actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] },
    keys: { actions: ['GetItem', 'Query', 'ConditionCheckItem'], rows: KEY_HIERARCHY_ROWS },
  },
  buckets: { vault: [{ actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: '*' }] },
  knowsMissing: ['vault'],
  keys: { custody: { actions: ['Decrypt'], contextKeys: CUSTODY_CONTEXT } },
  invokes: ['merge'],
} as const satisfies FunctionSpec;
