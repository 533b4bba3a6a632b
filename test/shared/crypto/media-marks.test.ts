import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { decodeMediaMarks, encodeMediaMarks } from '../../../shared/crypto/media-marks.ts';
import { mediumCommitments } from '../../../shared/crypto/medium-commitment.ts';
import { openRecords, sealRecords } from '../../../shared/crypto/record-block.ts';
import { SealedContentError, SealedFormatError } from '../../../shared/crypto/sealed-object-error.ts';
import {
  commitmentIn,
  isInCustody,
  mediumMark,
  mediumMarkSchema,
  stateIn,
} from '../../../shared/domain/medium-mark.ts';
import { PLAIN_RECORD, type StoredRecord } from '../../../shared/domain/record.ts';

const key = randomBytes(32);
const hex64 = fc.stringMatching(/^[0-9a-f]{64}$/);
const mark = fc.oneof(
  fc.constantFrom('missing', 'reference'),
  fc
    .tuple(fc.constantFrom('present' as const, 'damaged' as const), hex64)
    .map(([state, of]) => mediumMark(state, of)),
);
const marks = fc.array(fc.array(mark, { maxLength: 5 }), { maxLength: 8 });

type Attachment = StoredRecord['attachments'][number];

function attachment(content: string | null, changes: Partial<Attachment> = {}): Attachment {
  const declared = { name: null, mediaType: null, bytes: null, digest: null };
  if (content === null) return { ...declared, state: 'reference', mediaId: null, found: null, ...changes };
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const found = { bytes: content.length, digest };
  return { ...declared, state: 'present', mediaId: 'med_1', found, ...changes };
}

function record(recordId: string, attachments: Attachment[]): StoredRecord {
  return {
    recordId,
    platform: 'internal',
    category: 'enquiry',
    at: '2026-05-01T00:00:00.000Z',
    from: { role: 'guest', id: null, name: null },
    text: '',
    ...PLAIN_RECORD,
    attachments,
    sourceType: 'text',
    line: 1,
    original: Buffer.from(recordId),
  };
}

describe('the marks of a block’s media', () => {
  it('come back as they were, by the place of their record', () => {
    fc.assert(
      fc.property(marks, (own) => {
        const encoded = encodeMediaMarks(own);
        const some = [...own.entries()].filter(([, each]) => each.length > 0);
        expect(encoded === null ? [] : [...decodeMediaMarks(encoded)]).toEqual(some);
      }),
    );
  });

  it('are marks or a reason for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          for (const own of decodeMediaMarks(bytes).values()) {
            for (const one of own) expect(mediumMarkSchema.safeParse(one).success).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(SealedFormatError);
        }
      }),
    );
  });

  it('are refused where one is cut short, out of order, of an unknown state, or names a commitment that isn’t there', () => {
    const whole =
      encodeMediaMarks([['reference', mediumMark('present', 'ab'.repeat(32))]]) ?? Buffer.alloc(0);
    expect(() => decodeMediaMarks(whole.subarray(0, -1))).toThrow('cut short');
    expect(() => decodeMediaMarks(Buffer.concat([whole, whole.subarray(34)]))).toThrow('not in order');
    const spoilt = (at: number, byte: number) =>
      Buffer.from(whole.map((one, place) => (place === at ? byte : one)));
    expect(() => decodeMediaMarks(spoilt(42, 9))).toThrow('unknown state');
    expect(() => decodeMediaMarks(spoilt(whole.length - 1, 7))).toThrow('lack a commitment');
  });

  it('take no room where nothing refers to a medium, and little where many refer to the same one', () => {
    expect(encodeMediaMarks([[], []])).toBeNull();
    const same = new Array<string>(1000).fill(mediumMark('present', 'ab'.repeat(32)));
    expect(encodeMediaMarks([same])?.length).toBe(2 + 32 + 8 + 3 * 1000);
  });

  it('say of each medium its state, and its commitment where it is in custody', () => {
    const present = mediumMark('present', 'ab'.repeat(32));
    expect([stateIn(present), commitmentIn(present), isInCustody(present)]).toEqual([
      'present',
      'ab'.repeat(32),
      true,
    ]);
    expect([stateIn('missing'), commitmentIn('missing'), isInCustody('missing')]).toEqual([
      'missing',
      null,
      false,
    ]);
    expect(() => stateIn('gone')).toThrow(RangeError);
    for (const no of ['present', 'present:ab', 'gone', `missing:${'ab'.repeat(32)}`]) {
      expect(mediumMarkSchema.safeParse(no).success).toBe(false);
    }
  });
});

describe('the commitment to a medium', () => {
  const recordId = '0'.repeat(32);
  const markOf = (own: Attachment, under: Uint8Array = key, of = recordId) =>
    mediumCommitments(under).marksOf({ recordId: of, attachments: [own] })[0];

  it('depends on the bytes, the record and the guest’s key, not on where the medium lies', () => {
    const own = markOf(attachment('a photo'));
    expect(own).toMatch(/^present:[0-9a-f]{64}$/);
    expect(markOf(attachment('a photo', { mediaId: 'med_2' }))).toBe(own);
    expect(markOf(attachment('another photo'))).not.toBe(own);
    expect(markOf(attachment('a photo'), randomBytes(32))).not.toBe(own);
    expect(markOf(attachment('a photo'), key, '1'.repeat(32))).not.toBe(own);
    expect(markOf(attachment('a photo', { state: 'damaged' }))).toBe(own?.replace('present', 'damaged'));
  });

  it('is none where nothing came, whatever is said of it', () => {
    expect(markOf(attachment(null))).toBe('reference');
    expect(markOf(attachment(null, { state: 'missing' }))).toBe('missing');
    expect(markOf(attachment(null, { state: 'present' }))).toBe('missing');
  });

  it('agrees with the test vector', () => {
    const { guestKey, expected, ...vector } = z
      .object({
        guestKey: z.string(),
        recordId: z.string(),
        expected: z.object({ plaintext: z.string(), salt: z.string(), mark: z.string() }),
      })
      .parse(
        JSON.parse(readFileSync(new URL('./vectors/medium-three-frames.json', import.meta.url), 'utf8')),
      );
    const under = Buffer.from(guestKey, 'hex');
    const content = Buffer.from(expected.plaintext, 'hex');
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const own = attachment('', { found: { bytes: content.length, digest } });
    expect(mediumCommitments(under).saltOf(vector.recordId).toString('hex')).toBe(expected.salt);
    expect(markOf(own, under, vector.recordId)).toBe(expected.mark);
  });
});

describe('a block with media', () => {
  const place = {
    keyId: 'gk_1',
    keyVersion: 1,
    hotel: 'SHA01',
    conversationId: 'cnv_1',
    blockId: 'blk_1',
    recordClass: 'ordinary',
  };
  const records = [
    record('0'.repeat(32), []),
    record('1'.repeat(32), [attachment('a photo'), attachment(null)]),
  ];
  const { sealed, index, marks: own } = sealRecords({ key, place, records });

  it('opens with the marks of its row, or where a row of before has none', () => {
    expect(openRecords({ key, place, index, marks: own ?? undefined, sealed })).toEqual(records);
    expect(openRecords({ key, place, index, sealed })).toEqual(records);
  });

  it('is refused where its row names other media than it has', () => {
    const other = sealRecords({
      key,
      place,
      records: [records[0] ?? record('', []), record('1'.repeat(32), [attachment(null), attachment(null)])],
    });
    expect(() => openRecords({ key, place, index, marks: other.marks ?? undefined, sealed })).toThrow(
      SealedContentError,
    );
    expect(() => openRecords({ key, place, index, marks: new Uint8Array(2), sealed })).toThrow(
      SealedContentError,
    );
  });
});
