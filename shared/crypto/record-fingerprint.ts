import { createHmac, type KeyObject } from 'node:crypto';
import type { Source } from '../domain/record.ts';
import { joinParts } from './keyed-parts.ts';

/** What makes a message the same message in whatever file it comes. */
export type MessageIdentity =
  /** The platform's own id of the message. */
  | { source: Source; hotel: string; messageId: string }
  /** Where the platform gives none: who talked, when, and the original bytes of what was said. */
  | { source: Source; hotel: string; conversation: string; at: Date; content: Uint8Array };

/**
 * The record id: the first 16 bytes of HMAC-SHA-256(index key, identity), 32 lower-case hex digits. The same message in
 * another file is the same record; nobody without the index key can tell which message an id stands for.
 */
export function recordIdOf(indexKey: Uint8Array | KeyObject, identity: MessageIdentity): string {
  const parts =
    'messageId' in identity
      ? joinParts('dualkey/record-id/1', identity.source, identity.hotel, 'id', identity.messageId)
      : joinParts(
          'dualkey/record-id/1',
          identity.source,
          identity.hotel,
          'content',
          identity.conversation,
          identity.at.toISOString(),
          identity.content,
        );
  return createHmac('sha256', indexKey).update(parts).digest('hex').slice(0, 32);
}

/** The conversation's id, `cnv_` and 32 hex digits: keyed, since what platforms call a conversation may hold accounts. */
export function conversationIdOf(
  indexKey: Uint8Array | KeyObject,
  conversation: { source: Source; hotel: string; conversation: string },
): string {
  const parts = joinParts(
    'dualkey/conversation-id/1',
    conversation.source,
    conversation.hotel,
    conversation.conversation,
  );
  return `cnv_${createHmac('sha256', indexKey).update(parts).digest('hex').slice(0, 32)}`;
}
