import { describe, expect, it } from '@jest/globals';
import { batchLines, explainedReasons, mediaUnused, originLines } from '../../cli/batch-lines.ts';
import type { Batch } from '../../cli/upload-export.ts';
import { NOTHING_LACKS } from '../../shared/domain/batch.ts';

const BATCH: Batch = {
  batchId: 'bat_1',
  state: 'committed',
  accepted: 7,
  duplicates: 1,
  conflicts: 0,
  rejected: [],
  rejectedLines: 0,
  conversations: 2,
  guests: 2,
  completeness: NOTHING_LACKS,
  commitment: null,
  quarantined: 0,
  hotel: 'SHA01',
  source: 'wecom',
  category: 'enquiry',
  failure: null,
  digest: 'sha256:d1',
  blocks: 3,
  bytes: 4_096,
  by: 'p_it',
  createdAt: '2026-06-01T00:00:00.000Z',
  receivedAt: '2026-06-01T00:00:01.000Z',
  endedAt: '2026-06-01T00:00:09.000Z',
  profile: null,
  timezone: null,
  rerunOf: null,
};

describe('where a batch comes from, for people', () => {
  it('is its hotel, source, bringer, times, and the file’s digest', () => {
    const text = originLines({ ...BATCH, timezone: 'Asia/Shanghai', rerunOf: 'bat_0' }, 'both').join('\n');
    for (const said of ['SHA01', '企业微信 WeCom', 'p_it', 'sha256:d1', 'Asia/Shanghai', 'bat_0', '4096']) {
      expect(text).toContain(said);
    }
  });
});

describe('what became of a batch, for people', () => {
  it('says what it commits to, and why it failed', () => {
    expect(batchLines({ ...BATCH, commitment: 'sha256:c1' }, 'both').join('\n')).toContain('sha256:c1');
    expect(batchLines({ ...BATCH, failure: 'size-differs' }, 'both').join('\n')).toContain(
      'another size than was announced',
    );
  });

  it('tells of media that came later, at the batch that lacked them and at the one that brought them', () => {
    const media = { present: 3, missing: 0, damaged: 0, reference: 1 };
    const text = (more: object) =>
      batchLines(
        {
          ...BATCH,
          completeness: { ...NOTHING_LACKS, media: { ...media, ...more } },
        },
        'both',
      ).join('\n');
    expect(text({ later: 2 })).toContain('brought by a later batch: 2');
    expect(text({ supplied: 4 })).toContain('added to records of earlier batches: 4');
    expect(text({ later: 2 })).not.toContain('no digest declared');
    expect(text({ later: 2, laterUndeclared: 1 })).toMatch(/no digest declared by the source: 1\)/);
    expect(text({ supplied: 4, undeclared: 3 })).toMatch(/no digest declared by the source: 3\)/);
  });

  it('explains each rejected line beside its code, and says once for each reason what to do', () => {
    const rejected = [
      { line: 3, reason: 'missing-field:msgid' },
      { line: 4, reason: 'date-without-zone' },
      { line: 9, reason: 'date-without-zone' },
    ];
    const rejectedBy = { 'missing-field:msgid': 1, 'date-without-zone': 2 };
    const lines = batchLines(
      {
        ...BATCH,
        rejected,
        rejectedLines: 3,
        completeness: { ...NOTHING_LACKS, rejectedBy },
      },
      'both',
    );
    expect(lines).toContain('  行 line 3: missing-field:msgid 缺少字段 msgid · the field msgid is missing');
    expect(lines).toContain('  行 line 9: date-without-zone 时间没有时区 · the time has no zone');
    const remedies = lines.filter((line) => line.includes('what to do'));
    expect(remedies).toHaveLength(2);
    expect(remedies[0]).toContain('date-without-zone × 2');
    expect(remedies[0]).toContain('--timezone');
  });

  it('says to ingest the file again where it can’t be mended line by line', () => {
    const rejected = [{ line: 1, reason: 'missing-column:at' }];
    const completeness = { ...NOTHING_LACKS, rejectedBy: { 'missing-column:at': 1 }, unreadLines: 5 };
    const lines = batchLines(
      { ...BATCH, rejected, rejectedLines: 1, quarantined: 1, completeness },
      'both',
    ).join('\n');
    expect(lines).toContain('ingest the file again');
    expect(lines).toContain('5 行未读');
    expect(lines).not.toContain('dualkey quarantine rerun bat_1');
    const mixed = { ...completeness, rejectedBy: { 'missing-column:at': 1, 'not-json': 1 } };
    expect(batchLines({ ...BATCH, quarantined: 1, completeness: mixed }, 'both').join('\n')).toContain(
      'dualkey quarantine rerun bat_1',
    );
  });

  it('shows a code that it doesn’t know as it is', () => {
    const lines = batchLines(
      { ...BATCH, rejected: [{ line: 2, reason: 'new-reason' }], rejectedLines: 1 },
      'both',
    );
    expect(lines).toContain('  行 line 2: new-reason');
    const rejectedBy = { 'new-reason': 1 };
    expect(explainedReasons({ completeness: { ...NOTHING_LACKS, rejectedBy } })).toEqual([]);
  });

  it('states what the batch lacks, and nothing where nothing lacks', () => {
    expect(batchLines(BATCH, 'both')).toHaveLength(3);
    const text = batchLines(
      {
        ...BATCH,
        completeness: {
          ...NOTHING_LACKS,
          sequenceGaps: {
            messages: 4,
            ranges: [
              { from: '12', to: '12' },
              { from: '20', to: '22' },
            ],
            first: '10',
            last: '30',
            sinceLastBatch: { batchId: 'bat_0', from: '8', to: '9', messages: 2 },
          },
          truncated: true,
          unknownTypes: { hologram: 2 },
          internalNotes: 1,
          media: { present: 1, missing: 2, damaged: 3, reference: 0, notTaken: 4 },
        },
      },
      'both',
    ).join('\n');
    for (const said of ['4 (12, 20–22)', 'bat_0: 2 (8–9)', '被截断', 'hologram 2', 'internal notes']) {
      expect(text).toContain(said);
    }
    expect(text).toMatch(/缺失 missing 2 · 损坏 damaged 3/);
    expect(text).toContain('media not taken: 4');
    expect(text).toContain('not in the folder');
  });
});

describe('a folder of media', () => {
  const withMedia = (media: Partial<Batch['completeness']['media']>): Batch => ({
    ...BATCH,
    completeness: { ...NOTHING_LACKS, media: { ...NOTHING_LACKS.media, ...media } },
  });

  it('of which nothing was taken is told so, and what to do', () => {
    const lines = mediaUnused(withMedia({ missing: 2 }), 3, 'en');
    expect(lines[0]).toMatch(/none of the 3 files of --media was taken/);
    expect(lines[1]).toMatch(/may be ingested again/);
    expect(mediaUnused(BATCH, 3, 'zh')[0]).toMatch(/^ {2}--media 的 3 个文件均未收入/);
  });

  it.each([{ present: 1 }, { damaged: 1 }, { supplied: 1 }, { notTaken: 1 }])(
    'of which something is told already (%j) is not',
    (media) => {
      expect(mediaUnused(withMedia(media), 3, 'both')).toEqual([]);
    },
  );
});
