import { z } from 'zod';
import { sha256 } from '../domain/digest.ts';
import { issueWords } from '../domain/issue-words.ts';
import type { Words } from '../domain/words.ts';
import { ed25519Key } from './signed-note.ts';

/** The keys file can't be used: what is wrong, and where in it. */
export class PinnedKeysError extends Error {
  override name = 'PinnedKeysError';
  readonly words: Words;
  constructor(words: Words) {
    super(words.en);
    this.words = words;
  }
}

/** `region` is null where the file names none. */
export type PinnedKey = { keyId: string; fingerprint: string; spki: Uint8Array; region: string | null };

const keysFileSchema = z.looseObject({
  keys: z
    .array(
      z.looseObject({
        keyId: z.string(),
        fingerprint: z.string(),
        spki: z.base64(),
        region: z.string().optional(),
      }),
    )
    .min(1, 'names no key · 没有公钥'),
});

/**
 * Keys that were recorded outside any package (`.local/keys.json`, or what the hotel published):
 * `{"keys":[{"keyId","fingerprint","spki","region"}]}`. Throws PinnedKeysError.
 */
export function pinnedKeys(file: unknown): PinnedKey[] {
  const parsed = keysFileSchema.safeParse(file);
  if (!parsed.success) {
    const [issue] = issueWords(keysFileSchema, file);
    const { zh, en } = issue?.words ?? { zh: '不是公钥文件', en: 'is no keys file' };
    const field = issue?.path.join('.') ?? '';
    throw new PinnedKeysError({ zh: `${field || '文件'}: ${zh}`, en: `${field || 'the document'}: ${en}` });
  }
  return parsed.data.keys.map(({ keyId, fingerprint, spki, region }, index) => {
    const der = Buffer.from(spki, 'base64');
    if (ed25519Key(der) === null) {
      throw new PinnedKeysError({
        zh: `keys.${index}.spki: 不是 Ed25519 公钥`,
        en: `keys.${index}.spki: is no Ed25519 public key`,
      });
    }
    if (sha256(der) !== fingerprint) {
      throw new PinnedKeysError({
        zh: `keys.${index}.fingerprint: 与其 spki 不符`,
        en: `keys.${index}.fingerprint: is not that of its spki`,
      });
    }
    // KMS gives a key's ARN where a package, which names no account, gives its last part.
    return { keyId: keyId.split('/').at(-1) ?? keyId, fingerprint, spki: der, region: region ?? null };
  });
}
