/**
 * The life of an access request: the one table from which the database's conditions, the workflow's branches and the
 * diagram in docs/workflow.md are derived. Break-glass (L5) waits in `requested` until one approver opens it.
 */
export const REQUEST_STATES = [
  'requested',
  'refused',
  'awaiting-approval',
  'denied',
  'lapsed',
  'withdrawn',
  'provisioning',
  'open',
  'emergency',
  'closed',
  'revoked',
  'expired',
  'failed',
  'archived',
] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/** Each transition declares its valid prior states; those become the DynamoDB condition of the write. */
export const TRANSITIONS = {
  refuse: { from: ['requested'], to: 'refused', event: 'request-refused' },
  ask: { from: ['requested'], to: 'requested', event: 'emergency-asked' },
  break: { from: ['requested'], to: 'emergency', event: 'emergency-opened' },
  follow: { from: ['emergency'], to: 'emergency', event: 'emergency-followed-up' },
  view: { from: ['emergency'], to: 'emergency', event: 'emergency-viewed' },
  submit: { from: ['requested'], to: 'awaiting-approval', event: 'request-checked' },
  approve: { from: ['awaiting-approval'], to: 'awaiting-approval', event: 'request-approved' },
  complete: { from: ['awaiting-approval'], to: 'provisioning', event: 'request-approved' },
  deny: { from: ['awaiting-approval'], to: 'denied', event: 'request-denied' },
  remind: { from: ['awaiting-approval'], to: 'awaiting-approval', event: 'request-reminded' },
  lapse: { from: ['awaiting-approval'], to: 'lapsed', event: 'request-lapsed' },
  withdraw: { from: ['awaiting-approval'], to: 'withdrawn', event: 'request-withdrawn' },
  provision: { from: ['provisioning'], to: 'open', event: 'grant-provisioned' },
  open: { from: ['open'], to: 'open', event: 'grant-opened' },
  close: { from: ['open', 'emergency'], to: 'closed', event: 'grant-closed' },
  expire: { from: ['open'], to: 'expired', event: 'grant-expired' },
  revoke: { from: ['provisioning', 'open', 'emergency'], to: 'revoked', event: 'grant-revoked' },
  fail: { from: ['provisioning', 'open', 'emergency'], to: 'failed', event: 'grant-failed' },
  archive: { from: ['closed', 'revoked', 'expired'], to: 'archived', event: 'grant-archived' },
} as const satisfies Record<
  string,
  { from: readonly RequestState[]; to: RequestState; event: `${'request' | 'grant' | 'emergency'}-${string}` }
>;
export type Transition = keyof typeof TRANSITIONS;

/** States in which nothing more can happen to a request (an archive still follows `closed`, `revoked`, `expired`). */
export const FINAL_STATES = REQUEST_STATES.filter(
  (state) => !Object.values(TRANSITIONS).some((t) => t.from.some((from) => from === state)),
);

export function priorStates(transition: Transition): readonly RequestState[] {
  return TRANSITIONS[transition].from;
}

export function canMove(from: RequestState, transition: Transition): boolean {
  return priorStates(transition).includes(from);
}
