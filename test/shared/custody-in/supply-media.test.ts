import { describe, expect, it } from '@jest/globals';
import type { MediaAddition } from '../../../shared/aws/block-merge.ts';
import { normalisedBytesOf } from '../../../shared/crypto/block-content.ts';
import { sealRecords } from '../../../shared/crypto/record-block.ts';
import { broughtMedia } from '../../../shared/custody-in/brought-media.ts';
import { type LateMedia, supplyMedia } from '../../../shared/custody-in/supply-media.ts';
import { newBatch } from '../../../shared/domain/batch.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { PLAIN_RECORD, type StoredRecord } from '../../../shared/domain/record.ts';
import type { BlockRow } from '../../../shared/ports/records-index.ts';
import type { CompanionMedium } from '../../../shared/sources/companion.ts';
import { inMemoryCustodyKeys } from '../../fakes/in-memory-custody-keys.ts';

const GUEST_ID = 'gst_1';
const NOW = new Date('2026-06-01T00:00:00.000Z');

/** A record that came without the files that it refers to. */
function recordWithout(number: number, files: number, changes: Partial<StoredRecord> = {}): StoredRecord {
  const attachment = { name: null, mediaType: 'image/jpeg', bytes: null, digest: null, mediaId: null };
  return {
    recordId: String(number).padStart(32, '0'),
    platform: 'wecom',
    category: 'enquiry',
    at: new Date(Date.UTC(2026, 4, 10) + number * 60_000).toISOString(),
    from: { role: 'guest', id: 'wm_1', name: null },
    text: '照片',
    ...PLAIN_RECORD,
    attachments: new Array(files).fill({ ...attachment, state: 'reference', found: null }),
    sourceType: 'image',
    line: number,
    original: Buffer.from(`{"line":${number}}`),
    ...changes,
  };
}

/** A file as its batch announced it; nothing reads its bytes here. */
function file(number: number, bytes = 1_000): CompanionMedium {
  const hex = (digits: number) => String(number).padStart(digits, '0');
  return { name: `file-${number}.jpg`, bytes, md5: hex(32), sha256: hex(64), offset: 0 };
}

/** What came for a record, each file as the attachment of its place refers to it; null where none came for that one. */
function cameFor(
  { recordId }: StoredRecord,
  files: readonly (CompanionMedium | null)[],
  guestIds: ReadonlySet<string> = new Set([GUEST_ID]),
): LateMedia {
  return {
    recordId,
    found: files.map((medium) =>
      medium === null ? { state: 'missing', medium } : { state: 'present', medium },
    ),
    guestIds,
  };
}

/** Brings media for records that lie in one block, which has so many media already. */
async function supply(records: StoredRecord[], late: LateMedia[], mediaOfBlock = 0) {
  const keys = inMemoryCustodyKeys();
  const period = { hotel: 'SHA01', recordClass: 'ordinary', period: '2026-11' } as const;
  const key = await keys.forWriting(period, GUEST_ID);
  if (key.state !== 'active') throw new Error('The period is being deleted');
  const block = { ...period, blockId: 'blk_1', conversationId: 'conversation-1' };
  const { sealed, index, marks, plaintextBytes } = sealRecords({
    key: key.key,
    place: { ...block, keyId: key.keyId, keyVersion: key.version },
    records,
  });
  const row: BlockRow = {
    ...block,
    guestId: GUEST_ID,
    platform: 'wecom',
    categories: ['enquiry'],
    from: records[0]?.at ?? '',
    to: records.at(-1)?.at ?? '',
    records: records.length,
    bytes: plaintextBytes,
    objectKey: 'SHA01/ordinary/2026-11/blk_1',
    objectDigest: sha256(sealed),
    batchId: 'bat_first',
    index,
    staff: [],
    media: Array.from({ length: mediaOfBlock }, (_, number) => `med_${number}`),
    ...(marks === null ? {} : { marks }),
  };
  const additions: MediaAddition[] = [];
  const batch = newBatch({
    batchId: 'bat_later',
    hotel: 'SHA01',
    source: 'wecom',
    category: 'enquiry',
    timezone: null,
    bytes: 1,
    announcedDigest: 'd',
    parts: 1,
    uploadId: 'upload',
    objectKey: 'inbox',
    by: 'p_it',
    createdAt: NOW.toISOString(),
  });
  const counts = await supplyMedia(
    late,
    {
      batch,
      media: broughtMedia([], () => {
        throw new Error('No medium is read before its block is exchanged');
      }),
      zone: 'Asia/Shanghai',
      now: NOW,
      beforeEach: async () => undefined,
      // What came for another guest's copy is no block of this one's.
      membersOf: async (guestId) => (guestId === GUEST_ID ? [GUEST_ID] : []),
    },
    {
      records: { allBlocksOf: async () => [row], visible: async (rows) => rows },
      keys,
      vault: { get: async () => sealed },
      media: { write: async () => undefined },
      merge: {
        async addMedia(addition) {
          additions.push(addition);
          return { outcome: 'swapped', rows: [] };
        },
      },
      batches: { supplied: () => ({}) },
    },
  );
  const [addition] = additions;
  return { counts, row, plan: addition?.plans[0], additions };
}

describe('media brought later are held to the limits of those that come with their records', () => {
  it('fill a block to as many media as a block may have, and no further', async () => {
    const [first, second] = [recordWithout(1, 1), recordWithout(2, 1)];
    const late = [cameFor(first, [file(1)]), cameFor(second, [file(2)])];
    const both = await supply([first, second], late, LIMITS.blockMedia - 2);
    expect(both.counts).toEqual({ supplied: 2, undeclared: 2, notTaken: 0 });
    expect(both.plan?.media).toHaveLength(LIMITS.blockMedia);

    const one = await supply([first, second], late, LIMITS.blockMedia - 1);
    expect(one.counts).toEqual({ supplied: 1, undeclared: 1, notTaken: 1 });
    expect(one.plan?.media).toHaveLength(LIMITS.blockMedia);
    expect(one.plan?.records.map(({ attachments: [own] }) => own?.state)).toEqual(['present', 'reference']);

    const none = await supply([first, second], late, LIMITS.blockMedia);
    expect(none.counts).toEqual({ supplied: 0, undeclared: 0, notTaken: 2 });
    expect(none.additions).toEqual([]);
  });

  it('are taken for a record whole or not at all', async () => {
    const record = recordWithout(1, 3);
    const late = [cameFor(record, [file(1), file(2), file(3)])];
    const { counts, additions } = await supply([record], late, LIMITS.blockMedia - 2);
    expect(counts).toEqual({ supplied: 0, undeclared: 0, notTaken: 3 });
    expect(additions).toEqual([]);
  });

  it('are not taken where what came is said of another number of attachments than the record has', async () => {
    const record = recordWithout(1, 2);
    for (const files of [[file(1)], [file(1), file(2), null]]) {
      const { additions } = await supply([record], [cameFor(record, files)]);
      expect(additions).toEqual([]);
    }
  });

  it('are no more bytes, with all copies, than one message may bring', async () => {
    const copies = LIMITS.messageMediaBytes / LIMITS.mediumBytes;
    const guests = (number: number) =>
      new Set([GUEST_ID, ...Array.from({ length: number - 1 }, (_, other) => `gst_other${other}`)]);
    const record = recordWithout(1, 1);
    const taken = await supply([record], [cameFor(record, [file(1, LIMITS.mediumBytes)], guests(copies))]);
    expect(taken.counts).toMatchObject({ supplied: 1, notTaken: 0 });

    const left = await supply([record], [cameFor(record, [file(1, LIMITS.mediumBytes)], guests(copies + 1))]);
    expect(left.counts).toEqual({ supplied: 0, undeclared: 0, notTaken: 1 });
    expect(left.additions).toEqual([]);

    const two = recordWithout(1, 2);
    const more = [file(1, LIMITS.mediumBytes), file(2, 1)];
    expect((await supply([two], [cameFor(two, more, guests(copies))])).counts).toMatchObject({
      supplied: 0,
      notTaken: 2,
    });
  });

  it('make no record longer than a record may be', async () => {
    const short = recordWithout(1, 1);
    const late = [cameFor(short, [file(1)])];
    const [supplied] = (await supply([short], late)).plan?.records ?? [];
    if (supplied === undefined) throw new Error('The medium was not taken');
    const room = LIMITS.lineBytes - normalisedBytesOf(supplied);

    const full = recordWithout(1, 1, { text: short.text + 'x'.repeat(room) });
    const taken = await supply([full], late);
    expect(taken.counts).toMatchObject({ supplied: 1, notTaken: 0 });
    expect(taken.plan?.records.map(normalisedBytesOf)).toEqual([LIMITS.lineBytes]);

    const over = recordWithout(1, 1, { text: `${full.text}x` });
    expect(normalisedBytesOf(over)).toBeLessThan(LIMITS.lineBytes);
    const left = await supply([over], late);
    expect(left.counts).toEqual({ supplied: 0, undeclared: 0, notTaken: 1 });
    expect(left.additions).toEqual([]);
  });

  it('leave what is too long as it was, and take what fits beside it', async () => {
    const bare = recordWithout(1, 1);
    const long = recordWithout(1, 1, { text: 'x'.repeat(LIMITS.lineBytes - normalisedBytesOf(bare)) });
    const other = recordWithout(2, 1);
    const { counts, plan } = await supply(
      [long, other],
      [cameFor(long, [file(1)]), cameFor(other, [file(2)])],
    );
    expect(counts).toEqual({ supplied: 1, undeclared: 1, notTaken: 1 });
    expect(plan?.media).toHaveLength(1);
    expect(plan?.records.map(({ attachments: [own] }) => own?.state)).toEqual(['reference', 'present']);
  });
});
