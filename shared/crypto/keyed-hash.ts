import { hash, KeyObject } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const LENGTH_BYTES = 4;
/** What most messages need: room is made as they come, so that a key of few short messages holds little. */
const LEAST_ROOM_BYTES = 256;
const MOST_ROOM_BYTES = 4 * 1024;

/**
 * HMAC-SHA-256 (RFC 2104) of many short messages under one key: two hashes in one call each, since an Hmac object of
 * node:crypto takes several times as long to make as to use.
 */
export type KeyedHash = {
  /** Of a list of parts as `joinParts` joins them; lower-case hex. */
  ofParts(...parts: readonly string[]): string;
  /** The same, as a string of 32 Latin-1 characters. */
  rawOfParts(parts: readonly string[]): string;
  /** The same for lists that all begin with `first`, which is written once. */
  behind(first: readonly string[]): (...rest: readonly string[]) => string;
  /** Of bytes, as a string of 32 Latin-1 characters: the form that costs least to go on with. */
  ofBytes(bytes: Uint8Array): string;
};

export function keyedHash(key: Uint8Array | KeyObject): KeyedHash {
  const bytes = key instanceof KeyObject ? key.export() : key;
  const short = bytes.length > BLOCK_BYTES ? hash('sha256', bytes, 'buffer') : bytes;
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c);
  const inner = Buffer.alloc(BLOCK_BYTES, 0x36);
  for (const [at, byte] of short.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  let scratch = newRoom(LEAST_ROOM_BYTES);

  function finish<Encoding extends 'hex' | 'binary'>(message: Uint8Array, encoding: Encoding): string {
    outer.write(hash('sha256', message, 'binary'), BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, encoding);
  }
  function newRoom(bytes: number): Buffer {
    const own = Buffer.alloc(bytes);
    own.set(inner, 0);
    return own;
  }
  /** Room behind the inner key: this hash's own where it suffices. */
  function room(length: number): Buffer {
    if (BLOCK_BYTES + length <= scratch.length) return scratch;
    if (BLOCK_BYTES + length > MOST_ROOM_BYTES) return newRoom(BLOCK_BYTES + length);
    scratch.fill(0);
    scratch = newRoom(MOST_ROOM_BYTES);
    return scratch;
  }

  function hashOfParts(parts: readonly string[], encoding: 'hex' | 'binary'): string {
    const into = room(mostBytesOf(parts));
    const end = writeParts(into, parts, BLOCK_BYTES);
    const digest = finish(beginning(into, end), encoding);
    into.fill(0, BLOCK_BYTES, end);
    return digest;
  }

  return {
    ofParts: (...parts) => hashOfParts(parts, 'hex'),
    rawOfParts: (parts) => hashOfParts(parts, 'binary'),
    behind(first) {
      const own = newRoom(Math.max(MOST_ROOM_BYTES, BLOCK_BYTES + mostBytesOf(first)));
      const start = writeParts(own, first, BLOCK_BYTES);
      return (...rest) => {
        if (start + mostBytesOf(rest) > own.length) return hashOfParts([...first, ...rest], 'binary');
        const end = writeParts(own, rest, start);
        const digest = finish(beginning(own, end), 'binary');
        own.fill(0, start, end);
        return digest;
      };
    },
    ofBytes(message) {
      const into = room(message.length);
      into.set(message, BLOCK_BYTES);
      const end = BLOCK_BYTES + message.length;
      const digest = finish(beginning(into, end), 'binary');
      into.fill(0, BLOCK_BYTES, end);
      return digest;
    },
  };
}

function mostBytesOf(parts: readonly string[]): number {
  // Three bytes of UTF-8 for a code unit at most.
  let most = 0;
  for (const part of parts) most += LENGTH_BYTES + 3 * part.length;
  return most;
}

/** Writes each part behind its length; where the last one ends. */
function writeParts(into: Buffer, parts: readonly string[], start: number): number {
  let at = start;
  for (const part of parts) {
    const length = writeText(into, part, at + LENGTH_BYTES);
    at = into.writeUInt32BE(length, at) + length;
  }
  return at;
}

/** Made so it costs half of what a Buffer's own `subarray` does. */
function beginning(buffer: Buffer, end: number): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, end);
}

/** What is shorter is written sooner here than by a call of the runtime's own. */
const SHORT_CHARACTERS = 64;

/** Writes a text as UTF-8; how many bytes it took. */
function writeText(into: Buffer, text: string, at: number): number {
  if (text.length > SHORT_CHARACTERS) return into.write(text, at);
  for (let position = 0; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code >= 0x80) return into.write(text, at);
    into[at + position] = code;
  }
  return text.length;
}

const ofKeys = new WeakMap<KeyObject, KeyedHash>();

/** The same hash for the same key object, made once. */
export function keyedHashOf(key: Uint8Array | KeyObject): KeyedHash {
  // Asked of the array: to ask it of a key object costs as much as a hash.
  if (key instanceof Uint8Array) return keyedHash(key);
  const known = ofKeys.get(key);
  if (known !== undefined) return known;
  const made = keyedHash(key);
  ofKeys.set(key, made);
  return made;
}
