import type { KeyObject } from 'node:crypto';
import { isoTime } from '../domain/iso-time.ts';
import type { Source } from '../domain/record.ts';
import { type KeyedHash, keyedHashOf } from './keyed-hash.ts';

/** What makes a message the same message in whatever file it comes, whatever it says there. */
export type MessageIdentity =
  /** The platform's own id of the message. */
  | { source: Source; hotel: string; messageId: string }
  /** Where the platform gives none: who talked, when, and what was said. */
  | { source: Source; hotel: string; conversation: string; at: Date; content: string };

/** What was said, and when: `content` is the message in its canonical form (docs/formats/block.md). */
export type MessageVersion = { at: Date; content: string };

/** Hex digits of each half of a record id, and its bytes. */
const HALF_DIGITS = 16;
const HALF_BYTES = 8;
const CONVERSATION_DIGITS = 32;

/**
 * Which message: 16 lower-case hex digits, with which the ids of all its versions begin. Nobody without the index key can
 * tell which message it stands for.
 */
export function messageFingerprintOf(indexKey: Uint8Array | KeyObject, identity: MessageIdentity): string {
  return keyedHashOf(indexKey)
    .ofParts(MESSAGE_LABEL, ...partsOf(identity))
    .slice(0, HALF_DIGITS);
}

/**
 * The record id, 32 lower-case hex digits: the message's fingerprint, then that of what it says and when. The same message
 * in another file is the same record, however that file spells it; the same message with other content is another record.
 */
export function recordIdOf(
  indexKey: Uint8Array | KeyObject,
  identity: MessageIdentity,
  { at, content }: MessageVersion,
): string {
  const [source, hotel, by, ...own] = partsOf(identity);
  const { message, version } = hashesFor(keyedHashOf(indexKey), source, hotel, by);
  id.write(message(...own), 0, HALF_BYTES, 'latin1');
  id.write(version(...own, isoTime(at), content), HALF_BYTES, HALF_BYTES, 'latin1');
  // In one piece: halves cut out of digests and joined would hold on to the digests.
  return id.toString('hex');
}

const MESSAGE_LABEL = 'dualkey/message/1';
const VERSION_LABEL = 'dualkey/record-id/2';

type Hashes = Record<'message' | 'version', ReturnType<KeyedHash['behind']>>;
/** Of each key the last: messages of one source and hotel come one after the other. They go when the key goes. */
const last = new WeakMap<KeyedHash, { source: string; hotel: string; by: string } & Hashes>();

function hashesFor(keyed: KeyedHash, source: string, hotel: string, by: string): Hashes {
  const known = last.get(keyed);
  if (known?.source === source && known.hotel === hotel && known.by === by) return known;
  const made = {
    ...{ source, hotel, by },
    message: keyed.behind([MESSAGE_LABEL, source, hotel, by]),
    version: keyed.behind([VERSION_LABEL, source, hotel, by]),
  };
  last.set(keyed, made);
  return made;
}

const id = Buffer.alloc(2 * HALF_BYTES);

function partsOf(identity: MessageIdentity): [source: string, hotel: string, by: string, ...own: string[]] {
  const { source, hotel } = identity;
  return 'messageId' in identity
    ? [source, hotel, 'id', identity.messageId]
    : [source, hotel, 'content', identity.conversation, isoTime(identity.at), identity.content];
}

/** The conversation's id, `cnv_` and 32 hex digits: keyed, since what platforms call a conversation may hold accounts. */
export function conversationIdOf(
  indexKey: Uint8Array | KeyObject,
  conversation: { source: Source; hotel: string; conversation: string },
): string {
  const digest = keyedHashOf(indexKey).ofParts(
    'dualkey/conversation-id/1',
    conversation.source,
    conversation.hotel,
    conversation.conversation,
  );
  return `cnv_${digest.slice(0, CONVERSATION_DIGITS)}`;
}
