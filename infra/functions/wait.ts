import type { FunctionSpec } from '../function-spec.ts';
import { READS_GRANTS, TOKEN_ROWS } from '../named-rights.ts';

export const WAIT = {
  does: 'keeps the task token of a gate; gives it back at once where the gate is passed already',
  memoryMb: 256,
  timeoutSeconds: 30,
  environment: ['GRANTS_TABLE', 'EVENTS_TABLE'],
  tables: { grants: [READS_GRANTS, { actions: ['PutItem', 'DeleteItem'], rows: TOKEN_ROWS }] },
  releases: true,
} as const satisfies FunctionSpec;
