import type { AccessGrant } from './access-grant.ts';
import { type Digest, digestOf, sha256 } from './digest.ts';

/**
 * The statement that approvals bind to (RULES A7). Anything that changes here voids every approval. What holds personal
 * data stands in it as the digest of its sealed text, which binds it and tells nothing.
 */
export function requestStatement(grant: Omit<AccessGrant, 'version' | 'chain'>): Record<string, unknown> {
  return {
    version: 1,
    requestId: grant.requestId,
    requester: grant.requester,
    requesterRole: grant.requesterRole,
    recipient: grant.recipient,
    purpose: grant.purpose,
    basis: grant.basis,
    matter: grant.matter,
    ticket: grant.ticket,
    subjectKind: grant.subjectKind,
    subject: grant.subject === null ? null : sha256(grant.subject),
    remarks: sha256(grant.remarks),
    paperForm: grant.paperForm,
    necessity: grant.necessity === undefined ? null : sha256(grant.necessity),
    impactAssessment: grant.impactAssessment ?? null,
    agreement: grant.agreement ?? null,
    instrumentNumber: grant.instrumentNumber ?? null,
    instrumentTerms: grant.instrumentTerms === undefined ? null : digestOf(grant.instrumentTerms),
    citations: grant.citations === undefined ? null : sha256(grant.citations),
    platforms: [...grant.platforms].sort(),
    hotels: [...grant.hotels].sort(),
    categories: [...grant.categories].sort(),
    from: grant.from,
    to: grant.to,
    masking: grant.masking,
    windowHours: grant.windowHours,
    opens: grant.opens,
    route: [...grant.route].sort(),
    ruleSet: grant.ruleSet,
    scope: grant.scope?.digest ?? null,
  };
}

export function requestDigest(grant: Omit<AccessGrant, 'version' | 'chain'>): Digest {
  return digestOf(requestStatement(grant));
}
