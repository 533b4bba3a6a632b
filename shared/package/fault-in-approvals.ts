import type { Manifest } from './manifest.ts';
import type { Fault } from './package-fault.ts';

/** Rule A1 allows no fewer, whatever a region's configuration says. */
const FEWEST_APPROVALS = 2;

/**
 * The first way in which a manifest's approvals are not what rules A1 and A7 ask: two different people at least, in
 * different roles that cover the route, none of them the requester, each on exactly this request.
 */
export function faultInApprovals({ approvals, request, requestDigest }: Manifest): Fault | null {
  const people = new Set(approvals.map(({ by }) => by));
  const roles = new Set(approvals.map(({ role }) => role));
  if (people.size < FEWEST_APPROVALS || roles.size < FEWEST_APPROVALS) {
    return { zh: '不足两人两角色批准', en: 'fewer than two people in two roles approved (A1)' };
  }
  if (people.size !== approvals.length || roles.size !== approvals.length) {
    return { zh: '同一人或同一角色批准了两次', en: 'one person or one role approved twice (A1)' };
  }
  if (people.has(request.requester))
    return { zh: '申请人批准了自己的申请', en: 'the requester approved (A1)' };
  const open = request.route.filter((role) => !roles.has(role));
  if (open.length > 0 || roles.size !== new Set(request.route).size) {
    return { zh: `审批与路线不符 ${open.join(', ')}`, en: 'the approvals are not those of the route' };
  }
  if (approvals.some((approval) => approval.requestDigest !== requestDigest)) {
    return { zh: '批准的是另一份申请', en: 'an approval is on another request digest (A7)' };
  }
  return null;
}
