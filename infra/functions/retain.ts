import type { FunctionSpec } from '../function-spec.ts';
import {
  CUSTODY_CONTEXT,
  HOLD_ROWS,
  KEY_HIERARCHY_ROWS,
  KNOWS_CALLERS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  SIGNS,
  WHO_CALLS,
} from '../named-rights.ts';

export const RETAIN = {
  does: 'shreds the keys of due periods, deletes their blocks and rows, certifies it; keeps what is held',
  memoryMb: 1024,
  timeoutSeconds: 900,
  routes: ['POST /retention/runs', 'GET /retention/certificates'],
  invokedLater: true,
  environment: [
    ...WHO_CALLS,
    'RECORDS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'VAULT_BUCKET',
    'EVIDENCE_BUCKET',
    'CUSTODY_KEY',
    'SIGNING_KEY',
  ],
  tables: {
    directory: KNOWS_CALLERS,
    events: [...RECORDS_REFUSALS, { actions: ['Query', 'PutItem'], rows: ['period/*', 'hold/*'] }],
    records: { actions: ['GetItem', 'BatchGetItem', 'Query', 'DeleteItem'] },
    keys: {
      actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
      rows: [...KEY_HIERARCHY_ROWS, 'FORGETTING'],
    },
    cases: [
      { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'], rows: HOLD_ROWS },
      READS_RULES_POINTER,
    ],
  },
  checksBackupsOf: ['keys'],
  buckets: {
    vault: [{ actions: ['DeleteObject'], objects: '*' }],
    evidence: [
      { actions: ['GetObject', 'PutObject'], objects: 'certificates/*' },
      { actions: ['GetObject', 'PutObject'], objects: 'deletion-ledger/*' },
      READS_RULE_SETS,
    ],
  },
  knowsMissing: ['evidence'],
  lists: { vault: ['*'], evidence: ['certificates/*', 'deletion-ledger/*'] },
  keys: {
    custody: { actions: ['GenerateDataKey', 'Decrypt'], contextKeys: CUSTODY_CONTEXT },
    signing: SIGNS,
  },
} as const satisfies FunctionSpec;
