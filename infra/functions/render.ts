import { RENDER_SECONDS } from '../../shared/domain/rendering.ts';
import type { FunctionSpec } from '../function-spec.ts';
import {
  OPENING_ROWS,
  READS_GRANTS,
  READS_REQUEST_CHAINS,
  READS_REQUEST_KEYS,
  READS_STEPS_UP,
  SIGNS,
} from '../named-rights.ts';

export const RENDER = {
  does: 'renders the watermarked, masked, signed copy of one opening',
  // A package is put together in memory, its media once beside it: LIMITS.packageBytes, twice.
  memoryMb: 3008,
  timeoutSeconds: RENDER_SECONDS,
  invokedLater: true,
  environment: [
    'DUALKEY_REGION',
    'GRANTS_TABLE',
    'EVENTS_TABLE',
    'KEYS_TABLE',
    'DELIVERY_BUCKET',
    'EVIDENCE_BUCKET',
    'GRANT_KEY',
    'SIGNING_KEY',
  ],
  tables: {
    grants: [READS_GRANTS, { actions: ['GetItem', 'UpdateItem'], rows: OPENING_ROWS }],
    events: READS_REQUEST_CHAINS,
    keys: READS_REQUEST_KEYS,
  },
  buckets: {
    delivery: [
      { actions: ['GetObject'], objects: 'staged/*' },
      { actions: ['GetObject', 'PutObject', 'DeleteObject'], objects: 'copies/*' },
    ],
    // What the approvers' devices signed goes into every package.
    evidence: [READS_STEPS_UP],
  },
  knowsMissing: ['delivery', 'evidence'],
  keys: { grant: { actions: ['Decrypt'], purposes: ['grant'] }, signing: SIGNS },
} as const satisfies FunctionSpec;
