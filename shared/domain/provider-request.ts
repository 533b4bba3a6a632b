import { z } from 'zod';
import { CATEGORIES, SOURCES } from './record.ts';

/**
 * A provider request (联系服务提供商): a formal letter by which a hotel asks a platform's provider for records that it
 * doesn't hold itself, made from an approved access request.
 */
export const PROVIDER_STATES = ['drafted', 'sent', 'overdue', 'answered', 'refused', 'withdrawn'] as const;
export type ProviderState = (typeof PROVIDER_STATES)[number];

/**
 * Each transition declares its valid prior states; those become the DynamoDB condition of the write. `to` is null where
 * the state stays: a letter may be issued again as a reminder, an answer may come in several files.
 */
export const PROVIDER_TRANSITIONS = {
  issue: { from: ['drafted', 'sent', 'overdue'], to: null, event: 'provider-letter-issued' },
  send: { from: ['drafted'], to: 'sent', event: 'provider-request-sent' },
  'fall-overdue': { from: ['sent'], to: 'overdue', event: 'provider-request-overdue' },
  answer: { from: ['sent', 'overdue'], to: 'answered', event: 'provider-request-answered' },
  supplement: { from: ['answered'], to: null, event: 'provider-answer-added' },
  refuse: { from: ['sent', 'overdue'], to: 'refused', event: 'provider-request-refused' },
  withdraw: { from: ['drafted', 'sent', 'overdue'], to: 'withdrawn', event: 'provider-request-withdrawn' },
} as const satisfies Record<
  string,
  { from: readonly ProviderState[]; to: ProviderState | null; event: `provider-${string}` }
>;
export type ProviderTransition = keyof typeof PROVIDER_TRANSITIONS;

export function providerPriorStates(transition: ProviderTransition): readonly ProviderState[] {
  return PROVIDER_TRANSITIONS[transition].from;
}

export function canProviderMove(from: ProviderState, transition: ProviderTransition): boolean {
  return providerPriorStates(transition).includes(from);
}

/** The state that a transition leads to. */
export function providerStateAfter(from: ProviderState, transition: ProviderTransition): ProviderState {
  return PROVIDER_TRANSITIONS[transition].to ?? from;
}

/** Text under the access request's evidence key (shared/crypto/sealed-text.ts). */
const sealedText = z.string();
/** Who recorded it (person id), and when it was recorded. */
const recorded = { by: z.string(), recordedAt: z.string() };

/**
 * The row of a provider request (grants table, pk `PROVIDER#id`). Whatever somebody typed is sealed: the provider's name
 * and address, whom to answer, references and reasons.
 */
export const providerRequestSchema = z.object({
  providerRequestId: z.string(),
  requestId: z.string(),
  /** Counts the provider requests of one access request from 1. */
  number: z.number().int().min(1),
  /** The register's number of the access request with this one's: what the provider cites. */
  letterNumber: z.string(),
  version: z.number().int().min(1),
  state: z.enum(PROVIDER_STATES),
  /** Last event of the chain `provider/ID`. */
  chain: z.object({ sequence: z.number().int(), digest: z.string().nullable() }),
  platform: z.enum(SOURCES),
  hotels: z.array(z.string()).min(1),
  /** Categories that the letter is about: those of the access request where there are none. */
  categories: z.array(z.enum(CATEGORIES)).default([]),
  dueDays: z.number().int(),
  provider: sealedText,
  address: sealedText.nullable(),
  replyTo: sealedText.nullable(),
  drafted: z.object({ by: z.string(), at: z.string() }),
  /** Each issue of the letter, by the digest of its text: it states an identifier of the guest. */
  letters: z.array(z.object({ issue: z.number().int(), by: z.string(), at: z.string(), digest: z.string() })),
  /** By when the provider is asked to answer: as in the letter that was sent. Null before the first letter. */
  answerBy: z.string().nullable(),
  sent: z
    .object({ ...recorded, at: z.string(), reference: sealedText, referenceCommitment: z.string() })
    .nullable(),
  overdueSince: z.string().nullable(),
  refusal: z
    .object({
      ...recorded,
      at: z.string(),
      reference: sealedText.nullable(),
      reason: sealedText,
      reasonCommitment: z.string(),
    })
    .nullable(),
  withdrawal: z.object({ by: z.string(), at: z.string() }).nullable(),
  /** Each file of the answer as it is kept: `provider-answers/<id>/<digest>/…` in the evidence bucket. */
  answers: z.array(
    z.object({
      ...recorded,
      /** When the answer came. */
      at: z.string(),
      digest: z.string(),
      bytes: z.number().int(),
      parts: z.number().int(),
      reference: sealedText.nullable(),
    }),
  ),
});
export type ProviderRequest = z.infer<typeof providerRequestSchema>;
export type NewProviderRequest = Omit<ProviderRequest, 'version' | 'chain' | 'state'>;

/** The provider request's subject in the chain of custody. */
export function providerSubject(providerRequestId: string): string {
  return `provider/${providerRequestId}`;
}
