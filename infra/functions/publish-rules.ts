import type { FunctionSpec } from '../function-spec.ts';

export const PUBLISH_RULES = {
  does: 'puts the deployed rule set into the evidence bucket by its digest, then moves the pointer to it',
  // A chain's own policies are held against the whole floor table, some ten thousand questions.
  memoryMb: 1_769,
  timeoutSeconds: 240,
  environment: ['DUALKEY_REGION', 'CASES_TABLE', 'EVENTS_TABLE', 'EVIDENCE_BUCKET'],
  tables: {
    cases: { actions: ['GetItem', 'PutItem'], rows: ['RULES'] },
    events: { actions: ['Query', 'PutItem'], rows: ['rules'] },
  },
  buckets: { evidence: [{ actions: ['PutObject'], objects: 'rule-sets/*' }] },
  shipsRules: true,
} as const satisfies FunctionSpec;
