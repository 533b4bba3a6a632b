import type { Signer } from '../ports/signer.ts';

/** What `dualkey verify --keys` reads (shared/package/pinned-keys.ts); `spki` is base64 of the DER. No secret. */
export type KeysFile = { keys: { keyId: string; fingerprint: string; spki: string; region: string }[] };

/** The public signing key of a region as a keys file. */
export async function keysFile(signer: Pick<Signer, 'publicKey'>, region: string): Promise<KeysFile> {
  const { keyId, fingerprint, spki } = await signer.publicKey();
  return { keys: [{ keyId, fingerprint, spki: Buffer.from(spki).toString('base64'), region }] };
}
