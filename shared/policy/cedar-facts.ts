import type { CedarValueJson, Context, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { AccessGrant } from '../domain/access-grant.ts';
import { isFollowedUp } from '../domain/break-glass.ts';
import type { DatedPeople } from '../domain/dated-people.ts';
import type { Jurisdiction } from '../domain/jurisdiction.ts';
import { asWhenDecided, giversOf, nobody, type Person, rolesFor, standsInFor } from '../domain/person.ts';
import { requestDigest } from '../domain/request-digest.ts';
import type { Role } from '../domain/roles.ts';
import { isSensitive } from '../domain/sensitive-categories.ts';
import type {
  ApprovalFacts,
  EmergencyFacts,
  EmergencyViewFacts,
  EndingFacts,
  NamedCases,
  ProvisionFacts,
  RegionFacts,
  RelianceFacts,
  RequestFacts,
  StepUpOutcome,
  ViewFacts,
} from './facts.ts';

const HOUR_MS = 3_600_000;

/** Facts in Cedar's words, as shared/policy/rules/schema.cedarschema declares them. The one place where they are put so. */

export function personUid(personId: string): TypeAndId {
  return { type: 'Person', id: personId };
}

export function requestUid(grant: AccessGrant): TypeAndId {
  return { type: 'Request', id: grant.requestId };
}

/** When, and in which legal order, people are looked at. Without a time no deputy holds a role, and no exam counts. */
export type At = { now?: Date; jurisdiction: Jurisdiction };

export function atOf({ now, region }: { now?: Date; region: RegionFacts }): At {
  return { ...(now === undefined ? {} : { now }), jurisdiction: region.jurisdiction };
}

/**
 * The request with the people it names, with the roles held now for all of the request's hotels. A person who comes
 * twice (the requester who receives) stands once: where two reads of the directory differ, what both of them say.
 */
export function entitiesOf(grant: AccessGrant, people: Person[], at: At): EntityJson[] {
  const byId = new Map<string, PersonAttributes>();
  for (const person of people) {
    const attributes = attributesOf(person, grant.hotels, at);
    const known = byId.get(person.personId);
    byId.set(person.personId, known === undefined ? attributes : whatBothSay(attributes, known));
  }
  return [
    ...[...byId].map(([personId, attrs]) => ({ uid: personUid(personId), attrs, parents: [] })),
    requestEntity(grant),
  ];
}

type PersonAttributes = {
  active: boolean;
  roles: Role[];
  hotel: string;
  department: string;
  jurisdiction: string;
  trained: boolean;
  examCurrent: boolean;
  lock: Lock;
};
type Lock = 'none' | 'session' | 'account';

function attributesOf(
  person: Person,
  hotels: readonly string[],
  { now, jurisdiction }: At,
): PersonAttributes {
  return {
    active: person.active,
    roles: rolesFor(person, hotels, now),
    hotel: person.hotel,
    department: person.department,
    jurisdiction: person.jurisdiction ?? jurisdiction,
    trained: now !== undefined && wasBefore(person.training.system, now),
    examCurrent: now !== undefined && isExamCurrent(person.training.exam, now),
    lock: lockOf(person, now),
  };
}

function whatBothSay(one: PersonAttributes, other: PersonAttributes): PersonAttributes {
  return {
    active: one.active && other.active,
    roles: one.roles.filter((role) => other.roles.includes(role)),
    hotel: one.hotel === other.hotel ? one.hotel : '',
    department: one.department === other.department ? one.department : '',
    jurisdiction: one.jurisdiction === other.jurisdiction ? one.jurisdiction : '',
    trained: one.trained && other.trained,
    examCurrent: one.examCurrent && other.examCurrent,
    lock: LOCKS[Math.max(LOCKS.indexOf(one.lock), LOCKS.indexOf(other.lock))] ?? 'account',
  };
}

const LOCKS: readonly Lock[] = ['none', 'session', 'account'];

/** A session's lock is told only where it is known when: the API, which knows, turns away whoever is locked before. */
function lockOf({ lock }: Person, now?: Date): Lock {
  if (lock.account) return 'account';
  if (lock.sessionUntil === null) return 'none';
  return now !== undefined && now < new Date(lock.sessionUntil) ? 'session' : 'none';
}

function wasBefore(time: string | null, now: Date): boolean {
  return time !== null && new Date(time) <= now;
}

/** An exam counts in its calendar quarter (UTC) and in the next: the exam of a quarter can be sat until the quarter ends. */
function isExamCurrent(passed: string | null, now: Date): boolean {
  if (passed === null) return false;
  const ago = quarterOf(now) - quarterOf(new Date(passed));
  return new Date(passed) <= now && ago <= 1;
}

function quarterOf(time: Date): number {
  return time.getUTCFullYear() * 4 + Math.floor(time.getUTCMonth() / 3);
}

/** A person with the roles held now for all of these hotels. */
export function personEntity(person: Person, hotels: readonly string[], at: At): EntityJson {
  return { uid: personUid(person.personId), attrs: attributesOf(person, hotels, at), parents: [] };
}

export function hotelsUid(): TypeAndId {
  return { type: 'Hotels', id: 'concerned' };
}

export function hotelsEntity(codes: string[]): EntityJson {
  return { uid: hotelsUid(), attrs: { codes }, parents: [] };
}

export function viewUid(): TypeAndId {
  return { type: 'View', id: 'asked-for' };
}

export function viewEntity({ hotel, role, kind }: ViewFacts): EntityJson {
  return { uid: viewUid(), attrs: { hotel, role, kind }, parents: [] };
}

export function viewContext(facts: ViewFacts): Context {
  const { now, region, shift, businessDay, ticket, mentor, transferOnFile, found } = facts;
  return {
    now: instant(now),
    jurisdiction: region.jurisdiction,
    transferOnFile,
    businessDay: span(businessDay),
    ...present({
      shift: shift && span(shift),
      ticket: ticket && { ...ticket },
      mentor: mentor && { ...mentor },
      scope: found && scopeContext(found.scope),
    }),
    ...(found?.span ? span(found.span) : {}),
  };
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
        impactAssessment: grant.impactAssessment ?? null,
        agreement: grant.agreement ?? null,
        subjectKind: grant.subjectKind,
        requestDigest: grant.requestDigest,
        scopeDigest: grant.scope?.digest ?? null,
        from: time(grant.from),
        to: time(grant.to),
        requestedAt: time(grant.requestedAt),
        deadline: time(grant.deadline),
        windowEnds: windowEnd(grant),
      }),
      platforms: grant.platforms,
      hotels: grant.hotels,
      categories: grant.categories,
      sensitiveCategories: grant.categories.filter(isSensitive),
      masking: grant.masking,
      instrument: grant.instrument,
      emergency: grant.emergency,
      necessity: grant.necessity !== undefined,
      windowHours: grant.windowHours,
      opens: grant.opens,
      opened: grant.opened,
      staged: grant.staged !== null,
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
    chainHotels: facts.region.chainHotels,
    jurisdiction: facts.region.jurisdiction,
    minimumApprovals: facts.region.minimumApprovals,
    numbers: numbersOf(facts),
    ...present({
      scope: facts.scope && scopeContext(facts.scope),
      shift: facts.standing.shift && span(facts.standing.shift),
    }),
    cases: casesOf(facts.cases),
    secondedTo: secondedTo(facts),
    retrievals: facts.retrievals,
    transferOnFile: facts.transferOnFile,
  };
}

/** Those that policies name. */
function numbersOf({ region: { rules } }: RequestFacts): CedarValueJson {
  const { supervisorHours, complaintDays, incidentHours, sensitiveRecords, retrievalsPerMonth } = rules;
  return { supervisorHours, complaintDays, incidentHours, sensitiveRecords, retrievalsPerMonth };
}

function casesOf({
  matter,
  complaint,
  incident,
  instrument,
  agreement,
  assessment,
}: NamedCases): CedarValueJson {
  return {
    assessment,
    ...present({
      matter: matter && { ...matter },
      complaint: complaint && { ...complaint },
      incident: incident && { ...incident, ...span(incident) },
      instrument: instrument && instrumentOf(instrument),
      agreement: agreement && { ...agreement, ...validity(agreement) },
    }),
  };
}

/** When its answer is due is no matter of policy: it moves the deadline (A4). */
function instrumentOf({ dueAt: _, ...named }: NonNullable<NamedCases['instrument']>): CedarValueJson {
  return { ...named, ...validity(named) };
}

function span({ from, to }: { from: Date; to: Date }): { from: CedarValueJson; to: CedarValueJson } {
  return { from: instant(from), to: instant(to) };
}

function validity({ validFrom, validUntil }: { validFrom: Date; validUntil: Date }) {
  return { validFrom: instant(validFrom), validUntil: instant(validUntil) };
}

/**
 * Of a person who asks for, answers, sees or completes break-glass in this role (L5); with the approvals on record, where they
 * were looked at.
 */
export function emergencyContext({ now, region, role, uses, scope }: EmergencyFacts): Context {
  return {
    now: instant(now),
    role,
    uses,
    usesPerMonth: region.rules.emergenciesPerMonth,
    ...present({ scope: scope && scopeContext(scope) }),
  };
}

export function emergencyViewContext({ stepUp, onRecord, ...facts }: EmergencyViewFacts): Context {
  return {
    ...emergencyContext(facts),
    stepUp,
    ...present({ approvedRoles: onRecord && distinct(onRecord.approvers.map(({ role }) => role)) }),
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
      lostSuperiors: distinct(
        approvals.flatMap(({ by }) => since(facts.approverPeople[by]?.lostSuperiors, facts.grant)),
      ).map(reference),
      enablers: distinct(
        approvals.flatMap(({ by, at }) =>
          since(facts.approverPeople[by]?.enablers, facts.grant, new Date(at)),
        ),
      ).map(reference),
      stoodInFor: stoodInFor(approvals),
    },
    enabledBy: facts.enabledBy.map(reference),
    recipientEnabledBy: facts.recipientEnabledBy.map(reference),
    casesBroughtBy: casesBroughtBy(facts).map(reference),
    roleGivers: roleGivers(facts.actor, facts.role, facts.grant).map(reference),
    lostSuperiorSinceRequest: since(facts.actor.lostSuperiors, facts.grant).length > 0,
    enablers: since(facts.actor.enablers, facts.grant).map(reference),
    denied: isDenied(facts.grant),
    stepUp: facts.stepUp,
    deputyOf: standsInFor(facts.actor, facts.role, facts.grant.hotels, facts.now).map(reference),
    secondedTo: secondedTo(facts),
  };
}

/** An approval on record, with its person as the directory has them now: without roles where they are gone from it. */
export type StandingApproval = {
  role: Role;
  person: Person;
  managers: string[];
  requestDigest: string;
  stepUp: StepUpOutcome;
};

export function standingApprovals(facts: RelianceFacts): StandingApproval[] {
  return facts.approvers.map(({ role, person, managers, requestDigest: digest, stepUp }) => ({
    role,
    person: person === null ? nobody(`gone:${role}`) : asWhenDecided(person, decidedAt(facts, role)),
    managers,
    requestDigest: digest,
    stepUp,
  }));
}

/** One approval on record, looked at as if it were given now, beside the others. */
export function relyingContext(
  facts: RelianceFacts,
  approval: StandingApproval,
  others: StandingApproval[],
): Context {
  const decided = decidedAt(facts, approval.role);
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
      lostSuperiors: distinct(
        others.flatMap(({ person }) => since(person.lostSuperiors, facts.grant, decided)),
      ).map(reference),
      enablers: distinct(
        others.flatMap(({ person, role }) => since(person.enablers, facts.grant, decidedAt(facts, role))),
      ).map(reference),
      stoodInFor: stoodInFor(
        facts.grant.approvals.filter(({ role }) => others.some((other) => other.role === role)),
      ),
    },
    enabledBy: facts.enabledBy.map(reference),
    recipientEnabledBy: facts.recipientEnabledBy.map(reference),
    casesBroughtBy: casesBroughtBy(facts).map(reference),
    roleGivers: roleGivers(approval.person, approval.role, facts.grant).map(reference),
    lostSuperiorSinceRequest: since(approval.person.lostSuperiors, facts.grant, decided).length > 0,
    enablers: since(approval.person.enablers, facts.grant, decided).map(reference),
    denied: isDenied(facts.grant),
    stepUp: approval.stepUp,
    deputyOf: standsInFor(approval.person, approval.role, facts.grant.hotels, facts.now).map(reference),
    secondedTo: secondedTo(facts),
  };
}

export function releasingContext(
  facts: ProvisionFacts & { stepUp: StepUpOutcome },
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
    stepUp: facts.stepUp,
    jurisdiction: facts.region.jurisdiction,
    transferOnFile: facts.transferOnFile,
    numbers: numbersOf(facts),
    ...present({ scope: facts.scope && scopeContext(facts.scope) }),
  };
}

/** Where the requester was lent to, at every hotel asked for and for all of the time asked for (T11). */
function secondedTo({ requester, grant }: RequestFacts): string[] {
  const { hotels, from, to } = grant;
  if (from === null || to === null || hotels.length === 0) return [];
  const covering = requester.secondments.filter(
    (lent) =>
      hotels.every((hotel) => hotel === lent.hotel) &&
      new Date(lent.from) <= new Date(from) &&
      new Date(to) <= new Date(lent.to),
  );
  return distinct(covering.map(({ department }) => department));
}

export function endingContext({ now, grant }: EndingFacts): Context {
  return { now: instant(now), followedUp: isFollowedUp(grant) };
}

/**
 * Who gave this person the role, for every hotel of the request, no later than the request was made: of the two people
 * whom it took, a party to the request where one of them is. A time that can't
 * be read is no time before it.
 */
function roleGivers(
  { roles }: Person,
  role: Role,
  { hotels, requestedAt, requester, recipient }: AccessGrant,
): string[] {
  const asked = Date.parse(requestedAt);
  const relied = roles.filter(
    (held) =>
      held.role === role &&
      (held.hotels === '*' || hotels.every((hotel) => held.hotels.includes(hotel))) &&
      Date.parse(held.since) <= asked,
  );
  return distinct(
    relied.map((held) => giversOf(held).find((by) => by === requester || by === recipient) ?? held.grantedBy),
  );
}

/**
 * Of the people whom a person's entry dates (superiors that were lost, whoever let the person act), those with a time after
 * the request was made; of an approval on record, one before it was given: a later reorganisation undoes none. A time that can't be read is
 * within.
 */
function since(dated: DatedPeople = {}, { requestedAt }: AccessGrant, decided?: Date): string[] {
  const asked = Date.parse(requestedAt);
  const isWithin = (at: string) =>
    !(Date.parse(at) <= asked) && !(decided !== undefined && Date.parse(at) > decided.getTime());
  return Object.entries(dated)
    .filter(([, times]) => times.some(isWithin))
    .map(([personId]) => personId);
}

function decidedAt({ grant, now }: RelianceFacts, decidedRole: Role): Date {
  const approval = grant.approvals.find(({ role }) => role === decidedRole);
  return approval === undefined ? now : new Date(approval.at);
}

/** Whom these approvals were given for by deputies (A8). */
function stoodInFor(approvals: AccessGrant['approvals']): CedarValueJson[] {
  return distinct(approvals.flatMap(({ asDeputyOf }) => (asDeputyOf === undefined ? [] : [asDeputyOf]))).map(
    reference,
  );
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

/** What was found, without who brought on file what opens it: that is asked of approvers alone. */
function scopeContext({ broughtBy: _, ...scope }: NonNullable<RequestFacts['scope']>): CedarValueJson {
  return scope;
}

/** A1: who brought on file what the request rests on, the cases that it names and those that open its scope. */
function casesBroughtBy({ cases, scope }: RequestFacts): string[] {
  return distinct([...cases.broughtBy, ...(scope?.broughtBy ?? [])]);
}

function distinct<Item>(items: Item[]): Item[] {
  return [...new Set(items)];
}
