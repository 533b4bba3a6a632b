import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import { ctrip } from '../../../../shared/sources/agencies/ctrip.ts';
import { importerOf } from '../../../../shared/sources/built-sources.ts';
import { mappedTable } from '../../../../shared/sources/table/mapped-table.ts';
import { dialogues } from '../support/dialogues.ts';
import { gb18030Bytes } from '../support/gb18030-bytes.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';
import { readSurveyed } from '../support/read-surveyed.ts';

const ZONE = { timezone: 'Asia/Shanghai' };
const HEADER = '订单号,发送时间,角色,发送人,内容';
const ROW = '36912345,2026-05-01 09:30:00,客人,王芳,请问几点可以入住';
const REPLY = '36912345,2026-05-01 09:31:10,酒店,前台,两点以后都可以';
const FILE = `${HEADER}\r\n${ROW}\r\n${REPLY}\r\n`;

const texts = (items: Parameters<typeof recordsOf>[0]) => recordsOf(items).map(({ text }) => text);
const original = (items: Parameters<typeof recordsOf>[0], at: number) =>
  Buffer.from(recordsOf(items)[at]?.original ?? []);

describe('a table', () => {
  it('is read alike in UTF-8, with a byte order mark, and in GB 18030, each row with its exact bytes', async () => {
    const plain = await readSurveyed(ctrip, FILE, ZONE);
    expect(texts(plain)).toEqual(['请问几点可以入住', '两点以后都可以']);
    expect(original(plain, 0)).toEqual(Buffer.from(ROW));

    const marked = await readSurveyed(ctrip, `\uFEFF${FILE}`, ZONE);
    expect(texts(marked)).toEqual(texts(plain));

    const chinese = await readSurveyed(ctrip, gb18030Bytes(FILE), ZONE);
    expect(texts(chinese)).toEqual(texts(plain));
    expect(original(chinese, 0)).toEqual(gb18030Bytes(ROW));
    const contents = (items: typeof plain) => recordsOf(items).map(({ content }) => content);
    expect(contents(chinese)).toEqual(contents(plain));

    const markOfGb18030 = Buffer.from([0x84, 0x31, 0x95, 0x33]);
    const both = Buffer.concat([markOfGb18030, gb18030Bytes(FILE)]);
    expect(texts(await readSurveyed(ctrip, both, ZONE))).toEqual(texts(plain));
  });

  it('is GB 18030 though its header is in English and its first rows are ASCII', async () => {
    const text =
      'order no,time,role,sender,message\n1,2026-05-01T09:30:00Z,guest,W,hi\n1,2026-05-01T09:31:00Z,staff,前台,您好\n';
    expect(texts(await readSurveyed(ctrip, gb18030Bytes(text)))).toEqual(['hi', '您好']);
  });

  it('loses a damaged row alone, in either encoding', async () => {
    const damaged = Buffer.from([0x31, 0xff, 0x0a]);
    for (const [encode, reason] of [
      [(text: string) => Buffer.from(text), 'not-utf8'],
      [gb18030Bytes, 'not-gb18030'],
    ] as const) {
      const file = Buffer.concat([encode(`${HEADER}\n${ROW}\n`), damaged, encode(`${REPLY}\n`)]);
      const items = await readSurveyed(ctrip, file, ZONE);
      expect(rejectionsOf(items)).toEqual([{ line: 3, reason }]);
      expect(texts(items)).toHaveLength(2);
    }
  });

  it('is read in the encoding that the mapping states', async () => {
    const profile = { encoding: 'gb18030' as const };
    const items = await readSurveyed(ctrip, gb18030Bytes(FILE), { ...ZONE, profile });
    expect(texts(items)).toHaveLength(2);
    const asUtf8 = await readSurveyed(ctrip, gb18030Bytes(FILE), {
      ...ZONE,
      profile: { encoding: 'utf-8' as const },
    });
    expect(rejectionsOf(asUtf8)).toEqual([{ line: 1, reason: 'not-utf8' }]);
  });

  it.each([',', ';', '\t', '|'] as const)(
    'may be delimited by %j, found by its header or stated',
    async (delimiter) => {
      for (const encode of [(text: string) => Buffer.from(text), gb18030Bytes]) {
        const file = encode(FILE.replaceAll(',', delimiter));
        expect(texts(await readSurveyed(ctrip, file, ZONE))).toEqual(['请问几点可以入住', '两点以后都可以']);
        expect(texts(await readSurveyed(ctrip, file, { ...ZONE, profile: { delimiter } }))).toHaveLength(2);
      }
    },
  );

  it('does not take the second byte of a character for a bar', async () => {
    // 亅 is 0x81 0x7C in GB 18030.
    const file = gb18030Bytes(`${HEADER}\n${ROW.replace('王芳', '亅亅丨')}\n`.replaceAll(',', '|'));
    expect(file.includes(Buffer.from([0x81, 0x7c]))).toBe(true);
    const [record] = recordsOf(await readSurveyed(ctrip, file, { ...ZONE, profile: { delimiter: '|' } }));
    expect(record).toMatchObject({ from: { name: '亅亅丨' }, text: '请问几点可以入住' });
    // Behind half a character no quote opens, which would take the next line along.
    const stray = gb18030Bytes(
      `${HEADER}\n${ROW.replace('王芳', '亅"x')}\n${REPLY}"\n${REPLY}\n`.replaceAll(',', '|'),
    );
    const items = await readSurveyed(ctrip, stray, { ...ZONE, profile: { delimiter: '|' } });
    expect(rejectionsOf(items)).toEqual([
      { line: 2, reason: 'bad-quoting' },
      { line: 3, reason: 'bad-quoting' },
    ]);
    expect(recordsOf(items)).toHaveLength(1);
    const quoted = gb18030Bytes(`${HEADER}\n${ROW.replace('王芳', '"亅|丨"')}\n`.replaceAll(',', '|'));
    expect(recordsOf(await readSurveyed(ctrip, quoted, ZONE))).toMatchObject([{ from: { name: '亅|丨' } }]);
  });

  it('may begin with the line by which Excel tells the delimiter', async () => {
    for (const first of ['sep=;', '"sep=;"', '\uFEFFSEP=;']) {
      const items = await readSurveyed(ctrip, `${first}\r\n${FILE.replaceAll(',', ';')}`, ZONE);
      expect(items.map(({ kind }) => kind)).toEqual(['skipped', 'skipped', 'record', 'record']);
    }
    expect(rejectionsOf(await readSurveyed(ctrip, `sep=#\n${FILE}`, ZONE))).toEqual([
      { line: 1, reason: 'unknown-delimiter' },
    ]);
  });

  it.each(["=cmd|'/c calc'!A1", '+1+1', '-2+3', '@SUM(A1)', '=HYPERLINK("http://x","y")'])(
    'keeps a cell that a spreadsheet would calculate as the words that it is: %s',
    async (cell) => {
      const quoted = `"${cell.replaceAll('"', '""')}"`;
      expect(
        texts(await readSurveyed(ctrip, `${HEADER}\n${ROW.replace('请问几点可以入住', quoted)}\n`, ZONE)),
      ).toEqual([cell]);
    },
  );

  it('reads a number that was written so that Excel takes it for text', async () => {
    const file = `订单号,手机,时间,角色,内容\n"=""0036912345""",'13800138000,2026-05-01 09:30,客人,您好\n`;
    expect(recordsOf(await readSurveyed(ctrip, file, ZONE))).toMatchObject([
      {
        placements: [
          {
            identifiers: [
              { kind: 'booking', value: '0036912345' },
              { kind: 'phone', value: '13800138000' },
            ],
          },
        ],
      },
    ]);
  });
});

describe('a mapping', () => {
  it('says which header is which column, and nothing else is it then', async () => {
    const file = 'Ref,When,Who,Said,内容\n7,2026-05-01 09:30,C,hello,hidden\n';
    const profile = {
      columns: { booking: 'ref', at: ['Moment', 'When'], from_role: 'Who', text: 'Said' },
      values: { from_role: { C: 'guest' } },
      timezone: 'Europe/Berlin',
    };
    expect(recordsOf(await readSurveyed(ctrip, file, { profile }))).toMatchObject([
      { text: 'hello', from: { role: 'guest' }, at: new Date('2026-05-01T07:30:00Z') },
    ]);
  });

  it.each([
    ['a column that this source does not have', { columns: { wizard: 'x' } }, 'unknown-mapped-column'],
    ['values of such a column', { values: { wizard: { a: 'b' } } }, 'unknown-mapped-column'],
    [
      'one header as two columns',
      { columns: { from_name: '发送人', guest_name: '发送人' } },
      'header-mapped-twice:guest_name',
    ],
    [
      'two headers of the file as one column',
      { columns: { text: ['内容', '发送人'] } },
      'duplicate-column:text',
    ],
    ['a required column by a header that is not there', { columns: { text: 'Said' } }, 'missing-column:text'],
  ])('that names %s is refused with the header', async (_, profile, reason) => {
    const items = await readSurveyed(ctrip, FILE, { ...ZONE, profile });
    expect(rejectionsOf(items)).toEqual([{ line: 1, reason }]);
    expect(items).toHaveLength(1);
    // Nothing is left to go on with.
    const [only] = items;
    expect(
      await readAll(ctrip, FILE, {
        ...ZONE,
        from: only?.end ?? { line: 0, offset: 0, items: 0, state: null },
      }),
    ).toEqual([]);
  });

  it('states how dates are written, and the order of day and month', async () => {
    const rows = (time: string) => `${HEADER}\n${ROW.replace('2026-05-01 09:30:00', time)}\n`;
    const at = async (time: string, profile: Parameters<typeof readSurveyed>[2]) =>
      (await readSurveyed(ctrip, rows(time), profile)).flatMap((item) =>
        item.kind === 'record' ? [item.at.toISOString()] : item.kind === 'rejected' ? [item.reason] : [],
      )[0];
    const zone = ZONE;
    expect(await at('01/05/2026 09:30', zone)).toBe('ambiguous-date');
    expect(await at('01/05/2026 09:30', { ...zone, profile: { dayOrder: 'day-first' } })).toBe(
      '2026-05-01T01:30:00.000Z',
    );
    expect(await at('05/01/2026 9:30 PM', { ...zone, profile: { dayOrder: 'month-first' } })).toBe(
      '2026-05-01T13:30:00.000Z',
    );
    const dateFormats = ['dd.MM.yy HH:mm', 'd MMM yyyy h:mm a', 'dd MMM yyyy HH:mm ZZZ'];
    expect(await at('01.05.26 09:30', { ...zone, profile: { dateFormats } })).toBe(
      '2026-05-01T01:30:00.000Z',
    );
    expect(await at('1 May 2026 9:30PM', { ...zone, profile: { dateFormats } })).toBe(
      '2026-05-01T13:30:00.000Z',
    );
    expect(await at('01 May 2026 09:30 +0200', { profile: { dateFormats } })).toBe(
      '2026-05-01T07:30:00.000Z',
    );
    expect(await at('01.05.26 09:30', { profile: { dateFormats } })).toBe('date-without-zone');
    expect(await at('2026年5月1日 下午9:30', zone)).toBe('2026-05-01T13:30:00.000Z');
    expect(await at('2026年5月1日9时05分', zone)).toBe('2026-05-01T01:05:00.000Z');
    expect(await at('2026-05-01 12:10 AM', zone)).toBe('2026-04-30T16:10:00.000Z');
    expect(await at('2026-05-01 13:10 PM', zone)).toBe('invalid-date');
    expect(await at('1777599000', {})).toBe('2026-05-01T01:30:00.000Z');
    expect(await at('1777599000123', {})).toBe('2026-05-01T01:30:00.123Z');
    expect(await at('2026-05-01', zone)).toBe('invalid-date');
    expect(await at('2026-05-01 09:30', {})).toBe('date-without-zone');
  });

  it('keeps the day beside the clock time, where they stand in two columns', async () => {
    const file = '订单号,日期,时间,角色,内容\n1,2026/5/1,9:30:05,客人,您好\n';
    expect(recordsOf(await readSurveyed(ctrip, file, ZONE))).toMatchObject([
      { at: new Date('2026-05-01T01:30:05Z') },
    ]);
  });
});

describe('going on with a table', () => {
  it('after any item, in whatever pieces, gives the same as one reading; the state holds no word of the file', async () => {
    const file =
      `sep=|\n${HEADER},张三的备注\n${ROW},x\n"open\n\n${REPLY.replace('两点', '"两点\r\n亅')}",y\n`.replaceAll(
        ',',
        '|',
      );
    for (const bytes of [Buffer.from(file), gb18030Bytes(file)]) {
      const whole = await readSurveyed(ctrip, bytes, ZONE);
      expect(recordsOf(whole)).toHaveLength(2);
      for (const [index, item] of whole.entries()) {
        expect(item.end.state).toMatch(/^[a-z0-9_, -]+$/);
        for (const chunk of [1, 7, 64 * 1024]) {
          expect(await readAll(ctrip, bytes, { ...ZONE, chunk, from: item.end })).toEqual(
            whole.slice(index + 1),
          );
        }
      }
    }
  });

  it('holds to a state that rows may have', async () => {
    const columns = Array.from({ length: LIMITS.csvColumns - 3 }, (_, n) => `c${n}`).join(',');
    const [header] = await readSurveyed(ctrip, `time,role,text,${columns}\n`);
    expect((header?.end.state ?? '').length).toBeLessThan(LIMITS.importStateCharacters);
    expect(header?.kind).toBe('skipped');
  });

  it('refuses to be built where one header would mean two columns', () => {
    expect(() =>
      mappedTable(
        'ctrip',
        { columns: ['a', 'b'], aliases: { a: ['名'], b: ['名'] }, required: [], long: [] },
        () => '',
      ),
    ).toThrow('means a and b');
  });
});

describe('dialogues in a table', () => {
  it('come out with the same words, times and speakers, in either encoding', async () => {
    const turns = dialogues().flatMap((dialogue, at) =>
      dialogue.map((turn) => ({ ...turn, conversation: `c${at}` })),
    );
    // A sign that takes four bytes in GB 18030 is no matter of this test.
    const sent = turns.map((turn, at) => ({
      ...turn,
      text: turn.text.replaceAll(/[^\p{Script=Han}\p{ASCII}，。？！、：]/gu, ''),
      at: new Date(Date.UTC(2026, 4, 1) + at * 1000),
    }));
    const rows = sent.map(({ conversation, at, role, text }) =>
      [conversation, at.toISOString(), role, `"${text.replaceAll('"', '""')}"`].join(';'),
    );
    const file = `会话;时间;角色;内容\r\n${rows.join('\r\n')}\r\n`;
    for (const bytes of [Buffer.from(`\uFEFF${file}`), gb18030Bytes(file)]) {
      const items = await readSurveyed(ctrip, bytes, { chunk: 1_000 });
      expect(
        recordsOf(items).map(({ placements, at, from, text }) => [
          placements[0].conversation,
          at,
          from.role,
          text,
        ]),
      ).toEqual(
        sent.map(({ conversation, at, role, text }) => [
          conversation,
          at,
          role === 'agent' ? 'staff' : role,
          text,
        ]),
      );
    }
  });
});

const SOURCES = ['internal', 'ctrip', 'pms-csv', 'keycard', 'stay', 'workgroup'] as const;
/** A whole row of each, to be damaged. */
const ROWS: Record<(typeof SOURCES)[number], string> = {
  internal: '时间,角色,内容,手机\n2026-05-01 09:30,客人,"你好, ""早""",13800138000\n',
  ctrip: '订单号,时间,角色,内容,附件\n36912345,2026-05-01 09:30,客人,"你好, ""早""",a.png\n',
  'pms-csv':
    '预订号,时间,备注,内部,客人姓名,房号,入住日期\nBK-7,2026-05-01 09:30,"加床",是,王芳,1203,2026-05-01\n',
  keycard: '时间,门,事件,方向,卡号,客人姓名,房号\n2026-05-01 09:30,1203,开门,进,0A7F,王芳,1203\n',
  stay: '订单号,客人姓名,房号,入住日期,离店日期,晚数\nBK-7,王芳,1203,2026-05-01,2026-05-03,2\n',
  workgroup: '群ID,聊天类型,时间,账号,内容\ng-7,群聊,2026-05-01 09:30,e7,"退房, 延迟"\n',
};
const CELL = fc.constantFrom(
  '',
  'NULL',
  '时间',
  '内容',
  '角色',
  '客人',
  '房号',
  '订单号',
  '入住日期',
  '离店日期',
  '账号',
  '群',
  '私聊',
  'sep=;',
  '1203',
  '2026-05-01',
  '2026-05-01 09:30',
  '99999999999999',
  '=1+1',
  '"a""b"',
  '"',
  '\0',
  '{',
  '<',
  '\uFEFF',
  '__proto__',
  'constructor',
);

describe.each(SOURCES)('the importer of %s', (source) => {
  const importer = importerOf(source);
  if (importer === null) throw new Error(`${source} has no importer`);

  it('makes records or reasons of whatever table, the same in whatever pieces', async () => {
    const row = fc.array(CELL, { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 6 }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom(null, 'UTC'),
        fc.integer({ min: 1, max: 50 }),
        async (rows, delimiter, timezone, chunk) => {
          const text = rows.map((cells) => cells.join(delimiter)).join('\n');
          const items = await readSurveyed(importer, text, { timezone, chunk });
          expect(items).toEqual(await readSurveyed(importer, text, { timezone }));
          for (const item of items) {
            if (item.kind === 'rejected') expect(item.reason).toMatch(/^[a-z0-9-]+(:[a-z_A-Z.]+)?$/);
          }
        },
      ),
    );
  });

  it('makes records or reasons of a damaged row', async () => {
    const whole = ROWS[source];
    expect(recordsOf(await readSurveyed(importer, whole, { timezone: 'UTC' }))).toHaveLength(1);
    const unit = fc.constantFrom('"', ',', '\n', '\r', ';', '\0', '=', '9', '-', '/', '年', ' ');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(20),
        fc.string({ unit, maxLength: 6 }),
        async (at, removed, inserted) => {
          const start = at % whole.length;
          const damaged = whole.slice(0, start) + inserted + whole.slice(start + removed);
          for (const item of await readSurveyed(importer, damaged, { timezone: 'UTC' })) {
            if (item.kind === 'rejected') expect(item.reason).toMatch(/^[a-z0-9-]+(:[a-z_A-Z.]+)?$/);
            if (item.kind === 'record') expect(Number.isNaN(item.at.getTime())).toBe(false);
          }
        },
      ),
    );
  });

  it('never throws, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, withHeader) => {
        const head = withHeader ? '时间,角色,内容,订单号,房号,卡号,入住日期,群,账号\n' : '';
        await readSurveyed(importer, Buffer.concat([gb18030Bytes(head), bytes]), { timezone: 'UTC' });
      }),
    );
  });
});
