import type { TextPlace } from '../crypto/sealed-text.ts';
import type { Role } from '../domain/roles.ts';

/** Where each text that is sealed under a request's evidence key stands: a text opens in its own place only. */
export const requestTexts = {
  subject: (requestId: string): TextPlace => ({ requestId, field: 'subject' }),
  remarks: (requestId: string): TextPlace => ({ requestId, field: 'remarks' }),
  /** What the request cites: a legal instrument, an emergency (JSON). */
  citations: (requestId: string): TextPlace => ({ requestId, field: 'citations' }),
  /** Why sensitive records are needed (R14). */
  necessity: (requestId: string): TextPlace => ({ requestId, field: 'necessity' }),
  /** Why a role approved or denied. */
  decisionReason: (requestId: string, role: Role): TextPlace => ({ requestId, field: `decision/${role}` }),
  /** The salt of that reason's commitment, which the approver's device signed. */
  decisionSalt: (requestId: string, role: Role): TextPlace => ({
    requestId,
    field: `decision-salt/${role}`,
  }),
  /** What was typed about a provider request: the provider, references, reasons. */
  provider: (
    requestId: string,
    providerRequestId: string,
    what: 'provider' | 'address' | 'reply-to' | 'sent' | 'refused' | 'refusal' | `answer/${string}`,
  ): TextPlace => ({ requestId, field: `${providerRequestId}/${what}` }),
  /** Why a print was returned or destroyed (R13). */
  printReason: (requestId: string, number: number): TextPlace => ({ requestId, field: `print/${number}` }),
  /** Why somebody ended the grant. */
  endingReason: (requestId: string): TextPlace => ({ requestId, field: 'ending' }),
};
