import { createDecipheriv } from 'node:crypto';

const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;
const PADDING_BLOCK = 32;

/**
 * The `Encrypt` of an encrypted push, base64: of an XML document, or of a JSON one where a mini program chose that. Null
 * where there isn't exactly one.
 */
export function encryptedPart(body: Uint8Array): string | null {
  const text = Buffer.from(body).toString('utf8');
  const found = [
    ...text.matchAll(/<Encrypt>\s*<!\[CDATA\[([A-Za-z0-9+/=]+)\]\]>\s*<\/Encrypt>/g),
    ...text.matchAll(/"Encrypt"\s*:\s*"([A-Za-z0-9+/=\\]+)"/g),
  ];
  // JSON may write a slash as `\/`.
  return found.length === 1 ? (found[0]?.[1]?.replaceAll('\\/', '/') ?? null) : null;
}

/**
 * What stands in an `Encrypt`: AES-256-CBC under the EncodingAESKey (base64 of 32 bytes without its last `=`), whose first
 * 16 bytes are the vector; 16 random bytes ‖ length (u32) ‖ message ‖ AppID, padded to 32 bytes as PKCS#7 does. Null where
 * it isn't that. Source: developers.weixin.qq.com, "Message Encryption and Decryption".
 */
export function openEnvelope(
  encodingAesKey: string,
  encrypted: string,
): { message: Uint8Array; receiver: string } | null {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const bytes = Buffer.from(encrypted, 'base64');
  if (key.length !== 32 || bytes.length === 0 || bytes.length % 16 !== 0) return null;
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > PADDING_BLOCK || padding > padded.length) return null;
  const plain = padded.subarray(0, padded.length - padding);
  const start = RANDOM_BYTES + LENGTH_BYTES;
  if (plain.length < start) return null;
  const end = start + plain.readUInt32BE(RANDOM_BYTES);
  if (end > plain.length) return null;
  return { message: plain.subarray(start, end), receiver: plain.toString('utf8', end) };
}
