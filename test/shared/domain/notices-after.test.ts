import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import { noticeSchema } from '../../../shared/domain/notice.ts';
import { noticesAfter } from '../../../shared/domain/notices-after.ts';
import { priorStates, TRANSITIONS, type Transition } from '../../../shared/domain/request-states.ts';
import { ROLE_NAMES } from '../../../shared/domain/roles.ts';
import { approval, checked, director, lawyer, NOON, officer } from '../policy/staff.ts';

const ROUTE = ['infosec-director', 'legal', 'privacy-officer'] as const;
const DEADLINE = '2026-06-16T12:00:00.000Z';
const transitions = Object.keys(TRANSITIONS).filter(isTransition);

function isTransition(name: string): name is Transition {
  return Object.hasOwn(TRANSITIONS, name);
}

/** Break-glass that was opened by the privacy officer, in this state. */
function broken(changes: Partial<AccessGrant> = {}): AccessGrant {
  const row = checked({ emergency: true, route: [...ROUTE], deadline: DEADLINE });
  return {
    ...row,
    state: 'emergency',
    approvals: [approval(row, officer, 'privacy-officer')],
    breakGlass: { openedBy: officer.personId, form: null, views: 0 },
    ...changes,
  };
}

/** The notices of a change, as `kind: roles`. */
function told(
  transition: Transition,
  after: AccessGrant,
  before = priorStates(transition)[0] ?? 'requested',
) {
  return noticesAfter({ state: before }, transition, after, NOON).map(
    ({ kind, roles }) => `${kind}: ${roles.join(' ')}`,
  );
}

describe('what a change tells people', () => {
  it('is, of a request that passed its check, that each role of the route is awaited (A1)', () => {
    const row = checked({ deadline: DEADLINE, route: ['infosec-director', 'privacy-officer'] });
    expect(noticesAfter({ state: 'requested' }, 'submit', row, NOON)).toEqual([
      {
        version: 1,
        kind: 'request-awaiting-approval',
        requestId: row.requestId,
        hotels: row.hotels,
        roles: ['infosec-director', 'privacy-officer'],
        deadline: DEADLINE,
        at: NOON.toISOString(),
      },
    ]);
  });

  it('is, at half time, a reminder to the roles that are missing and to no other (A4)', () => {
    const row = checked({ route: ['infosec-director', 'privacy-officer'] });
    const approvals = [approval(row, officer, 'privacy-officer')];
    expect(told('remind', { ...row, approvals })).toEqual(['approval-reminder: infosec-director']);
  });

  it('is, of break-glass that is asked for, told to IT and to whoever may be on call (L5)', () => {
    const row = checked({ emergency: true, state: 'requested', route: [...ROUTE] });
    expect(told('ask', row)).toEqual(['emergency-asked: it-ops infosec-director privacy-officer']);
  });

  it('is, of break-glass that is opened, told to internal audit, and to the roles that must follow (L5)', () => {
    expect(told('break', broken())).toEqual([
      'emergency-opened: internal-audit',
      'request-awaiting-approval: infosec-director legal',
    ]);
  });

  it.each(['revoke', 'close', 'fail'] as const)(
    'is an incident where break-glass ends by %s without what had to follow (L5)',
    (transition) => {
      const after = broken({ state: TRANSITIONS[transition].to });
      expect(told(transition, after, 'emergency')).toEqual([
        'emergency-unfinished: internal-audit infosec-director privacy-officer',
      ]);
      // Told with the change that ended it, and never again.
      expect(told('archive', { ...after, state: 'archived' }, 'revoked')).toEqual([]);
    },
  );

  it('is nothing where break-glass ends with everything there', () => {
    const row = broken();
    const approvals = [
      ...row.approvals,
      approval(row, director, 'infosec-director'),
      approval(row, lawyer, 'legal'),
    ];
    const form = { number: 'F-1', at: NOON.toISOString(), by: lawyer.personId };
    const after = broken({
      state: 'closed',
      approvals,
      breakGlass: { openedBy: officer.personId, form, views: 0 },
    });
    expect(told('close', after, 'emergency')).toEqual([]);
  });

  it('comes at most once of each kind in the life of a request, so that a kind names it', () => {
    const [submit, ask] = [told('submit', checked()), told('ask', checked({ emergency: true }))];
    const kinds = (all: string[]) => all.map((one) => one.split(':')[0]);
    // `submit` and `break` both await approvals; no request passes both.
    for (const path of [
      [...submit, ...told('remind', checked())],
      [...ask, ...told('break', broken()), ...told('revoke', broken({ state: 'revoked' }), 'emergency')],
    ]) {
      expect(new Set(kinds(path)).size).toBe(path.length);
    }
  });

  it('has ids, codes and times of the row alone, whatever change it is: none of its sealed texts, numbers or people', () => {
    const secret = 'geheim-王小明';
    fc.assert(
      fc.property(
        fc.constantFrom(...transitions),
        fc.subarray(ROLE_NAMES),
        fc.boolean(),
        (transition, route, emergency) => {
          const row = emergency ? broken() : checked();
          const after: AccessGrant = {
            ...row,
            route,
            state: TRANSITIONS[transition].to,
            requester: secret,
            recipient: secret,
            subject: secret,
            remarks: secret,
            matter: secret,
            ticket: secret,
            paperForm: null,
            registerNumber: secret,
            endReason: secret,
            participants: [secret],
          };
          for (const before of priorStates(transition)) {
            const notices = noticesAfter({ state: before }, transition, after, NOON);
            for (const notice of notices) expect(noticeSchema.strict().parse(notice)).toEqual(notice);
            expect(JSON.stringify(notices)).not.toContain(secret);
          }
        },
      ),
    );
  });

  it('is no notice where a word stands in place of a code', () => {
    const [notice] = noticesAfter({ state: 'requested' }, 'submit', checked({ deadline: DEADLINE }), NOON);
    for (const word of ['王小明', 'a guest', '+8613800138000', '']) {
      expect(noticeSchema.safeParse({ ...notice, requestId: word }).success).toBe(false);
      expect(noticeSchema.safeParse({ ...notice, hotels: [word] }).success).toBe(false);
      expect(noticeSchema.safeParse({ ...notice, deadline: word }).success).toBe(false);
    }
    expect(noticeSchema.safeParse(notice).success).toBe(true);
  });
});
