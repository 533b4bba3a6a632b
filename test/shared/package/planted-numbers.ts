import fc from 'fast-check';
import { textView } from '../../../shared/package/text-view.ts';

/** Generators of numbers that must never be seen, and of the ways in which people write them. */

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''));

/** A card number of 13 to 19 digits that satisfies Luhn. */
export const card = fc
  .tuple(fc.constantFrom('62', '4', '5', '3', '6', '81', '9'), fc.integer({ min: 13, max: 19 }))
  .chain(([prefix, length]) => digits(length - prefix.length - 1).map((rest) => withLuhn(prefix + rest)))
  .filter((number) => !/^(\d)\1*$/.test(number));

function withLuhn(body: string): string {
  const sum = [...body]
    .reverse()
    .map(Number)
    .reduce((total, digit, i) => total + (i % 2 === 0 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

const born = fc.date({ min: new Date('1930-01-01'), max: new Date('2015-12-31'), noInvalidDate: true });
const place = fc.constantFrom('110105', '310101', '330106', '440305', '510104', '650103');

/** A Chinese identity number of 18 characters with its check digit. */
export const identityNumber = fc.tuple(place, born, digits(3)).map(([region, date, order]) => {
  const body = region + date.toISOString().slice(0, 10).replaceAll('-', '') + order;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
  return body + '10X98765432'.charAt(sum % 11);
});

/** The form of 15 digits that was given until 1999. */
export const oldIdentityNumber = fc
  .tuple(
    place,
    fc.date({ min: new Date('1930-01-01'), max: new Date('1985-12-31'), noInvalidDate: true }),
    digits(3),
  )
  .map(([region, date, order]) => region + date.toISOString().slice(2, 10).replaceAll('-', '') + order);

export const mobile = fc
  .tuple(fc.constantFrom('13', '15', '17', '18', '19'), digits(9))
  .map(([prefix, rest]) => prefix + rest);

const separator = fc.constantFrom(
  '',
  '',
  '',
  ' ',
  '-',
  '  ',
  ' - ',
  '·',
  '.',
  '\u00a0',
  '\u3000',
  '\u200b',
  '–',
);

/** Signs, markup and blanks that people, programs and the clever put between digits. */
const sign = fc.oneof(
  separator,
  fc.constantFrom(
    ...[
      ',',
      '，',
      '、',
      '*',
      ':',
      '|',
      "'",
      '~',
      '#',
      '+',
      '=',
      '\\',
      '[',
      ']',
      '"',
      '❤',
      '和',
      '年',
      '月',
      '日',
    ],
    ...[
      '     ',
      ', ',
      ' * ',
      '->',
      '…',
      '<br>',
      '</p>',
      '<br/>',
      '<span class="x">',
      '&nbsp;',
      '&#8203;',
      '&#xa0;',
    ],
    ...['\u0001', '\u001f', '\u3164', '\u115f', '\uffa0', '\u2800', '\u0903', '\u093e', '\u00ad', '\u202e'],
  ),
);

/** The number with any of those anywhere between its characters. */
export function signed(number: string): fc.Arbitrary<string> {
  return between(number, sign);
}

/** The number with separators anywhere between its characters, but where that makes a date of a part of it. */
export function separated(number: string): fc.Arbitrary<string> {
  return between(number, separator);
}

function between(number: string, separators: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(separators, { minLength: number.length - 1, maxLength: number.length - 1 })
    .map((all) => [...number].map((unit, i) => unit + (all[i] ?? '')).join(''))
    .filter((written) => !readsAsDate(written));
}

/** A part of a number that reads as a date or time is the one thing that grouping may hide (docs/formats/package.md). */
function readsAsDate(written: string): boolean {
  const plain = textView(written).text;
  return /20[0-3]\d([-./])\d{1,2}\1\d|20[0-3]\d年\d{1,2}月\d|(?<!\d)\d{1,2}:\d\d(?!\d)/.test(plain);
}

const DISGUISES: Record<string, string> = {
  0: '〇零⓿Oo',
  1: '壹幺❶〡lI',
  2: '两兩貳贰❷〢',
  3: '參叁叄❸〣',
  4: '肆❹〤',
  5: '伍❺〥',
  6: '陸陆❻〦',
  7: '柒拐❼〧',
  8: '捌❽〨',
  9: '玖勾❾〩',
};

/** The number with some of its digits spelled, circled, in Suzhou numerals, or as the letters that look like them. */
export function disguised(number: string): fc.Arbitrary<string> {
  return fc
    .array(fc.nat({ max: 11 }), { minLength: number.length, maxLength: number.length })
    .map((picks) =>
      [...number].map((unit, i) => [...(DISGUISES[unit] ?? '')][picks[i] ?? 0] ?? unit).join(''),
    );
}

const scripts = [0x30, 0xff10, 0x0660, 0x0966, 0x1d7ce];

/** The number with its digits in other scripts: full-width, Arabic-Indic, Devanagari, mathematical. */
export function inAnyScript(number: string): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...scripts), { minLength: number.length, maxLength: number.length })
    .map((zeros) =>
      [...number]
        .map((unit, i) => (/\d/.test(unit) ? String.fromCodePoint((zeros[i] ?? 0x30) + Number(unit)) : unit))
        .join(''),
    );
}

/** What stands around a number: no digits right beside it, which would make it another number. */
export const words = fc.constantFrom(
  '',
  '我的号码是',
  '请问 ',
  'my number is ',
  '。谢谢',
  ', thanks',
  '房间1203,',
  '（',
  '\n',
  ' 2026-05-01入住,',
  '¥1288.00 ',
);

/** All digits of a text in order, whatever stands between them: what is left for someone to read together. */
export function digitsOf(text: string): string {
  const undisguised = Object.entries(DISGUISES).reduce(
    (all, [digit, forms]) => [...forms].reduce((one, form) => one.replaceAll(form, digit), all),
    text.replace(/&[#a-z0-9]+;/g, ''),
  );
  return writtenDigitsOf(undisguised);
}

function writtenDigitsOf(text: string): string {
  return [...text.normalize('NFKC')]
    .map((unit) => {
      const code = unit.codePointAt(0) ?? 0;
      const zero = [0x0660, 0x0966].find((start) => code >= start && code <= start + 9);
      return zero === undefined ? unit : String(code - zero);
    })
    .join('')
    .toUpperCase()
    .replace(/[^0-9X]/g, '');
}
