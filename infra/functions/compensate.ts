import type { FunctionSpec } from '../function-spec.ts';
import {
  APPENDS_TO_REQUESTS,
  CLEARS_DELIVERY,
  CLEARS_OPENINGS,
  CLOSES_REGISTER,
  DROPS_TOKENS,
  FINDS_DELIVERED,
  GIVES_EMERGENCIES_BACK,
  LEAVES_NOTICES,
  LOOP,
  MOVES_GRANTS,
  RECORDS_COPIES,
  SHREDS_REQUEST_KEYS,
} from '../named-rights.ts';

export const COMPENSATE = {
  does: 'clears a retrieval that broke: nothing readable, one event, the state failed',
  memoryMb: 512,
  timeoutSeconds: 120,
  environment: [...LOOP, 'KEYS_TABLE', 'DELIVERY_BUCKET', 'GRANT_KEY'],
  tables: {
    grants: [
      MOVES_GRANTS,
      CLOSES_REGISTER,
      CLEARS_OPENINGS,
      DROPS_TOKENS,
      GIVES_EMERGENCIES_BACK,
      LEAVES_NOTICES,
    ],
    events: [APPENDS_TO_REQUESTS, RECORDS_COPIES],
    keys: SHREDS_REQUEST_KEYS,
  },
  buckets: { delivery: CLEARS_DELIVERY },
  lists: FINDS_DELIVERED,
  releases: true,
} as const satisfies FunctionSpec;
