import type { Role } from '../domain/roles.ts';
import { deny, type Verdict } from '../domain/verdict.ts';

/** Who proposed a change and who would settle it, each with the roles in which they may. */
export type TwoPeople = {
  proposed: { by: string; roles: readonly Role[] };
  settling: { by: string; roles: readonly Role[] };
};

/**
 * A change that gives somebody more takes two people in two roles (A1: what enables a request is nobody's alone). The role
 * in which it is confirmed, or why it can't be by this person. A proposer may reject, never confirm.
 */
export function twoPeople({ proposed, settling }: TwoPeople): { role: Role } | { refused: Verdict } {
  if (proposed.by === settling.by) return { refused: deny('A1', 'change-confirmed-by-its-proposer') };
  // With two roles of one's own, a proposer leaves either of them to whoever confirms.
  const role = settling.roles.find((own) => proposed.roles.some((other) => other !== own));
  return role === undefined ? { refused: deny('A1', 'change-confirmed-in-its-proposers-role') } : { role };
}
