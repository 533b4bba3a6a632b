import type { RecordClass, Source } from './record.ts';

/** A pushed message that waits to be sealed, as its row has it: what it says is in `sealed`, under its guest's key. */
export type WaitingMessage = {
  guestId: string;
  conversationId: string;
  recordId: string;
  hotel: string;
  source: Source;
  recordClass: RecordClass;
  period: string;
  keyId: string;
  keyVersion: number;
  /** ISO 8601 UTC: when it came. */
  receivedAt: string;
  /** Bytes that it will take in a block, about. */
  bytes: number;
  sealed: Uint8Array;
};

/** A conversation with messages that wait: how many bytes of them, and since when. */
export type WaitingConversation = {
  hotel: string;
  source: Source;
  guestId: string;
  conversationId: string;
  messages: number;
  bytes: number;
  since: string;
};
