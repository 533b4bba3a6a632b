import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import {
  type BlockPlace,
  openBlock,
  packColumns,
  sealBlock,
  sealPackedBlock,
} from '../../../shared/crypto/block.ts';
import { BLOCK_DICTIONARY } from '../../../shared/crypto/block-dictionary.ts';
import { BLOCK_PHRASES } from '../../../shared/crypto/block-phrases.ts';
import { unwrapGuestKey } from '../../../shared/crypto/guest-key.ts';
import { pad } from '../../../shared/crypto/padding.ts';
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
/** As columns are: the length of what is left as it is, that, and what is compressed. */
function columnsOf(asItIs: Uint8Array, compressed: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(asItIs.length);
  return Buffer.concat([length, asItIs, compressed]);
}
const plaintext = columnsOf(randomBytes(16), Buffer.from('请问明天有海景房吗？ Is breakfast included?'));
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
        fc.uint8Array({ maxLength: 100 }),
        (anyKey, anyContent, anyIndex, anyPlace, random) => {
          const anyPlaintext = columnsOf(random, anyContent);
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
    expect(error).toBeInstanceOf(KeyCommitmentError);
  });

  it('writes ids of the usual form as bytes, and others as they are', () => {
    const usual = Buffer.from(sealed);
    expect(usual.includes('gk_')).toBe(false);
    expect(usual.includes(Buffer.from(place.blockId.slice(4), 'hex'))).toBe(true);
    const spelled = Buffer.from(
      sealBlock({ key, place: { ...place, blockId: 'blk_one' }, index, plaintext }),
    );
    expect(spelled.includes('blk_one')).toBe(true);
    // One header has one encoding: the usual form spelled out is none.
    const digits = place.blockId.slice(4);
    const doubled = Buffer.concat([
      usual.subarray(0, usual.indexOf(Buffer.from(digits, 'hex')) - 1),
      Buffer.from([place.blockId.length]),
      Buffer.from(place.blockId),
      usual.subarray(usual.indexOf(Buffer.from(digits, 'hex')) + 16),
    ]);
    doubled.writeUInt16BE(doubled.readUInt16BE(6) + place.blockId.length - 16, 6);
    expect(thrownBy(() => openBlock({ key, place, index, sealed: doubled }))).toBeInstanceOf(
      SealedFormatError,
    );
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
    const bomb = columnsOf(randomBytes(8), Buffer.alloc(1024 ** 2));
    for (const plaintextLength of [4, 100, bomb.length - 1, bomb.length + 1]) {
      const header = { ...place, plaintextLength };
      const object = sealPackedBlock({ key, header, index, packed: packColumns(bomb) });
      expect(thrownBy(() => openBlock({ key, place, index, sealed: object }))).toBeInstanceOf(
        SealedContentError,
      );
    }
  });

  it('refuses content that is not compressed, or not padded, as the format says', () => {
    const header = { ...place, plaintextLength: plaintext.length };
    for (const packed of [
      pad(Buffer.from('text')),
      pad(Buffer.concat([Buffer.alloc(4), Buffer.from('text')])),
      Buffer.from('ab'),
      Buffer.concat([packColumns(plaintext), Buffer.of(0)]),
    ]) {
      const object = sealPackedBlock({ key, header, index, packed });
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

describe('the dictionaries of blocks', () => {
  it.each([
    ['2', BLOCK_DICTIONARY],
    ['3', BLOCK_PHRASES],
  ])(
    'of version %s is the one that the format document names: another one would be another version',
    (_, dictionary) => {
      const document = readFileSync(new URL('../../../docs/formats/block.md', import.meta.url), 'utf8');
      expect(document).toContain(createHash('sha256').update(dictionary).digest('hex'));
      expect(document).toContain(`${dictionary.length} bytes`);
    },
  );
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
  'block-3-one-record.json',
  'block-3-three-records.json',
])('the test vector %s', (file) => {
  const vector = blockVector.parse(
    JSON.parse(readFileSync(new URL(`./vectors/${file}`, import.meta.url), 'utf8')),
  );

  it('refuses every flipped bit, with a named error', () => {
    const { expected, place: at, index: itsIndex, sealed: object } = vector;
    const guestKey = Buffer.from(expected.guestKey, 'hex');
    for (let bit = 0; bit < object.length * 8; bit += 1) {
      const flipped = Buffer.from(object);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const open = () => openBlock({ key: guestKey, place: at, index: itsIndex, sealed: flipped });
      expect(thrownBy(open)).toBeInstanceOf(SealedObjectError);
    }
  });

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
