import type { FunctionSpec } from '../function-spec.ts';

export const METRICS_BRIDGE = {
  does: 'turns EMF log lines into metrics where the platform does not (the embedded AWS only)',
  memoryMb: 256,
  timeoutSeconds: 30,
  environment: [],
  putsMetrics: true,
} as const satisfies FunctionSpec;
