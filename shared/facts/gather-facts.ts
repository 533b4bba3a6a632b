import type { AccessGrant, Approval } from '../domain/access-grant.ts';
import { nobody, type Person } from '../domain/person.ts';
import type { Role } from '../domain/roles.ts';
import type { Shift } from '../domain/shift.ts';
import {
  type ApprovalFacts,
  type ApprovalsOnRecord,
  NO_CASES,
  type OpeningFacts,
  type ProvisionFacts,
  type RegionFacts,
  type RequestFacts,
  type StepUpOutcome,
} from '../policy/facts.ts';
import type { Cases } from '../ports/cases.ts';
import type { Directory } from '../ports/directory.ts';
import { namedCases, transfersOnFile } from './case-facts.ts';
import { enabledBy } from './enabled-by.ts';
import type { ScopeFacts } from './scope-facts.ts';

/** Where facts come from, each read afresh for the decision at hand. */
export type FactSources = { directory: Directory; region: RegionFacts; now: Date };

/** The same, with the cases on file: what check asks. */
export type CaseSources = FactSources & { cases: Cases };

/** How what somebody's device signed of an approval looks, checked again from what was kept of it (A6). */
export type SignedApprovals = (grant: AccessGrant, approval: Approval) => Promise<StepUpOutcome>;

/** The same, with the approvers' signatures: what provision and open ask. */
export type ReleaseSources = CaseSources & { signed: SignedApprovals };

/** What provision and open found when they looked again, and how often the guests were retrieved (R4). */
export type FoundAgain = {
  scope: ScopeFacts | null;
  retrievals: number;
  scopeDigestNow: string;
  requestDigestNow: string;
};

/**
 * Facts about the request itself; `scope` as it was found, or null before the search. `retrievals`: those of the guests in
 * scope that count against this one.
 */
export async function requestFacts(
  { directory, region, now, cases }: CaseSources,
  grant: AccessGrant,
  scope: ScopeFacts | null,
  retrievals = 0,
): Promise<RequestFacts> {
  const [parties, shifts, transfers] = await Promise.all([
    people(directory, [grant.requester, grant.recipient]),
    directory.shiftsOf(grant.requester),
    transfersOnFile(grant, { cases, now }),
  ]);
  const [requester, recipient] = parties;
  const named = await namedCases(grant, recipient, { cases, now });
  return {
    now,
    region,
    grant,
    scope,
    requester,
    recipient,
    cases: {
      ...named,
      broughtBy: [...new Set([...named.broughtBy, ...transfers.flatMap(({ broughtBy }) => broughtBy)])],
    },
    standing: { shift: shiftOf(shifts, grant.hotels, now) },
    retrievals,
    transferOnFile: transfers.length > 0,
  };
}

/** The shift of now, at every hotel asked for; the later one where two meet. */
function shiftOf(
  shifts: readonly Shift[],
  hotels: readonly string[],
  now: Date,
): { from: Date; to: Date } | null {
  const standing = shifts
    .filter(({ hotel }) => hotels.every((asked) => asked === hotel))
    .map(({ from, to }) => ({ from: new Date(from), to: new Date(to) }))
    .filter(({ from, to }) => from <= now && now < to)
    .sort((a, b) => a.from.getTime() - b.from.getTime());
  return standing.at(-1) ?? null;
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
  const { directory, region, now } = sources;
  const earlier = [...new Set(grant.approvals.map(({ by }) => by))];
  // One call of AWS, whoever is in it. Nothing is read of what check asked already.
  const people = await directory.peopleWithSuperiors([
    grant.requester,
    grant.recipient,
    deciding.actor.personId,
    ...earlier,
  ]);
  const personOf = (id: string) => people.get(id)?.person ?? nobody(id);
  const managersOf = (id: string) => people.get(id)?.superiors ?? [];
  const [requester, recipient] = [personOf(grant.requester), personOf(grant.recipient)];
  return {
    now,
    region,
    grant,
    scope: frozenScopeFacts(grant),
    requester,
    recipient,
    cases: NO_CASES,
    standing: { shift: null },
    retrievals: grant.scope?.found?.retrievals ?? 0,
    transferOnFile: false,
    ...deciding,
    actorManagers: managersOf(deciding.actor.personId),
    requesterManagers: managersOf(grant.requester),
    approverPeople: Object.fromEntries(earlier.map((id) => [id, personOf(id)])),
    approverManagers: Object.fromEntries(earlier.map((id) => [id, managersOf(id)])),
    enabledBy: enabledBy(grant, requester),
    recipientEnabledBy: enabledBy(grant, recipient),
  };
}

/** The approvals on record, each with its person as the directory has it now, and its signature checked again (A6). */
export async function approvalsOnRecord(
  { directory, signed }: Pick<ReleaseSources, 'directory' | 'signed'>,
  { grant, requester, recipient }: Pick<RequestFacts, 'grant' | 'requester' | 'recipient'>,
): Promise<ApprovalsOnRecord> {
  const approvals = grant.approvals.filter(({ decision }) => decision === 'approve');
  const [people, signatures] = await Promise.all([
    // As a decision reads them: whoever is being moved out of a line is in it until their row says since when not.
    directory.peopleWithSuperiors([grant.requester, ...approvals.map(({ by }) => by)]),
    Promise.all(approvals.map((approval) => signed(grant, approval))),
  ]);
  return {
    approvers: approvals.map(({ role, by, requestDigest }, position) => ({
      role,
      person: people.get(by)?.person ?? null,
      managers: people.get(by)?.superiors ?? [],
      requestDigest,
      stepUp: signatures[position] ?? 'missing',
    })),
    requesterManagers: people.get(grant.requester)?.superiors ?? [],
    enabledBy: enabledBy(grant, requester),
    recipientEnabledBy: enabledBy(grant, recipient),
  };
}

/** Facts about releasing what was approved. */
export async function provisionFacts(
  sources: ReleaseSources,
  grant: AccessGrant,
  { scope, retrievals, scopeDigestNow, requestDigestNow }: FoundAgain,
): Promise<ProvisionFacts> {
  const facts = await requestFacts(sources, grant, scope, retrievals);
  return { ...facts, ...(await approvalsOnRecord(sources, facts)), scopeDigestNow, requestDigestNow };
}

export async function openingFacts(
  sources: ReleaseSources,
  grant: AccessGrant,
  found: FoundAgain,
  { actor, stepUp }: { actor: Person; stepUp: StepUpOutcome },
): Promise<OpeningFacts> {
  return { ...(await provisionFacts(sources, grant, found)), actor, stepUp };
}

/**
 * The scope as check froze it; of a request from before all of it was kept, what must be taken for granted then: the
 * categories asked for stand for those found, and whatever isn't established is what refuses.
 */
export function frozenScopeFacts({ scope, categories }: AccessGrant): ScopeFacts | null {
  if (scope === null) return null;
  if (scope.found !== undefined) {
    const { retrievals: _, ...facts } = scope.found;
    return facts;
  }
  const { guests, conversations, records, sensitive } = scope;
  return {
    guests: guests.length,
    conversations,
    records,
    sensitive,
    categories,
    withoutConsent: [],
    unpublishedPlans: categories.includes('complaint-plan'),
    disputeElsewhere: false,
    disputeUnknown: categories.includes('dispute'),
    disputeOrMajorComplaint: categories.includes('dispute'),
    ofNamedComplaint: false,
    ownClients: false,
    departments: [],
    withoutMarketingConsent: true,
    withoutSeparateConsent: true,
    broughtBy: [],
  };
}

async function people(directory: Directory, [one, other]: [string, string]): Promise<[Person, Person]> {
  const first = directory.byId(one).then((person) => person ?? nobody(one));
  const second = one === other ? first : directory.byId(other).then((person) => person ?? nobody(other));
  return Promise.all([first, second]);
}
