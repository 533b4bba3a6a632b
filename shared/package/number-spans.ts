import { type DigitRun, digitRuns, isCalendarDate } from './digit-run.ts';
import { isGrouping, type RedactionKind, type Search, type Span } from './masked-span.ts';

const LONGEST_NUMBER = 20;
const IDENTITY_LENGTHS = [15, 18];
/** First two digits of a Chinese identity number: provinces, and 9 for foreigners' permanent residence cards. */
const PROVINCES = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9\d)/;
const CHECK_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2];

/**
 * Numbers that are recognised by their digits alone, however they are grouped: Chinese identity numbers (GB 11643, 18
 * and 15 digits), bank cards (13 to 19 digits, Luhn), and phone numbers. A number begins and ends with a group of
 * digits; an identity number with a right check digit is also found inside a longer string of digits.
 */
export function numberSpans(search: Search): Span[] {
  const spans: Span[] = [];
  for (const disguised of [false, true]) {
    for (const run of digitRuns(search, 8, disguised)) {
      spans.push(...boundedNumbers(search, run), ...hiddenIdentityNumbers(search, run));
    }
  }
  return spans;
}

function boundedNumbers(search: Search, run: DigitRun): Span[] {
  const spans: Span[] = [];
  for (let start = 0; start < run.values.length; start += 1) {
    search.steps += 1;
    if (run.opens[start] !== true) continue;
    const plusAt = followsPlus(search, run.at[start] ?? 0);
    const plus = plusAt !== null;
    // Longest first among numbers with a plus sign: how long those are can't be told from their digits.
    let international: Span | null = null;
    const window = new NumberWindow();
    for (let end = start; end < run.values.length && end < start + LONGEST_NUMBER; end += 1) {
      search.steps += 1;
      window.add(run, end);
      if (run.closes[end] !== true) continue;
      const kind = window.kind();
      if (kind !== null) spans.push({ ...span(run, start, end, kind), loose: window.isLoose() });
      if (plus && window.mayBeInternational()) {
        international = { ...span(run, start, end, 'phone'), from: plusAt };
      }
    }
    if (international !== null) spans.push(international);
  }
  return spans;
}

function span(run: DigitRun, start: number, end: number, kind: RedactionKind): Span {
  return { from: run.at[start] ?? 0, to: (run.at[end] ?? 0) + 1, kind };
}

/** Where the plus sign before this digit stands, as in `+86 138…` or `+(86) 138…`; null where there is none. */
function followsPlus(search: Search, at: number): number | null {
  for (let before = at - 1; before >= 0 && before >= at - 3; before -= 1) {
    search.steps += 1;
    const unit = search.view.text.charAt(before);
    if (unit === '+') return before;
    if (!isGrouping(unit)) return null;
  }
  return null;
}

/** The digits from where a number may begin to where it may end, one group after another. */
class NumberWindow {
  #digits = '';
  #groups: number[] = [];
  #wide = false;
  #dated = 0;
  #timed = 0;
  #datedFirst = false;
  #datedAtEdge = false;
  #timedFirst = false;
  #evenDoubled = 0;
  #oddDoubled = 0;
  #check = 0;
  #endsWithX = false;

  add(run: DigitRun, index: number): void {
    const value = run.values[index] ?? 0;
    const dated = run.dated[index] === true;
    const timed = run.timed[index] === true;
    const position = this.#digits.length;
    if (run.opens[index] === true) this.#groups.push(position);
    if (position > 0) this.#wide ||= run.wide[index] === true;
    if (position < 17) this.#check += value * (CHECK_WEIGHTS[position] ?? 0);
    this.#endsWithX ||= value === 10;
    const doubled = value > 4 ? value * 2 - 9 : value * 2;
    this.#evenDoubled += position % 2 === 0 ? doubled : value;
    this.#oddDoubled += position % 2 === 0 ? value : doubled;
    if (dated) this.#dated += 1;
    if (timed) this.#timed += 1;
    if (position === 0) this.#datedFirst = dated;
    if (position === 0) this.#timedFirst = timed;
    this.#datedAtEdge = this.#datedFirst || dated;
    this.#digits += value === 10 ? 'x' : String(value);
  }

  /** Whether other separators stand in it than those that group a number. */
  isLoose(): boolean {
    return this.#wide;
  }

  kind(): RedactionKind | null {
    if (this.#isIdentityNumber()) return 'identity-document';
    if (this.#endsWithX) return null;
    // Written with its country code, a phone number is no card, even where its digits satisfy Luhn.
    if (this.#isPhone()) return 'phone';
    return this.#isCard() ? 'bank-card' : null;
  }

  /** 7 to 15 digits (ITU-T E.164), grouped as one number, no date among them. */
  mayBeInternational(): boolean {
    const { length } = this.#digits;
    if (this.#dated > 0 || this.#timed > 0 || this.#wide) return false;
    return length >= 7 && length <= 15 && !this.#endsWithX;
  }

  #isIdentityNumber(): boolean {
    const digits = this.#digits;
    if (!IDENTITY_LENGTHS.includes(digits.length) || !PROVINCES.test(digits)) return false;
    if (digits.length === 15) return /^\d{15}$/.test(digits) && isCalendarDate(`19${digits.slice(6, 12)}`);
    if (!/^\d{17}[\dx]$/.test(digits)) return false;
    const last = digits.endsWith('x') ? 10 : Number(digits.at(-1));
    // A check digit alone fits one in eleven lists of numbers; a date of birth tells them apart.
    return isCalendarDate(digits.slice(6, 14)) || (!this.#wide && CHECK_DIGITS[this.#check % 11] === last);
  }

  #isCard(): boolean {
    const { length } = this.#digits;
    if (length < 13 || length > 19 || /^(\d)\1*$/.test(this.#digits)) return false;
    // A phone or a room number beside a date makes a string that satisfies Luhn in one of ten cases.
    if (this.#datedAtEdge && length - this.#dated < DIGITS_BESIDE_DATE) return false;
    if (length - this.#timed < DIGITS_BESIDE_TIME) return false;
    if (this.#wide && (!ISSUED.test(this.#digits) || this.#isList())) return false;
    const sum = length % 2 === 0 ? this.#evenDoubled : this.#oddDoubled;
    return sum % 10 === 0 && !isTimestamp(this.#digits);
  }

  /** Rooms, prices or phones one after another, `6201、6202、6203`: groups of one length, each near the one before. */
  #isList(): boolean {
    const ends = [...this.#groups.slice(1), this.#digits.length];
    const lengths = this.#groups.map((from, i) => (ends[i] ?? 0) - from);
    const [first = 0] = lengths;
    if (lengths.length < (first < 7 ? 3 : 2) || first < 3 || lengths.some((one) => one !== first))
      return false;
    const values = this.#groups.map((from, i) => Number(this.#digits.slice(from, ends[i])));
    return values.every((value, i) => i === 0 || Math.abs(value - (values[i - 1] ?? 0)) <= NEAR);
  }

  #isPhone(): boolean {
    const digits = this.#digits;
    if (this.#timedFirst || this.#timed >= 8) return false;
    if (this.#timed > 0 && this.#dated + this.#timed >= 6) return false;
    if (MOBILE.test(digits) || LANDLINE.test(digits) || INTERNATIONAL_PREFIX.test(digits)) return true;
    return digits.length === 10 && this.#groups.join() === '0,3,6' && !this.#wide && /^[2-9]/.test(digits);
  }
}

const DIGITS_BESIDE_DATE = 12;
const DIGITS_BESIDE_TIME = 6;
/** How far apart the numbers of a list may lie. */
const NEAR = 200;
/** First digits of cards in use (ISO/IEC 7812): what begins otherwise is asked for only where it is grouped as a card is. */
const ISSUED = /^(?:[3-69]|2[2-7]|81)/;
const MOBILE = /^(?:00|0)?(?:86)?1[3-9]\d{9}$/;
/** With an area code: China's (with or without its country code), and others' that begin with one zero. */
const LANDLINE = /^(?:(?:00|0)?860?(?:10\d{8}|2\d{9}|[3-9]\d{9,10})|0[1-9]\d{8,10})$/;
const INTERNATIONAL_PREFIX = /^00[1-9]\d{8,13}$/;

/** `20260501123000`, with or without milliseconds: the time of a system, not a card. */
function isTimestamp(digits: string): boolean {
  if (digits.length !== 14 && digits.length !== 17) return false;
  return isCalendarDate(digits.slice(0, 8)) && /^(?:[01]\d|2[0-3])[0-5]\d[0-5]\d/.test(digits.slice(8));
}

/** Identity numbers with a right check digit and a date of birth, wherever they stand in a longer string of digits. */
function hiddenIdentityNumbers(search: Search, run: DigitRun): Span[] {
  const spans: Span[] = [];
  for (let start = 0; start + 18 <= run.values.length; start += 1) {
    search.steps += 1;
    const century = (run.values[start + 6] ?? 0) * 10 + (run.values[start + 7] ?? 0);
    if (century !== 19 && century !== 20) continue;
    search.steps += 18;
    const values = run.values.slice(start, start + 18);
    const digits = values.slice(0, 17).join('');
    if (digits.length !== 17 || !PROVINCES.test(digits) || !isCalendarDate(digits.slice(6, 14))) continue;
    const sum = values.slice(0, 17).reduce((total, value, i) => total + value * (CHECK_WEIGHTS[i] ?? 0), 0);
    if (CHECK_DIGITS[sum % 11] === values[17]) spans.push(span(run, start, start + 17, 'identity-document'));
  }
  return spans;
}
