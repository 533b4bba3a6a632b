import type { CedarValueJson, Context, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { AccessGrant } from '../domain/access-grant.ts';
import { type Person, rolesFor } from '../domain/person.ts';
import { requestDigest } from '../domain/request-digest.ts';
import type { Role } from '../domain/roles.ts';
import type { ApprovalFacts, ProvisionFacts, RequestFacts } from './facts.ts';

const HOUR_MS = 3_600_000;

/** Facts in Cedar's words, as shared/policy/rules/schema.cedarschema declares them. The one place where they are put so. */

export function personUid(personId: string): TypeAndId {
  return { type: 'Person', id: personId };
}

export function requestUid(grant: AccessGrant): TypeAndId {
  return { type: 'Request', id: grant.requestId };
}

/**
 * The request with the people it names, with the roles held now for all of the request's hotels. A person who comes
 * twice (the requester who receives) stands once: where two reads of the directory differ, what both of them say.
 */
export function entitiesOf(grant: AccessGrant, people: Person[]): EntityJson[] {
  const byId = new Map<string, { active: boolean; roles: Role[] }>();
  for (const person of people) {
    const { active, roles } = standing(person, grant.hotels);
    const known = byId.get(person.personId) ?? { active, roles };
    byId.set(person.personId, {
      active: active && known.active,
      roles: roles.filter((role) => known.roles.includes(role)),
    });
  }
  return [
    ...[...byId].map(([personId, attrs]) => ({ uid: personUid(personId), attrs, parents: [] })),
    requestEntity(grant),
  ];
}

function standing(person: Person, hotels: readonly string[]): { active: boolean; roles: Role[] } {
  return { active: person.active, roles: rolesFor(person, hotels) };
}

/** A person with the roles held now for all of these hotels. */
export function personEntity(person: Person, hotels: readonly string[]): EntityJson {
  return { uid: personUid(person.personId), attrs: standing(person, hotels), parents: [] };
}

export function hotelsUid(): TypeAndId {
  return { type: 'Hotels', id: 'concerned' };
}

export function hotelsEntity(codes: string[]): EntityJson {
  return { uid: hotelsUid(), attrs: { codes }, parents: [] };
}

function requestEntity(grant: AccessGrant): EntityJson {
  return {
    uid: requestUid(grant),
    attrs: {
      state: grant.state,
      requester: reference(grant.requester),
      requesterRole: grant.requesterRole,
      recipient: reference(grant.recipient),
      ...present({
        purpose: grant.purpose,
        basis: grant.basis,
        matter: grant.matter,
        ticket: grant.ticket,
        subjectKind: grant.subjectKind,
        requestDigest: grant.requestDigest,
        scopeDigest: grant.scope?.digest ?? null,
        from: time(grant.from),
        to: time(grant.to),
        deadline: time(grant.deadline),
        windowEnds: windowEnd(grant),
      }),
      platforms: grant.platforms,
      hotels: grant.hotels,
      categories: grant.categories,
      masking: grant.masking,
      instrument: grant.instrument,
      emergency: grant.emergency,
      windowHours: grant.windowHours,
      opens: grant.opens,
      opened: grant.opened,
      participants: grant.participants.map(reference),
      route: grant.route,
    },
    parents: [],
  };
}

/** The end of the window as the row says, and never later than what was approved: hours from provision. */
function windowEnd(grant: AccessGrant): CedarValueJson {
  if (grant.windowEnds === null || grant.provisionedAt === null) return null;
  const approved = new Date(grant.provisionedAt).getTime() + grant.windowHours * HOUR_MS;
  return instant(new Date(Math.min(new Date(grant.windowEnds).getTime(), approved)));
}

export function askingContext(facts: RequestFacts): Context {
  return {
    now: instant(facts.now),
    regionHotels: facts.region.hotels,
    minimumApprovals: facts.region.minimumApprovals,
    ...present({ scope: facts.scope && { ...facts.scope } }),
  };
}

export function decidingContext(facts: ApprovalFacts): Context {
  const approvals = facts.grant.approvals.filter(({ decision }) => decision === 'approve');
  return {
    now: instant(facts.now),
    role: facts.role,
    seenDigest: facts.seenDigest,
    statementDigest: requestDigest(facts.grant),
    superiors: facts.actorManagers.map(reference),
    requesterSuperiors: facts.requesterManagers.map(reference),
    others: {
      people: distinct(approvals.map(({ by }) => by)).map(reference),
      roles: distinct(approvals.map(({ role }) => role)),
      superiors: distinct(approvals.flatMap(({ by }) => facts.approverManagers[by] ?? [])).map(reference),
    },
    enabledBy: facts.enabledBy.map(reference),
    recipientEnabledBy: facts.recipientEnabledBy.map(reference),
    roleGivers: roleGivers(facts.actor, facts.role, facts.grant).map(reference),
    denied: isDenied(facts.grant),
  };
}

/** An approval on record, with its person as the directory has them now: without roles where they are gone from it. */
export type StandingApproval = { role: Role; person: Person; managers: string[]; requestDigest: string };

export function standingApprovals(facts: ProvisionFacts): StandingApproval[] {
  return facts.approvers.map(({ role, person, managers, requestDigest: digest }) => ({
    role,
    person: person ?? goneFrom(role),
    managers,
    requestDigest: digest,
  }));
}

function goneFrom(role: Role): Person {
  return {
    personId: `gone:${role}`,
    username: '',
    displayName: '',
    department: '',
    hotel: '',
    manager: null,
    active: false,
    roles: [],
    accounts: [],
  };
}

/** One approval on record, looked at as if it were given now, beside the others. */
export function relyingContext(
  facts: ProvisionFacts,
  approval: StandingApproval,
  others: StandingApproval[],
): Context {
  return {
    now: instant(facts.now),
    role: approval.role,
    seenDigest: approval.requestDigest,
    statementDigest: requestDigest(facts.grant),
    superiors: approval.managers.map(reference),
    requesterSuperiors: facts.requesterManagers.map(reference),
    others: {
      people: distinct(others.map(({ person }) => person.personId)).map(reference),
      roles: distinct(others.map(({ role }) => role)),
      superiors: distinct(others.flatMap(({ managers }) => managers)).map(reference),
    },
    enabledBy: facts.enabledBy.map(reference),
    recipientEnabledBy: facts.recipientEnabledBy.map(reference),
    roleGivers: roleGivers(approval.person, approval.role, facts.grant).map(reference),
    denied: isDenied(facts.grant),
  };
}

export function releasingContext(
  facts: ProvisionFacts,
  approvals: StandingApproval[],
  routeNow: Role[],
): Context {
  const roles = distinct(approvals.map(({ role }) => role));
  return {
    now: instant(facts.now),
    minimumApprovals: facts.region.minimumApprovals,
    approvers: distinct(approvals.map(({ person }) => person.personId)).length,
    approvedRoles: roles,
    approvedRoleCount: roles.length,
    routeNow,
    denied: isDenied(facts.grant),
    statementDigest: requestDigest(facts.grant),
    requestDigestNow: facts.requestDigestNow,
    scopeDigestNow: facts.scopeDigestNow,
  };
}

export function endingContext(now: Date): Context {
  return { now: instant(now) };
}

/**
 * Who gave this person the role, for every hotel of the request, no later than the request was made. A time that can't
 * be read is no time before it.
 */
function roleGivers({ roles }: Person, role: Role, { hotels, requestedAt }: AccessGrant): string[] {
  const asked = Date.parse(requestedAt);
  const relied = roles.filter(
    (held) =>
      held.role === role &&
      (held.hotels === '*' || hotels.every((hotel) => held.hotels.includes(hotel))) &&
      Date.parse(held.since) <= asked,
  );
  return distinct(relied.map(({ grantedBy }) => grantedBy));
}

function isDenied(grant: AccessGrant): boolean {
  return grant.approvals.some(({ decision }) => decision === 'deny');
}

function reference(personId: string): CedarValueJson {
  return { __entity: personUid(personId) };
}

function time(text: string | null): CedarValueJson {
  return text === null ? null : instant(new Date(text));
}

function instant(date: Date): CedarValueJson {
  return { __extn: { fn: 'datetime', arg: date.toISOString() } };
}

/** Cedar knows absent attributes, and no null. */
function present(values: Record<string, CedarValueJson>): Record<string, CedarValueJson> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function distinct<Item>(items: Item[]): Item[] {
  return [...new Set(items)];
}
