import { type Gap, gapAt, isAlphanumeric, isDigit, isLetter, type Search } from './masked-span.ts';

/**
 * Digits that may be one number: those with nothing but a few separators between them. `values` are 0 to 9, and 10 for
 * the X that ends an identity number; `at` says where each stands in the view. A number begins and ends where a group
 * of digits does (`opens`, `closes`); `wide` marks digits before which other separators stand than those that group a
 * number; `dated` and `timed` mark digits of something that reads as a date or as a time of day.
 */
export type DigitRun = {
  values: number[];
  at: number[];
  opens: boolean[];
  closes: boolean[];
  wide: boolean[];
  dated: boolean[];
  timed: boolean[];
};

/** Digits as they are spelled in Chinese, plain, financial and on the telephone: 一三八 is as much a phone number as 138. */
const SPELLED: Record<string, number> = Object.fromEntries(
  [
    '零〇洞',
    '一壹壱弌幺',
    '二贰貳弍弐两兩',
    '三叁參叄弎参',
    '四肆',
    '五伍',
    '六陆陸',
    '七柒拐',
    '八捌',
    '九玖勾',
  ].flatMap((characters, value) => [...characters].map((character) => [character, value])),
);
/** Letters that are read, and typed, for digits. */
const LOOK_ALIKE: Record<string, number> = { o: 0, l: 1, i: 1 };

type DigitAt = (text: string, at: number) => number;

function writtenDigit(text: string, at: number): number {
  const unit = text.charAt(at);
  return isDigit(unit) ? Number(unit) : -1;
}

/**
 * Look-alikes count where no other letter stands beside them, in 62O2 and not in `hotel`; one that stands alone counts
 * where a digit follows, in `6 2 O 2` and not in “01223 356684. I would”.
 */
function anyDigit(text: string, at: number): number {
  const unit = text.charAt(at);
  if (isDigit(unit)) return Number(unit);
  const alike = LOOK_ALIKE[unit];
  if (alike === undefined) return SPELLED[unit] ?? -1;
  const [before, after] = [text.charAt(at - 1), text.charAt(at + 1)];
  if (isLetter(before) && LOOK_ALIKE[before] === undefined) return -1;
  if (isLetter(after) && after !== 'x' && LOOK_ALIKE[after] === undefined) return -1;
  const joined = [before, after].some((beside) => isAlphanumeric(beside) || SPELLED[beside] !== undefined);
  return joined || /^[^\p{L}\p{N}]{1,4}[0-9]/u.test(text.slice(at + 1, at + 6)) ? alike : -1;
}

/**
 * Every run of at least `least` digits: digits alone, then (`disguised`) those runs that have digits among them which
 * are spelled or look alike.
 */
export function* digitRuns(search: Search, least: number, disguised: boolean): Generator<DigitRun> {
  const text = asDigitsAreRead(search.view.text);
  const read: Search = { view: { ...search.view, text }, steps: text.length };
  const digit: DigitAt = disguised ? anyDigit : writtenDigit;
  for (let at = 0; at < text.length; ) {
    read.steps += 1;
    if (digit(text, at) < 0) {
      at += 1;
      continue;
    }
    const run = { values: [] as number[], at: [] as number[], wide: [] as boolean[] };
    let disguise = false;
    let gap: Gap | null = { next: at, wide: false };
    while (gap !== null) {
      const unit = text.charAt(gap.next);
      const value = unit === 'x' ? 10 : digit(text, gap.next);
      if (value < 0) break;
      run.values.push(value);
      run.at.push(gap.next);
      run.wide.push(gap.wide);
      disguise ||= value < 10 && !isDigit(unit);
      at = gap.next + 1;
      gap = gapAt(read, at);
    }
    if (run.values.length >= least && (!disguised || disguise)) yield bounded(run, text);
  }
  search.steps += read.steps;
}

/** A circle beside a spelled digit is a zero, as in 二○二六, and elsewhere a sign; a cross is an X. */
function asDigitsAreRead(text: string): string {
  return text
    .replaceAll('×', 'x')
    .replace(
      /(?<=[零〇洞一壹壱弌幺二贰貳弍弐两兩三叁參叄弎参四肆五伍六陆陸七柒拐八捌九玖勾○◯])[○◯]|[○◯](?=[零〇洞一壹壱弌幺二贰貳弍弐两兩三叁參叄弎参四肆五伍六陆陸七柒拐八捌九玖勾])/g,
      '〇',
    );
}

function bounded(run: Pick<DigitRun, 'values' | 'at' | 'wide'>, text: string): DigitRun {
  const { values, at } = run;
  const opens = values.map((_, i) => i === 0 || (at[i] ?? 0) > (at[i - 1] ?? 0) + 1 || values[i - 1] === 10);
  const closes = values.map((value, i) => {
    if (i === values.length - 1 || value === 10) return true;
    return opens[i + 1] === true || values[i + 1] === 10;
  });
  return { ...run, opens, closes, dated: datedDigits(run, text), timed: timedDigits(run, text) };
}

const DATE = /^(20[0-3]\d)(?:([-./])(\d{1,2})\2|年(\d{1,2})月)(\d{1,2})(?!\d)|^20[0-3]\d{5}(?!\d)/;

/** Marks digits that read as a date of this century: 2026-05-01, 2026/5/1, 2026年5月1日, 20260501. */
function datedDigits({ values, at }: Pick<DigitRun, 'values' | 'at'>, text: string): boolean[] {
  const dated = values.map(() => false);
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] !== 2 || values[i + 1] !== 0 || at[i] === (at[i - 1] ?? -2) + 1) continue;
    const from = at[i] ?? 0;
    const [found = '', year, , month = '', monthInWords = '', day = ''] =
      DATE.exec(text.slice(from, from + 11)) ?? [];
    const digits =
      year === undefined ? found : year + (month || monthInWords).padStart(2, '0') + day.padStart(2, '0');
    if (isCalendarDate(digits)) mark(dated, at, i, from + found.length);
  }
  return dated;
}

const TIME = /^(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:])/;

/** Marks digits that read as a time of day: 9:30, 23:00:59. Among more pairs with colons there is none. */
function timedDigits({ values, at }: Pick<DigitRun, 'values' | 'at'>, text: string): boolean[] {
  const timed = values.map(() => false);
  for (let i = 0; i < values.length; i += 1) {
    const from = at[i] ?? 0;
    if (from === (at[i - 1] ?? -2) + 1 || text.charAt(from - 1) === ':') continue;
    const [found] = TIME.exec(text.slice(from, from + 9)) ?? [];
    if (found !== undefined) mark(timed, at, i, from + found.length);
  }
  return timed;
}

function mark(marks: boolean[], at: number[], first: number, end: number): void {
  for (let i = first; i < marks.length && (at[i] ?? 0) < end; i += 1) marks[i] = true;
}

/** `19491231`: a date that a person may be born on or a stay may begin on. */
export function isCalendarDate(digits: string): boolean {
  if (!/^(?:19|20)\d{6}$/.test(digits)) return false;
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
