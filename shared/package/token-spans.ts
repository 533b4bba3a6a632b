import { gapAt, isAlphanumeric, isLetter, type Search, type Span } from './masked-span.ts';

/** Ids that are recognised by the form of one word: identity cards and passports with letters, IBANs, e-mail addresses. */
export function tokenSpans(search: Search): Span[] {
  const spans: Span[] = [];
  const { text } = search.view;
  for (let at = 0; at < text.length; ) {
    search.steps += 1;
    const unit = text.charAt(at);
    if (!isAlphanumeric(unit)) {
      at += 1;
      continue;
    }
    let to = at;
    while (to < text.length && (isAlphanumeric(text.charAt(to)) || text.charAt(to) === '<')) to += 1;
    search.steps += to - at;
    const token = to - at <= 14 ? text.slice(at, to) : '';
    const kind = isDocument(token);
    if (kind) spans.push({ from: at, to, kind: 'identity-document' });
    const hongKong = hongKongDocument(search, token, to);
    if (hongKong !== null) spans.push({ from: at, to: hongKong, kind: 'identity-document' });
    // Machine-readable zones of passports: at least 20 characters with fillers.
    if (to - at >= 20 && text.slice(at, to).includes('<<'))
      spans.push({ from: at, to, kind: 'identity-document' });
    const account = bankAccount(search, at);
    if (account !== null) spans.push({ from: at, to: account, kind: 'bank-account' });
    at = to;
  }
  spans.push(...addresses(search));
  return spans;
}

const CHINESE_PASSPORT = /^(?:[egdsp]\d{8}|e[a-z]\d{7}|[hm]\d{8}(?:\d{2})?)$/;

function isDocument(token: string): boolean {
  return CHINESE_PASSPORT.test(token) || isSingaporeDocument(token) || isTaiwanDocument(token);
}

const SINGAPORE_LETTERS: Record<string, { first: number; letters: string }> = {
  s: { first: 0, letters: 'jzihgfedcba' },
  t: { first: 4, letters: 'jzihgfedcba' },
  f: { first: 0, letters: 'xwutrqpnmlk' },
  g: { first: 4, letters: 'xwutrqpnmlk' },
  m: { first: 3, letters: 'xwutrqpnjlk' },
};

/** Singapore's NRIC and FIN, by their check letter. */
function isSingaporeDocument(token: string): boolean {
  const rule = SINGAPORE_LETTERS[token.charAt(0)];
  if (rule === undefined || !/^[a-z]\d{7}[a-z]$/.test(token)) return false;
  const weights = [2, 7, 6, 5, 4, 3, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(token.charAt(i + 1)), rule.first);
  const place = token.startsWith('m') ? 10 - (sum % 11) : sum % 11;
  return rule.letters.charAt(place) === token.charAt(8);
}

const TAIWAN_LETTERS = 'abcdefghjklmnpqrstuvxywzio';

/** Taiwan's identity card and residence certificate, by their check digit. */
function isTaiwanDocument(token: string): boolean {
  if (!/^[a-z][1289]\d{8}$/.test(token)) return false;
  const letter = TAIWAN_LETTERS.indexOf(token.charAt(0)) + 10;
  const digits = [Math.floor(letter / 10), letter % 10, ...[...token.slice(1)].map(Number)];
  const weights = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1];
  return digits.reduce((total, digit, i) => total + digit * (weights[i] ?? 0), 0) % 10 === 0;
}

/** Hong Kong's identity card, `A123456(3)`, by its check digit: where it ends, or null. */
function hongKongDocument(search: Search, token: string, to: number): number | null {
  const parts = /^([a-z]{1,2})(\d{6})([\da])?$/.exec(token);
  if (parts === null) return null;
  const { text } = search.view;
  search.steps += 3;
  const bracketed = text.charAt(to) === '(' && text.charAt(to + 2) === ')';
  const check = parts[3] ?? (bracketed ? text.charAt(to + 1) : '');
  if (!/^[\da]$/.test(check)) return null;
  const letters = (parts[1] ?? '').padStart(2, ' ');
  const values = [...letters].map((letter) => (letter === ' ' ? 36 : letter.charCodeAt(0) - 87));
  const digits = [...values, ...[...(parts[2] ?? '')].map(Number), check === 'a' ? 10 : Number(check)];
  const sum = digits.reduce((total, digit, i) => total + digit * (9 - i), 0);
  if (sum % 11 !== 0) return null;
  return parts[3] === undefined ? to + 3 : to;
}

/** Lengths of IBANs by country (SWIFT IBAN registry). */
const IBAN_LENGTHS: Record<string, number> = Object.fromEntries(
  (
    'ad24 ae23 al28 at20 az28 ba20 be16 bg22 bh22 br29 by28 ch21 cr22 cy28 cz24 de22 dk18 do28 ee20 eg29 es24 fi18 ' +
    'fo18 fr27 gb22 ge22 gi23 gl18 gr27 gt28 hr21 hu28 ie22 il23 iq23 is26 it27 jo30 kw30 kz20 lb28 lc32 li21 lt20 ' +
    'lu20 lv21 ly25 mc27 md24 me22 mk19 mr27 mt31 mu30 nl18 no15 pk24 pl28 ps29 pt25 qa29 ro24 rs22 sa24 sc31 sd18 ' +
    'se24 si19 sk24 sm27 st25 sv28 tl23 tn24 tr26 ua29 va22 vg24 xk20'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Where an IBAN that begins here ends (ISO 13616: its length by country, modulus 97), or null. */
function bankAccount(search: Search, from: number): number | null {
  const { text } = search.view;
  const length = IBAN_LENGTHS[text.slice(from, from + 2)];
  if (length === undefined) return null;
  let account = '';
  let to = from;
  for (;;) {
    const group = to;
    while (isAlphanumeric(text.charAt(to)) && account.length + to - group <= length) to += 1;
    search.steps += to - group + 2;
    const units = text.slice(group, to);
    // The words of a sentence are no groups of an account; a bank's code of four letters is.
    if (!/\d/.test(units) && units.length !== 4) return null;
    account += units;
    if (account.length >= length) break;
    const gap = gapAt(search, to);
    if (gap === null || gap.next === to || !isAlphanumeric(text.charAt(gap.next))) return null;
    to = gap.next;
  }
  if (account.length !== length || !/^[a-z]{2}\d{2}/.test(account)) return null;
  const moved = account.slice(4) + account.slice(0, 4);
  let remainder = 0;
  for (const unit of moved) {
    const value = isLetter(unit) ? unit.charCodeAt(0) - 87 : Number(unit);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1 ? to : null;
}

const LOCAL_PART = /^[a-z0-9._%+!#$&'*/=?^`{|}~-]$/;
/** Letters and numbers of any script, but the words that lead up to an address: 邮箱是张三@… */
const WIDE_LOCAL_PART = /^(?![是为為到至发發给給箱址件的请請])[\p{L}\p{N}._+-]$/u;
const LOCAL_REACH = 24;
const DOMAIN = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,7}/;
/** A domain with letters of other scripts: to the top-level domain of one of these, or to its last label. */
const CHINESE_DOMAIN =
  /^[\p{L}\p{N}.-]{1,40}?\.(?:中国|中國|公司|网络|網絡|网址|香港|台湾|台灣|集团|商城|商店|酒店|在线|中文网|我爱你)/u;
const WIDE_DOMAIN = /^[\p{L}\p{N}-]{1,40}(?:\.[\p{L}\p{N}-]{1,40}){1,4}/u;
const DOMAIN_REACH = 260;

/** E-mail addresses. What is before an @ ends at the one before it, so that the work stays in proportion. */
function addresses(search: Search): Span[] {
  const spans: Span[] = [];
  const { text } = search.view;
  let previous = 0;
  for (let at = text.indexOf('@'), next = at; at >= 0; at = next) {
    let from = at;
    while (from > previous && LOCAL_PART.test(text.charAt(from - 1))) from -= 1;
    const plain = from < at;
    // A few letters right after a name belong to it: 张伟88@…; a whole word after Chinese is the sentence before it.
    if (at - from < 3) {
      while (from > previous && at - from < LOCAL_REACH && WIDE_LOCAL_PART.test(text.charAt(from - 1)))
        from -= 1;
    }
    next = text.indexOf('@', at + 1);
    const end = at + 1 + DOMAIN_REACH;
    const after = text.slice(at + 1, next < 0 ? end : Math.min(end, next));
    search.steps += after.length + (at - previous);
    previous = at + 1;
    const domain = domainOf(after, plain);
    if (from < at && domain !== '') spans.push({ from, to: at + 1 + domain.length, kind: 'email' });
  }
  search.steps += text.length;
  return spans;
}

/** The domain that begins here, or nothing. `plain`: what stands before the @ is an address of its own, no mention. */
function domainOf(after: string, plain: boolean): string {
  const [ascii = ''] = DOMAIN.exec(after) ?? [];
  const trimmed = ascii.replace(/[.-]+$/, '');
  const goesOn = /^\.?[^\p{ASCII}]/u.test(after.slice(trimmed.length)) && !/\.[a-z]{2,}$/.test(trimmed);
  if (/[a-z0-9]\.[a-z0-9]/.test(trimmed) && !goesOn) return trimmed;
  const [chinese] = CHINESE_DOMAIN.exec(after) ?? [];
  if (chinese !== undefined) return chinese;
  const [wide = ''] = (plain ? WIDE_DOMAIN.exec(after) : null) ?? [];
  return wide.replace(/-+$/, '');
}
