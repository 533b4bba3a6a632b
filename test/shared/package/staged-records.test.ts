import { describe, expect, it } from '@jest/globals';
import { messageOf } from '../../../shared/domain/message-of.ts';
import { freezeScope } from '../../../shared/domain/scope.ts';
import { completenessOf } from '../../../shared/package/completeness.ts';
import { decodeStaged, encodeStaged, StagedFormatError } from '../../../shared/package/staged-package.ts';
import { stagedRecordSchema, stageRecords } from '../../../shared/package/staged-records.ts';
import { found, storedRecord } from './sample-package.ts';

const guest = (id: string | null, name: string | null) => ({ role: 'guest' as const, id, name });

describe('staged records', () => {
  it('carry nothing of the original but its salted commitment', () => {
    const record = storedRecord(0, {
      attachments: [
        {
          name: 'a.jpg',
          mediaType: 'image/jpeg',
          bytes: 9,
          digest: 'd41d8cd9',
          state: 'present',
          mediaId: 'med_1',
          found: { bytes: 9, digest: 'sha256:0a0b' },
        },
      ],
    });
    const text = JSON.stringify(stageRecords([found(record)], 'masked'));
    expect(text).not.toContain(Buffer.from(record.original).toString());
    expect(text).not.toContain(Buffer.from(record.original).toString('base64'));
    expect(text).not.toContain('d41d8cd9');
    expect(text).toContain(found(record).commitment);
  });

  it('mask names of attachments, accounts and message types like text', () => {
    const [line] = stageRecords(
      [
        found(
          storedRecord(1, {
            from: { role: 'staff', id: '13800138000', name: null },
            attachments: [
              {
                name: '身份证11010519491231002X.jpg',
                mediaType: null,
                bytes: null,
                digest: null,
                state: 'missing',
                mediaId: null,
                found: null,
              },
            ],
            sourceType: '6222021234567890128',
          }),
        ),
      ],
      'masked',
    );
    expect(JSON.stringify(line)).not.toMatch(/13800138000|11010519491231002X|6222021234567890128/);
    expect(line?.redactions).toEqual([
      { kind: 'identity-document', count: 1 },
      { kind: 'bank-card', count: 1 },
      { kind: 'phone', count: 1 },
    ]);
  });

  it('show names and accounts where the grant is named, and a label where it is not', () => {
    const records = [
      found(storedRecord(0)),
      found(storedRecord(2, { from: guest('wmGuest02', null), text: '我是王小明的朋友' })),
    ];
    expect(stageRecords(records, 'named').map(({ from, text }) => [from.name, text])).toEqual([
      ['王小明', '第 0 条消息 message'],
      ['wmGuest02', '我是王小明的朋友'],
    ]);
    expect(stageRecords(records, 'masked').map(({ from, text }) => [from.name, text])).toEqual([
      ['客人 Guest', '第 0 条消息 message'],
      ['客人 Guest·2', '我是[客人 Guest]的朋友'],
    ]);
  });

  it('show the names that a lock or a register says as little, there and wherever they are said again', () => {
    const records = [
      storedRecord(1, {
        from: { role: 'system', id: null, name: null },
        text: '[门卡记录 key card] 门 door: 1203; 持卡人 holder: 吴晓梅',
      }),
      storedRecord(2, { from: { role: 'staff', id: 'S1', name: null }, text: '吴晓梅女士的房卡已重做' }),
    ].map((record) => found(record));
    for (const masking of ['masked', 'pseudonymised'] as const) {
      const staged = stageRecords(records, masking);
      expect(JSON.stringify(staged)).not.toContain('吴晓梅');
      expect(staged.map(({ redactions }) => redactions)).toEqual([
        [{ kind: 'guest-name', count: 1 }],
        [{ kind: 'guest-name', count: 1 }],
      ]);
    }
    expect(JSON.stringify(stageRecords(records, 'named'))).toContain('吴晓梅女士');
  });

  it('keep one pseudonym for a guest throughout, and never make two accounts one', () => {
    const records = [
      found(storedRecord(0), { conversationId: 'cnv_1', guestId: 'gst_1' }),
      found(storedRecord(2, { from: guest('wm2', '张三') }), { conversationId: 'cnv_2', guestId: 'gst_2' }),
      found(storedRecord(4), { conversationId: 'cnv_2', guestId: 'gst_1' }),
      found(storedRecord(6, { from: guest('+86…', null) }), { conversationId: 'cnv_3', guestId: 'gst_1' }),
    ];
    expect(stageRecords(records, 'pseudonymised').map(({ from }) => from.name)).toEqual([
      '客人 Guest 1',
      '客人 Guest 2',
      '客人 Guest 1',
      '客人 Guest 1·2',
    ]);
  });

  it('mark a recalled record and keep it beside its recall', () => {
    const taken = storedRecord(0);
    const recall = storedRecord(1, { recalls: messageOf(taken.recordId), text: '', sourceType: 'revoke' });
    const lines = stageRecords([found(recall), found(taken)], 'masked');
    expect(lines.map(({ recalled, recalls, text }) => [recalled, recalls, text])).toEqual([
      [true, null, taken.text],
      [false, messageOf(taken.recordId), ''],
    ]);
  });

  it('mark a replaced record as edited and keep it before what stands in its place', () => {
    const [first, at] = [storedRecord(0, { text: '三点' }), storedRecord(0).at];
    const edit = storedRecord(1, { edits: messageOf(first.recordId), at, text: '五点' });
    for (const order of [
      [edit, first],
      [first, edit],
    ]) {
      const lines = stageRecords(
        order.map((record) => found(record)),
        'masked',
      );
      expect(lines.map(({ text, edited, edits }) => [text, edited, edits])).toEqual([
        ['三点', true, null],
        ['五点', false, messageOf(first.recordId)],
      ]);
    }
  });

  it('name media by their own ending, else by that of the file that was brought, else by their type', () => {
    const medium = {
      ...{ name: null, mediaType: null, bytes: 9, digest: null, state: 'present' as const, mediaId: 'med_1' },
      found: { bytes: 9, digest: 'sha256:0a0b' },
    };
    const attachments = [
      { ...medium, name: 'a.pdf', ending: 'png' as const },
      { ...medium, name: 'a.exe', mediaType: 'image/*', ending: 'png' as const },
      { ...medium, mediaType: 'image/gif' },
      medium,
    ];
    const [line] = stageRecords([found(storedRecord(0, { attachments }))], 'named');
    const endings = line?.attachments.map(({ file }) => file?.split('.').at(-1));
    expect(endings).toEqual(['pdf', 'png', 'gif', 'bin']);
  });

  it('say which of them have no time of their own, and read older ones as having one', () => {
    const [undated, dated] = stageRecords(
      [found(storedRecord(0, { timeKnown: false })), found(storedRecord(1))],
      'masked',
    );
    expect([undated?.timeKnown, dated?.timeKnown]).toEqual([false, true]);
    const { timeKnown: _, ...older } = dated ?? {};
    expect(stagedRecordSchema.parse(older)).toEqual(dated);
  });

  it('say which of them are notes of staff to staff', () => {
    const lines = stageRecords(
      [found(storedRecord(1, { internal: true })), found(storedRecord(3))],
      'masked',
    );
    expect(lines.map(({ internal }) => internal)).toEqual([true, false]);
  });

  it('stand under one time by batch, line and place in it, in blocks that were merged too', () => {
    const { at } = storedRecord(0);
    const inMerged = (index: number, batchId: string | null, line: number, ordinal = 0) =>
      found(storedRecord(index, { at, text: `${index}`, batchId, line, ordinal }), { batchId: 'bat_02' });
    const wanted = [
      inMerged(0, 'bat_01', 8),
      inMerged(1, 'bat_01', 9),
      inMerged(2, 'bat_01', 9, 1),
      inMerged(3, 'bat_01', 9, 10),
      inMerged(4, null, 2),
      inMerged(5, 'bat_03', 1),
    ];
    expect(stageRecords(wanted.toReversed(), 'named').map(({ text }) => text)).toEqual(
      wanted.map(({ record }) => record.text),
    );
  });

  it('stand where their file has them though the platform marks one as changed; recalls and edits after all they are about', () => {
    const { at } = storedRecord(0);
    const message = messageOf(storedRecord(3).recordId);
    const version = { recordId: `${message}${'f'.repeat(16)}` };
    const lines = stageRecords(
      [
        found(storedRecord(0, { at, line: 1, edited: true, text: 'marked' })),
        found(storedRecord(1, { at, line: 2, recalls: message, text: 'recall' })),
        found(storedRecord(2, { at, line: 3, text: 'between' })),
        found(storedRecord(4, { at, line: 4, ...version, edited: true, text: 'changed' })),
        found(storedRecord(3, { at, line: 5, text: 'first' })),
        found(storedRecord(5, { at, line: 6, text: 'last' })),
      ],
      'named',
    );
    expect(lines.map(({ text }) => text)).toEqual([
      'marked',
      'between',
      'first',
      'changed',
      'recall',
      'last',
    ]);
  });

  it('stand by conversation, then time; one found twice stands once, the first found', () => {
    const one = found(storedRecord(3), { conversationId: 'cnv_b' });
    const twice = { ...one, block: { ...one.block, batchId: 'bat_other' } };
    const lines = stageRecords(
      [
        one,
        twice,
        found(storedRecord(1), { conversationId: 'cnv_a' }),
        found(storedRecord(2), { conversationId: 'cnv_b' }),
        found(storedRecord(5), { conversationId: 'cnv_a' }),
      ],
      'masked',
    );
    expect(lines.map(({ source }) => source.line)).toEqual([2, 6, 3, 4]);
    expect(lines.at(-1)?.source.batchId).toBe('bat_01');
  });

  it('mask the bare answer to a question for a document, for a few messages', () => {
    const ask = storedRecord(1, { text: '请发一下您的护照号码' });
    const answers = [2, 3, 4, 5, 6, 7].map((index) => storedRecord(index, { text: '123456789a' }));
    const lines = stageRecords(
      [ask, ...answers].map((record) => found(record)),
      'named',
    );
    expect(lines.map(({ redactions }) => redactions.length)).toEqual([0, 1, 1, 1, 1, 0, 0]);
  });
});

describe('the staged object', () => {
  const records = stageRecords([found(storedRecord(0)), found(storedRecord(1))], 'masked');
  const { scope, digest } = freezeScope([
    ...records.map(({ recordId, source }) => ({ recordId, commitment: source.commitment })),
    { recordId: 'f'.repeat(32), commitment: '0'.repeat(64) },
  ]);
  const completeness = completenessOf({
    scope,
    scopeDigest: digest,
    records,
    newer: [],
    batches: [],
    commitments: new Map(),
  });

  it('comes back as it was staged', () => {
    expect(decodeStaged(encodeStaged(records, completeness))).toEqual({ records, completeness });
  });

  it('states what the scope has and the package has not', () => {
    expect(completeness).toMatchObject({
      missing: ['f'.repeat(32)],
      scope: { records: 3 },
      found: { records: 2 },
    });
    expect(completeness.batches).toEqual([
      {
        batchId: 'bat_01',
        platform: 'wecom',
        hotel: 'SHA01',
        records: 2,
        accepted: null,
        duplicates: null,
        conflicts: null,
        rejected: null,
        lacks: null,
        commitment: null,
      },
    ]);
  });

  it('states which messages lie in custody in versions that differ, here or come since', () => {
    const [first, second] = records;
    const forged = `${messageOf(first?.recordId ?? '')}${'0'.repeat(16)}`;
    const later = `${'0'.repeat(16)}${'1'.repeat(16)}`;
    const newer = [forged, later, later.replaceAll('1', '2'), second?.recordId ?? ''];
    const stated = completenessOf({
      scope,
      scopeDigest: digest,
      records,
      newer,
      batches: [],
      commitments: new Map(),
    });
    expect(stated.conflicts).toEqual([[forged, first?.recordId].sort()]);
    expect(completeness.conflicts).toEqual([]);
  });

  it('is refused where it is cut short or of another version, without repeating a word of it', () => {
    const bytes = encodeStaged(records, completeness);
    for (const broken of [
      bytes.subarray(0, -1),
      bytes.subarray(0, -40),
      Buffer.from('{}\n'),
      Buffer.from('不是 JSON\n'),
    ]) {
      expect(() => decodeStaged(broken)).toThrow(StagedFormatError);
      try {
        decodeStaged(broken);
      } catch (error) {
        expect(String(error)).not.toMatch(/消息|不是/);
      }
    }
  });
});
