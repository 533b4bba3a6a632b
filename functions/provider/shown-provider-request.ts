import { openText } from '../../shared/crypto/sealed-text.ts';
import type { ProviderRequest } from '../../shared/domain/provider-request.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';

/**
 * A provider request as the API shows it. With the evidence key what was typed is opened; without it (a role that sees
 * states alone, or a key that is gone) those fields are null.
 */
export function shownProviderRequest(row: ProviderRequest, key: Uint8Array | null) {
  const { providerRequestId, requestId } = row;
  const opened = (
    what: Parameters<typeof requestTexts.provider>[2],
    sealed: string | null | undefined,
  ): string | null =>
    key === null || sealed === null || sealed === undefined
      ? null
      : openText(key, requestTexts.provider(requestId, providerRequestId, what), sealed);
  return {
    providerRequestId,
    requestId,
    letterNumber: row.letterNumber,
    state: row.state,
    platform: row.platform,
    hotels: row.hotels,
    categories: row.categories,
    dueDays: row.dueDays,
    answerBy: row.answerBy,
    provider: opened('provider', row.provider),
    address: opened('address', row.address),
    replyTo: opened('reply-to', row.replyTo),
    drafted: row.drafted,
    letters: row.letters,
    sent: row.sent && {
      by: row.sent.by,
      at: row.sent.at,
      recordedAt: row.sent.recordedAt,
      reference: opened('sent', row.sent.reference),
    },
    overdueSince: row.overdueSince,
    refusal: row.refusal && {
      by: row.refusal.by,
      at: row.refusal.at,
      recordedAt: row.refusal.recordedAt,
      reference: opened('refused', row.refusal.reference),
      reason: opened('refusal', row.refusal.reason),
    },
    withdrawal: row.withdrawal,
    answers: row.answers.map(({ reference, ...answer }) => ({
      ...answer,
      reference: opened(`answer/${answer.digest}`, reference),
    })),
  };
}
