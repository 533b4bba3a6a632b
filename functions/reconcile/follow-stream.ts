import { z } from 'zod';
import { REQUEST_STATES, type RequestState } from '../../shared/domain/request-states.ts';
import { follow } from './finish-what-was-begun.ts';
import type { ReconcileDependencies } from './reconcile-dependencies.ts';
import { sendNotices } from './send-notices.ts';

const text = z.object({ S: z.string() });

/** Records of the grants table's stream, as far as they matter here. */
export const grantsStreamSchema = z.object({
  Records: z.array(
    z.object({
      eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
      dynamodb: z.object({
        Keys: z.object({ pk: text, sk: text }),
        NewImage: z
          .object({
            state: z
              .object({ S: z.enum(REQUEST_STATES) })
              .optional()
              .catch(undefined),
            emergency: z.object({ BOOL: z.boolean() }).optional().catch(undefined),
          })
          .optional(),
      }),
    }),
  ),
});
export type GrantsStream = z.infer<typeof grantsStreamSchema>;

/** States that nobody waits in yet, or any more, with nothing left to clear. */
const NOTHING_FOLLOWS: readonly RequestState[] = ['requested', 'refused', 'archived'];
const ATTEMPTS = 3;

/**
 * Follows what changed: a row whose gate is passed releases its tokens, a grant that ended is cleared. Whoever made the
 * change does this too; this is for when that crashed. A notice that is due is sent: nobody else does. A record that can't be followed is reported and left to the
 * sweep: a stream that throws holds up everything behind it.
 */
export async function followStream(
  { Records }: GrantsStream,
  now: Date,
  dependencies: ReconcileDependencies,
): Promise<{ followed: number; released: number }> {
  const ids = [...new Set(Records.flatMap(requestOf))];
  const found = await Promise.all(ids.map((id) => followed(id, now, dependencies)));
  await Promise.all([...new Set(Records.flatMap(noticeOf))].map((id) => sendNotices(id, dependencies)));
  return { followed: ids.length, released: found.filter((released) => released).length };
}

async function followed(id: string, now: Date, dependencies: ReconcileDependencies): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await follow(id, now, dependencies);
    } catch (error) {
      if (attempt < ATTEMPTS) continue;
      dependencies.broke(error);
      return false;
    }
  }
}

/** The request of which a notice has become due. */
function noticeOf({ eventName, dynamodb: { Keys } }: GrantsStream['Records'][number]): string[] {
  const [kind, requestId] = Keys.pk.S.split('#');
  return kind === 'NOTICES' && eventName !== 'REMOVE' && requestId !== undefined ? [requestId] : [];
}

function requestOf({ eventName, dynamodb: { Keys, NewImage } }: GrantsStream['Records'][number]): string[] {
  const [kind, requestId] = Keys.pk.S.split('#');
  if (eventName === 'REMOVE' || requestId === undefined) return [];
  if (kind === 'TOKENS') return [requestId];
  const state = NewImage?.state?.S;
  // Break-glass that is refused has its workflow waiting already (L5).
  if (kind === 'REQUEST' && state === 'refused' && NewImage?.emergency?.BOOL === true) return [requestId];
  return kind === 'REQUEST' && state !== undefined && !NOTHING_FOLLOWS.includes(state) ? [requestId] : [];
}
