import { isDigit, isSeparator, type Search } from './masked-span.ts';

/**
 * Digits that may be one number: those with nothing but a few separators between them. `values` are 0 to 9, and 10 for
 * the X that ends an identity number; `at` says where each stands in the view. A number begins and ends where a group
 * of digits does (`opens`, `closes`); `dated` marks digits of something
 * that reads as a date.
 */
export type DigitRun = {
  values: number[];
  at: number[];
  opens: boolean[];
  closes: boolean[];
  dated: boolean[];
};

const SEPARATORS_BETWEEN_DIGITS = 4;

/** Digits as they are spelled in Chinese: 一三八 is as much a phone number as 138. */
const SPELLED: Record<string, number> = {
  零: 0,
  〇: 0,
  幺: 1,
  一: 1,
  壹: 1,
  二: 2,
  贰: 2,
  三: 3,
  叁: 3,
  四: 4,
  肆: 4,
  五: 5,
  伍: 5,
  六: 6,
  陆: 6,
  七: 7,
  柒: 7,
  八: 8,
  捌: 8,
  九: 9,
  玖: 9,
};

function writtenDigit(unit: string): number {
  return isDigit(unit) ? Number(unit) : -1;
}

function writtenOrSpelledDigit(unit: string): number {
  return isDigit(unit) ? Number(unit) : (SPELLED[unit] ?? -1);
}

/** Every run of at least `least` digits: digits alone, then (`spelled`) those runs that have spelled digits among them. */
export function* digitRuns(search: Search, least: number, spelled: boolean): Generator<DigitRun> {
  const { text } = search.view;
  const digit = spelled ? writtenOrSpelledDigit : writtenDigit;
  let at = 0;
  while (at < text.length) {
    search.steps += 1;
    if (digit(text.charAt(at)) < 0) {
      at += 1;
      continue;
    }
    const run = { values: [] as number[], at: [] as number[] };
    let last = at;
    let withSpelled = false;
    for (; at < text.length && at - last <= SEPARATORS_BETWEEN_DIGITS + 1; at += 1) {
      search.steps += 1;
      const unit = text.charAt(at);
      const value = digit(unit);
      const endsIdentity = unit === 'x' || unit === '×';
      if (value < 0 && !endsIdentity && !isSeparator(unit)) break;
      if (value < 0 && !endsIdentity) continue;
      run.values.push(endsIdentity ? 10 : value);
      run.at.push(at);
      withSpelled ||= !endsIdentity && !isDigit(unit);
      last = at;
    }
    at = last + 1;
    if (run.values.length >= least && (!spelled || withSpelled)) yield bounded(run, text);
  }
}

function bounded({ values, at }: { values: number[]; at: number[] }, text: string): DigitRun {
  const opens = values.map((_, i) => i === 0 || (at[i] ?? 0) > (at[i - 1] ?? 0) + 1 || values[i - 1] === 10);
  const closes = values.map((value, i) => {
    if (i === values.length - 1 || value === 10) return true;
    return opens[i + 1] === true || values[i + 1] === 10;
  });
  return { values, at, opens, closes, dated: datedDigits(values, at, text) };
}

const DATE = /^(20[0-3]\d)([-./])(\d{1,2})\2(\d{1,2})(?!\d)|^20[0-3]\d{5}(?!\d)/;

/** Marks digits that read as a date of this century: 2026-05-01, 2026/5/1, 20260501. */
function datedDigits(values: number[], at: number[], text: string): boolean[] {
  const dated = values.map(() => false);
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] !== 2 || values[i + 1] !== 0 || at[i] === (at[i - 1] ?? -2) + 1) continue;
    const from = at[i] ?? 0;
    const [found = '', year, , month = '', day = ''] = DATE.exec(text.slice(from, from + 11)) ?? [];
    const digits = year === undefined ? found : year + month.padStart(2, '0') + day.padStart(2, '0');
    if (!isCalendarDate(digits)) continue;
    for (let j = i; j < values.length && (at[j] ?? 0) < from + found.length; j += 1) dated[j] = true;
  }
  return dated;
}

/** `19491231`: a date that a person may be born on or a stay may begin on. */
export function isCalendarDate(digits: string): boolean {
  if (!/^(?:19|20)\d{6}$/.test(digits)) return false;
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
