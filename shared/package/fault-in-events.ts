import type { CustodyEvent } from '../domain/custody-event.ts';
import type { Manifest } from './manifest.ts';
import type { Fault } from './package-fault.ts';

/** Events after which nothing may be opened. */
const ENDINGS: readonly CustodyEvent['type'][] = [
  'request-refused',
  'request-denied',
  'request-lapsed',
  'request-withdrawn',
  'grant-closed',
  'grant-expired',
  'grant-revoked',
  'grant-failed',
  'grant-archived',
];

/**
 * The first way in which a whole chain of custody events disagrees with its manifest: another request, another head, an
 * approval without its event or an event without its approval, an opening before provision, after an end, or by another
 * number.
 */
export function faultInEvents(manifest: Manifest, events: readonly CustodyEvent[]): Fault | null {
  const [first] = events;
  const last = events.at(-1);
  if (first?.subject !== `request/${manifest.requestId}` || first.type !== 'request-made') {
    return { zh: '事件属于另一申请', en: 'the events are of another request' };
  }
  if (first.actor !== manifest.request.requester) {
    return { zh: '提交者不是申请人', en: 'the request was made by somebody else than the requester' };
  }
  if (last?.digest !== manifest.events.head || events.length !== manifest.events.count) {
    return { zh: '事件链的末端与清单不符', en: 'the chain does not end where the manifest says' };
  }
  const approved = events.filter(({ type }) => type === 'request-approved');
  if (
    approved.length !== manifest.approvals.length ||
    !manifest.approvals.every((one) => hasEvent(one, approved))
  ) {
    return { zh: '审批与事件不符', en: 'the approvals are not those of the events' };
  }
  const provisioned = events.findIndex(({ type }) => type === 'grant-provisioned');
  const lastApproval = events.findLastIndex(({ type }) => type === 'request-approved');
  if (provisioned < lastApproval) {
    return {
      zh: '没有在审批之后的准备事件',
      en: 'no event says that the grant was provisioned after its approvals',
    };
  }
  if (events.some(({ type }) => ENDINGS.includes(type))) {
    return { zh: '许可在打开前已结束', en: 'the grant had ended before this copy was prepared' };
  }
  return faultInOpening(manifest, events, events[provisioned]?.at ?? '');
}

function hasEvent(approval: Manifest['approvals'][number], events: readonly CustodyEvent[]): boolean {
  return events.some(
    ({ actor, data }) =>
      actor === approval.by &&
      data['role'] === approval.role &&
      data['requestDigest'] === approval.requestDigest &&
      data['reasonCommitment'] === approval.reasonCommitment &&
      data['stepUp'] === approval.stepUp,
  );
}

function faultInOpening(
  { opening, windowEnds }: Manifest,
  events: readonly CustodyEvent[],
  provisionedAt: string,
): Fault | null {
  const opened = events.filter(({ type }) => type === 'grant-opened').length;
  if (opening.number !== opened + 1) {
    return { zh: '打开序号与事件不符', en: 'the opening’s number does not follow the openings before it' };
  }
  const at = Date.parse(opening.at);
  if (at < Date.parse(provisionedAt) || (windowEnds !== null && at > Date.parse(windowEnds))) {
    return { zh: '打开时间不在许可期内', en: 'the copy was prepared outside the grant’s window (R11)' };
  }
  return null;
}
