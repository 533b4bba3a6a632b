import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ColumnRow, decodeColumns, encodeColumns } from '../../../shared/crypto/block-columns.ts';
import { SealedContentError } from '../../../shared/crypto/sealed-object-error.ts';

const MOST = 1024 ** 2;
const AT = Date.UTC(2026, 4, 1, 8, 0, 0, 250);

function row(original: string | Uint8Array, text: string, line: number, at = AT + line * 1000): ColumnRow {
  const normalised = JSON.stringify({ platform: 'wecom', line, from: { role: 'guest' }, text });
  return { original: Buffer.from(original), normalised, text, at };
}

function message(line: number, text: string): ColumnRow {
  const at = AT + line * 1000;
  const id = `7${String(line * 7919).padStart(17, '3')}_${Math.floor(at / 1000)}_external`;
  return row(`{"msgid":"${id}","msgtime":${at},"text":{"content":${JSON.stringify(text)}}}`, text, line);
}

function thereAndBack(rows: readonly ColumnRow[]) {
  const { columns, bytes } = encodeColumns(rows);
  const pairs = decodeColumns(
    columns,
    rows.map(({ at }) => at),
    MOST,
  );
  expect(pairs.map(({ original }) => original.toString('hex'))).toEqual(
    rows.map(({ original }) => Buffer.from(original).toString('hex')),
  );
  expect(pairs.map(({ normalised }) => normalised.toString())).toEqual(
    rows.map(({ normalised }) => normalised),
  );
  expect(bytes).toBe(pairs.reduce((sum, pair) => sum + pair.original.length + pair.normalised.length, 0));
  return columns;
}

describe('records in columns', () => {
  it('come back byte by byte, whatever they were', () => {
    const original = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 60 }).map((text) => Buffer.from(text)),
      fc.json().map((json) => Buffer.from(json)),
      fc.json().map((json) => Buffer.from(`{"a":${json},"n":"id-00123456789012345678901_x","e":"\\"\\\\"`)),
      fc
        .bigInt({ min: 0n, max: 10n ** 22n })
        .map((n) => Buffer.from(`{"id":"m_${n}","n":${n},"text":"${n}"}`)),
    );
    const rows = fc.array(fc.tuple(original, fc.string({ unit: 'binary' }), fc.nat(4 * 10 ** 12)), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(rows, (some) => {
        thereAndBack(some.map(([bytes, text, at], line) => row(bytes, text, line + 1, at)));
      }),
      { numRuns: 500 },
    );
  });

  const LAST_TIME = 8.64e15;
  const time = fc.oneof(
    fc.constantFrom(-LAST_TIME, -LAST_TIME + 1, -AT, -1, 0, 1, AT, AT + 1, LAST_TIME - 1, LAST_TIME),
    fc.integer({ min: -LAST_TIME, max: LAST_TIME }),
  );
  const digits = fc.oneof(
    fc.constantFrom('0', '7', String(AT), String(AT / 1000), '999999999999999', '1000000000000000'),
    fc.constantFrom(String(2 ** 52), String(Number.MAX_SAFE_INTEGER), '9'.repeat(19), '1'.repeat(20)),
    fc.constantFrom('00', '0123456789012345', '9'.repeat(400)),
    fc.maxSafeNat().map(String),
    fc.bigInt({ min: 0n, max: 10n ** 21n }).map(String),
  );
  /** Lines with the number in different places, one of them no UTF-8, one of no number at all. */
  const SHAPES: readonly ((number: string) => Uint8Array)[] = [
    (number) => Buffer.from(`{"at":${number}}`),
    (number) => Buffer.from(`{"at":${number},"id":"m_${number}_x","more":[${number},"-${number}"]}`),
    (number) => Buffer.from(`{"at":-${number}.${number}e${number}}`),
    (number) => Buffer.from(`desk,${number},said`),
    (number) =>
      Buffer.concat([Buffer.from(`{"at":${number},"b":"`), Buffer.of(0xff, 0xfe), Buffer.from('"}')]),
    () => Buffer.from('{}'),
  ];
  const shape = fc.constantFrom(...SHAPES);

  it('come back byte by byte, whatever their times and numbers are, in however many shapes', () => {
    const lines = fc.array(fc.tuple(shape, digits, time), { maxLength: 40 });
    fc.assert(
      fc.property(lines, (some) => {
        thereAndBack(some.map(([line, number, at]) => row(line(number), number, 1, at)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('come back where most numbers are the times, and one record has a small number at an extreme time', () => {
    const lines = fc.tuple(shape, fc.nat(40), fc.nat(40), time, digits);
    fc.assert(
      fc.property(lines, ([line, count, odd, extreme, number]) => {
        const usual = Array.from({ length: count + 1 }, (_, n) => AT + n * 61_000);
        const rows = usual.map((at) => row(line(String(at)), 'one', 1, at));
        rows[odd % rows.length] = row(line(number), 'odd', 1, extreme);
        thereAndBack(rows);
      }),
      { numRuns: 1_000 },
    );
    const thirty = Array.from({ length: 30 }, (_, n) =>
      row(`{"at":${AT + n * 61_000}}`, '', 1, AT + n * 61_000),
    );
    thereAndBack([...thirty.slice(1), row('{"at":7}', '', 1, LAST_TIME)]);
    thereAndBack([...thirty.slice(1), row('{"at":7}', '', 1, -LAST_TIME)]);
  });

  it.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY])(
    'keep numbers as they are beside a time that is none (%d)',
    (at) => {
      thereAndBack([row('{"at":7}', '', 1, AT), row('{"at":1777622400250}', '', 2, at)]);
    },
  );

  it('of a block without records are those of none', () => {
    expect(thereAndBack([])).toHaveLength(5);
  });

  it('keep apart what is original and what is normalised, also where one of them is empty', () => {
    const empty = { normalised: '', text: '', at: AT };
    thereAndBack([
      { ...empty, original: Buffer.from('{"a":"one"}') },
      { ...empty, original: Buffer.from('{"a":'), normalised: '"two"}' },
      { ...empty, original: Buffer.of(), normalised: '{"a":"three"}' },
    ]);
  });

  it('say once what all messages of a conversation say, and no text twice', () => {
    const rows = Array.from({ length: 20 }, (_, line) => message(line + 1, `message number ${line}: 请问`));
    const columns = thereAndBack(rows);
    const said = columns.toString('latin1');
    expect(said.split('"msgtime":')).toHaveLength(2);
    expect(said.split('message number 7')).toHaveLength(2);
    expect(said).not.toContain('17776');
  });

  it('take a text out of a line that is no JSON', () => {
    const said = thereAndBack([row('2026-05-01,desk,Is breakfast included?,x', 'Is breakfast included?', 1)]);
    expect(said.toString('latin1').split('breakfast')).toHaveLength(2);
  });

  it('hold messages of many shapes in one block', () => {
    thereAndBack([
      message(1, 'one'),
      row('{"a":"other"}', 'other', 2),
      message(3, 'with "quotes" and \\ and \u0000'),
      row('no json', 'else', 4),
      row(Buffer.from([0xff, 0xfe, 0xfd, 0x7b]), 'not UTF-8', 5),
      message(6, ''),
      row('{"unclosed":"string', 'string', 7),
      row('', '', 8),
    ]);
  });

  it('are scanned in time that grows with their length, whatever they hold', () => {
    for (const hostile of [
      '"'.repeat(200_000),
      '\\'.repeat(200_000),
      '1'.repeat(200_000),
      '{"a":'.repeat(40_000),
    ]) {
      thereAndBack([row(`{"a":"${hostile} `, hostile.slice(0, 100), 1)]);
    }
  });

  it('are refused, as a named error, where they are cut, have more, or are of other records', () => {
    const rows = [message(1, 'one'), message(2, 'two')];
    const { columns } = encodeColumns(rows);
    const times = rows.map(({ at }) => at);
    for (let length = 0; length < columns.length; length += 1) {
      expect(() => decodeColumns(columns.subarray(0, length), times, MOST)).toThrow(SealedContentError);
    }
    expect(() => decodeColumns(Buffer.concat([columns, Buffer.of(0)]), times, MOST)).toThrow(
      SealedContentError,
    );
    expect(() => decodeColumns(columns, times.slice(1), MOST)).toThrow(SealedContentError);
    expect(() => decodeColumns(columns, [...times, AT], MOST)).toThrow(SealedContentError);
    expect(() => decodeColumns(columns, times, 100)).toThrow(SealedContentError);
  });

  it('open or are refused by name, whatever byte is changed, and never hang', () => {
    const rows = [message(1, 'one'), row('x,two,y', 'two', 2), row(Buffer.from([0xff]), 'three', 3)];
    const { columns } = encodeColumns(rows);
    fc.assert(
      fc.property(fc.nat(columns.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(columns);
        changed[at] = byte;
        try {
          decodeColumns(
            changed,
            rows.map((one) => one.at),
            MOST,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(SealedContentError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
