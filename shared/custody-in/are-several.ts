import type { IdentifierIndex } from '../aws/identifier-index.ts';

/** Whether these guests are more than one person: linked guests are one. */
export async function areSeveral(
  guests: readonly string[],
  identifiers: Pick<IdentifierIndex, 'members'>,
): Promise<boolean> {
  const [first, ...others] = guests;
  if (first === undefined || others.length === 0) return false;
  const members = await identifiers.members(first);
  return others.some((guestId) => !members.has(guestId));
}
