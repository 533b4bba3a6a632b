import { type Person, rolesFor } from '../domain/person.ts';
import type { Role } from '../domain/roles.ts';
import type { Verdict } from '../domain/verdict.ts';

/** Each role that the person holds for these hotels in which alone what `decide` decides would be allowed. */
export function rolesThatMay(
  { actor, hotels, now }: { actor: Person; hotels: readonly string[]; now?: Date },
  decide: (inOneRole: Person) => Verdict,
): Role[] {
  const held = [...new Set(rolesFor(actor, hotels, now))];
  return held.filter((role) => {
    const alone = { ...actor, roles: actor.roles.filter((one) => one.role === role) };
    return decide(alone).outcome === 'allow';
  });
}
