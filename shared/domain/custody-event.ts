import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Digest, digestOf } from './digest.ts';
import { PROVIDER_TRANSITIONS } from './provider-request.ts';
import { TRANSITIONS } from './request-states.ts';

/** Everything that custody records, besides the transitions of a request. */
export const CUSTODY_EVENTS = [
  'request-made',
  ...Object.values(TRANSITIONS)
    .map((transition) => transition.event)
    .filter((event, index, all) => all.indexOf(event) === index),
  'attempt-refused',
  'print-numbered',
  'print-returned',
  'print-destroyed',
  'session-locked',
  'account-locked',
  'account-unlocked',
  'request-shown',
  'view-shown',
  'copy-deleted',
  'batch-received',
  'batch-committed',
  'media-supplied',
  'batch-failed',
  'identifier-linked',
  'identifier-unlinked',
  'consent-recorded',
  'collection-basis-placed',
  'collection-basis-withdrawn',
  'channel-added',
  'channel-rotated',
  'channel-removed',
  'push-refused',
  'pushes-read-again',
  'blocks-merged',
  'device-offered',
  'device-enrolled',
  'device-revoked',
  'hold-placed',
  'hold-released',
  'period-deletion-intended',
  'period-deleted',
  'provider-request-drafted',
  ...Object.values(PROVIDER_TRANSITIONS).map((transition) => transition.event),
  'rule-set-published',
  'change-proposed',
  'change-confirmed',
  'change-rejected',
  'directory-import-planned',
  'directory-import-refused',
  'directory-person-changed',
  'directory-person-failed',
  'case-filed',
  'case-changed',
] as const;
export type CustodyEventType = (typeof CUSTODY_EVENTS)[number];

/** Data of an event: ids, codes, digests, counts and times only. Never a name, a guest's word, or an identifier of one. */
const dataSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);

/**
 * One entry of the chain of custody. Events of one subject form a chain: `sequence` from 1 without gaps, `previous` the
 * digest of the one before (null for the first). `digest` is over the canonical JSON of everything else; the salt makes
 * it a commitment.
 */
export const custodyEventSchema = z.object({
  version: z.literal(1),
  /** What the event is about: `request/req_…`, `batch/bat_…`, `period/HOTEL/CLASS/PERIOD`, `hold/…`, `guest/…`, `collection/HOTEL`,
   * `channel/CHANNEL/ACCOUNT`, `channel/unread/HOTEL`, `merge/HOTEL`,
   * `attempts/…`, `conduct/p_…`, `prints/req_…`, `views/p_…`, `provider/prq_…`, `device/p_…`, `rules`, `change/chg_…`, `directory/p_…`, `directory-import/imp_…`, `case/KIND/REFERENCE`. */
  subject: z.string(),
  sequence: z.number().int().min(1),
  type: z.enum(CUSTODY_EVENTS),
  /** ISO 8601 UTC with milliseconds. */
  at: z.string(),
  /**
   * Person id; `function:NAME` where the product acts by itself; `subject-` and a SHA-256 of issuer and subject where a
   * token stands for nobody whom the directory has.
   */
  actor: z.string(),
  data: dataSchema,
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  previous: z.string().nullable(),
  digest: z.string(),
});
export type CustodyEvent = z.infer<typeof custodyEventSchema>;

/** Where a subject's chain of events stands: what the next event links to. */
export type ChainHead = { sequence: number; digest: Digest | null };

export const EMPTY_CHAIN: ChainHead = { sequence: 0, digest: null };

export function nextEvent(
  head: ChainHead,
  event: {
    subject: string;
    type: CustodyEventType;
    at: Date;
    actor: string;
    data: z.infer<typeof dataSchema>;
  },
): CustodyEvent & { digest: Digest } {
  const body = {
    version: 1 as const,
    subject: event.subject,
    sequence: head.sequence + 1,
    type: event.type,
    at: event.at.toISOString(),
    actor: event.actor,
    data: event.data,
    salt: randomBytes(16).toString('hex'),
    previous: head.digest,
  };
  return { ...body, digest: digestOf(body) };
}

/** The first fault of a chain that should be whole, or null: gaps, changed events, broken links. */
export function faultInChain(events: CustodyEvent[]): string | null {
  let previous: string | null = null;
  for (const [index, event] of events.entries()) {
    const { digest, ...body } = event;
    if (event.sequence !== index + 1) return `event ${index + 1} has sequence ${event.sequence}`;
    if (event.subject !== events[0]?.subject) return `event ${index + 1} is about another subject`;
    if (event.previous !== previous) return `event ${index + 1} does not link to the one before it`;
    if (digestOf(body) !== digest) return `event ${index + 1} was changed`;
    previous = digest;
  }
  return null;
}
