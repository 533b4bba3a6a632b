import { openText, type TextPlace } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant, Opening } from '../../shared/domain/access-grant.ts';
import type { CustodyEvent } from '../../shared/domain/custody-event.ts';
import { visibleText } from '../../shared/domain/visible-text.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';

/**
 * A request as the API shows it: metadata and counts, never content, never the subject's value. `key` opens the free
 * text, for those who may read it; null leaves it out.
 */
export function shownRequest(
  grant: AccessGrant,
  { openings, events }: { openings: Opening[]; events: CustodyEvent[] },
  key: Uint8Array | null,
): object {
  return {
    ...summaryOf(grant),
    verdict: grant.verdict,
    basis: grant.basis,
    subjectKind: grant.subjectKind,
    platforms: grant.platforms,
    categories: grant.categories,
    from: grant.from,
    to: grant.to,
    masking: grant.masking,
    instrument: grant.instrument,
    instrumentNumber: grant.instrumentNumber ?? null,
    impactAssessment: grant.impactAssessment ?? null,
    agreement: grant.agreement ?? null,
    emergency: grant.emergency,
    emergencyAsked: grant.emergencyAsked ?? null,
    breakGlass: grant.breakGlass ?? null,
    paperForm: grant.paperForm,
    windowHours: grant.windowHours,
    opens: grant.opens,
    opensLeft: grant.opens - grant.opened,
    ruleSet: grant.ruleSet,
    provisionedAt: grant.provisionedAt,
    windowEnds: grant.windowEnds,
    endReason: grant.endReason,
    archive: grant.archive,
    remarks: key && shownText(key, requestTexts.remarks(grant.requestId), grant.remarks),
    necessity:
      key && grant.necessity
        ? shownText(key, requestTexts.necessity(grant.requestId), grant.necessity)
        : null,
    citations:
      key && grant.citations
        ? shownText(key, requestTexts.citations(grant.requestId), grant.citations)
        : null,
    approvals: decisionsOf(grant, 'approve', key),
    denial: decisionsOf(grant, 'deny', key)[0] ?? null,
    ending: endingOf(grant, key),
    openings: openings.map(shownOpening),
    events: events.map(({ sequence, type, at, actor, data, digest }) => ({
      sequence,
      type,
      at,
      actor,
      data,
      digest,
    })),
  };
}

/** Free text never reaches a reader with characters that nobody sees. */
function shownText(key: Uint8Array, place: TextPlace, sealed: string): string {
  return visibleText(openText(key, place, sealed));
}

/** What a list shows of a request. */
export function summaryOf(grant: AccessGrant): object {
  return {
    requestId: grant.requestId,
    registerNumber: grant.registerNumber,
    state: grant.state,
    requestedAt: grant.requestedAt,
    requester: grant.requester,
    requesterRole: grant.requesterRole,
    recipient: grant.recipient,
    purpose: grant.purpose,
    matter: grant.matter,
    ticket: grant.ticket,
    hotels: grant.hotels,
    hotelsElsewhere: grant.hotelsElsewhere ?? [],
    route: grant.route,
    scope: grant.scope && {
      conversations: grant.scope.conversations,
      records: grant.scope.records,
      digest: grant.scope.digest,
      guests: grant.scope.guests.length,
      sensitive: grant.scope.sensitive,
      ...(grant.scope.media === undefined ? {} : { media: grant.scope.media }),
    },
    requestDigest: grant.requestDigest,
    deadline: grant.deadline,
  };
}

function decisionsOf(
  { requestId, approvals }: AccessGrant,
  decision: 'approve' | 'deny',
  key: Uint8Array | null,
): object[] {
  return approvals
    .filter((approval) => approval.decision === decision)
    .map(({ role, by, at, asDeputyOf, reason, requestDigest }) => ({
      role,
      by,
      at,
      asDeputyOf: asDeputyOf ?? null,
      requestDigest,
      reason: key && shownText(key, requestTexts.decisionReason(requestId, role), reason),
    }));
}

function endingOf({ requestId, ending }: AccessGrant, key: Uint8Array | null): object | null {
  if (ending === undefined) return null;
  const { kind, by, at, reason } = ending;
  return {
    kind,
    by,
    at,
    reason: key && reason && shownText(key, requestTexts.endingReason(requestId), reason),
  };
}

function shownOpening({ openingId, state, number, by, createdAt, issuedAt, expiresAt }: Opening): object {
  return { openingId, state, number, by, createdAt, issuedAt, expiresAt };
}
