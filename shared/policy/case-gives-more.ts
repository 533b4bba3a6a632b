import { type Case, type CaseKind, type CaseOf, isOfKind } from '../domain/case.ts';
import type { Words } from '../domain/words.ts';

/** What a change of a case gives somebody; each takes a second person (A1). */
export const CASE_GIFTS = [
  'plan-published',
  'dispute-closed',
  'dispute-moved',
  'complaint-added',
  'complaint-no-longer-major',
  'complaint-reopened',
  'matter-reopened',
  'instrument-added',
  'instrument-extended',
  'agreement-added',
  'agreement-extended',
  'transfer-added',
  'transfer-extended',
  'assessment-added',
  'assessment-extended',
  'incident-added',
  'incident-extended',
  'ticket-assigned',
  'ticket-handed-over',
  'ticket-reopened',
  'guests-added',
  'guests-taken-off',
  'hotels-added',
  'hotels-taken-off',
] as const;
export type CaseGift = (typeof CASE_GIFTS)[number];

/** The same in words. */
export const CASE_GIFT_LABELS: Record<CaseGift, Words> = {
  'plan-published': { zh: '处理方案公布', en: 'plan published' },
  'dispute-closed': { zh: '纠纷结案', en: 'dispute closed' },
  'dispute-moved': { zh: '纠纷移交部门', en: 'dispute moved' },
  'complaint-added': { zh: '新增投诉', en: 'complaint added' },
  'complaint-no-longer-major': { zh: '投诉不再列为重大', en: 'complaint no longer major' },
  'complaint-reopened': { zh: '投诉重开', en: 'complaint reopened' },
  'matter-reopened': { zh: '案件重开', en: 'matter reopened' },
  'instrument-added': { zh: '新增法律文书', en: 'instrument added' },
  'instrument-extended': { zh: '法律文书扩大或延长', en: 'instrument extended' },
  'agreement-added': { zh: '新增协议', en: 'agreement added' },
  'agreement-extended': { zh: '协议扩大或延长', en: 'agreement extended' },
  'transfer-added': { zh: '新增跨境提供机制', en: 'transfer mechanism added' },
  'transfer-extended': { zh: '跨境提供机制扩大或延长', en: 'transfer mechanism extended' },
  'assessment-added': { zh: '新增影响评估', en: 'impact assessment added' },
  'assessment-extended': { zh: '影响评估扩大或延长', en: 'impact assessment extended' },
  'incident-added': { zh: '新增事件', en: 'incident added' },
  'incident-extended': { zh: '事件扩大或延长', en: 'incident extended' },
  'ticket-assigned': { zh: '工单指派', en: 'ticket assigned' },
  'ticket-handed-over': { zh: '工单移交', en: 'ticket handed over' },
  'ticket-reopened': { zh: '工单重开', en: 'ticket reopened' },
  'guests-added': { zh: '增加客人', en: 'guests added' },
  'guests-taken-off': { zh: '移除客人', en: 'guests taken off' },
  'hotels-added': { zh: '增加酒店', en: 'hotels added' },
  'hotels-taken-off': { zh: '移除酒店', en: 'hotels taken off' },
};

/**
 * What is gained where `next` comes in the place of `prior` (null: nothing was on file). What only takes, or opens a case
 * that keeps records back, takes one person: a new dispute in progress keeps its guests from other departments (R3), a plan
 * that isn't published is out of every scope (R2), a matter is needed by nobody to be on file.
 */
export function givesMore(prior: Case | null, next: Case): CaseGift[] {
  switch (next.kind) {
    case 'plan':
      return givenByPlan(ofKind(prior, next.kind), next);
    case 'dispute':
      return givenByDispute(ofKind(prior, next.kind), next);
    case 'complaint':
      return givenByComplaint(ofKind(prior, next.kind), next);
    case 'matter':
      return reopened(ofKind(prior, next.kind), next) ? ['matter-reopened'] : [];
    case 'ticket':
      return givenByTicket(ofKind(prior, next.kind), next);
    case 'incident':
      return givenByIncident(ofKind(prior, next.kind), next);
    case 'instrument':
      return added(ofKind(prior, next.kind), next, 'instrument', instrumentReachesFurther);
    case 'agreement':
      return added(ofKind(prior, next.kind), next, 'agreement', agreementReachesFurther);
    case 'transfer':
      return added(
        ofKind(prior, next.kind),
        next,
        'transfer',
        (before, after) => before.recipient !== after.recipient || before.mechanism !== after.mechanism,
      );
    case 'assessment':
      return added(
        ofKind(prior, next.kind),
        next,
        'assessment',
        (before, after) =>
          !within(after.purposes, before.purposes) || !within(after.categories, before.categories),
      );
  }
}

function ofKind<Kind extends CaseKind>(prior: Case | null, kind: Kind): CaseOf<Kind> | null {
  return prior !== null && isOfKind(prior, kind) ? prior : null;
}

function givenByPlan(prior: CaseOf<'plan'> | null, next: CaseOf<'plan'>): CaseGift[] {
  const published =
    next.publishedAt !== null &&
    (prior === null || prior.publishedAt === null || isBefore(next.publishedAt, prior.publishedAt));
  // Whom and where nothing on file spoke of before, a published plan is the one that lifts R2.
  const speaksOfMore =
    next.publishedAt === null ? [] : [...guestsAdded(prior, next), ...hotelsAdded(prior, next)];
  return [...(published ? ['plan-published' as const] : []), ...speaksOfMore, ...takenOff(prior, next)];
}

function givenByDispute(prior: CaseOf<'dispute'> | null, next: CaseOf<'dispute'>): CaseGift[] {
  // Filed as over already, it says of its guests that nothing is in progress.
  const closed =
    next.closedAt !== null &&
    (prior === null || prior.closedAt === null || isBefore(next.closedAt, prior.closedAt));
  // To be of one matter narrows legal's exception; to be of another, or of none, opens it to others of legal.
  const moved =
    prior !== null &&
    (prior.department !== next.department || (prior.matter !== null && prior.matter !== next.matter));
  return [
    ...(closed ? ['dispute-closed' as const] : []),
    ...(moved ? ['dispute-moved' as const] : []),
    // In progress it keeps one more guest's records back at once; over, it says that nothing does.
    ...(next.closedAt === null ? [] : guestsAdded(prior, next)),
    // In progress or not: to the department's people of that hotel it is another's no longer.
    ...hotelsAdded(prior, next),
    ...takenOff(prior, next),
  ];
}

function givenByComplaint(prior: CaseOf<'complaint'> | null, next: CaseOf<'complaint'>): CaseGift[] {
  // On file it opens seven days in the place of 72 hours (T2), of whichever guest.
  if (prior === null) return ['complaint-added'];
  return [
    ...(prior.major && !next.major ? ['complaint-no-longer-major' as const] : []),
    ...(reopened(prior, next) ? ['complaint-reopened' as const] : []),
    ...guestsAdded(prior, next),
    ...hotelsAdded(prior, next),
    ...takenOff(prior, next),
  ];
}

function givenByTicket(prior: CaseOf<'ticket'> | null, next: CaseOf<'ticket'>): CaseGift[] {
  const handed = next.handedOver;
  const before = prior?.handedOver ?? null;
  return [
    ...(next.assignee !== null && next.assignee !== (prior?.assignee ?? null)
      ? ['ticket-assigned' as const]
      : []),
    ...(handed !== null && (before === null || before.to !== handed.to || !isSameTime(before.at, handed.at))
      ? ['ticket-handed-over' as const]
      : []),
    ...(reopened(prior, next) ? ['ticket-reopened' as const] : []),
    // A ticket's number leads to all its guests: nobody alone puts one beside another.
    ...(prior === null && new Set(next.guests).size > 1 ? ['guests-added' as const] : []),
    ...guestsAdded(prior, next),
    ...hotelsAdded(prior, next),
  ];
}

function givenByIncident(prior: CaseOf<'incident'> | null, next: CaseOf<'incident'>): CaseGift[] {
  if (prior === null) return ['incident-added'];
  const further =
    isBefore(next.from, prior.from) ||
    isBefore(prior.to, next.to) ||
    reopened(prior, next) ||
    !within(next.hotels, prior.hotels);
  return further ? ['incident-extended'] : [];
}

type Valid = { validFrom: string; validUntil: string; hotels: string[] };

function added<Kept extends Valid, Kind extends 'instrument' | 'agreement' | 'transfer' | 'assessment'>(
  prior: Kept | null,
  next: Kept,
  kind: Kind,
  reachesFurther: (before: Kept, after: Kept) => boolean,
): (`${Kind}-added` | `${Kind}-extended`)[] {
  if (prior === null) return [`${kind}-added`];
  const further =
    isBefore(next.validFrom, prior.validFrom) ||
    isBefore(prior.validUntil, next.validUntil) ||
    !within(next.hotels, prior.hotels) ||
    reachesFurther(prior, next);
  return further ? [`${kind}-extended`] : [];
}

function instrumentReachesFurther(before: CaseOf<'instrument'>, after: CaseOf<'instrument'>): boolean {
  return (
    before.type !== after.type ||
    before.authority !== after.authority ||
    before.secret !== after.secret ||
    (before.foreign && !after.foreign) ||
    (after.approvalNumber !== null && after.approvalNumber !== before.approvalNumber) ||
    (after.treaty !== null && after.treaty !== before.treaty) ||
    !within(after.officers, before.officers) ||
    !withinLimit(after.platforms, before.platforms) ||
    !withinLimit(after.categories, before.categories) ||
    (before.from !== null && (after.from === null || isBefore(after.from, before.from))) ||
    (before.to !== null && (after.to === null || isBefore(before.to, after.to)))
  );
}

function agreementReachesFurther(before: CaseOf<'agreement'>, after: CaseOf<'agreement'>): boolean {
  return (
    before.recipient !== after.recipient ||
    before.role !== after.role ||
    !within(after.purposes, before.purposes) ||
    !within(after.bases, before.bases) ||
    !within(after.categories, before.categories)
  );
}

function guestsAdded(prior: { guests: string[] } | null, next: { guests: string[] }): CaseGift[] {
  return prior === null || within(next.guests, prior.guests) ? [] : ['guests-added'];
}

function hotelsAdded(prior: { hotels: string[] } | null, next: { hotels: string[] }): CaseGift[] {
  return prior === null || within(next.hotels, prior.hotels) ? [] : ['hotels-added'];
}

/** Of what keeps records back: whom, and where, it no longer does. */
function takenOff(
  prior: { guests: string[]; hotels: string[] } | null,
  next: { guests: string[]; hotels: string[] },
): CaseGift[] {
  if (prior === null) return [];
  return [
    ...(within(prior.guests, next.guests) ? [] : ['guests-taken-off' as const]),
    ...(within(prior.hotels, next.hotels) ? [] : ['hotels-taken-off' as const]),
  ];
}

/** Open again, or for longer. */
function reopened(prior: { closedAt: string | null } | null, next: { closedAt: string | null }): boolean {
  if (prior === null || prior.closedAt === null) return false;
  return next.closedAt === null || isBefore(prior.closedAt, next.closedAt);
}

function within<Item>(some: readonly Item[], all: readonly Item[]): boolean {
  return some.every((item) => all.includes(item));
}

/** Null limits nothing. */
function withinLimit<Item>(some: readonly Item[] | null, all: readonly Item[] | null): boolean {
  return all === null || (some !== null && within(some, all));
}

function isBefore(time: string, other: string): boolean {
  return Date.parse(time) < Date.parse(other);
}

function isSameTime(time: string, other: string): boolean {
  return Date.parse(time) === Date.parse(other);
}
