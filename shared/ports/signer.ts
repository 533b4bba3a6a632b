/** Signs statements with the region's Ed25519 key. */
export type Signer = {
  /** Raw Ed25519 signature over the bytes (at most 4,096), and which key signed. */
  sign(message: Uint8Array): Promise<{ keyId: string; signature: Uint8Array }>;
  /** DER (SPKI) of the public key and its fingerprint `sha256:…`. */
  publicKey(): Promise<{ keyId: string; spki: Uint8Array; fingerprint: string }>;
};
