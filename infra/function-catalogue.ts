import type { FunctionSpec } from './function-spec.ts';
import { APPROVE } from './functions/approve.ts';
import { ARCHIVE } from './functions/archive.ts';
import { CASE } from './functions/case.ts';
import { CHANNELS } from './functions/channels.ts';
import { CHECK } from './functions/check.ts';
import { COMPENSATE } from './functions/compensate.ts';
import { CONSENT } from './functions/consent.ts';
import { DEVICE } from './functions/device.ts';
import { EMERGENCY } from './functions/emergency.ts';
import { END } from './functions/end.ts';
import { GATHER } from './functions/gather.ts';
import { HOLD } from './functions/hold.ts';
import { IDENTITY } from './functions/identity.ts';
import { INGEST } from './functions/ingest.ts';
import { MERGE } from './functions/merge.ts';
import { METRICS_BRIDGE } from './functions/metrics-bridge.ts';
import { OPEN } from './functions/open.ts';
import { PRINT } from './functions/print.ts';
import { PROVIDER } from './functions/provider.ts';
import { PROVISION } from './functions/provision.ts';
import { PUBLISH_RULES } from './functions/publish-rules.ts';
import { PUSH } from './functions/push.ts';
import { RECEIVE } from './functions/receive.ts';
import { RECONCILE } from './functions/reconcile.ts';
import { RENDER } from './functions/render.ts';
import { REQUEST } from './functions/request.ts';
import { RETAIN } from './functions/retain.ts';
import { STAFF } from './functions/staff.ts';
import { UNLOCK } from './functions/unlock.ts';
import { VIEW } from './functions/view.ts';
import { WAIT } from './functions/wait.ts';

/*
 * Every function, in the order of the flow. What each is for, what it may use and who may call it stands in
 * infra/functions/<name>.ts, beside whose name functions/<name> has its code; what several may do alike, in
 * infra/named-rights.ts. A function's role (`dualkey-<region>-<name>`) is derived from its entry alone; the key policies
 * of the State stack name the roles that use each key from it too. Resources are deployed in this order.
 */
export const FUNCTIONS = {
  receive: RECEIVE,
  ingest: INGEST,
  channels: CHANNELS,
  push: PUSH,
  gather: GATHER,
  merge: MERGE,
  request: REQUEST,
  check: CHECK,
  wait: WAIT,
  approve: APPROVE,
  provision: PROVISION,
  open: OPEN,
  render: RENDER,
  emergency: EMERGENCY,
  end: END,
  provider: PROVIDER,
  archive: ARCHIVE,
  compensate: COMPENSATE,
  reconcile: RECONCILE,
  retain: RETAIN,
  hold: HOLD,
  device: DEVICE,
  print: PRINT,
  unlock: UNLOCK,
  staff: STAFF,
  consent: CONSENT,
  case: CASE,
  view: VIEW,
  identity: IDENTITY,
  'publish-rules': PUBLISH_RULES,
  'metrics-bridge': METRICS_BRIDGE,
} as const satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof FUNCTIONS;

/** Functions by name, with every optional part of FunctionSpec visible. */
export const FUNCTION_SPECS: Readonly<Record<FunctionName, FunctionSpec>> = FUNCTIONS;

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

export const FUNCTION_NAMES: readonly FunctionName[] = Object.keys(FUNCTIONS).filter(isFunctionName);

/** Fixed, so that the key policies of the State stack can name roles that the Flow stack creates. */
export function productName(
  region: string,
  name: FunctionName | 'reader' | 'retrieval' | 'scheduler' | 'pushes' | 'pushes-dead' | 'alarms' | 'notices',
): string {
  return `dualkey-${region}-${name}`;
}
