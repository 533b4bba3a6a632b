import type { AccessGrant } from './access-grant.ts';
import { EMERGENCY_OPENERS, isIncident } from './break-glass.ts';
import type { Notice, NoticeKind } from './notice.ts';
import type { Transition } from './request-states.ts';
import type { Role } from './roles.ts';

/** L5: IT is told, and whoever may be the approver on call. */
const TOLD_OF_ASKING = ['it-ops', ...EMERGENCY_OPENERS] as const satisfies Role[];
/** L5: internal audit is told. */
const TOLD_OF_OPENING = ['internal-audit'] as const satisfies Role[];
/** L5: break-glass that was left unfinished is an incident of theirs. */
const TOLD_OF_INCIDENT = ['internal-audit', 'infosec-director', 'privacy-officer'] as const satisfies Role[];

/**
 * Which notices follow from a change of a request's row, and to whom (A1, A4, L5). They are written with the change, in one
 * transaction: whoever makes it can't forget them, and a crash can't lose them.
 */
export function noticesAfter(
  before: Pick<AccessGrant, 'state'>,
  transition: Transition,
  after: AccessGrant,
  at: Date,
): Notice[] {
  const notice = (kind: NoticeKind, roles: readonly Role[]): Notice[] =>
    roles.length === 0
      ? []
      : [
          {
            version: 1,
            kind,
            requestId: after.requestId,
            hotels: after.hotels,
            roles: [...roles],
            deadline: after.deadline,
            at: at.toISOString(),
          },
        ];
  switch (transition) {
    case 'submit':
      return notice('request-awaiting-approval', missingRoles(after));
    case 'remind':
      return notice('approval-reminder', missingRoles(after));
    case 'ask':
      return notice('emergency-asked', TOLD_OF_ASKING);
    case 'break':
      // The rest of the route has to follow within its time, and nobody else asks them to.
      return [
        ...notice('emergency-opened', TOLD_OF_OPENING),
        ...notice('request-awaiting-approval', missingRoles(after)),
      ];
    default:
      return before.state === 'emergency' && isIncident(after)
        ? notice('emergency-unfinished', TOLD_OF_INCIDENT)
        : [];
  }
}

/** Roles of the route that haven't decided. */
export function missingRoles({ route, approvals }: Pick<AccessGrant, 'route' | 'approvals'>): Role[] {
  const decided = approvals.map(({ role }) => role);
  return route.filter((role) => !decided.includes(role));
}
