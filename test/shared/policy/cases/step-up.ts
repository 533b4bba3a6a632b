import type { Person } from '../../../../shared/domain/person.ts';
import { decideDevice } from '../../../../shared/policy/decide-device.ts';
import { decideDuty } from '../../../../shared/policy/decide-duty.ts';
import { decideEmergencyView } from '../../../../shared/policy/decide-emergency.ts';
import { type DeviceAct, STEP_UPS, type StepUpOutcome } from '../../../../shared/policy/facts.ts';
import {
  allowed,
  decides,
  opens,
  provisions,
  type RuleCase,
  refused,
  unpermitted,
} from '../case-builders.ts';
import { auditor, clerk, director, lawyer, NOON, officer, person, provisionFacts, REGION } from '../staff.ts';
import { emergencyViewFacts } from './break-glass.ts';

/** Which policy refuses which outcome of a step-up. */
const REFUSING: Record<Exclude<StepUpOutcome, 'verified'>, string> = {
  missing: 'A6.missing',
  malformed: 'A6.malformed',
  'challenge-unknown': 'A6.unknown',
  'challenge-used': 'A6.used',
  'challenge-expired': 'A6.expired',
  'other-statement': 'A6.statement',
  'other-request': 'A6.request',
  'reason-changed': 'A6.reason',
  'other-origin': 'A6.origin',
  'other-relying-party': 'A6.relying-party',
  'user-not-verified': 'A6.user',
  'signature-invalid': 'A6.signature',
  'counter-went-back': 'A6.counter',
  'device-not-enrolled': 'R5.not-enrolled',
  'device-revoked': 'R5.revoked',
  'device-not-confirmed': 'R5.not-confirmed',
  'software-device-refused': 'R5.software',
};

const releases = (stepUp?: StepUpOutcome) => (ruleSet: Parameters<RuleCase['decide']>[0]) =>
  decideDuty(ruleSet, {
    region: REGION,
    actor: lawyer,
    duty: 'release-hold',
    hotels: ['SHA01'],
    ...(stepUp === undefined ? {} : { stepUp }),
  });

/** A look under break-glass by whoever started it. */
const looks =
  (stepUp: StepUpOutcome): RuleCase['decide'] =>
  (ruleSet) =>
    decideEmergencyView(ruleSet, emergencyViewFacts({ stepUp }));

/** Two approvals on record, of which the second one's signature looks so now. */
const relies = (stepUp: StepUpOutcome): RuleCase['decide'] =>
  provisions({
    approvers: provisionFacts().approvers.map((each, at) => (at === 1 ? { ...each, stepUp } : each)),
  });

const withDevice =
  (act: DeviceAct, actor: Person, owner: Person): RuleCase['decide'] =>
  (ruleSet) =>
    decideDevice(ruleSet, { now: NOON, region: REGION, actor, owner, act });

const manager = person('manager', 'gm');
const managerElsewhere: Person = {
  ...manager,
  roles: manager.roles.map((held) => ({ ...held, hotels: ['HGH02'] })),
};

const eachOutcome = STEP_UPS.flatMap((stepUp) =>
  stepUp === 'verified'
    ? []
    : [
        refused(REFUSING[stepUp], `an approval whose step-up is ${stepUp}`, decides({ stepUp })),
        refused(
          REFUSING[stepUp],
          `a denial whose step-up is ${stepUp}`,
          decides({ stepUp, decision: 'deny' }),
        ),
        refused(REFUSING[stepUp], `an opening whose step-up is ${stepUp}`, opens({ stepUp })),
        refused(REFUSING[stepUp], `a look under break-glass whose step-up is ${stepUp}`, looks(stepUp)),
        refused(REFUSING[stepUp], `a release whose step-up is ${stepUp}`, releases(stepUp)),
        refused(
          REFUSING[stepUp],
          `provision on an approval whose kept signature is ${stepUp}`,
          relies(stepUp),
          'A1.too-few',
        ),
      ],
);

export const STEP_UP_CASES: readonly RuleCase[] = [
  ...eachOutcome,
  refused('A6.missing', 'a release of which nobody says how its step-up went', releases()),
  allowed('A6.missing', 'an approval that the own device signed', decides({ stepUp: 'verified' })),
  allowed('A6.missing', 'a denial that the own device signed', decides({ decision: 'deny' })),
  allowed('A6.missing', 'provision on approvals whose kept signatures hold', relies('verified')),
  allowed('A6.missing', 'an opening that the own device signed', opens({ stepUp: 'verified' })),
  allowed('A6.missing', 'a look under break-glass that the own device signed', looks('verified')),
  allowed('A6.missing', 'a release that the own device signed', releases('verified')),
  allowed('R5.not-enrolled', 'an approval by an enrolled device', decides({ stepUp: 'verified' })),
  allowed('R5.revoked', 'a look under break-glass by a device that is enrolled', looks('verified')),

  allowed(
    'A6.confirm',
    'the infosec director, of a lawyer’s device',
    withDevice('confirm-device', director, lawyer),
  ),
  allowed(
    'A6.confirm',
    'the gm, of a clerk’s device at the own hotel',
    withDevice('confirm-device', manager, clerk),
  ),
  unpermitted(
    'A6.confirm-own',
    'the infosec director, of the own device',
    withDevice('confirm-device', director, director),
  ),
  unpermitted(
    'A6.not-to-confirm',
    'a lawyer, of somebody’s device',
    withDevice('confirm-device', lawyer, clerk),
  ),
  unpermitted(
    'A6.not-to-confirm',
    'the gm of another hotel',
    withDevice('confirm-device', managerElsewhere, clerk),
  ),
  unpermitted(
    'A6.not-to-confirm',
    'a lawyer, of the own device',
    withDevice('confirm-device', lawyer, lawyer),
    'A6.confirm-own',
  ),
  allowed('R5.revoke', 'somebody, of the own lost device', withDevice('revoke-device', clerk, clerk)),
  allowed('R5.revoke', 'the infosec director, of anybody’s', withDevice('revoke-device', director, lawyer)),
  unpermitted(
    'R5.not-to-revoke',
    'the privacy officer, of a lawyer’s',
    withDevice('revoke-device', officer, lawyer),
  ),
  allowed('R5.see', 'somebody, of the own devices', withDevice('see-devices', clerk, clerk)),
  allowed('R5.see', 'an auditing role, of anybody’s', withDevice('see-devices', auditor, lawyer)),
  unpermitted('R5.not-to-see', 'a clerk, of a lawyer’s', withDevice('see-devices', clerk, lawyer)),
];
