import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Signer } from '../ports/signer.ts';

/*
 * Signed notes as C2SP specifies them (c2sp.org/signed-note): text, an empty line, and lines
 * `— <key name> base64(key id ‖ signature)`, here with one Ed25519 signature (type 0x01) over the text.
 */

const ED25519 = 0x01;
/** DER of an Ed25519 public key (RFC 8410) before its 32 bytes. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export class SignedNoteError extends Error {
  override name = 'SignedNoteError';
}

/** Signs a text (ending in a newline; at most 4,096 bytes for KMS) under a key name without spaces or `+`. */
export async function signNote(text: string, keyName: string, signer: Signer): Promise<string> {
  if (!isNoteText(text) || !isKeyName(keyName))
    throw new SignedNoteError('This is no text or key name of a note');
  const { spki } = await signer.publicKey();
  const { signature } = await signer.sign(Buffer.from(text));
  const signed = Buffer.concat([noteKeyId(keyName, spki), signature]);
  return `${text}\n— ${keyName} ${signed.toString('base64')}\n`;
}

export type NoteSignature = { keyName: string; keyId: Buffer; signature: Buffer };

/** The text and the signatures of a note; nothing is verified yet. Null where it is no note. */
export function parseNote(note: string): { text: string; signatures: NoteSignature[] } | null {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, split + 1);
  const signatures = note
    .slice(split + 2, -1)
    .split('\n')
    .map(parseSignature);
  const all = signatures.filter((signature) => signature !== null);
  return isNoteText(text) && all.length === signatures.length ? { text, signatures: all } : null;
}

function parseSignature(line: string): NoteSignature | null {
  const [, keyName, base64] = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  if (keyName === undefined || base64 === undefined || !isKeyName(keyName)) return null;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64 || bytes.length < 5) return null;
  return { keyName, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** Whether this key, under this name, signed the text of the note. */
export function isSignedBy(
  note: { text: string; signatures: NoteSignature[] },
  keyName: string,
  spki: Uint8Array,
): boolean {
  const key = ed25519Key(spki);
  if (key === null) return false;
  const keyId = noteKeyId(keyName, spki);
  return note.signatures.some(
    (one) =>
      one.keyName === keyName &&
      one.keyId.equals(keyId) &&
      verify(null, Buffer.from(note.text), key, one.signature),
  );
}

/** SHA-256(key name ‖ newline ‖ type ‖ public key), the first four bytes: which key a signature claims to be of. */
export function noteKeyId(keyName: string, spki: Uint8Array): Buffer {
  const hash = createHash('sha256')
    .update(keyName)
    .update('\n')
    .update(Buffer.of(ED25519))
    .update(rawKey(spki));
  return hash.digest().subarray(0, 4);
}

/** The key as other tools for signed notes take it: `name+hex(id)+base64(type ‖ key)`. */
export function verifierKey(keyName: string, spki: Uint8Array): string {
  const key = Buffer.concat([Buffer.of(ED25519), rawKey(spki)]).toString('base64');
  return `${keyName}+${noteKeyId(keyName, spki).toString('hex')}+${key}`;
}

/** The public key of this DER, or null where it is none of Ed25519. */
export function ed25519Key(spki: Uint8Array): KeyObject | null {
  const bytes = Buffer.from(spki);
  if (
    bytes.length !== SPKI_PREFIX.length + 32 ||
    !bytes.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX)
  ) {
    return null;
  }
  return createPublicKey({ key: bytes, format: 'der', type: 'spki' });
}

function rawKey(spki: Uint8Array): Uint8Array {
  if (ed25519Key(spki) === null) throw new SignedNoteError('This is no Ed25519 public key (SPKI)');
  return spki.subarray(SPKI_PREFIX.length);
}

function isNoteText(text: string): boolean {
  return (
    text.length > 1 &&
    text.endsWith('\n') &&
    text.isWellFormed() &&
    !/\p{Cc}/u.test(text.replaceAll('\n', ''))
  );
}

function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+]/u.test(name);
}
