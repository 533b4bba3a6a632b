import { z } from 'zod';
import { ROLE_NAMES } from './roles.ts';

/** What people are told of through the notice channel (A4, L5), rather than by looking. */
export const NOTICE_KINDS = [
  'request-awaiting-approval',
  'approval-reminder',
  'emergency-asked',
  'emergency-opened',
  'emergency-unfinished',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Ids and codes have no room for a word of anybody's: a row that has more is no notice. */
const code = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/**
 * One notice, as it waits beside its request's row and as it goes out: whom to tell, of which request, until when they
 * have. Ids, codes and times alone: what it is about is read in the product, by those who may. Each kind comes at most once
 * of a request, so that `requestId` and `kind` tell a notice that came twice.
 */
export const noticeSchema = z.object({
  version: z.literal(1),
  kind: z.enum(NOTICE_KINDS),
  requestId: code,
  hotels: z.array(code),
  /** Who is to be told; at which hotels, the subscriptions say. */
  roles: z.array(z.enum(ROLE_NAMES)).min(1),
  /** ISO time until which something must be done; of what is over, until which it should have been. Null where none was set. */
  deadline: z.iso.datetime().nullable(),
  /** ISO time of the change that it tells of. */
  at: z.iso.datetime(),
});
export type Notice = z.infer<typeof noticeSchema>;
