import { z } from 'zod';
import type { AccessGrant } from './access-grant.ts';

/** What break-glass has beyond any grant (L5): the paper form that follows, and what was shown. Ids, times, counts. */
export const breakGlassSchema = z.object({
  /** Person id of the approver who opened it. */
  openedBy: z.string(),
  /** The paper form's number, once it is there. */
  form: z.object({ number: z.string(), at: z.string(), by: z.string() }).nullable(),
  views: z.number().int(),
});
export type BreakGlass = z.infer<typeof breakGlassSchema>;

/** Every role of the route agreed, and the paper form is there: nothing more has to follow. True of what is no break-glass. */
export function isFollowedUp({ emergency, breakGlass, route, approvals, paperForm }: AccessGrant): boolean {
  if (!emergency) return true;
  const agreed = approvals.filter(({ decision }) => decision === 'approve').map(({ role }) => role);
  return (
    breakGlass !== undefined &&
    (breakGlass.form !== null || paperForm !== null) &&
    route.every((role) => agreed.includes(role))
  );
}
