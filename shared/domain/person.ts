import { z } from 'zod';
import { ROLE_NAMES, type Role } from './roles.ts';

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
  /** `hotels` is `*` for a role held at group level in this region. */
  roles: z.array(
    z.object({
      role: z.enum(ROLE_NAMES),
      hotels: z.union([z.literal('*'), z.array(z.string())]),
      /** Person id of whoever gave this role (A1 bars that person from approving what the role enables). */
      grantedBy: z.string(),
      since: z.string(),
    }),
  ),
  /** The person's accounts on source platforms, as `wecom:USERID`: staff participants of records are matched to these. */
  accounts: z.array(z.string()),
});
export type Person = z.infer<typeof personSchema>;

/** The roles that this person holds for all of these hotels. */
export function rolesFor(person: Person, hotels: readonly string[]): Role[] {
  if (!person.active) return [];
  return person.roles
    .filter(({ hotels: held }) => held === '*' || hotels.every((hotel) => held.includes(hotel)))
    .map(({ role }) => role);
}
