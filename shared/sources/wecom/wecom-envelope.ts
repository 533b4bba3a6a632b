import { BEGINNING, type ImportOptions, type Item } from '../importer.ts';
import { elementsAt, wholeOf } from '../json/document-elements.ts';
import { readJsonDocuments } from '../json/json-documents.ts';
import { EACH } from '../json/json-spans.ts';
import { isJsonObject, type JsonObject, textOf } from '../json/json-value.ts';
import { sequenceNumber } from './sequence.ts';

/**
 * WeCom's encrypted envelope as `GetChatData` gives it: pages `{errcode, errmsg, chatdata: [{seq, msgid, publickey_ver,
 * encrypt_random_key, encrypt_chat_msg}]}`, or the messages of such pages alone. Sources:
 * developer.work.weixin.qq.com/document/path/91774; NICEXAI/WeWorkFinanceSDK `chat.go`, `client_linux.go`.
 */
export type SealedMessage = {
  seq: bigint | null;
  msgid: string;
  /** Which private key opens it. */
  keyVersion: string;
  /** Base64 of the random key under RSA PKCS#1 v1.5. */
  randomKey: string;
  /** The message under the random key, in the vendor's own cipher. */
  message: string;
};

/** Why a message of an archive is still encrypted; the command that decrypts marks it so (docs/sources.md). */
export const UNOPENED_REASONS = [
  /** No key of its version is there. */
  'missing-key-version',
  /** The key of its version opens nothing. */
  'wrong-key',
  /** The vendor's step gave no message. */
  'decryption-failed',
] as const;
export type UnopenedReason = (typeof UNOPENED_REASONS)[number];

/** The member by which a message that couldn't be opened says why. */
export const UNOPENED_MEMBER = 'dualkey_unopened';

/** Why this is no plaintext message; null where it is none of the envelope's. */
export function whyStillSealed(message: JsonObject): UnopenedReason | 'not-decrypted' | null {
  const page = message['msgtype'] === undefined && Array.isArray(message['chatdata']);
  if (!page && message['encrypt_chat_msg'] === undefined) return null;
  return UNOPENED_REASONS.find((reason) => reason === message[UNOPENED_MEMBER]) ?? 'not-decrypted';
}

/** The envelope of one message; null where a part of it is missing. */
export function sealedMessageOf(value: unknown): SealedMessage | null {
  if (!isJsonObject(value)) return null;
  const sealed = {
    seq: sequenceNumber(value['seq']),
    msgid: textOf(value['msgid']),
    keyVersion: textOf(value['publickey_ver']),
    randomKey: textOf(value['encrypt_random_key']),
    message: textOf(value['encrypt_chat_msg']),
  };
  const whole = /^\d{1,10}$/.test(sealed.keyVersion) && sealed.randomKey !== '' && sealed.message !== '';
  return whole ? sealed : null;
}

/**
 * The messages of a file of pages, each a rejected item (`not-decrypted`) with its own bytes; what is neither a page nor
 * a sealed message is rejected for what it is: `not-json`, `platform-error` for a page with an `errcode`, …
 */
export function readSealedMessages(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Item> {
  const options: ImportOptions = {
    timezone: null,
    profile: null,
    ownNames: [],
    staffAccounts: async () => new Set(),
  };
  return readJsonDocuments(bytes, BEGINNING, options, function* (document) {
    const whole = wholeOf(document);
    const { value, span } = whole;
    if (!isJsonObject(value)) {
      yield { kind: 'rejected', reason: 'not-an-object', span };
    } else if (Array.isArray(value['chatdata'])) {
      for (const element of elementsAt(document.text, whole, ['chatdata', EACH])) {
        yield { kind: 'rejected', reason: reasonOf(element.value), span: element.span };
      }
    } else if (value['encrypt_chat_msg'] === undefined && Number(textOf(value['errcode'])) !== 0) {
      yield { kind: 'rejected', reason: 'platform-error', span };
    } else {
      yield { kind: 'rejected', reason: reasonOf(value), span };
    }
  });
}

function reasonOf(value: unknown): string {
  return sealedMessageOf(value) === null ? 'invalid-field:chatdata' : 'not-decrypted';
}
