import type { MetricId } from '../shared/runtime/metrics-catalogue.ts';

/**
 * What operations are woken for. Each alarm has a metric of its own; docs/operations.md says, under the alarm's name,
 * what it means and what to do.
 */
export type AlarmSpec = {
  metric: MetricId;
  /** Alarms at this many within the period, or, where `silence` is set, when there are none. */
  threshold: number;
  periodMinutes: number;
  periods?: number;
  silence?: true;
};

export const ALARMS = {
  'retrieval-failed': { metric: 'retrievalFailed', threshold: 1, periodMinutes: 5 },
  'function-failed': { metric: 'functionFailed', threshold: 1, periodMinutes: 5 },
  'attempts-refused': { metric: 'attemptRefused', threshold: 20, periodMinutes: 5 },
  'sensitive-or-many-guests': { metric: 'sensitiveOrManyGuests', threshold: 1, periodMinutes: 5 },
  'emergency-asked': { metric: 'emergencyAsked', threshold: 1, periodMinutes: 1 },
  'emergency-opened': { metric: 'emergencyOpened', threshold: 1, periodMinutes: 1 },
  'emergency-incident': { metric: 'emergencyIncident', threshold: 1, periodMinutes: 5 },
  'account-locked': { metric: 'accountLocked', threshold: 1, periodMinutes: 5 },
  'provider-overdue': { metric: 'providerOverdue', threshold: 1, periodMinutes: 60 },
  // A sweep tries again each minute: three failures are no hiccup.
  'notice-failed': { metric: 'noticeFailed', threshold: 3, periodMinutes: 5 },
  'workflow-repaired': { metric: 'workflowRepaired', threshold: 5, periodMinutes: 15 },
  'copy-overdue': { metric: 'copyOverdue', threshold: 1, periodMinutes: 5 },
  'batch-failed': { metric: 'batchFailed', threshold: 1, periodMinutes: 5 },
  'batch-stalled': { metric: 'batchStalled', threshold: 3, periodMinutes: 60 },
  'lines-rejected': { metric: 'lineRejected', threshold: 1_000, periodMinutes: 60 },
  'messages-conflicting': { metric: 'messageConflicted', threshold: 1, periodMinutes: 5 },
  'push-refused': { metric: 'pushRefused', threshold: 20, periodMinutes: 5 },
  'push-unread': { metric: 'pushUnread', threshold: 1, periodMinutes: 5 },
  'push-failed': { metric: 'pushFailed', threshold: 5, periodMinutes: 5 },
  'drop-refused': { metric: 'dropRefused', threshold: 1, periodMinutes: 5 },
  'merge-failed': { metric: 'mergeFailed', threshold: 1, periodMinutes: 60 },
  'block-refused': { metric: 'blockRefused', threshold: 1, periodMinutes: 5 },
  'records-lost': { metric: 'recordsLost', threshold: 1, periodMinutes: 5 },
  'sweep-silent': { metric: 'sweepFinished', threshold: 1, periodMinutes: 5, silence: true },
  'retention-silent': {
    metric: 'retentionFinished',
    threshold: 1,
    periodMinutes: 60,
    periods: 30,
    silence: true,
  },
  'retention-failed': { metric: 'retentionFailed', threshold: 1, periodMinutes: 60 },
} as const satisfies Record<string, AlarmSpec>;

/** Alarms on the platform's own metrics; docs/operations.md describes them beside the others. */
export const PLATFORM_ALARMS = [
  'dead-letters',
  'dead-pushes',
  'api-errors',
  'executions-failed',
  'executions-timed-out',
  'api-function-errors',
  'background-function-errors',
  'api-throttles',
  'background-throttles',
] as const;
export type PlatformAlarmName = (typeof PLATFORM_ALARMS)[number];
