import type { FunctionSpec } from '../function-spec.ts';
import {
  APPENDS_TO_REQUESTS,
  CLEARS_OPENINGS,
  CLOSES_REGISTER,
  CUSTODY_CONTEXT,
  FINDS_DELIVERED,
  FINDS_RECORDS,
  KEY_HIERARCHY_ROWS,
  LOOP,
  MOVES_GRANTS,
  READS_CASES,
  READS_CONSENTS,
  READS_PEOPLE,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  READS_SCOPES,
  READS_SIGNERS,
  READS_STEPS_UP,
  RECORDS_COPIES,
  REQUEST_ROWS,
  STEP_UP,
} from '../named-rights.ts';

export const PROVISION = {
  does: 'checks everything again on current facts and stages the records, encrypted under a key of the grant',
  memoryMb: 1769,
  timeoutSeconds: 600,
  environment: [
    ...LOOP,
    ...STEP_UP,
    'DUALKEY_REGION',
    'RECORDS_TABLE',
    'KEYS_TABLE',
    'CASES_TABLE',
    'DIRECTORY_TABLE',
    'VAULT_BUCKET',
    'DELIVERY_BUCKET',
    'EVIDENCE_BUCKET',
    'CUSTODY_KEY',
    'GRANT_KEY',
  ],
  tables: {
    grants: [
      MOVES_GRANTS,
      CLOSES_REGISTER,
      CLEARS_OPENINGS,
      // Counted in the transaction that grants.
      { actions: ['BatchGetItem', 'UpdateItem'], rows: ['RETRIEVALS#*'] },
    ],
    events: [APPENDS_TO_REQUESTS, RECORDS_COPIES],
    directory: [READS_PEOPLE, READS_SIGNERS],
    records: FINDS_RECORDS,
    keys: [
      { actions: ['GetItem'], rows: KEY_HIERARCHY_ROWS },
      { actions: ['GetItem', 'PutItem', 'UpdateItem'], rows: REQUEST_ROWS },
    ],
    cases: [READS_RULES_POINTER, READS_CONSENTS, ...READS_CASES],
  },
  buckets: {
    vault: [{ actions: ['GetObject'], objects: '*' }],
    delivery: [
      { actions: ['GetObject', 'PutObject', 'AbortMultipartUpload', 'DeleteObject'], objects: 'staged/*' },
      { actions: ['DeleteObject'], objects: 'copies/*' },
    ],
    evidence: [
      READS_SCOPES,
      READS_RULE_SETS,
      READS_STEPS_UP,
      { actions: ['GetObject'], objects: 'batches/*' },
    ],
  },
  lists: FINDS_DELIVERED,
  knowsMissing: ['vault', 'delivery', 'evidence'],
  keys: {
    custody: { actions: ['Decrypt'], contextKeys: CUSTODY_CONTEXT },
    grant: { actions: ['GenerateDataKey', 'Decrypt'], purposes: ['grant'] },
  },
} as const satisfies FunctionSpec;
