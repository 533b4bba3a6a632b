/**
 * Every metric that deployed code may emit (CloudWatch embedded metric format, namespace METRIC_NAMESPACE, no
 * dimensions: one deployment per account and region). Alarms in infra/alarms.ts and the dashboard take their names
 * from here; docs/operations.md says what each alarm means and what to do.
 */
export const METRIC_NAMESPACE = 'Dualkey';

export const METRICS = {
  retrievalFailed: {
    name: 'RetrievalFailed',
    unit: 'Count',
    meaning: 'compensate cleared a retrieval that broke: nothing of it is readable any more',
  },
  functionFailed: {
    name: 'FunctionFailed',
    unit: 'Count',
    meaning: 'a function broke unexpectedly (an expected refusal is no failure)',
  },
  attemptRefused: {
    name: 'AttemptRefused',
    unit: 'Count',
    meaning: 'the rulebook refused an attempt (L2)',
  },
  sensitiveOrManyGuests: {
    name: 'SensitiveOrManyGuests',
    unit: 'Count',
    meaning: 'a request was taken that reaches many sensitive records or several guests (A9)',
  },
  emergencyAsked: {
    name: 'EmergencyAsked',
    unit: 'Count',
    meaning: 'break-glass was asked for and waits for the approver on call; IT is told (L5)',
  },
  emergencyOpened: {
    name: 'EmergencyOpened',
    unit: 'Count',
    meaning: 'one approver opened break-glass; internal audit is told (L5)',
  },
  emergencyIncident: {
    name: 'EmergencyIncident',
    unit: 'Count',
    meaning: 'break-glass ended without its further approvals or its form: an incident was opened (L5)',
  },
  accountLocked: {
    name: 'AccountLocked',
    unit: 'Count',
    meaning: 'misoperations locked a session for the second time in a month, and with it the account (R9)',
  },
  viewShown: {
    name: 'ViewShown',
    unit: 'Count',
    meaning: 'a routine view was recorded and shown, masked (T1, T2, T4, T6, T10, T15)',
  },
  linkIssued: { name: 'LinkIssued', unit: 'Count', meaning: 'an opening was counted and its link signed' },
  approvalReminded: {
    name: 'ApprovalReminded',
    unit: 'Count',
    meaning: 'half the time for approvals was over and one was missing (A4): its roles stand in the event',
  },
  noticeFailed: {
    name: 'NoticeFailed',
    unit: 'Count',
    meaning: 'a notice could not be handed to its topic: it stays due, and each sweep tries again (A4, L5)',
  },
  requestLapsed: {
    name: 'RequestLapsed',
    unit: 'Count',
    meaning: 'a request met its deadline without all approvals (A4)',
  },
  providerOverdue: {
    name: 'ProviderOverdue',
    unit: 'Count',
    meaning: 'a provider did not answer by the date that the letter names',
  },
  workflowRepaired: {
    name: 'WorkflowRepaired',
    unit: 'Count',
    meaning: 'reconcile repeated a callback, a start, a provision or an archive that a crash had left behind',
  },
  copyOverdue: {
    name: 'CopyOverdue',
    unit: 'Count',
    meaning: 'a copy in the delivery bucket outlived its time and could not be deleted',
  },
  batchCommitted: { name: 'BatchCommitted', unit: 'Count', meaning: 'a batch went into custody' },
  batchFailed: { name: 'BatchFailed', unit: 'Count', meaning: 'a batch was given up' },
  batchStalled: {
    name: 'BatchStalled',
    unit: 'Count',
    meaning: 'reconcile found a batch whose worker had stopped, and continued it',
  },
  lineRejected: { name: 'LineRejected', unit: 'Count', meaning: 'a line of an upload was rejected' },
  messageConflicted: {
    name: 'MessageConflicted',
    unit: 'Count',
    meaning: 'a message came that is in custody, or in the same file, with other content: both are kept',
  },
  pushRefused: {
    name: 'PushRefused',
    unit: 'Count',
    meaning: 'a push was refused: a bad signature, an old one, an unknown channel, or too large',
  },
  pushGathered: { name: 'PushGathered', unit: 'Count', meaning: 'a pushed message waits to be sealed' },
  pushUnread: {
    name: 'PushUnread',
    unit: 'Count',
    meaning: 'a push, or a message of one, could not be read: it is kept encrypted for another try',
  },
  pushFailed: {
    name: 'PushFailed',
    unit: 'Count',
    meaning: 'a push could not be gathered and goes back into the queue',
  },
  dropRefused: {
    name: 'DropRefused',
    unit: 'Count',
    meaning: 'a file dropped into the inbox was not taken',
  },
  blocksMerged: { name: 'BlocksMerged', unit: 'Count', meaning: 'small blocks that became larger ones' },
  mergeFailed: {
    name: 'MergeFailed',
    unit: 'Count',
    meaning: 'the blocks of a conversation could not be merged; they stay as they are',
  },
  blockRefused: {
    name: 'BlockRefused',
    unit: 'Count',
    meaning: 'a block did not verify: a flipped bit, a swapped block, a wrong guest or hotel',
  },
  recordsLost: {
    name: 'RecordsLost',
    unit: 'Count',
    meaning: 'records that a batch committed to are gone, and no retention run deleted them',
  },
  sweepFinished: {
    name: 'SweepFinished',
    unit: 'Count',
    meaning: 'reconcile finished a sweep; silence means that no deadline is being kept',
  },
  retentionFinished: {
    name: 'RetentionFinished',
    unit: 'Count',
    meaning: 'a scheduled retention run finished; silence means that nothing is being deleted',
  },
  retentionFailed: {
    name: 'RetentionFailed',
    unit: 'Count',
    meaning: 'a due period could not be deleted in full',
  },
  periodsDeleted: { name: 'PeriodsDeleted', unit: 'Count', meaning: 'periods whose keys were shredded' },
} as const satisfies Record<string, { name: string; unit: 'Count'; meaning: string }>;

export type MetricId = keyof typeof METRICS;
