import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { JURISDICTIONS } from './jurisdiction.ts';
import { ROLE_NAMES, type Role } from './roles.ts';

/**
 * A role as somebody holds it. `hotels` is `*` for a role held at group level in this region. A deputy holds the role of
 * the person they stand in for (`deputyOf`), and only from `from` until `until` (A8).
 */
export const heldRoleSchema = z.object({
  role: z.enum(ROLE_NAMES),
  hotels: z.union([z.literal('*'), z.array(z.string())]),
  /** Person id of whoever gave this role (A1 bars that person from approving what the role enables). */
  grantedBy: z.string(),
  /** Person id of whoever confirmed it, where it took two people: A1 bars both of them. */
  confirmedBy: z.string().optional(),
  since: z.string(),
  deputyOf: z.string().optional(),
  from: instantSchema.optional(),
  until: instantSchema.optional(),
});
export type HeldRole = z.infer<typeof heldRoleSchema>;

/** A department that somebody was lent to, from the first day until the last (T11). */
export const secondmentSchema = z.object({
  department: z.string(),
  hotel: z.string(),
  from: instantSchema,
  to: instantSchema,
});

/** What three misoperations in a row lead to (R9). */
const lockSchema = z.object({
  /** The session is locked until then, and reopens with a sign-in after it. */
  sessionUntil: instantSchema.nullable(),
  /** The account is locked until infosec-director or a deputy unlocks it. */
  account: z.boolean(),
  /** Misoperations in a row that stand against the person; absent where there are none. */
  inARow: z.number().int().optional(),
});

/** A person of the directory. `personId` (`p_…`) is opaque and stands in events; names stay in the directory. */
export const personSchema = z.object({
  personId: z.string(),
  username: z.string(),
  displayName: z.string(),
  department: z.string(),
  hotel: z.string(),
  /** Person id of the manager, or null at the top. */
  manager: z.string().nullable(),
  active: z.boolean(),
  roles: z.array(heldRoleSchema),
  /** The person's accounts on source platforms, as `wecom:USERID`: staff participants of records are matched to these. */
  accounts: z.array(z.string()),
  /** Code of the company that employs the person; null where the directory doesn't say. */
  legalEntity: z.string().nullable().default(null),
  /** Where the person works (A3); null: in the jurisdiction of this region. */
  jurisdiction: z.enum(JURISDICTIONS).nullable().default(null),
  /** When the system training, and the last privacy exam, were passed (R10). */
  training: z
    .object({ system: instantSchema.nullable(), exam: instantSchema.nullable() })
    .default({ system: null, exam: null }),
  /** Person id of a trainee's mentor (T10). */
  mentor: z.string().nullable().default(null),
  secondments: z.array(secondmentSchema).default([]),
  /**
   * Person ids of who proposed and confirmed what stands in a field, where it gave the person more: A1 bars them from
   * approving what it enables. Roles say so themselves.
   */
  givenBy: z.record(z.string(), z.array(z.string())).default({}),
  /**
   * Person ids of those whom the person stopped being under, each with every time of it, as the change that did it was
   * made. Kept by the product for as long as a request may last, never imported: whom it bars from approving is A1's.
   */
  lostSuperiors: z.record(z.string(), z.array(instantSchema)).default({}),
  /**
   * Person ids of who proposed or confirmed something by which this person can decide (the login, the name, being active …)
   * or unlocked the account (R9), each with every time of it. Kept as the superiors that were lost are (A1).
   */
  enablers: z.record(z.string(), z.array(instantSchema)).default({}),
  /** Kept by the product, never imported (R9). */
  lock: lockSchema.default({ sessionUntil: null, account: false }),
});
export type Person = z.infer<typeof personSchema>;

/**
 * The roles that this person holds for all of these hotels; those of a deputy only at a time (`at`) within the
 * deputyship, so that where no time is known a deputy holds nothing.
 */
export function rolesFor(person: Person, hotels: readonly string[], at?: Date): Role[] {
  return heldFor(person, hotels, at).map(({ role }) => role);
}

/** Whoever made the change by which somebody holds this role (A1). */
export function giversOf({ grantedBy, confirmedBy }: HeldRole): string[] {
  return confirmedBy === undefined ? [grantedBy] : [grantedBy, confirmedBy];
}

/** `rolesFor`, with who gave each role, since when, and whom a deputy stands in for. */
export function heldFor(person: Person, hotels: readonly string[], at?: Date): HeldRole[] {
  if (!person.active) return [];
  return person.roles.filter(
    (held) =>
      (held.hotels === '*' || hotels.every((hotel) => held.hotels.includes(hotel))) && isInForce(held, at),
  );
}

/** Whom somebody stands in for who holds a role for these hotels as a deputy alone (A8); nobody for a holder. */
export function standsInFor(person: Person, role: Role, hotels: readonly string[], at: Date): string[] {
  const held = heldFor(person, hotels, at).filter((one) => one.role === role);
  if (held.some(({ deputyOf }) => deputyOf === undefined)) return [];
  return [...new Set(held.flatMap(({ deputyOf }) => (deputyOf === undefined ? [] : [deputyOf])))];
}

/**
 * The person as an approval was given: a deputyship that was in force then still counts, although it has ended since; one
 * that was taken back is no longer there.
 */
export function asWhenDecided(person: Person, decidedAt: Date): Person {
  const roles = person.roles.map((held) => {
    if (held.deputyOf === undefined || !isInForce(held, decidedAt)) return held;
    const { until: _, ...standing } = held;
    return standing;
  });
  return { ...person, roles };
}

function isInForce({ deputyOf, from, until }: HeldRole, at?: Date): boolean {
  if (deputyOf === undefined && from === undefined && until === undefined) return true;
  return (
    at !== undefined &&
    (from === undefined || new Date(from) <= at) &&
    (until === undefined || at < new Date(until))
  );
}

/** Somebody whom the directory doesn't have (any longer): nobody's role, nobody's manager, so that the rulebook refuses. */
export function nobody(personId: string): Person {
  return {
    personId,
    username: '',
    displayName: '',
    department: '',
    hotel: '',
    manager: null,
    active: false,
    roles: [],
    accounts: [],
    legalEntity: null,
    jurisdiction: null,
    training: { system: null, exam: null },
    mentor: null,
    secondments: [],
    givenBy: {},
    lostSuperiors: {},
    enablers: {},
    lock: { sessionUntil: null, account: false },
  };
}
