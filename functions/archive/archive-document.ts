import { z } from 'zod';
import { openText, sealText, type TextPlace } from '../../shared/crypto/sealed-text.ts';
import { type AccessGrant, approvalSchema, type Opening } from '../../shared/domain/access-grant.ts';
import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import { type CustodyEvent, custodyEventSchema, faultInChain } from '../../shared/domain/custody-event.ts';
import type { Print } from '../../shared/domain/print.ts';
import type { ProviderRequest } from '../../shared/domain/provider-request.ts';
import { requestStatement } from '../../shared/domain/request-digest.ts';

/** The events of a request aren't the chain that its row ends: something was changed, added or taken away. */
export class ChainOfCustodyError extends Error {
  override name = 'ChainOfCustodyError';
}

/**
 * What is sealed of a retrieval (`archives/<requestId>.json`, canonical JSON): ids, codes, digests, counts and times.
 * Whatever somebody typed lies under the request's evidence key (`sealed`), so that nothing under Object Lock holds a
 * name or a guest's word once that key is shredded (rule D12).
 */
export const archiveSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('dualkey-archive'),
  region: z.string(),
  requestId: z.string(),
  registerNumber: z.string(),
  /** How the grant ended: closed, revoked or expired; and the code of why. */
  ended: z.string(),
  endReason: z.string().nullable(),
  requestedAt: z.string(),
  requestDigest: z.string().nullable(),
  /** The statement that the digest is of, without what somebody typed into it: `matter`, `ticket` and `paperForm`, sealed. */
  statement: z.record(z.string(), z.unknown()),
  rules: z.array(z.string()),
  scope: z
    .strictObject({
      digest: z.string(),
      guests: z.number(),
      conversations: z.number(),
      records: z.number(),
      sensitive: z.number(),
      media: z.strictObject({ inCustody: z.number(), missing: z.number() }).optional(),
    })
    .nullable(),
  approvals: z.array(approvalSchema),
  ending: z.record(z.string(), z.unknown()).nullable(),
  provisionedAt: z.string().nullable(),
  windowEnds: z.string().nullable(),
  staged: z.record(z.string(), z.unknown()).nullable(),
  /** What the package's completeness said in numbers; null where nothing was provisioned. */
  completeness: z.record(z.string(), z.unknown()).nullable(),
  openings: z.array(
    z.strictObject({
      openingId: z.string(),
      number: z.number(),
      by: z.string(),
      issuedAt: z.string().nullable(),
      expiresAt: z.string().nullable(),
      copyDigest: z.string().nullable(),
    }),
  ),
  /** Of break-glass (L5): who opened it, how often it was viewed, when its form came; the form's number is sealed. */
  breakGlass: z
    .strictObject({
      openedBy: z.string(),
      views: z.number(),
      form: z.strictObject({ at: z.string(), by: z.string() }).nullable(),
    })
    .optional(),
  events: z.array(custodyEventSchema),
  /** Letters to providers that the request gave rise to, as they stood when it was archived; absent where there are none. */
  providerRequests: z
    .array(
      z.strictObject({
        providerRequestId: z.string(),
        letterNumber: z.string(),
        platform: z.string(),
        hotels: z.array(z.string()),
        state: z.string(),
        answerBy: z.string().nullable(),
        letters: z.array(z.string()),
        answers: z.array(z.strictObject({ at: z.string(), digest: z.string(), bytes: z.number() })),
        /** Where its chain of custody stood. */
        sequence: z.number(),
        chain: z.string().nullable(),
      }),
    )
    .optional(),
  /** Prints that were neither returned nor destroyed by then (R13); absent where there are none. What became of them since is on record beside the request. */
  openPrints: z
    .array(z.strictObject({ number: z.number(), seal: z.string(), by: z.string(), at: z.string() }))
    .optional(),
  sealed: z.strictObject({
    subjectKind: z.string().nullable(),
    subject: z.string().nullable(),
    remarks: z.string(),
    citations: z.string().nullable(),
    /** JSON of `matter`, `ticket` and `paperForm`; null where none was given, or the evidence key is gone. */
    references: z.string().nullable(),
  }),
});
export type Archive = z.infer<typeof archiveSchema>;

export type ArchiveInput = {
  region: string;
  grant: AccessGrant;
  openings: Opening[];
  events: CustodyEvent[];
  providerRequests?: ProviderRequest[];
  prints?: Print[];
  evidenceKey: Uint8Array | null;
};

/**
 * The archive of a retrieval. Two runs differ in nothing but the nonce of what they seal (`isSameArchive`).
 * Throws ChainOfCustodyError.
 */
export function archiveOf({
  region,
  grant,
  openings,
  events,
  providerRequests = [],
  prints = [],
  evidenceKey,
}: ArchiveInput): Archive {
  const fault = faultInChain(events);
  if (fault !== null) throw new ChainOfCustodyError(`Request ${grant.requestId}: ${fault}`);
  if (events.at(-1)?.digest !== grant.chain.digest) {
    throw new ChainOfCustodyError(`Request ${grant.requestId}: the chain does not end where the row says`);
  }
  const { matter, ticket, paperForm: _sealed, ...statement } = requestStatement(grant);
  return {
    version: 1,
    kind: 'dualkey-archive',
    region,
    requestId: grant.requestId,
    registerNumber: grant.registerNumber,
    ended: grant.state,
    endReason: grant.endReason,
    requestedAt: grant.requestedAt,
    requestDigest: grant.requestDigest,
    statement,
    rules: grant.verdict?.rules ?? [],
    scope: grant.scope && scopeOf(grant.scope),
    approvals: grant.approvals,
    ending: grant.ending ?? null,
    provisionedAt: grant.provisionedAt,
    windowEnds: grant.windowEnds,
    staged: grant.staged,
    completeness: completenessIn(events),
    ...breakGlassOf(grant),
    openings: openings.flatMap(openingOf).sort((a, b) => a.number - b.number),
    events,
    ...(providerRequests.length === 0
      ? {}
      : { providerRequests: providerRequests.map(statedProviderRequest) }),
    ...openPrintsOf(prints),
    sealed: {
      subjectKind: grant.subjectKind,
      subject: grant.subject,
      remarks: grant.remarks,
      citations: grant.citations ?? null,
      references: sealedReferences(grant, { matter, ticket }, evidenceKey),
    },
  };
}

/**
 * Whether what an earlier run wrote states the same as now: equal but for the nonce under which the references were
 * sealed, for provider requests that have moved on since (a provider may answer at any time), and for prints that were put on
 * record or came back since.
 */
export function isSameArchive(earlier: Archive, now: Archive, evidenceKey: Uint8Array | null): boolean {
  const { providerRequests: then = [], openPrints: out = [], ...rest } = earlier;
  const { providerRequests: since = [], openPrints: outNow = [], ...restNow } = now;
  const samePrints = out.every((print) =>
    outNow.every((other) => other.number !== print.number || canonicalJson(other) === canonicalJson(print)),
  );
  const movedOn = then.every((one) =>
    since.some((other) =>
      one.sequence === other.sequence
        ? canonicalJson(one) === canonicalJson(other)
        : one.providerRequestId === other.providerRequestId && one.sequence < other.sequence,
    ),
  );
  return movedOn && samePrints && stated(rest, evidenceKey) === stated(restNow, evidenceKey);
}

function statedProviderRequest({
  providerRequestId,
  letterNumber,
  platform,
  hotels,
  state,
  answerBy,
  letters,
  answers,
  chain,
}: ProviderRequest): NonNullable<Archive['providerRequests']>[number] {
  return {
    providerRequestId,
    letterNumber,
    platform,
    hotels,
    state,
    answerBy,
    letters: letters.map(({ digest }) => digest),
    answers: answers.map(({ at, digest, bytes }) => ({ at, digest, bytes })),
    sequence: chain.sequence,
    chain: chain.digest,
  };
}

function openPrintsOf(prints: readonly Print[]): Pick<Archive, 'openPrints'> {
  const out = prints.filter(({ state }) => state === 'out').sort((a, b) => a.number - b.number);
  return out.length === 0
    ? {}
    : { openPrints: out.map(({ number, seal, by, at }) => ({ number, seal, by, at })) };
}

function stated(archive: Archive, evidenceKey: Uint8Array | null): string {
  const { references } = archive.sealed;
  const opened =
    references === null || evidenceKey === null
      ? null
      : openText(evidenceKey, referencesPlace(archive.requestId), references);
  return canonicalJson({ ...archive, sealed: { ...archive.sealed, references: opened } });
}

function referencesPlace(requestId: string): TextPlace {
  return { requestId, field: 'references' };
}

function sealedReferences(
  { requestId, paperForm: stated, breakGlass }: AccessGrant,
  { matter, ticket }: { matter: unknown; ticket: unknown },
  evidenceKey: Uint8Array | null,
): string | null {
  const references = { matter, ticket, paperForm: breakGlass?.form?.number ?? stated };
  const given = Object.values(references).some((reference) => reference !== null);
  if (!given || evidenceKey === null) return null;
  return sealText(evidenceKey, referencesPlace(requestId), canonicalJson(references));
}

/** Counts and the digest alone: what else check found is in its event and in what the digest covers. */
function scopeOf({
  digest,
  conversations,
  records,
  guests,
  sensitive,
  media,
}: NonNullable<AccessGrant['scope']>): Archive['scope'] {
  const counts = { conversations, records, guests: guests.length, sensitive };
  return { digest, ...counts, ...(media === undefined ? {} : { media }) };
}

function breakGlassOf({ breakGlass }: AccessGrant): Pick<Archive, 'breakGlass'> {
  if (breakGlass === undefined) return {};
  const { openedBy, views, form } = breakGlass;
  return { breakGlass: { openedBy, views, form: form && { at: form.at, by: form.by } } };
}

function openingOf({ openingId, number, by, issuedAt, expiresAt, copyDigest }: Opening): Archive['openings'] {
  return number === null ? [] : [{ openingId, number, by, issuedAt, expiresAt, copyDigest }];
}

function completenessIn(events: CustodyEvent[]): Archive['completeness'] {
  const provisioned = events.find(({ type }) => type === 'grant-provisioned');
  if (provisioned === undefined) return null;
  const { records, conversations, missing, newer, batches, duplicates, conflicts, rejected } =
    provisioned.data;
  return Object.fromEntries(
    Object.entries({ records, conversations, missing, newer, batches, duplicates, conflicts, rejected }).map(
      ([name, count]) => [name, count ?? null],
    ),
  );
}
