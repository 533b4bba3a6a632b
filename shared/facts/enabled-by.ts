import type { AccessGrant } from '../domain/access-grant.ts';
import type { StaffField } from '../domain/directory-entry.ts';
import { giversOf, type Person } from '../domain/person.ts';
import type { Role } from '../domain/roles.ts';

/** Whose requests rest on what the directory says in a field: everybody's, or those of these roles alone. */
const RESTS_ON: Partial<Record<StaffField, 'everybody' | readonly Role[]>> = {
  active: 'everybody',
  login: 'everybody',
  username: 'everybody',
  displayName: 'everybody',
  // Whoever loses a superior may have them approve (A1).
  manager: 'everybody',
  hotel: 'everybody',
  department: 'everybody',
  jurisdiction: 'everybody',
  training: 'everybody',
  exam: 'everybody',
  secondments: ['seconded'],
  shifts: ['duty-manager', 'front-desk'],
  clients: ['account-manager'],
};

/**
 * Whoever made the changes of the directory by which this requester, or recipient, can do what the request asks for (A1):
 * gave the role for a hotel of it, the training, the exam, the secondment, the login …
 */
export function enabledBy(
  { requesterRole, hotels }: Pick<AccessGrant, 'requesterRole' | 'hotels'>,
  { roles, givenBy }: Person,
): string[] {
  const ofRole = roles
    .filter(
      (held) =>
        held.role === requesterRole &&
        (held.hotels === '*' || hotels.some((hotel) => held.hotels.includes(hotel))),
    )
    .flatMap(giversOf);
  const ofFields = Object.entries(RESTS_ON)
    .filter(([, whose]) => whose === 'everybody' || whose.includes(requesterRole))
    .flatMap(([field]) => givenBy[field] ?? []);
  return [...new Set([...ofRole, ...ofFields])];
}
