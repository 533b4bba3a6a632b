import type { FunctionSpec } from '../function-spec.ts';
import {
  API_SECONDS,
  APPENDS_TO_PROVIDERS,
  KNOWS_CALLERS,
  PROVIDER_LIST_ROWS,
  PROVIDER_ROWS,
  READS_EVIDENCE_KEY,
  READS_GRANTS,
  READS_REQUEST_KEYS,
  READS_RULE_SETS,
  READS_RULES_POINTER,
  RECORDS_REFUSALS,
  SIGNS,
  WHO_CALLS,
} from '../named-rights.ts';

export const PROVIDER = {
  does: 'drafts, issues and follows letters to providers; keeps their answers whole, sealed, under Object Lock',
  memoryMb: 512,
  timeoutSeconds: API_SECONDS,
  routes: [
    'POST /requests/{id}/provider-requests',
    'GET /requests/{id}/provider-requests',
    'POST /provider-requests/{id}/letter',
    'POST /provider-requests/{id}/sent',
    'POST /provider-requests/{id}/refused',
    'POST /provider-requests/{id}/withdraw',
    'POST /provider-requests/{id}/answers',
    'POST /provider-requests/{id}/answers/keep',
  ],
  environment: [
    ...WHO_CALLS,
    'KEYS_TABLE',
    'CASES_TABLE',
    'GRANTS_TABLE',
    'INBOX_BUCKET',
    'EVIDENCE_BUCKET',
    'GRANT_KEY',
    'SIGNING_KEY',
  ],
  tables: {
    directory: KNOWS_CALLERS,
    events: [...RECORDS_REFUSALS, APPENDS_TO_PROVIDERS],
    grants: [
      READS_GRANTS,
      { actions: ['GetItem', 'PutItem'], rows: PROVIDER_ROWS },
      { actions: ['Query', 'PutItem'], rows: PROVIDER_LIST_ROWS },
    ],
    keys: READS_REQUEST_KEYS,
    cases: READS_RULES_POINTER,
  },
  buckets: {
    inbox: [{ actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: 'provider-answers/*' }],
    evidence: [{ actions: ['PutObject'], objects: 'provider-answers/*' }, READS_RULE_SETS],
  },
  knowsMissing: ['evidence', 'inbox'],
  keys: { grant: READS_EVIDENCE_KEY, signing: SIGNS },
} as const satisfies FunctionSpec;
