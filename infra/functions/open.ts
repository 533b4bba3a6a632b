import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  APPENDS_TO_REQUESTS,
  FINDS_RECORDS,
  KEEPS_STEPS_UP,
  KNOWS_CALLERS,
  MOVES_GRANTS,
  OPENING_ROWS,
  READS_CASES,
  READS_CONSENTS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  READS_SCOPES,
  READS_SIGNERS,
  READS_STEPS_UP,
  RECORDS_COPIES,
  RECORDS_REFUSALS,
  REQUEST_ROWS,
  STEP_UP,
  TAKES_STEPS_UP,
  WHO_CALLS,
} from '../named-rights.ts';

export const OPEN = {
  does: 'has this opening’s copy rendered, counts it with its event in one transaction, and only then signs a link',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: ['POST /requests/{id}/openings'],
  environment: [
    ...WHO_CALLS,
    ...STEP_UP,
    'GRANTS_TABLE',
    'RECORDS_TABLE',
    'CASES_TABLE',
    'DELIVERY_BUCKET',
    'EVIDENCE_BUCKET',
    'READER_ROLE',
    'RENDER_FUNCTION',
  ],
  tables: {
    directory: [
      ...KNOWS_CALLERS,
      ...TAKES_STEPS_UP,
      // An opening that is there rests on its device until the link is out, and approvals on theirs.
      READS_SIGNERS,
    ],
    events: [...RECORDS_REFUSALS, APPENDS_TO_REQUESTS, RECORDS_COPIES],
    grants: [
      MOVES_GRANTS,
      // What is prepared is bounded by what is left while the row is as it was read.
      { actions: ['ConditionCheckItem'], rows: REQUEST_ROWS },
      { actions: ['GetItem', 'PutItem', 'UpdateItem'], rows: OPENING_ROWS },
    ],
    records: FINDS_RECORDS,
    cases: [READS_RULES_POINTER, READS_CONSENTS, ...READS_CASES],
  },
  buckets: {
    delivery: [{ actions: ['DeleteObject'], objects: 'copies/*' }],
    evidence: [READS_SCOPES, READS_RULE_SETS, KEEPS_STEPS_UP, READS_STEPS_UP],
  },
  knowsMissing: ['evidence'],
  invokes: ['render'],
  assumesReader: true,
} as const satisfies FunctionSpec;
