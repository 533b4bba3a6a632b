import { emitMetric } from './emit-metric.ts';
import { logError } from './log.ts';

/** Something broke that is finished later by somebody else: its line in the log, and the metric that alarms. */
export function reportBroken(error: unknown): void {
  logError(error);
  emitMetric('functionFailed');
}
