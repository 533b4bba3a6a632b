import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { type BlockPlace, openBlock, sealBlock, sealPackedBlock } from '../../../shared/crypto/block.ts';
import { BLOCK_DICTIONARY } from '../../../shared/crypto/block-dictionary.ts';
import { unwrapGuestKey } from '../../../shared/crypto/guest-key.ts';
import { pack, pad } from '../../../shared/crypto/padding.ts';
import { openRecords } from '../../../shared/crypto/record-block.ts';
import {
  KeyCommitmentError,
  SealedContentError,
  SealedFormatError,
  SealedObjectError,
  TamperedError,
  WrongSealedObjectError,
} from '../../../shared/crypto/sealed-object-error.ts';

const place: BlockPlace = {
  keyId: 'gk_000102030405060708090a0b0c0d0e0f',
  keyVersion: 1,
  hotel: 'SHA01',
  conversationId: 'cnv_101112131415161718191a1b1c1d1e1f',
  blockId: 'blk_202122232425262728292a2b2c2d2e2f',
  recordClass: 'ordinary',
};
const key = randomBytes(32);
const index = randomBytes(57);
const plaintext = Buffer.from('请问明天有海景房吗？ Is breakfast included?');
const sealed = Buffer.from(sealBlock({ key, place, index, plaintext }));

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}

describe('a block', () => {
  it('opens to what was sealed, whatever it was', () => {
    const text = fc.stringMatching(/^[ -~]{1,60}$/);
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 4_000 }),
        fc.uint8Array({ maxLength: 200 }),
        fc.record({
          keyId: text,
          keyVersion: fc.nat(),
          hotel: text,
          conversationId: text,
          blockId: text,
          recordClass: text,
        }),
        (anyKey, anyPlaintext, anyIndex, anyPlace) => {
          const object = sealBlock({
            key: anyKey,
            place: anyPlace,
            index: anyIndex,
            plaintext: anyPlaintext,
          });
          const opened = openBlock({ key: anyKey, place: anyPlace, index: anyIndex, sealed: object });
          expect(opened.equals(anyPlaintext)).toBe(true);
        },
      ),
    );
  });

  it('is another object each time, under the same key and of the same plaintext', () => {
    const again = sealBlock({ key, place, index, plaintext });
    expect(Buffer.from(again).equals(sealed)).toBe(false);
    expect(again).toHaveLength(sealed.length);
  });

  it('refuses every flipped bit, with a named error', () => {
    const names = new Set<string>();
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const error = thrownBy(() => openBlock({ key, place, index, sealed: flipped }));
      expect(error).toBeInstanceOf(SealedObjectError);
      if (error instanceof SealedObjectError) names.add(error.name);
    }
    expect([...names].sort()).toEqual([
      'KeyCommitmentError',
      'SealedFormatError',
      'TamperedError',
      'WrongSealedObjectError',
    ]);
  });

  it('refuses a changed bit by where it is: header, salt, commitment, ciphertext, tag', () => {
    const header = 8 + sealed.readUInt16BE(6);
    function flippedAt(at: number) {
      const flipped = Buffer.from(sealed);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      return thrownBy(() => openBlock({ key, place, index, sealed: flipped }));
    }
    expect(flippedAt(0)).toBeInstanceOf(SealedFormatError);
    expect(flippedAt(4)).toBeInstanceOf(SealedFormatError);
    expect(flippedAt(header)).toBeInstanceOf(KeyCommitmentError);
    expect(flippedAt(header + 32)).toBeInstanceOf(KeyCommitmentError);
    expect(flippedAt(header + 64)).toBeInstanceOf(TamperedError);
    expect(flippedAt(sealed.length - 1)).toBeInstanceOf(TamperedError);
  });

  it('refuses every cut', () => {
    for (let length = 0; length < sealed.length; length += 1) {
      expect(
        thrownBy(() => openBlock({ key, place, index, sealed: sealed.subarray(0, length) })),
      ).toBeInstanceOf(SealedObjectError);
    }
  });

  it.each([
    ['a swapped block', { blockId: 'blk_another' }, 'block'],
    ['a wrong hotel', { hotel: 'HGH02' }, 'hotel'],
    ['a wrong conversation', { conversationId: 'cnv_another' }, 'conversation'],
    ['a wrong class', { recordClass: 'stay' }, 'class'],
    ['a wrong guest (another guest key)', { keyId: 'gk_another' }, 'guest key'],
    ['an older version of the guest key', { keyVersion: 2 }, 'guest key version'],
  ])('refuses %s', (_, change, field) => {
    const error = thrownBy(() => openBlock({ key, place: { ...place, ...change }, index, sealed }));
    expect(error).toBeInstanceOf(WrongSealedObjectError);
    expect(error).toMatchObject({ field });
  });

  it('refuses the index of another block', () => {
    const error = thrownBy(() => openBlock({ key, place, index: randomBytes(57), sealed }));
    expect(error).toBeInstanceOf(WrongSealedObjectError);
    expect(error).toMatchObject({ field: 'index' });
  });

  it('refuses a header rewritten to be the one asked for', () => {
    const other = sealBlock({ key, place: { ...place, hotel: 'HGH02' }, index, plaintext });
    other.set(Buffer.from('SHA01'), Buffer.from(other).indexOf('HGH02'));
    expect(thrownBy(() => openBlock({ key, place, index, sealed: other }))).toBeInstanceOf(
      KeyCommitmentError,
    );
  });

  it('refuses another key before it decrypts anything', () => {
    expect(thrownBy(() => openBlock({ key: randomBytes(32), place, index, sealed }))).toBeInstanceOf(
      KeyCommitmentError,
    );
  });

  it('decompresses at most as many bytes as its header says, and refuses fewer', () => {
    const indexDigest = createHash('sha256').update(index).digest();
    const bomb = Buffer.alloc(1024 ** 2);
    for (const plaintextLength of [100, bomb.length + 1]) {
      const header = { ...place, plaintextLength, indexDigest };
      const object = sealPackedBlock({ key, header, packed: pack(bomb) });
      expect(thrownBy(() => openBlock({ key, place, index, sealed: object }))).toBeInstanceOf(
        SealedContentError,
      );
    }
  });

  it('refuses content that is not compressed, or not padded, as the format says', () => {
    const header = {
      ...place,
      plaintextLength: 4,
      indexDigest: createHash('sha256').update(index).digest(),
    };
    for (const packed of [
      pad(Buffer.from('text')),
      Buffer.from('ab'),
      Buffer.concat([pack(plaintext), Buffer.of(0)]),
    ]) {
      const object = sealPackedBlock({ key, header, packed });
      expect(thrownBy(() => openBlock({ key, place, index, sealed: object }))).toBeInstanceOf(
        SealedContentError,
      );
    }
  });

  it('says in no error what it holds', () => {
    const cut = sealBlock({ key, place, index, plaintext });
    cut[cut.length - 1] = (cut[cut.length - 1] ?? 0) ^ 1;
    const error = thrownBy(() => openBlock({ key, place, index, sealed: cut }));
    expect(String(error)).not.toMatch(/海景|breakfast|SHA01|gk_/);
  });
});

describe('the dictionary of blocks', () => {
  it('is the one that the format document names: another one would be another version', () => {
    const document = readFileSync(new URL('../../../docs/formats/block.md', import.meta.url), 'utf8');
    expect(document).toContain(createHash('sha256').update(BLOCK_DICTIONARY).digest('hex'));
  });
});

const hex = z.string().transform((text) => Buffer.from(text, 'hex'));
const blockVector = z.object({
  periodKey: hex,
  guestId: z.string(),
  period: z.string(),
  wrappedGuestKey: hex,
  place: z.object({
    keyId: z.string(),
    keyVersion: z.number(),
    hotel: z.string(),
    conversationId: z.string(),
    blockId: z.string(),
    recordClass: z.string(),
  }),
  index: hex,
  sealed: hex,
  expected: z.object({
    guestKey: z.string(),
    plaintext: z.string(),
    records: z.array(z.object({ recordId: z.string() })),
  }),
});

describe.each([
  'block-one-record.json',
  'block-three-records.json',
  'block-2-one-record.json',
  'block-2-three-records.json',
])('the test vector %s', (file) => {
  const vector = blockVector.parse(
    JSON.parse(readFileSync(new URL(`./vectors/${file}`, import.meta.url), 'utf8')),
  );

  it('opens from the wrapped key to the records', () => {
    const guestKey = unwrapGuestKey(vector.periodKey, vector.wrappedGuestKey, {
      ...vector.place,
      period: vector.period,
      guestId: vector.guestId,
      version: vector.place.keyVersion,
    });
    expect(guestKey.toString('hex')).toBe(vector.expected.guestKey);
    const { place: at, index: itsIndex, sealed: object } = vector;
    expect(openBlock({ key: guestKey, place: at, index: itsIndex, sealed: object }).toString('hex')).toBe(
      vector.expected.plaintext,
    );
    const records = openRecords({ key: guestKey, place: at, index: itsIndex, sealed: object });
    expect(records.map(({ recordId }) => ({ recordId }))).toMatchObject(vector.expected.records);
  });
});
