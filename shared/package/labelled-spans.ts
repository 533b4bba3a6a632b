import { isCalendarDate } from './digit-run.ts';
import { type FieldWords, fieldWords } from './field-words.ts';
import { gapAt, isAlphanumeric, isDigit, isLetter, type Search, type Span } from './masked-span.ts';

/** How far after a label its value may begin, and how long it may be, in characters. */
const LABEL_REACH = 24;
const VALUE_REACH = 48;

const DOCUMENT_LABELS = [
  '身份证',
  '证件',
  '护照',
  '通行证',
  '回乡证',
  '台胞证',
  '居住证',
  '居留证',
  '居留许可',
  '军官证',
  '士兵证',
  '驾照',
  '驾驶证',
  '户口',
  'passport',
  'identity card',
  'identity no',
  'identity number',
  'identity document',
  'id card',
  'id no',
  'id number',
  'id:',
  'national id',
  'document number',
  'document no',
  'identification number',
  'nric',
  'hkid',
  'driving licence',
  "driver's license",
  'driver’s license',
  'residence permit',
  'travel document',
  'personalausweis',
  'reisepass',
];
const CARD_LABELS = [
  '银行卡',
  '信用卡',
  '储蓄卡',
  '借记卡',
  '卡号',
  '银行账号',
  '银行账户',
  '银行帐号',
  '收款账号',
  '退款账号',
  '开户行',
  'card number',
  'card no',
  'credit card',
  'debit card',
  'bank card',
  'bank account',
  'account number',
  'visa',
  'mastercard',
  'unionpay',
  'kreditkarte',
];
/** Cards of the hotel's own: `会员卡号` names no bank's card. */
const OWN_CARDS = ['会员', '房', '门', '积分', '礼品'];
const SECURITY_CODE_LABELS = ['cvv2', 'cvv', 'cvc', '安全码', 'security code'];
const PHONE_LABELS = [
  '电话',
  '手机',
  '联系方式',
  '致电',
  '座机',
  '传真',
  'phone',
  'mobile',
  'cell',
  'tel',
  'fax',
  'whatsapp',
  'telefon',
  'handy',
];
const MESSAGING_LABELS = [
  '微信',
  '薇信',
  '威信',
  'v信',
  'v号',
  'v我',
  '加v',
  '加我v',
  'wechat',
  'weixin',
  'wx',
  'vx',
  'qq',
  'whatsapp',
  'line id',
  'telegram',
  'skype',
];

/**
 * When a number that came in groups is whole: the first or another group is long enough, all together are, or (`enough`) they
 * are and what follows is set off by more than grouping.
 */
type Whole = { first: number; group: number; total: number; enough: number };
const DOCUMENT: Whole = { first: 7, group: 15, total: 18, enough: 15 };
const CARD: Whole = { first: 12, group: 12, total: 19, enough: 19 };
const CODE: Whole = { first: 3, group: 3, total: 3, enough: 3 };
const PHONE: Whole = { first: 7, group: 7, total: 11, enough: 7 };

/** Numbers and ids that are recognised by the words before them, whatever their form. */
export function labelledSpans(search: Search, original: string): Span[] {
  const spans: Span[] = [];
  const fields = fieldWords(search, original);
  for (const label of labels(search, fields, DOCUMENT_LABELS)) {
    spans.push(...documentsNear(search, label));
  }
  for (const label of labels(search, fields, CARD_LABELS)) {
    const value = OWN_CARDS.some((own) => label.before.endsWith(own))
      ? null
      : valueAfter(search, label.to, CARD);
    if (value !== null && value.digits >= 12 && value.digits <= 30 && !isMobile(value.text)) {
      spans.push({ from: value.from, to: value.to, kind: 'bank-card' });
    }
  }
  for (const label of labels(search, fields, SECURITY_CODE_LABELS)) {
    const value = valueAfter(search, label.to, CODE);
    if (value !== null && value.from - label.to <= 8 && (value.digits === 3 || value.digits === 4)) {
      spans.push({ from: value.from, to: value.to, kind: 'card-security-code' });
    }
  }
  for (const label of labels(search, fields, PHONE_LABELS)) spans.push(...phonesAfter(search, label.to));
  spans.push(...bareLocalNumbers(search));
  for (const label of labels(search, fields, MESSAGING_LABELS)) {
    const name = accountAfter(search, label);
    if (name !== null) spans.push({ from: name.from, to: name.to, kind: 'messaging-id' });
  }
  return spans;
}

const LISTED_PHONES = 8;

/** The phone number after a label, and those listed after it: `电话是 010-67080561、67080562 和 67080563`. */
function phonesAfter(search: Search, label: number): Span[] {
  const spans: Span[] = [];
  const { text } = search.view;
  let from = label;
  while (spans.length < LISTED_PHONES) {
    const value = valueAfter(search, from, PHONE);
    const next = spans.length > 0;
    if (value === null || value.digits < 7 || value.digits > 15 || isCalendarDate(value.text)) break;
    if (next && !/^\s?(?:[,，、;；/|]|和|或|及|and|or)\s?$/u.test(text.slice(from, value.from))) break;
    const extension = /^\s?(?:-|转|ext\.?)\s?\d{1,5}(?!\d)/u.exec(text.slice(value.to, value.to + 12));
    const to = value.to + (extension?.[0].length ?? 0);
    spans.push({ from: value.from, to, kind: 'phone', listed: true });
    from = to;
  }
  return spans;
}

/** What makes a bare number of eight digits something else than a local phone number. */
const NO_PHONE = /单|号|编|预订|预定|会员|订|ref|book|reserv|confirm|order|#|¥|￥|\$|€|元|invoice|发票/u;

/** Eight digits alone, as a phone number of a large Chinese city is given where the caller is local. */
function bareLocalNumbers(search: Search): Span[] {
  const spans: Span[] = [];
  const { text } = search.view;
  for (let at = 0; at < text.length; at += 1) {
    search.steps += 1;
    if (!isDigit(text.charAt(at))) continue;
    let to = at;
    while (isDigit(text.charAt(to))) to += 1;
    search.steps += to - at;
    const joined = isLetter(text.charAt(at - 1)) || isLetter(text.charAt(to));
    const number = to - at === 8 ? text.slice(at, to) : '';
    if (/^[2-8]/.test(number) && !joined && !isCalendarDate(number)) {
      const before = text.slice(Math.max(0, at - 8), at);
      if (!NO_PHONE.test(before)) spans.push({ from: at, to, kind: 'phone' });
    }
    at = to;
  }
  return spans;
}

/**
 * Where the messages before this one asked for a document or card (`askedFor`), its answer often has no label of its
 * own: a token of a document's form then counts as one.
 */
export function answeredSpans(search: Search): Span[] {
  const spans: Span[] = [];
  const { text } = search.view;
  for (let at = 0; at < text.length; at += 1) {
    search.steps += 1;
    if (!isAlphanumeric(text.charAt(at))) continue;
    let to = at;
    while (to < text.length && isAlphanumeric(text.charAt(to))) to += 1;
    search.steps += to - at;
    const token = to - at <= 14 ? text.slice(at, to) : '';
    if (/^[a-z]{0,3}\d{6,10}[a-z]?$/.test(token) && !isCalendarDate(token)) {
      spans.push({ from: at, to, kind: 'identity-document' });
    }
    at = to;
  }
  return spans;
}

/** Whether a message asks for an identity document or a bank card. */
export function asksForDocument(search: Search): boolean {
  const { text } = search.view;
  search.steps += text.length * (DOCUMENT_LABELS.length + CARD_LABELS.length);
  return [...DOCUMENT_LABELS, ...CARD_LABELS].some((label) => text.includes(label));
}

export type LabelAt = { from: number; to: number; before: string };

/** Where these labels stand, in the text as it is written and in names of fields. */
export function* labels(
  search: Search,
  fields: FieldWords | null,
  names: readonly string[],
): Generator<LabelAt> {
  yield* labelsIn(search, search.view.text, names);
  if (fields === null) return;
  const { places } = fields;
  for (const { from, to, before } of labelsIn(search, fields.text, names)) {
    yield { from: places[from] ?? 0, to: (places[to - 1] ?? 0) + 1, before };
  }
}

/** A Latin label is a word of its own: `tel` is none in `hotel`. */
function* labelsIn(search: Search, text: string, names: readonly string[]): Generator<LabelAt> {
  for (const name of names) {
    search.steps += text.length;
    const latin = isAlphanumeric(name.charAt(0));
    for (let from = text.indexOf(name); from >= 0; from = text.indexOf(name, from + name.length)) {
      const to = from + name.length;
      const inWord =
        latin &&
        (isLetter(text.charAt(from - 1)) || (isLetter(name.at(-1) ?? '') && isLetter(text.charAt(to))));
      if (!inWord) yield { from, to, before: text.slice(Math.max(0, from - 2), from) };
    }
  }
}

function documentsNear(search: Search, label: LabelAt): Span[] {
  const after = valueAfter(search, label.to, DOCUMENT);
  const between = after === null ? '' : search.view.text.slice(label.to, after.from);
  const aboutPhone = PHONE_LABELS.some((phone) => between.includes(phone));
  const aboutDate = isCalendarDate(after?.text ?? '') && !isNumberOf(search, label, after);
  if (after !== null && !aboutPhone && after.digits >= 5 && !isMobile(after.text) && !aboutDate) {
    return [{ from: after.from, to: after.to, kind: 'identity-document' }];
  }
  const before = tokenBefore(search, label.from);
  return before === null ? [] : [{ ...before, kind: 'identity-document' }];
}

/** What may stand between a document's label and its number: the rest of a field's name with its colon, or next to nothing. */
const NAMES_A_NUMBER = /^[^\n。!?]{0,24}[:=:]|^\s?(?:no\.?|number|号码?|#)?\s?(?:is|是|为)?\s?$/u;

/** What a date beside a document is of: `passport expiry: 20300101`. */
const DATE_WORDS =
  /date|birth|born|dob|day|expir|valid|issue|until|till|since|from|check|stay|arriv|depart|效|期|日|生|签发|至|到|从|起|入住|离店|退房/u;

/**
 * Whether eight digits that read as a date (`19170101`) are the number of the document all the same: written in one, in
 * the field that its label names (`passport_number: 19170101`), where no word says that it is a date.
 */
function isNumberOf({ view: { text } }: Search, label: LabelAt, value: Value | null): boolean {
  if (value === null || /[^a-z0-9]/.test(text.slice(value.from, value.to))) return false;
  const between = text.slice(label.to, value.from);
  const field = text
    .slice(Math.max(0, label.from - LABEL_REACH), label.from)
    .split(/[\n:=,;。,;]/u)
    .at(-1);
  return NAMES_A_NUMBER.test(between) && !DATE_WORDS.test(`${field}${between}`);
}

function isMobile(digits: string): boolean {
  return /^(?:86)?1[3-9]\d{9}$/.test(digits);
}

/** The first number after a label, with the letters that belong to it and the groups that follow. */
function valueAfter(search: Search, from: number, whole: Whole): Value | null {
  const { text } = search.view;
  let at = from;
  while (at < text.length && at - from < LABEL_REACH && !isDigit(text.charAt(at))) at += 1;
  search.steps += at - from;
  if (!isDigit(text.charAt(at))) return null;
  let start = at;
  while (start > from && isLetter(text.charAt(start - 1)) && at - start < 3) start -= 1;
  let to = start;
  for (;;) {
    const group = to;
    while (to - start < VALUE_REACH && isAlphanumeric(text.charAt(to))) to += 1;
    search.steps += to - group + 2;
    const digits = text.slice(start, to).replace(/[^0-9]/g, '').length;
    const gap = gapAt(search, to);
    if (gap === null || gap.next === to || to - start >= VALUE_REACH) break;
    const long = group === start ? whole.first : whole.group;
    if (!isDigit(text.charAt(gap.next)) || to - group >= long || digits >= whole.total) break;
    // A comma after a whole number begins another.
    if (gap.wide && digits >= whole.enough) break;
    to = gap.next;
  }
  const value = text.slice(start, to).replace(/[^a-z0-9]/g, '');
  return { from: start, to, digits: value.replace(/[^0-9]/g, '').length, text: value };
}
type Value = { from: number; to: number; digits: number; text: string };

/** A token of a document's form right before a label: `E12345678 是我的护照号`. */
function tokenBefore(search: Search, label: number): { from: number; to: number } | null {
  const { text } = search.view;
  let to = label;
  while (to > 0 && label - to < 10 && !isAlphanumeric(text.charAt(to - 1))) to -= 1;
  let from = to;
  while (from > 0 && to - from < 20 && isAlphanumeric(text.charAt(from - 1))) from -= 1;
  search.steps += label - from;
  return /^[a-z]{0,2}\d{7,9}[a-z]?$/.test(text.slice(from, to)) && !isCalendarDate(text.slice(from, to))
    ? { from, to }
    : null;
}

/** What may stand between a messaging label and the account: `微信号是：`, `wechat id is`, `wx … `. */
const ACCOUNT =
  /^((?!\.(?!\.)|[/@_-])(?:[^\p{L}\p{N}]|[号號是为為我]|id\b|no\b|number\b|is\b){0,8})([a-z0-9][a-z0-9_-]{4,29})/u;
/** Labels that no sentence goes on after: what follows is an account even after a mere space. */
const ACCOUNT_ALONE = /(?:[vw]x|v[信号我]|加我?v)$/u;

/** The account after a messaging label: `微信号：hotel_guest88`, `QQ 12345678`. */
function accountAfter(
  search: Search,
  { from: label, to: from }: LabelAt,
): { from: number; to: number } | null {
  const near = search.view.text.slice(from, from + VALUE_REACH);
  search.steps += near.length;
  const found = ACCOUNT.exec(near);
  if (found === null) return null;
  const [, filler = '', account = ''] = found;
  // A word of letters alone after a mere space is the sentence going on: “wechat please”.
  const alone = ACCOUNT_ALONE.test(search.view.text.slice(label, from));
  const attached = filler === '' || alone || /[:=是为為号號]/u.test(filler);
  if (!attached && !/[\d_-]/.test(account)) return null;
  return { from: from + filler.length, to: from + filler.length + account.length };
}
