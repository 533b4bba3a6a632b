import type { FunctionSpec } from '../function-spec.ts';
import {
  APPENDS_TO_REQUESTS,
  CLEARS_DELIVERY,
  CLEARS_OPENINGS,
  CLOSES_REGISTER,
  FINDS_DELIVERED,
  LOOP,
  MOVES_GRANTS,
  READS_AND_SHREDS_REQUEST_KEYS,
  READS_EVIDENCE_KEY,
  READS_PROVIDER_REQUESTS,
  READS_REQUEST_CHAINS,
  RECORDS_COPIES,
  SIGNS,
} from '../named-rights.ts';

export const ARCHIVE = {
  does: 'seals the retrieval’s evidence under Object Lock, shreds the grant’s key, removes staged objects and copies',
  memoryMb: 512,
  timeoutSeconds: 120,
  invokedLater: true,
  environment: [
    ...LOOP,
    'DUALKEY_REGION',
    'KEYS_TABLE',
    'DELIVERY_BUCKET',
    'EVIDENCE_BUCKET',
    'GRANT_KEY',
    'SIGNING_KEY',
  ],
  tables: {
    grants: [
      MOVES_GRANTS,
      CLOSES_REGISTER,
      CLEARS_OPENINGS,
      ...READS_PROVIDER_REQUESTS,
      // Those that are out are named.
      { actions: ['Query'], rows: ['PRINTS#*'] },
    ],
    events: [APPENDS_TO_REQUESTS, READS_REQUEST_CHAINS, RECORDS_COPIES],
    keys: READS_AND_SHREDS_REQUEST_KEYS,
  },
  buckets: {
    delivery: CLEARS_DELIVERY,
    evidence: [{ actions: ['GetObject', 'PutObject'], objects: 'archives/*' }],
  },
  knowsMissing: ['evidence'],
  lists: FINDS_DELIVERED,
  keys: { grant: READS_EVIDENCE_KEY, signing: SIGNS },
} as const satisfies FunctionSpec;
