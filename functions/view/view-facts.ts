import { businessDay } from '../../shared/domain/business-day.ts';
import type { CaseOf } from '../../shared/domain/case.ts';
import { type Person, rolesFor } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { ROLE_NAMES, type Role } from '../../shared/domain/roles.ts';
import type { Shift } from '../../shared/domain/shift.ts';
import type { ShownView } from '../../shared/domain/shown-view.ts';
import { transfersOnFile } from '../../shared/facts/case-facts.ts';
import type { Span, ViewFacts, ViewKind } from '../../shared/policy/facts.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { ViewDependencies } from './view-dependencies.ts';

export type Place = RegionConfig['hotels'][number];

/** Who looks, when, where, and at what: as the call says. */
export type Looking = {
  viewer: Person;
  now: Date;
  place: Place;
  kind: ViewKind;
  ticket: CaseOf<'ticket'> | null;
  /** The view that a trainee looks into. */
  shared: ShownView | null;
};

/** Roles with a routine view of this kind, the wider reach first. */
const VIEWING_ROLES = {
  guest: ['account-manager', 'front-desk'],
  ticket: ['agent', 'front-desk'],
  system: ['it-ops'],
  simulated: ['trainee'],
  shared: ['trainee'],
  aggregates: ['supervisor'],
} as const satisfies Record<ViewKind, readonly Role[]>;

/**
 * The roles in which the viewer may be judged, each apart: those held for the hotel that have such views; where there is
 * none, any role held for it, or any at all, which refuses under its own rule. Empty for somebody without a role.
 */
export function viewingRoles(viewer: Person, hotel: string, kind: ViewKind, now: Date): readonly Role[] {
  const held = rolesFor(viewer, [hotel], now);
  const able: readonly Role[] = VIEWING_ROLES[kind];
  const viewing = able.filter((role) => held.includes(role));
  if (viewing.length > 0) return viewing;
  const anywhere = viewer.roles.map(({ role }) => role);
  const other =
    able.find((role) => anywhere.includes(role)) ??
    ROLE_NAMES.find((role) => held.includes(role)) ??
    ROLE_NAMES.find((role) => anywhere.includes(role));
  return other === undefined ? [] : [other];
}

/** Everything but the role, before anything is searched for. */
export async function viewFacts(
  { viewer, now, place, kind, ticket, shared }: Looking,
  { region, directory, cases }: Pick<ViewDependencies, 'region' | 'directory' | 'cases'>,
): Promise<Omit<ViewFacts, 'role'>> {
  const [shifts, handedTo, transfers, mentor] = await Promise.all([
    directory.shiftsOf(viewer.personId),
    ticket?.handedOver ? directory.shiftsOf(ticket.handedOver.to) : [],
    transfersOnFile({ recipient: viewer.personId, hotels: [place.code] }, { cases, now }),
    shared === null ? null : directory.byId(shared.viewer),
  ]);
  const shift = shiftOfNow(shifts, place.code, now);
  return {
    now,
    region: regionFacts(region),
    viewer,
    hotel: place.code,
    kind,
    shift,
    businessDay: businessDay(now, place.zone, region.rules.businessDayHour),
    ticket:
      ticket === null
        ? null
        : {
            open: ticket.closedAt === null || now < new Date(ticket.closedAt),
            assigned: ticket.assignee === viewer.personId,
            handedOver: shift !== null && isHandedOver(ticket, handedTo, place.code, now),
          },
    mentor:
      shared === null
        ? null
        : {
            own: viewer.mentor === shared.viewer,
            open:
              now < new Date(shared.openUntil) &&
              mentor !== null &&
              rolesFor(mentor, [shared.hotel], now).includes(shared.role),
          },
    transferOnFile: transfers.length > 0,
    found: null,
  };
}

function shiftOfNow(shifts: readonly Shift[], hotel: string, now: Date): Span | null {
  const standing = shifts
    .filter((shift) => shift.hotel === hotel)
    .map(({ from, to }) => ({ from: new Date(from), to: new Date(to) }))
    .filter(({ from, to }) => from <= now && now < to)
    .sort((a, b) => a.from.getTime() - b.from.getTime());
  return standing[0] ?? null;
}

/**
 * Whether a ticket was handed over to the shift of now: the first shift of whoever took it that was not over when it was
 * handed over. Everybody who is on shift then is.
 */
function isHandedOver(
  { handedOver }: CaseOf<'ticket'>,
  shifts: readonly Shift[],
  hotel: string,
  now: Date,
): boolean {
  if (handedOver === null) return false;
  const at = new Date(handedOver.at);
  const [took] = shifts
    .filter((shift) => shift.hotel === hotel && new Date(shift.to) > at)
    .sort((a, b) => (new Date(a.from) < new Date(b.from) ? -1 : 1));
  return at <= now && took !== undefined && new Date(took.from) <= now && now < new Date(took.to);
}
