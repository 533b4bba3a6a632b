import { DateTime } from 'luxon';
import type { AccessGrant } from './access-grant.ts';
import { referenceKey } from './reference.ts';

/**
 * By what a retrieval counts for R4: the matter under T7 and the instrument under T12, so that several of one count once, however its
 * number is typed;
 * else the request. Null for what doesn't count: break-glass (L5), a guest's own access (T14), and what has no guest as its
 * subject but a de-identified cohort or the system's log.
 */
export function retrievalKey({
  requestId,
  requesterRole,
  subjectKind,
  emergency,
  matter,
  instrumentNumber,
}: AccessGrant): string | null {
  if (emergency || requesterRole === 'guest') return null;
  if (subjectKind === 'cohort' || subjectKind === 'system') return null;
  if (requesterRole === 'legal' && matter !== null) return `matter/${referenceKey(matter)}`;
  if (requesterRole === 'liaison' && instrumentNumber !== undefined)
    return `instrument/${referenceKey(instrumentNumber)}`;
  return `request/${requestId}`;
}

/**
 * The calendar months (`2026-11`) that it is now at these hotels, by their zones: one, but for hours at a month's end where
 * zones differ. What is granted then counts in each.
 */
export function retrievalMonths(
  now: Date,
  hotels: readonly string[],
  places: readonly { code: string; zone: string }[],
): string[] {
  const zones = places.filter(({ code }) => hotels.includes(code)).map(({ zone }) => zone);
  return [...new Set(zones)]
    .map((zone) => DateTime.fromJSDate(now, { zone }).toFormat('yyyy-MM'))
    .filter((month, position, all) => all.indexOf(month) === position)
    .sort();
}
