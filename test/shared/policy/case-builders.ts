import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { Source } from '../../../shared/domain/record.ts';
import type { Role } from '../../../shared/domain/roles.ts';
import type { Verdict } from '../../../shared/domain/verdict.ts';
import { decideApproval } from '../../../shared/policy/decide-approval.ts';
import { decideDuty } from '../../../shared/policy/decide-duty.ts';
import { decideEnding } from '../../../shared/policy/decide-ending.ts';
import { decideOpening } from '../../../shared/policy/decide-opening.ts';
import { decideProvider } from '../../../shared/policy/decide-provider.ts';
import { decideProvision } from '../../../shared/policy/decide-provision.ts';
import { decideReadingFreeText } from '../../../shared/policy/decide-reading-free-text.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { decideShowing } from '../../../shared/policy/decide-showing.ts';
import type {
  ApprovalFacts,
  DutyFacts,
  EndingFacts,
  OpeningFacts,
  ProviderAct,
  ProvisionFacts,
  RequestFacts,
  ShowingFacts,
} from '../../../shared/policy/facts.ts';
import type { RuleSet } from '../../../shared/policy/rule-set.ts';
import {
  approvalFacts,
  checked,
  endingFacts,
  opened,
  openingFacts,
  provisionFacts,
  REGION,
  request,
  requestFacts,
} from './staff.ts';

/**
 * The rulebook's case table. A refused case names the policy that refuses (or the permit that doesn't reach so far), and
 * every other reason that is given with it (`and`); an allowed case names the policy that allows, or the one that could have refused and doesn't.
 */
export type RuleCase = {
  policy: string;
  name: string;
  outcome: Verdict['outcome'];
  and: string[];
  /** Of an allowed request: the roles that must agree, exactly; empty where the case doesn't ask. */
  route: readonly Role[];
  /** No permit lets it in either: without a policy that forbids it would be refused all the same. */
  unpermitted: boolean;
  decide: (ruleSet: RuleSet) => Verdict;
};

export const asks = (facts: Partial<RequestFacts>) => (ruleSet: RuleSet) =>
  decideRequest(ruleSet, requestFacts(facts));
export const asksFor = (grant: Partial<AccessGrant>) => asks({ grant: request(grant) });
export const decides = (facts: Partial<ApprovalFacts>) => (ruleSet: RuleSet) =>
  decideApproval(ruleSet, approvalFacts(facts));
export const provisions = (facts: Partial<ProvisionFacts>) => (ruleSet: RuleSet) =>
  decideProvision(ruleSet, provisionFacts(facts));
export const opens = (facts: Partial<OpeningFacts>) => (ruleSet: RuleSet) =>
  decideOpening(ruleSet, openingFacts(facts));
export const ends = (facts: Partial<EndingFacts>) => (ruleSet: RuleSet) =>
  decideEnding(ruleSet, endingFacts(facts));
export const sees =
  (actor: Person, grant: AccessGrant = checked()) =>
  (ruleSet: RuleSet) => {
    const facts: ShowingFacts = { region: REGION, grant, actor };
    return decideShowing(ruleSet, facts);
  };
export const reads = (actor: Person) => (ruleSet: RuleSet) =>
  decideReadingFreeText(ruleSet, { region: REGION, grant: checked(), actor });
/** About a letter to WeCom's provider on an open grant of legal's. */
export const writes =
  (
    act: ProviderAct,
    actor: Person,
    changes: Partial<AccessGrant> = {},
    about: { platform?: Source; hotels?: string[] } = {},
  ) =>
  (ruleSet: RuleSet) =>
    decideProvider(ruleSet, {
      region: REGION,
      grant: opened(changes),
      actor,
      act,
      platform: 'wecom',
      hotels: ['SHA01'],
      ...about,
    });
export const does =
  (duty: DutyFacts['duty'], actor: Person, hotels: string[] = ['SHA01']) =>
  (ruleSet: RuleSet) =>
    decideDuty(ruleSet, { region: REGION, actor, duty, hotels, stepUp: 'verified' });

export function allowed(
  policy: string,
  name: string,
  decide: RuleCase['decide'],
  ...route: Role[]
): RuleCase {
  return { policy, name, outcome: 'allow', and: [], route, unpermitted: false, decide };
}

export function refused(
  policy: string,
  name: string,
  decide: RuleCase['decide'],
  ...and: string[]
): RuleCase {
  return { policy, name, outcome: 'deny', and, route: [], unpermitted: false, decide };
}

/** Refused twice: by the policy that says why, and because no permit reaches so far. Neither of them stands alone. */
export function unpermitted(...args: Parameters<typeof refused>): RuleCase {
  return { ...refused(...args), unpermitted: true };
}
