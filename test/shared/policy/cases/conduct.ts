import type { Approval } from '../../../../shared/domain/access-grant.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import type { Role } from '../../../../shared/domain/roles.ts';
import { decidePrint } from '../../../../shared/policy/decide-print.ts';
import { decideUnlocking } from '../../../../shared/policy/decide-unlocking.ts';
import type { PrintAct, StepUpOutcome } from '../../../../shared/policy/facts.ts';
import {
  allowed,
  decides,
  does,
  ends,
  opens,
  provisions,
  type RuleCase,
  refused,
  sees,
  unpermitted,
} from '../case-builders.ts';
import {
  approval,
  approved,
  auditor,
  checked,
  clerk,
  director,
  lawyer,
  NOON,
  officer,
  opened,
  person,
  provisionFacts,
  REGION,
  secondLawyer,
  secondOfficer,
} from '../staff.ts';

/** Deputies (A8), locks (R9), prints (R13). */

/** Somebody who stands in for another from the month's first day until its last. */
function deputy(name: string, role: Role, deputyOf: string, until = '2026-07-01T00:00:00.000Z'): Person {
  const held = person(name, role);
  return {
    ...held,
    roles: held.roles.map((one) => ({ ...one, deputyOf, from: '2026-06-01T00:00:00.000Z', until })),
  };
}

const forOfficer = deputy('deputy', 'privacy-officer', officer.personId);
const forLawyer = deputy('deputy', 'privacy-officer', lawyer.personId);
const byDeputy = (decidedBy: Person, role: Role, asDeputyOf: string): Approval => ({
  ...approval(checked(), decidedBy, role),
  asDeputyOf,
});
const approvedByDeputy = approved({
  approvals: [
    approval(approved(), director, 'infosec-director'),
    byDeputy(forOfficer, 'privacy-officer', officer.personId),
  ],
});
const reliedOn = (who: Person) => ({
  grant: approvedByDeputy,
  approvers: provisionFacts({ grant: approvedByDeputy }).approvers.map((each) =>
    each.role === 'privacy-officer' ? { ...each, person: who } : each,
  ),
});

const deputies: RuleCase[] = [
  allowed('A8.decided', 'a deputy of the officer, appointed before', decides({ actor: forOfficer })),
  refused(
    'A8.for-a-party',
    'a deputy of the requester',
    decides({ actor: forLawyer, role: 'privacy-officer' }),
  ),
  refused(
    'A8.for-a-party',
    'a deputy of the recipient',
    decides({
      actor: deputy('deputy', 'privacy-officer', secondLawyer.personId),
      grant: checked({ recipient: secondLawyer.personId }),
      recipient: secondLawyer,
    }),
  ),
  refused(
    'A8.decided',
    'a deputy of somebody who has decided in another role',
    decides({
      actor: deputy('deputy', 'privacy-officer', director.personId),
      grant: checked({ approvals: [approval(checked(), director, 'infosec-director')] }),
    }),
  ),
  refused(
    'A8.twice',
    'a second deputy of the same person',
    decides({
      actor: deputy('other', 'privacy-officer', director.personId),
      grant: checked({
        approvals: [byDeputy(forOfficer, 'infosec-director', director.personId)],
      }),
    }),
  ),
  refused(
    'A8.twice',
    'somebody whose deputy has decided, in another role',
    decides({
      actor: officer,
      grant: checked({ approvals: [byDeputy(forOfficer, 'infosec-director', officer.personId)] }),
    }),
  ),
  unpermitted(
    'A1.role-not-held',
    'a deputy whose time is over',
    decides({
      actor: deputy('deputy', 'privacy-officer', officer.personId, '2026-06-10T00:00:00.000Z'),
    }),
  ),
  refused(
    'A1.role-after-request',
    'a deputy who was appointed after the request was made',
    decides({
      actor: {
        ...forOfficer,
        roles: forOfficer.roles.map((held) => ({ ...held, since: '2026-06-15T09:00:00.000Z' })),
      },
    }),
  ),
  allowed('A8.decided', 'what a deputy approved', provisions(reliedOn(forOfficer))),
  allowed(
    'A8.decided',
    'what a deputy approved whose time ended afterwards',
    provisions(reliedOn(deputy('deputy', 'privacy-officer', officer.personId, '2026-06-15T11:00:00.000Z'))),
  ),
  unpermitted(
    'A1.role-not-held',
    'what a deputy approved whose deputyship was taken back',
    provisions(reliedOn({ ...forOfficer, roles: [] })),
  ),
];

const locked = (who: Person, lock: Partial<Person['lock']>): Person => ({
  ...who,
  lock: { sessionUntil: null, account: false, ...lock },
});
const untilLater = { sessionUntil: '2026-06-15T12:10:00.000Z' };
const untilBefore = { sessionUntil: '2026-06-15T11:50:00.000Z' };
const unlocks =
  (actor: Person, whom: Person, stepUp: StepUpOutcome = 'verified'): RuleCase['decide'] =>
  (ruleSet) =>
    decideUnlocking(ruleSet, { now: NOON, region: REGION, actor, locked: whom, stepUp });
const lockedClerk = locked(clerk, { account: true });
const directorElsewhere: Person = {
  ...director,
  roles: director.roles.map((held) => ({ ...held, hotels: ['HGH02'] })),
};

const locks: RuleCase[] = [
  refused(
    'R9.session',
    'an approver whose session is locked',
    decides({ actor: locked(officer, untilLater) }),
  ),
  allowed('R9.session', 'an approver whose lock is over', decides({ actor: locked(officer, untilBefore) })),
  refused('R9.session', 'an opener whose session is locked', opens({ actor: locked(lawyer, untilLater) })),
  refused(
    'R9.account',
    'an approver whose account is locked',
    decides({ actor: locked(officer, { account: true }) }),
  ),
  refused('R9.account', 'an end by somebody locked', ends({ actor: locked(lawyer, { account: true }) })),
  refused('R9.account', 'a look by somebody locked', sees(locked(auditor, { account: true }))),
  refused('R9.account', 'a duty of somebody locked', does('see-holds', locked(lawyer, { account: true }))),
  refused(
    'R9.account',
    'making ready what somebody asked for whose account is locked since',
    provisions({ requester: locked(lawyer, { account: true }) }),
  ),
  allowed(
    'R9.session',
    'making ready what somebody asked for whose session is locked since',
    provisions({ requester: locked(lawyer, untilLater), recipient: locked(lawyer, untilLater) }),
  ),
  allowed(
    'R9.account',
    'what somebody approved whose account is locked since',
    provisions({
      approvers: provisionFacts().approvers.map((each) =>
        each.person === null ? each : { ...each, person: locked(each.person, { account: true }) },
      ),
    }),
  ),
  allowed('R9.unlock', 'the director, of a clerk’s account', unlocks(director, lockedClerk)),
  allowed(
    'R9.unlock',
    'a deputy of the director',
    unlocks(deputy('deputy', 'infosec-director', director.personId), lockedClerk),
  ),
  unpermitted('R9.not-to-unlock', 'an officer', unlocks(officer, lockedClerk)),
  unpermitted('R9.not-to-unlock', 'a director of another hotel', unlocks(directorElsewhere, lockedClerk)),
  unpermitted(
    'R9.own-account',
    'the director, of the own account',
    unlocks(locked(director, { account: true }), locked(director, { account: true })),
    'R9.account',
  ),
  unpermitted('R9.own-account', 'the director, of the own account that is open', unlocks(director, director)),
  refused('A6.missing', 'an unlocking that nobody signed', unlocks(director, lockedClerk, 'missing')),
];

const prints =
  (act: PrintAct, actor: Person, grant = opened({ opened: 1 })): RuleCase['decide'] =>
  (ruleSet) =>
    decidePrint(ruleSet, { now: NOON, region: REGION, grant, actor, act });

const onRecord: RuleCase[] = [
  allowed('R13.print', 'the recipient, of an opened copy', prints('number-print', lawyer)),
  allowed(
    'R13.print',
    'the recipient, after the grant',
    prints('number-print', lawyer, opened({ opened: 1, state: 'expired' })),
  ),
  unpermitted('R13.print-by-other', 'somebody else', prints('number-print', secondLawyer)),
  unpermitted(
    'R13.print-by-other',
    'the requester, where somebody else receives',
    prints('number-print', lawyer, opened({ opened: 1, recipient: secondLawyer.personId })),
  ),
  refused('R13.print-by-other', 'a recipient who left', prints('number-print', { ...lawyer, active: false })),
  refused('R13.nothing-opened', 'a copy that nobody opened', prints('number-print', lawyer, opened())),
  allowed('R13.print-ends', 'the recipient', prints('end-print', lawyer)),
  allowed('R13.print-ends', 'the privacy officer', prints('end-print', secondOfficer)),
  allowed('R13.print-ends', 'internal audit', prints('end-print', person('audit', 'internal-audit'))),
  unpermitted('R13.print-ends-by-other', 'somebody without a part in it', prints('end-print', secondLawyer)),
  refused(
    'R13.print-ends-by-other',
    'an officer who left',
    prints('end-print', { ...officer, active: false }),
  ),
];

export const CONDUCT_CASES: readonly RuleCase[] = [...deputies, ...locks, ...onRecord];
