import type { AccessGrant } from '../domain/access-grant.ts';
import { giversOf, nobody, type Person } from '../domain/person.ts';
import type { Role } from '../domain/roles.ts';
import {
  type ApprovalFacts,
  NO_CASES,
  type OpeningFacts,
  type ProvisionFacts,
  type RegionFacts,
  type RequestFacts,
  type StepUpOutcome,
} from '../policy/facts.ts';
import type { Directory } from '../ports/directory.ts';

/** Where facts come from, each read afresh for the decision at hand. */
export type FactSources = { directory: Directory; region: RegionFacts; now: Date };

export type ScopeFacts = NonNullable<RequestFacts['scope']>;

/** What is not established of a scope, where nothing says more. */
export const UNKNOWN = {
  unpublishedPlans: true,
  disputeElsewhere: false,
  disputeUnknown: true,
  disputeOrMajorComplaint: false,
  ownClients: false,
  departments: [],
  withoutMarketingConsent: true,
  withoutSeparateConsent: true,
};

/** What provision and open found when they looked again. */
export type FoundAgain = { scope: ScopeFacts | null; scopeDigestNow: string; requestDigestNow: string };

/** Facts about the request itself; `scope` as it was found, or null before the search. */
export async function requestFacts(
  { directory, region, now }: FactSources,
  grant: AccessGrant,
  scope: ScopeFacts | null,
): Promise<RequestFacts> {
  const [requester, recipient] = await people(directory, [grant.requester, grant.recipient]);
  return {
    now,
    region,
    grant,
    scope,
    requester,
    recipient,
    cases: NO_CASES,
    standing: { shift: null },
    retrievals: 0,
    transferOnFile: false,
  };
}

/** Facts about one decision of `actor` on a request whose scope is frozen. */
export async function approvalFacts(
  sources: FactSources,
  grant: AccessGrant,
  deciding: {
    actor: Person;
    role: Role;
    decision: 'approve' | 'deny';
    seenDigest: string;
    stepUp: StepUpOutcome;
  },
): Promise<ApprovalFacts> {
  const { directory } = sources;
  const earlier = [...new Set(grant.approvals.map(({ by }) => by))];
  const [facts, actorManagers, ...approvers] = await Promise.all([
    requestFacts(sources, grant, frozenScopeFacts(grant)),
    directory.managersAbove(deciding.actor),
    ...earlier.map(async (id) => [id, await managersOf(directory, await directory.byId(id))] as const),
  ]);
  return {
    ...facts,
    ...deciding,
    actorManagers,
    requesterManagers: await directory.managersAbove(facts.requester),
    approverManagers: Object.fromEntries(approvers),
    enabledBy: enabledBy(grant, facts.requester),
    recipientEnabledBy: enabledBy(grant, facts.recipient),
  };
}

/** Facts about releasing what was approved: each approval with its person as the directory has it now. */
export async function provisionFacts(
  sources: FactSources,
  grant: AccessGrant,
  { scope, scopeDigestNow, requestDigestNow }: FoundAgain,
): Promise<ProvisionFacts> {
  const { directory } = sources;
  const [facts, approvers] = await Promise.all([
    requestFacts(sources, grant, scope),
    Promise.all(
      grant.approvals
        .filter(({ decision }) => decision === 'approve')
        .map(async ({ role, by, requestDigest }) => {
          const person = await directory.byId(by);
          return { role, person, requestDigest, managers: await managersOf(directory, person) };
        }),
    ),
  ]);
  return {
    ...facts,
    approvers,
    requesterManagers: await directory.managersAbove(facts.requester),
    enabledBy: enabledBy(grant, facts.requester),
    recipientEnabledBy: enabledBy(grant, facts.recipient),
    scopeDigestNow,
    requestDigestNow,
  };
}

export async function openingFacts(
  sources: FactSources,
  grant: AccessGrant,
  found: FoundAgain,
  { actor, stepUp }: { actor: Person; stepUp: StepUpOutcome },
): Promise<OpeningFacts> {
  return { ...(await provisionFacts(sources, grant, found)), actor, stepUp };
}

/** The scope as check froze it. The categories asked for stand for those found: they can only be more. */
export function frozenScopeFacts({ scope, categories }: AccessGrant): ScopeFacts | null {
  if (scope === null) return null;
  const { guests, conversations, records, sensitive } = scope;
  // Who consented is asked by check before, and by provision and open after: approving changes nothing of it.
  return {
    guests: guests.length,
    conversations,
    records,
    sensitive,
    categories,
    withoutConsent: [],
    ...UNKNOWN,
  };
}

/** Whoever gave this requester or recipient the role that the request rests on, for hotels that it asks for. */
function enabledBy(grant: AccessGrant, person: Person): string[] {
  const given = person.roles.filter(
    ({ role, hotels }) =>
      role === grant.requesterRole &&
      (hotels === '*' || grant.hotels.some((hotel) => hotels.includes(hotel))),
  );
  return [...new Set(given.flatMap(giversOf))];
}

async function managersOf(directory: Directory, person: Person | null): Promise<string[]> {
  return person === null ? [] : directory.managersAbove(person);
}

async function people(directory: Directory, [one, other]: [string, string]): Promise<[Person, Person]> {
  const first = directory.byId(one).then((person) => person ?? nobody(one));
  const second = one === other ? first : directory.byId(other).then((person) => person ?? nobody(other));
  return Promise.all([first, second]);
}
