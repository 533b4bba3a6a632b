import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { kmsSigner } from '../../../shared/aws/kms-signer.ts';
import { objectStore } from '../../../shared/aws/object-store.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import type { ObjectStore } from '../../../shared/ports/objects.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';

let aws: EmbeddedAwsOfTest;
beforeAll(async () => {
  aws = await embeddedAwsOfTest();
}, 300_000);
afterAll(() => aws.stop());

describe('the object store', () => {
  let store: ObjectStore;
  beforeEach(async () => {
    store = objectStore(await aws.bucket(), aws.s3);
  });
  const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());

  it('gives back what was put, and null where there is nothing', async () => {
    await store.put('a/1', Buffer.from('one'));
    expect(text(await store.get('a/1'))).toBe('one');
    expect(await store.get('a/2')).toBeNull();
  });

  it('puts once: the first write stands, whoever comes at the same time', async () => {
    expect(await store.putOnce('k', Buffer.from('first'))).toBe('written');
    expect(await store.putOnce('k', Buffer.from('second'))).toBe('exists');
    expect(text(await store.get('k'))).toBe('first');
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, writer) => store.putOnce('race', Buffer.from(`${writer}`))),
    );
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
  });

  it('lists every key under a prefix, beyond one page', async () => {
    const keys = Array.from({ length: 1_005 }, (_, number) => `a/${String(number).padStart(5, '0')}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, new Uint8Array(1))));
    }
    await store.put('b/1', new Uint8Array(1));
    expect(await store.list('a/')).toEqual(keys);
  });

  it('deletes, also what isn’t there', async () => {
    await store.put('a', new Uint8Array(1));
    await store.delete('a');
    await store.delete('a');
    expect(await store.list('')).toEqual([]);
  });
});

describe('the signer', () => {
  it('signs raw bytes with Ed25519, verifiable with the public key alone', async () => {
    const signer = kmsSigner(aws.kms, await aws.key('ECC_NIST_EDWARDS25519'));
    const message = Buffer.from('{"certificate":1}');
    const { keyId, signature } = await signer.sign(message);
    const known = await signer.publicKey();
    const publicKey = createPublicKey({ key: Buffer.from(known.spki), format: 'der', type: 'spki' });
    expect(verify(null, message, publicKey, signature)).toBe(true);
    expect(verify(null, Buffer.from('{"certificate":2}'), publicKey, signature)).toBe(false);
    expect(known).toMatchObject({ keyId, fingerprint: sha256(known.spki) });
    expect(keyId).not.toMatch(/arn:|\d{12}:/);
  });

  it('refuses more than KMS signs', async () => {
    const signer = kmsSigner(aws.kms, 'any');
    await expect(signer.sign(new Uint8Array(4_097))).rejects.toThrow(RangeError);
  });
});
