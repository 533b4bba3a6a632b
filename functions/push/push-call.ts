/** A call of a platform as it came over HTTP: the exact bytes of its body. Names of headers are in lower case. */
export type PushCall = {
  method: 'GET' | 'POST';
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
};

/** Why a push is refused. Codes that stand in logs and events; the caller is told none of them. */
export const PUSH_REFUSALS = [
  /** No such channel, or none of this account. */
  'unknown-channel',
  /** No signature, or another one than the channel's secrets give. */
  'bad-signature',
  /** Its own time is further from ours than LIMITS.pushWindowSeconds. */
  'stale',
  /** The channel takes encrypted bodies, and this one isn't; or it isn't one that can be read. */
  'not-encrypted',
  /** The body is encrypted, and the channel has no EncodingAESKey. */
  'encrypted-mode-not-configured',
  /** It says itself that it is for another account. */
  'wrong-receiver',
  /** A handshake that isn't one. */
  'not-a-handshake',
  'too-large',
] as const;
export type PushRefusal = (typeof PUSH_REFUSALS)[number];

/** `body`: what the platform said, decrypted where it encrypts. */
export type VerifiedPush = { ok: true; body: Uint8Array } | { ok: false; reason: PushRefusal };

/** `answer`: what the platform wants to hear. */
export type VerifiedHandshake = { ok: true; answer: string } | { ok: false; reason: PushRefusal };
