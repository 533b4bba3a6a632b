import { createCipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import { sealPackedBlock } from '../shared/crypto/block.ts';
import { type Measure, median, promised, reported } from './measure.ts';

/** Pairs measured in turns, so that both sides of a ratio meet the same weather. */
const PAIRS = 15;
const SMALL_BYTES = 1024;
const LARGE_BYTES = 16 * 1024;
const INDEXED_RECORDS = 4;
const INDEX_ENTRY_BYTES = 57;

export const names = [
  'block-encryption-1k-of-bare-cipher',
  'block-encryption-16k-of-bare-cipher',
  'block-encryption-1k-times-aws-encryption-sdk',
  // A key object makes the bare cipher three times as fast as the same key given as bytes: stated, so that the ratios
  // above, to the usual call with bytes, are read for what they are.
  'block-encryption-1k-of-bare-cipher-with-key-object',
  'block-encryption-16k-of-bare-cipher-with-key-object',
];

/** Throughput of sealing a block, compression excluded, against a bare cipher and against the AWS Encryption SDK. */
export async function measures(): Promise<Measure[]> {
  const key = randomBytes(32);
  const nonce = randomBytes(12);
  const header = {
    keyId: 'gk_0123456789abcdef0123456789abcdef',
    keyVersion: 1,
    hotel: 'SHA01',
    conversationId: 'cnv_0123456789abcdef0123456789abcdef',
    blockId: 'blk_0123456789abcdef0123456789abcdef',
    recordClass: 'ordinary',
    plaintextLength: LARGE_BYTES,
  };
  const index = randomBytes(INDEXED_RECORDS * INDEX_ENTRY_BYTES);
  function sealed(content: Uint8Array): Promise<void> {
    sealPackedBlock({ key, header, index, packed: content });
    return Promise.resolve();
  }
  function cipherWith(cipherKey: () => Uint8Array | KeyObject): Work {
    return (content) => {
      const cipher = createCipheriv('aes-256-gcm', cipherKey(), nonce);
      cipher.update(content);
      cipher.final();
      cipher.getAuthTag();
      return Promise.resolve();
    };
  }
  const bare = cipherWith(() => key);
  const bareWithKeyObject = cipherWith(() => createSecretKey(key));
  const { encrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const keyring = new RawAesKeyringNode({
    keyName: 'bench',
    keyNamespace: 'dualkey',
    unencryptedMasterKey: Uint8Array.from(key),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  async function sdk(content: Uint8Array): Promise<void> {
    await encrypt(keyring, content, {
      suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
    });
  }

  const small = randomBytes(SMALL_BYTES);
  const large = randomBytes(LARGE_BYTES);
  return [
    promised('block-encryption-1k-of-bare-cipher', await ratio(sealed, bare, small, 4_000), 'ratio', {
      atLeast: 0.3,
    }),
    promised('block-encryption-16k-of-bare-cipher', await ratio(sealed, bare, large, 2_000), 'ratio', {
      atLeast: 0.33,
    }),
    promised('block-encryption-1k-times-aws-encryption-sdk', await ratio(sealed, sdk, small, 150), 'times', {
      atLeast: 8,
    }),
    reported(
      'block-encryption-1k-of-bare-cipher-with-key-object',
      await ratio(sealed, bareWithKeyObject, small, 4_000),
      'ratio',
    ),
    reported(
      'block-encryption-16k-of-bare-cipher-with-key-object',
      await ratio(sealed, bareWithKeyObject, large, 2_000),
      'ratio',
    ),
  ];
}

type Work = (content: Uint8Array) => Promise<void>;

/** How many times the other's throughput ours is: the median of interleaved pairs, after one unmeasured. */
async function ratio(ours: Work, other: Work, content: Uint8Array, rounds: number): Promise<number> {
  const ratios: number[] = [];
  for (let pair = 0; pair <= PAIRS; pair += 1) {
    // Which of the two goes first alternates.
    const first = pair % 2 === 0 ? ours : other;
    const second = pair % 2 === 0 ? other : ours;
    const times = [await elapsed(first, content, rounds), await elapsed(second, content, rounds)];
    const [ownTime = 0, otherTime = 0] = pair % 2 === 0 ? times : times.reverse();
    if (pair > 0) ratios.push(otherTime / ownTime);
  }
  return median(ratios);
}

async function elapsed(work: Work, content: Uint8Array, rounds: number): Promise<number> {
  const start = performance.now();
  for (let round = 0; round < rounds; round += 1) await work(content);
  return performance.now() - start;
}
