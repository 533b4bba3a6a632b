import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';

const context = z.record(z.string(), z.string()).default({});
const generate = z.object({ KeyId: z.string(), EncryptionContext: context });
const decrypt = z.object({
  CiphertextBlob: z.string(),
  KeyId: z.string().optional(),
  EncryptionContext: context,
});

/** KMS in memory, as far as this product wraps keys with it: a blob opens under the key and context that made it alone. */
export function inMemoryWrappingService() {
  const blobs = new Map<string, { plaintext: string; keyId: string; context: string }>();
  return {
    call(operation: string, input: unknown): object {
      if (operation === 'GenerateDataKey') {
        const { KeyId, EncryptionContext } = generate.parse(input);
        const blob = Buffer.from(randomUUID()).toString('base64');
        const plaintext = randomBytes(32).toString('base64');
        blobs.set(blob, { plaintext, keyId: KeyId, context: canonical(EncryptionContext) });
        return { KeyId, Plaintext: plaintext, CiphertextBlob: blob };
      }
      if (operation !== 'Decrypt') throw new Error(`KMS's ${operation} is not known here`);
      const { CiphertextBlob, KeyId, EncryptionContext } = decrypt.parse(input);
      const made = blobs.get(CiphertextBlob);
      if (made === undefined || made.keyId !== KeyId || made.context !== canonical(EncryptionContext)) {
        throw new Error('InvalidCiphertextException');
      }
      return { KeyId: made.keyId, Plaintext: made.plaintext };
    },
  };
}

function canonical(map: Record<string, string>): string {
  return JSON.stringify(Object.entries(map).sort());
}
