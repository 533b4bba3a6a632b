import { DateTime } from 'luxon';
import { LIMITS } from '../../domain/limits.ts';
import { ownNamesOf, type Passage, plainName, readChat, type Said } from '../chat-export/chat-export.ts';
import { type ChatLine, chatLines, MessageLines } from '../chat-export/chat-lines.ts';
import type { Format } from '../documents/several-formats.ts';
import { namedMedium } from '../fields/named-medium.ts';
import { type ImportOptions, type ResumePoint, zoneOf } from '../importer.ts';
import { type DayOrder, orderShown } from '../time/day-order.ts';
import { hourOf } from '../time/hour-of-day.ts';
import { instantOf } from '../time/instant.ts';

/**
 * A chat that the LINE app exported (.txt): `[LINE] トーク履歴` and when it was saved, a line for each day, then
 * `HH:MM⇥name⇥text`; messages of several lines in quotes. Sources: two third-party parsers, and public samples in
 * Japanese, Chinese and English (dates `2024/01/23(火)`, `2024/1/2週二`, `R7/02/09(日)`, `2024.01.15 Monday`,
 * `Fri, 9/25/2026`; times `21:03`, `下午03:04`, `9:30 PM`).
 *
 * No ids, no zone. In the English form the weekday tells day from month, else the survey or the profile does. An unsent
 * message is a line that says so, without naming which. State: the order and the current day.
 */
export const lineExport: Format = {
  async survey(bytes, options): Promise<string> {
    const own = ownNamesOf(options);
    const orders = new Set<DayOrder>();
    const guests = new Set<string>();
    for await (const { text } of chatLines(bytes, { line: 0, offset: 0 })) {
      const open = openDateOf(text);
      const shown = open === null ? null : (orderShown(open.first, open.second) ?? orderOfWeekday(open));
      if (shown !== null) orders.add(shown);
      const speaker = headOf(text)?.speaker ?? null;
      if (speaker !== null && !own.has(plainName(speaker)) && guests.size < 2) guests.add(plainName(speaker));
    }
    const [order] = orders.size === 1 ? [...orders] : [];
    return `${order ?? 'open'} ${guests.size > 1 ? 'several' : 'one'} `;
  },

  async *read(bytes, from, options) {
    yield* readChat(
      passagesOf(bytes, from, options),
      from,
      options,
      stateOf(from.state).people === 'several',
    );
  },
};

/** `day-first several 2024-01-23`; an undated day is `?`. */
type State = { order: string; people: string; day: string };

function stateOf(state: string | null): State {
  const [order = 'open', people = 'one', day = ''] = (state ?? '').split(' ');
  return { order: order || 'open', people, day };
}

function written({ order, people, day }: State): string {
  return `${order} ${people} ${day}`;
}

async function* passagesOf(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
): AsyncGenerator<Passage> {
  const surveyed = stateOf(from.state);
  const order: DayOrder | null =
    surveyed.order === 'day-first' || surveyed.order === 'month-first'
      ? surveyed.order
      : (options.profile?.dayOrder ?? null);
  const zone = zoneOf(options);
  let { day } = surveyed;
  let current: { lines: MessageLines; head: Head; day: string } | null = null;

  const states = (before: string, after: string) => ({
    stateBefore: written({ ...surveyed, day: before }),
    state: written({ ...surveyed, day: after }),
  });
  function finished({ lines, head, day: on }: { lines: MessageLines; head: Head; day: string }): Passage {
    const said = lines.fault ?? saidOf(head, lines.text, on, zone);
    return {
      ...lines.place,
      ...states(on, on),
      what: typeof said === 'string' ? { kind: 'rejected', reason: said } : { kind: 'said', said },
    };
  }

  for await (const piece of quotedTogether(chatLines(bytes, from))) {
    const [line, ...further] = piece;
    if (line === undefined) continue;
    const head = headOf(line.text);
    const date = head === null ? dateOf(line.text, order) : null;
    if (head !== null) {
      if (current !== null) yield finished(current);
      current = { lines: new MessageLines(line, head.text), head, day };
      for (const one of further) current.lines.add(one);
    } else if (date !== null) {
      if (current !== null) yield finished(current);
      current = null;
      const { place } = new MessageLines(line, '');
      yield { ...place, ...states(day, date), what: { kind: 'skipped' } };
      day = date;
    } else if (current !== null) {
      current.lines.add(line);
    } else {
      const { place } = new MessageLines(line, '');
      const passed = line.fault === null && (plainName(line.text) === '' || HEADER.test(line.text));
      yield {
        ...place,
        ...states(day, day),
        what: passed ? { kind: 'skipped' } : { kind: 'rejected', reason: line.fault ?? 'not-a-chat-line' },
      };
    }
  }
  if (current !== null) yield finished(current);
}

const HEADER =
  /^\uFEFF?(?:\[LINE\]|.{0,200}(?:トーク履歴|聊天記錄|聊天紀錄|聊天记录)$|(?:保存日時|儲存日期|保存日期|Saved on|Saved time)\s?[:：])/;

/**
 * Lines one by one, and the lines of a quoted message together: within its quotes nothing is the beginning of another
 * message, whatever it looks like. A quote that nothing closes within LIMITS.lineBytes is a sign like any other.
 */
async function* quotedTogether(lines: AsyncIterable<ChatLine>): AsyncGenerator<ChatLine[]> {
  const queue: { line: ChatLine; opens: boolean }[] = [];
  let next = 0;
  let bytes = 0;
  /** Which lines close a quote, counted from the first of all. */
  const closings: number[] = [];
  let taken = 0;

  function take(count: number): ChatLine[] {
    const some = queue.slice(next, next + count);
    next += count;
    taken += count;
    for (const { line } of some) bytes -= line.original.length;
    while (closings[0] !== undefined && closings[0] < taken) closings.shift();
    if (next > 1024) {
      queue.splice(0, next);
      next = 0;
    }
    return some.map(({ line }) => line);
  }
  /** What is ready at the front; null where more lines must be seen first. */
  function ready(atEnd: boolean): ChatLine[] | null {
    const first = queue[next];
    if (first === undefined) return null;
    if (!first.opens) return take(1);
    const closing = closings.find((index) => index > taken);
    if (closing !== undefined) return take(closing - taken + 1);
    return atEnd || bytes > LIMITS.lineBytes ? take(1) : null;
  }

  for await (const line of lines) {
    if (closesQuote(line.text)) closings.push(taken + queue.length - next);
    queue.push({ line, opens: opensQuote(headOf(line.text)?.text ?? '') });
    bytes += line.original.length;
    for (let some = ready(false); some !== null; some = ready(false)) yield some;
  }
  for (let some = ready(true); some !== null; some = ready(true)) yield some;
}

function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}

function opensQuote(text: string): boolean {
  return text.startsWith('"') && quotesIn(text) % 2 === 1;
}

function closesQuote(text: string): boolean {
  return text.endsWith('"') && quotesIn(text) % 2 === 1;
}

/** The beginning of a message. `speaker` is null where the app itself speaks. */
type Head = { hour: number; minute: number; speaker: string | null; text: string };

const HEAD = /^(上午|下午|午前|午後|오전|오후)?\s?(\d{1,2}):(\d{2})\s?([AaPp]\.?[Mm]\.?)?\t/;
const HEAD_CHARACTERS = 32;

function headOf(line: string): Head | null {
  const parts = HEAD.exec(line.slice(0, HEAD_CHARACTERS));
  if (parts === null) return null;
  const [whole, before = '', hour, minute, after = ''] = parts;
  const rest = line.slice(whole.length);
  const tab = rest.indexOf('\t');
  const name = rest.slice(0, Math.max(tab, 0));
  return {
    hour: hourOf(Number(hour), before || after),
    minute: Number(minute),
    speaker: plainName(name) === '' ? null : plainName(name).toWellFormed(),
    text: rest.slice(tab + 1),
  };
}

const YEAR_FIRST =
  /^\uFEFF?(?:(\d{4})|[Rr](\d{1,2}))(?:[/.-]|年)\s?(\d{1,2})(?:[/.-]|月)\s?(\d{1,2})日?\s?[(（]?[\p{L}.]{0,12}[)）]?\s*$/u;
const YEAR_LAST = /^\uFEFF?([\p{L}]{2,10})\.?,?\s(\d{1,2})[/.](\d{1,2})[/.](\d{4})\s*$/u;
const DATE_CHARACTERS = 40;
/** The era Reiwa began in 2019. */
const REIWA = 2018;

type OpenDate = { weekday: string; first: number; second: number; year: number };

function openDateOf(line: string): OpenDate | null {
  const parts = line.length > DATE_CHARACTERS ? null : YEAR_LAST.exec(line);
  if (parts === null) return null;
  const [, weekday = '', first, second, year] = parts;
  return { weekday, first: Number(first), second: Number(second), year: Number(year) };
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Which order the weekday fits; null where it fits both or none. */
function orderOfWeekday({ weekday, first, second, year }: OpenDate): DayOrder | null {
  const number = WEEKDAYS.indexOf(weekday.slice(0, 3).toLowerCase()) + 1;
  if (number === 0) return null;
  const fits = (month: number, day: number) =>
    DateTime.fromObject({ year, month, day }, { zone: 'utc' }).weekday === number;
  const dayFirst = fits(second, first);
  if (dayFirst === fits(first, second)) return null;
  return dayFirst ? 'day-first' : 'month-first';
}

/** The day that a line says, as `2024-01-23`; `?` where its order stays open; null where the line is no date. */
function dateOf(line: string, order: DayOrder | null): string | null {
  if (line.length > DATE_CHARACTERS) return null;
  const parts = YEAR_FIRST.exec(line);
  if (parts !== null) {
    const [, year, era, month, day] = parts;
    return dayOf(year === undefined ? REIWA + Number(era) : Number(year), Number(month), Number(day));
  }
  const open = openDateOf(line);
  if (open === null) return null;
  const { first, second, year } = open;
  if (first === second) return dayOf(year, first, second);
  const told = orderOfWeekday(open) ?? orderShown(first, second) ?? order;
  if (told === null) return '?';
  return told === 'day-first' ? dayOf(year, second, first) : dayOf(year, first, second);
}

function dayOf(year: number, month: number, day: number): string {
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join(
    '-',
  );
}

function saidOf(head: Head, wholeText: string, day: string, zone: string | null): Said | string {
  if (day === '') return 'missing-date';
  if (day === '?') return 'ambiguous-day-order';
  const [year, month, date] = day.split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined) return 'invalid-date';
  const instant = instantOf(
    { year, month, day: date, hour: head.hour, minute: head.minute, second: 0 },
    zone,
  );
  if ('reason' in instant) return instant.reason;
  return {
    at: instant.at,
    speaker: head.speaker,
    role: null,
    edited: false,
    ...wordsOf(head.speaker, unquoted(wholeText)),
  };
}

/** The words of a message of several lines, without the quotes that the export put around it. */
function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') && text.includes('\n')
    ? text.slice(1, -1).replaceAll('""', '"')
    : text;
}

const UNSENT =
  /(?:送信を取り消しました|unsent a message|已收回訊息|收回了訊息|已撤回(?:一条)?消息|撤回了一条消息)[。.]?$/;
const MEDIA =
  /^\[(?:写真|動画|ファイル|ボイスメッセージ|アルバム|Photo|Video|File|Voice message|Album|照片|圖片|图片|影片|视频|檔案|文件|語音訊息|语音消息|相簿)\](?: (.{1,255}))?$/;
const STICKER = /^\[(?:スタンプ|Sticker|貼圖|贴图)\]/;

function wordsOf(speaker: string | null, text: string): Pick<Said, 'text' | 'attachments' | 'sourceType'> {
  if (UNSENT.test(text) && text.length < 200 && (speaker === null || !text.includes('\n')))
    return { text: `[撤回消息 message recalled] ${text}`, attachments: [], sourceType: 'unsent' };
  if (speaker === null) return { text, attachments: [], sourceType: 'system' };
  const media = MEDIA.exec(text);
  if (media !== null) return { text, attachments: [namedMedium(media[1] ?? null)], sourceType: 'media' };
  return { text, attachments: [], sourceType: STICKER.test(text) ? 'sticker' : 'text' };
}
