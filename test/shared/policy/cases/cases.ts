import type { CaseKind } from '../../../../shared/domain/case.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import { decideDuty } from '../../../../shared/policy/decide-duty.ts';
import type { Duty } from '../../../../shared/policy/facts.ts';
import type { RuleSet } from '../../../../shared/policy/rule-set.ts';
import { allowed, type RuleCase, refused, unpermitted } from '../case-builders.ts';
import { auditor, clerk, lawyer, NOON, officer, person, REGION } from '../staff.ts';

const head = person('head', 'department-head');
const supervisor = person('supervisor', 'supervisor');
const guard = person('guard', 'security');
const gm = person('gm', 'gm');

const about =
  (duty: Duty, caseKind: CaseKind, actor: Person, hotels: string[] = ['SHA01']) =>
  (ruleSet: RuleSet) =>
    decideDuty(ruleSet, { now: NOON, region: REGION, actor, duty, hotels, caseKind });

/** Who keeps cases, confirms what gives somebody more, and sees them. */
export const CASE_CASES: readonly RuleCase[] = [
  allowed('T7.keeps-cases', 'legal files a matter', about('keep-cases', 'matter', lawyer)),
  allowed('T7.keeps-cases', 'legal confirms a plan', about('confirm-case-change', 'plan', lawyer)),
  allowed(
    'R14.keeps-cases',
    'the privacy officer, an assessment',
    about('keep-cases', 'assessment', officer),
  ),
  allowed(
    'A1.privacy-officer-confirms',
    'the privacy officer confirms a closed dispute',
    about('confirm-case-change', 'dispute', officer),
  ),
  allowed(
    'R3.department-head-keeps-cases',
    'a department head files a dispute',
    about('keep-cases', 'dispute', head),
  ),
  allowed('T2.keeps-cases', 'a supervisor hands a ticket over', about('keep-cases', 'ticket', supervisor)),
  allowed(
    'T17.confirms-hand-over',
    'a supervisor confirms who gets a ticket',
    about('confirm-case-change', 'ticket', supervisor),
  ),
  allowed('T16.keeps-incidents', 'security files an incident', about('keep-cases', 'incident', guard)),
  allowed(
    'T16.confirms-incidents',
    'the general manager confirms an incident',
    about('confirm-case-change', 'incident', gm),
  ),
  allowed('T18.sees-cases', 'an auditor sees transfers', about('see-cases', 'transfer', auditor)),
  unpermitted('R6.not-to-keep-cases', 'the front desk files a matter', about('keep-cases', 'matter', clerk)),
  unpermitted(
    'R6.not-to-keep-cases',
    'a department head files an instrument',
    about('keep-cases', 'instrument', head),
  ),
  unpermitted(
    'R6.not-to-keep-cases',
    'the privacy officer closes a dispute',
    about('keep-cases', 'dispute', officer),
  ),
  unpermitted(
    'R6.not-to-keep-cases',
    'a supervisor publishes a plan',
    about('keep-cases', 'plan', supervisor),
  ),
  unpermitted('R6.not-to-keep-cases', 'security assigns a ticket', about('keep-cases', 'ticket', guard)),
  unpermitted(
    'A1.not-to-confirm-cases',
    'a supervisor confirms an incident',
    about('confirm-case-change', 'incident', supervisor),
  ),
  unpermitted(
    'A1.not-to-confirm-cases',
    'the general manager confirms an agreement',
    about('confirm-case-change', 'agreement', gm),
  ),
  unpermitted(
    'A1.not-to-confirm-cases',
    'a department head confirms a transfer',
    about('confirm-case-change', 'transfer', head),
  ),
  unpermitted('T18.not-to-see-cases', 'security sees disputes', about('see-cases', 'dispute', guard)),
  unpermitted(
    'T18.not-to-see-cases',
    'the front desk sees complaints',
    about('see-cases', 'complaint', clerk),
  ),
  refused(
    'A3.duty',
    'legal keeps a matter of another region',
    about('keep-cases', 'matter', lawyer, ['FRA01']),
  ),
];
