import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../../../shared/domain/canonical-json.ts';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import { internal } from '../../../../shared/sources/internal/internal.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const HEADER =
  'message_id,at,conversation,from_role,from_id,from_name,text,category,phone,email,wecom,booking';
const ROW =
  'm1,2026-05-01T09:30:00+08:00,c1,guest,,王芳,"你好, 请问""早餐""几点?",咨询,+86 138 0013 8000,wang@example.cn,,BK-1';

describe('the internal system’s CSV', () => {
  it('gives each row with its words, time, author, identifiers and original bytes', async () => {
    const [record] = recordsOf(await readAll(internal, `${HEADER}\r\n${ROW}\r\n`));
    expect(record).toEqual({
      kind: 'record',
      line: 2,
      end: {
        line: 2,
        offset: Buffer.byteLength(HEADER) + Buffer.byteLength(ROW) + 4,
        items: 0,
        state: HEADER,
      },
      edited: false,
      edits: null,
      internal: false,
      typeKnown: true,
      sourceMessageId: 'm1',
      recalls: null,
      placements: [
        {
          conversation: 'c1',
          identifiers: [
            { kind: 'phone', value: '+86 138 0013 8000' },
            { kind: 'email', value: 'wang@example.cn' },
            { kind: 'booking', value: 'BK-1' },
          ],
        },
      ],
      staff: [],
      at: new Date('2026-05-01T01:30:00Z'),
      timeKnown: true,
      category: 'enquiry',
      from: { role: 'guest', id: null, name: '王芳' },
      text: '你好, 请问"早餐"几点?',
      attachments: [],
      sourceType: 'message',
      content: canonicalJson({
        cells: {
          message_id: 'm1',
          conversation: 'c1',
          at: '2026-05-01T09:30:00+08:00',
          from_role: 'guest',
          from_name: '王芳',
          text: '你好, 请问"早餐"几点?',
          phone: '+86 138 0013 8000',
          email: 'wang@example.cn',
          booking: 'BK-1',
          category: '咨询',
        },
        others: [],
      }),
      original: Buffer.from(ROW),
    });
  });

  it('reads a Chinese header, in any order, with a byte order mark and columns that it does not know', async () => {
    const [record] = recordsOf(
      await readAll(
        internal,
        '\uFEFF"内容",备注,发送方角色,时间,手机号,工号\n您好,x,员工,2026/5/1 9:30,13800138000,E7\n',
        { timezone: 'Asia/Shanghai' },
      ),
    );
    expect(record).toMatchObject({
      text: '您好',
      at: new Date('2026-05-01T01:30:00Z'),
      from: { role: 'staff', id: 'E7', name: null },
      staff: ['internal:E7'],
      sourceMessageId: null,
      placements: [{ identifiers: [{ kind: 'phone', value: '13800138000' }] }],
    });
  });

  it('rejects a time without a zone unless one was given for the file', async () => {
    const text = `${HEADER}\n${ROW.replace('+08:00', '')}`;
    expect(rejectionsOf(await readAll(internal, text))).toEqual([{ line: 2, reason: 'date-without-zone' }]);
    expect(recordsOf(await readAll(internal, text, { timezone: 'Europe/Berlin' }))).toMatchObject([
      { at: new Date('2026-05-01T07:30:00Z') },
    ]);
  });

  it.each([
    ['text', 'missing-field:text', ',,2026-05-01T09:30:00Z,guest,'],
    ['from_role', 'missing-field:from_role', '1,c,2026-05-01T09:30:00Z,,x'],
    ['at', 'missing-field:at', '1,c,,guest,x'],
    ['conversation and identifiers', 'no-guest', '1,,2026-05-01T09:30:00Z,guest,x'],
    ['a known role', 'invalid-field:from_role', '1,c,2026-05-01T09:30:00Z,wizard,x'],
    ['a real date', 'invalid-date', '1,c,2026-02-30T09:30:00Z,guest,x'],
    ['a date at all', 'invalid-date', '1,c,tomorrow,guest,x'],
    ['a short id', 'invalid-field:message_id', `${'1'.repeat(300)},c,2026-05-01T09:30:00Z,guest,x`],
    ['as many columns as the header', 'wrong-column-count', '1,c,2026-05-01T09:30:00Z,guest,x,y'],
  ])('rejects a row without %s', async (_, reason, row) => {
    const items = await readAll(internal, `message_id,conversation,at,from_role,text\n${row}\n`);
    expect(rejectionsOf(items)).toEqual([{ line: 2, reason }]);
  });

  it('does not collect employees’ own work talk, nor categories that it does not know', async () => {
    const text = `at,from_role,text,phone,category\n2026-05-01T09:30:00Z,staff,x,1,employee\n2026-05-01T09:30:00Z,staff,x,1,gossip\n`;
    expect(rejectionsOf(await readAll(internal, text))).toEqual([
      { line: 2, reason: 'employee-not-collected' },
      { line: 3, reason: 'invalid-field:category' },
    ]);
  });

  it.each([
    ['at,from_role,body\n1,2,3', 'missing-column:text'],
    ['at,from_role,text,时间\n1,2,3,4', 'duplicate-column:at'],
    [`at,from_role,text,${Array.from({ length: 64 }, (_, n) => `c${n}`).join(',')}\n`, 'too-many-columns'],
    ['"at,from_role,text\n2026-05-01T09:30:00Z,guest,x', 'bad-quoting'],
  ])('reads nothing of a file whose header does not tell the columns apart: %#', async (text, reason) => {
    expect(await readAll(internal, text)).toEqual([expect.objectContaining({ line: 1, reason })]);
  });

  it('keeps a row of several lines whole, and counts lines as an editor does', async () => {
    const items = await readAll(internal, `${HEADER}\n${ROW.replace('你好', '第一行\n第二行')}\n${ROW}\n,\n`);
    expect(items.map(({ kind, line, end }) => [kind, line, end.line])).toEqual([
      ['skipped', 1, 1],
      ['record', 2, 3],
      ['record', 4, 4],
      ['skipped', 5, 5],
    ]);
  });

  it('loses no other line to a quote that is never closed', async () => {
    const text = [HEADER, '"never closed,1,2', ROW, 'x,"stray" quote,', ROW.replace('m1', 'm2')].join('\n');
    const items = await readAll(internal, text);
    expect(rejectionsOf(items)).toEqual([
      { line: 2, reason: 'bad-quoting' },
      { line: 4, reason: 'bad-quoting' },
    ]);
    expect(recordsOf(items).map(({ sourceMessageId }) => sourceMessageId)).toEqual(['m1', 'm2']);
  });

  it('rejects a row that is too long without holding more than a row may have', async () => {
    const endless = 'x'.repeat(3 * LIMITS.lineBytes);
    const text = [HEADER, endless, ROW, `"${endless}`, ROW.replace('m1', 'm2')].join('\n');
    for (const chunk of [64 * 1024, 8 * LIMITS.lineBytes]) {
      const items = await readAll(internal, text, { chunk });
      expect(rejectionsOf(items)).toEqual([
        { line: 2, reason: 'row-too-long' },
        { line: 4, reason: 'row-too-long' },
      ]);
      expect(recordsOf(items).map(({ line }) => line)).toEqual([3, 5]);
    }
  });

  it('rejects a row that is not UTF-8 and goes on', async () => {
    const items = await readAll(
      internal,
      Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.from([0xc4, 0xe3, 0x0a]), Buffer.from(ROW)]),
    );
    expect(rejectionsOf(items)).toEqual([{ line: 2, reason: 'not-utf8' }]);
    expect(recordsOf(items)).toHaveLength(1);
  });

  it('goes on after any item as if it had never stopped, in whatever pieces the bytes come', async () => {
    const text = [HEADER, ROW, '"open', '', ROW.replace('你好', '第一行\r\n第二行')].join('\r\n');
    const whole = await readAll(internal, text);
    for (const [index, item] of whole.entries()) {
      const rest = await readAll(internal, text, { chunk: 5, from: item.end });
      expect(rest).toEqual(whole.slice(index + 1));
    }
  });

  it('never throws, whatever the bytes and however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (bytes, withHeader, chunk) => {
          const text = Buffer.concat([Buffer.from(withHeader ? `${HEADER}\n` : ''), bytes]);
          const items = await readAll(internal, text, { chunk });
          expect(items).toEqual(await readAll(internal, text));
        },
      ),
    );
  });

  it('makes of a damaged row a record or a reason', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', '\0', '=') }),
        async (at, removed, inserted) => {
          const text = `${ROW}\n${ROW}\n`;
          const start = at % text.length;
          const damaged = text.slice(0, start) + inserted + text.slice(start + (removed % 20));
          for (const item of await readAll(internal, `${HEADER}\n${damaged}`)) {
            if (item.kind === 'rejected') expect(item.reason).toMatch(/^[a-z0-9-]+(:[a-z_]+)?$/);
          }
        },
      ),
    );
  });
});
