import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LARGEST_PLAINTEXT_BYTES, sealBlock } from '../../../shared/crypto/block.ts';
import { encodeColumns } from '../../../shared/crypto/block-columns.ts';
import { encodeBlockContent, normalisedOf } from '../../../shared/crypto/block-content.ts';
import { decodeBlockIndex } from '../../../shared/crypto/block-index.ts';
import { openRecords, sealRecords } from '../../../shared/crypto/record-block.ts';
import { recordCommitments } from '../../../shared/crypto/record-commitment.ts';
import { SealedContentError, UnsealableError } from '../../../shared/crypto/sealed-object-error.ts';
import { CATEGORIES, PLAIN_RECORD, type StoredRecord } from '../../../shared/domain/record.ts';

const place = {
  keyId: 'gk_1',
  keyVersion: 1,
  hotel: 'SHA01',
  conversationId: 'cnv_1',
  blockId: 'blk_1',
  recordClass: 'ordinary',
};
const key = randomBytes(32);

function record(position: number, text: string, original: Uint8Array = Buffer.from(text)): StoredRecord {
  return {
    recordId: position.toString(16).padStart(32, '0'),
    platform: 'internal',
    category: CATEGORIES[position % CATEGORIES.length] ?? 'enquiry',
    at: new Date(Date.UTC(2026, 4, 1) + position * 1000).toISOString(),
    from: { role: 'guest', id: null, name: null },
    text,
    ...PLAIN_RECORD,
    sourceType: 'text',
    line: position + 1,
    original: Buffer.from(original),
  };
}

function rowOf(one: StoredRecord) {
  return { original: one.original, normalised: normalisedOf(one), text: one.text, at: Date.parse(one.at) };
}

describe('a block of records', () => {
  it('gives back every record with its original bytes, in time order', () => {
    const texts = fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 300 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(texts, (some) => {
        const records = some.map(([text, original], position) => record(position, text, original));
        const { sealed, index } = sealRecords({ key, place, records: [...records].reverse() });
        expect(openRecords({ key, place, index, sealed })).toEqual(records);
      }),
    );
  });

  it('is sealed of one record, empty or not, and of records from the first second to the last that has a time', () => {
    const last = {
      ...record(2, ''),
      at: '+275760-09-13T00:00:00.000Z',
      original: Buffer.from('{"msgtime":7}'),
    };
    const first = {
      ...record(1, ''),
      at: '1970-01-01T00:00:00.000Z',
      original: Buffer.from('{"msgtime":0}'),
    };
    const between = Array.from({ length: 30 }, (_, n) => {
      const one = record(n + 3, '');
      return { ...one, original: Buffer.from(`{"msgtime":${Date.parse(one.at)}}`) };
    });
    for (const records of [[record(0, '')], [record(0, 'one')], [last], [first, ...between, last]]) {
      const { sealed, index } = sealRecords({ key, place, records });
      expect(openRecords({ key, place, index, sealed })).toEqual(records);
    }
  });

  it('is not sealed where whoever opens it would refuse it: larger than blocks may be, or a record twice', () => {
    // Once in its columns, twice when it is read.
    const large = record(0, 'a'.repeat(LARGEST_PLAINTEXT_BYTES / 2 + 1));
    expect(encodeColumns([rowOf(large)]).columns.length).toBeLessThan(LARGEST_PLAINTEXT_BYTES);
    expect(() => sealRecords({ key, place, records: [large] })).toThrow(UnsealableError);
    expect(() => sealRecords({ key, place, records: [record(0, 'one'), record(0, 'one')] })).toThrow(
      RangeError,
    );
  });

  it('keeps what is out of the ordinary, and leaves out of its content what the index and defaults say', () => {
    const plain = record(0, 'one');
    const special: StoredRecord = {
      ...record(1, 'two'),
      from: { role: 'staff', id: 'desk', name: '前台' },
      attachments: [
        {
          name: 'a.jpg',
          mediaType: null,
          bytes: 3,
          digest: null,
          state: 'present',
          mediaId: 'med_1',
          found: null,
        },
      ],
      edited: true,
      internal: true,
      recalls: '0'.repeat(16),
      edits: '1'.repeat(16),
      batchId: 'bat_1',
    };
    const { sealed, index } = sealRecords({ key, place, records: [plain, special] });
    expect(openRecords({ key, place, index, sealed })).toEqual([plain, special]);
    expect(JSON.parse(normalisedOf(plain))).toEqual({
      platform: 'internal',
      sourceType: 'text',
      line: 1,
      from: { role: 'guest' },
      text: 'one',
    });
  });

  it('writes a usual record as JSON.stringify does, whatever its words', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, fc.option(text), fc.option(text), text, (said, id, name, sourceType) => {
        const one: StoredRecord = { ...record(0, said), from: { role: 'staff', id, name }, sourceType };
        const from = { role: 'staff', id: id ?? undefined, name: name ?? undefined };
        expect(normalisedOf(one)).toBe(
          JSON.stringify({ platform: 'internal', sourceType, line: 1, from, text: said }),
        );
      }),
    );
  });

  it('keeps a lone surrogate and NUL bytes as they came', () => {
    const records = [record(0, 'a\ud800b\u0000')];
    const { sealed, index } = sealRecords({ key, place, records });
    expect(openRecords({ key, place, index, sealed })).toEqual(records);
  });

  it('commits to the original bytes, the same in whatever block the record lies', () => {
    const records = [record(0, 'one'), record(1, 'two')];
    const whole = sealRecords({ key, place, records });
    const alone = sealRecords({ key, place: { ...place, blockId: 'blk_2' }, records: records.slice(1) });
    expect(decodeBlockIndex(whole.index)[1]).toEqual(decodeBlockIndex(alone.index)[0]);
    const changed = sealRecords({ key, place, records: [record(0, 'one', Buffer.from('onE'))] });
    expect(decodeBlockIndex(changed.index)[0]?.commitment).not.toBe(
      decodeBlockIndex(whole.index)[0]?.commitment,
    );
  });

  it('commits differently under another guest’s key: no commitment can be compared across guests', () => {
    const id = '0'.repeat(32);
    const original = Buffer.from('same words');
    expect(recordCommitments(key).commitmentOf(id, original)).not.toBe(
      recordCommitments(randomBytes(32)).commitmentOf(id, original),
    );
  });

  it.each([
    ['another text under the same commitment', [record(0, 'one', Buffer.from('other')), record(1, 'two')]],
    ['a record more', [record(0, 'one'), record(1, 'two'), record(2, 'three')]],
    ['a record fewer', [record(0, 'one')]],
    ['the same records in another order', [record(1, 'two'), record(0, 'one')]],
  ])('is refused where its sealer put in %s', (_, content) => {
    const { index } = sealRecords({ key, place, records: [record(0, 'one'), record(1, 'two')] });
    const sealed = sealBlock({ key, place, index, plaintext: encodeBlockContent(content).plaintext });
    expect(() => openRecords({ key, place, index, sealed })).toThrow(SealedContentError);
  });

  it('is refused where its content is cut, no JSON, or no record, without repeating it', () => {
    const { index } = sealRecords({ key, place, records: [record(0, 'one')] });
    const { plaintext: whole } = encodeBlockContent([record(0, 'one')]);
    const columns = (normalised: string) =>
      encodeColumns([{ original: Buffer.from('one'), normalised, text: 'one', at: 0 }]).columns;
    const noRecord = columns('{"text":"secret words"}');
    for (const plaintext of [whole.subarray(0, -1), noRecord, columns('secret'), columns('{"secret')]) {
      const sealed = sealBlock({ key, place, index, plaintext });
      expect(() => openRecords({ key, place, index, sealed })).toThrow(
        expect.objectContaining({
          name: 'SealedContentError',
          message: expect.not.stringContaining('secret'),
        }),
      );
    }
  });
});
