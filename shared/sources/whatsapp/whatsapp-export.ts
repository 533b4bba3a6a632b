import {
  ownNamesOf,
  type Passage,
  plainName,
  readChat,
  refusedFile,
  type Said,
} from '../chat-export/chat-export.ts';
import { type ChatLine, chatLines, MessageLines } from '../chat-export/chat-lines.ts';
import type { Format } from '../documents/several-formats.ts';
import { namedMedium } from '../fields/named-medium.ts';
import { type ImportOptions, type ResumePoint, zoneOf } from '../importer.ts';
import { type DayOrder, orderShown } from '../time/day-order.ts';
import { hourOf } from '../time/hour-of-day.ts';
import { instantOf } from '../time/instant.ts';

/**
 * A chat that the WhatsApp app exported (.txt). Source: Pustur/whatsapp-chat-parser `src/parser.ts`, `tests/parser.test.ts`.
 * Android writes `D/M/YY, H:MM - Name: text`, iOS `[D/M/YY, H:MM:SS] Name: text`, with `/ . -` between, the year first in
 * some languages, a 12-hour clock's words before or after the time, narrow spaces, and hidden marks of direction.
 *
 * There are no ids and no zone, and the order of day and month is the phone's: a survey looks through the whole file for
 * a number above 12, else the profile says (`dayOrder`), else no line can be dated (`ambiguous-day-order`). A message's
 * further lines aren't marked: one that looks like the beginning of another is taken for it.
 */
export const whatsappExport: Format = {
  async survey(bytes, options): Promise<string> {
    const own = ownNamesOf(options);
    const orders = new Set<DayOrder>();
    const guests = new Set<string>();
    let hotel = false;
    for await (const line of chatLines(bytes, BEGIN)) {
      const head = headOf(line.text);
      if (head === null) continue;
      const [first, second, third] = head.numbers;
      if (first < 1000) {
        const shown = third === undefined ? null : orderShown(first, second);
        if (shown !== null) orders.add(shown);
      }
      const { speaker } = speakerOf(head.rest, own);
      if (speaker === null) continue;
      if (own.has(plainName(speaker))) hotel = true;
      else if (guests.size < 2) guests.add(plainName(speaker));
    }
    const [order] = orders.size === 1 ? [...orders] : [];
    const people = guests.size > 1 ? (hotel || own.size === 0 ? 'several' : 'strangers') : 'one';
    return `${order ?? 'open'} ${people}`;
  },

  async *read(bytes, from, options) {
    const passages = passagesOf(bytes, from, options);
    if (from.state?.endsWith(' strangers') === true) {
      // Nobody in it has a name of the hotel's: who is the guest can't be told.
      for await (const passage of passages) {
        if (passage.what.kind === 'skipped') continue;
        yield refusedFile(passage, 'own-name-not-found');
        return;
      }
      return;
    }
    yield* readChat(passages, from, options, from.state?.endsWith(' several') === true);
  },
};

const BEGIN = { line: 0, offset: 0 };

async function* passagesOf(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
): AsyncGenerator<Passage> {
  const own = ownNamesOf(options);
  const surveyed = from.state?.split(' ')[0];
  const order: DayOrder | null =
    surveyed === 'day-first' || surveyed === 'month-first' ? surveyed : (options.profile?.dayOrder ?? null);
  const zone = zoneOf(options);
  const states = { stateBefore: from.state, state: from.state };
  let current: { lines: MessageLines; head: Head } | null = null;

  function finished({ lines, head }: { lines: MessageLines; head: Head }): Passage {
    const { fault, place } = lines;
    const said = fault ?? saidOf(head, lines.text, own, order, zone);
    return {
      ...place,
      ...states,
      what: typeof said === 'string' ? { kind: 'rejected', reason: said } : { kind: 'said', said },
    };
  }

  for await (const line of chatLines(bytes, from)) {
    const head = headOf(line.text);
    if (head !== null) {
      if (current !== null) yield finished(current);
      current = { lines: new MessageLines(line, head.rest), head };
    } else if (current !== null) {
      current.lines.add(line);
    } else {
      yield { ...alone(line), ...states };
    }
  }
  if (current !== null) yield finished(current);
}

/** A line before the first message. */
function alone(line: ChatLine): Omit<Passage, 'state' | 'stateBefore'> {
  const { place } = new MessageLines(line, line.text);
  const blank = line.fault === null && plainName(line.text) === '';
  return {
    ...place,
    what: blank ? { kind: 'skipped' } : { kind: 'rejected', reason: line.fault ?? 'not-a-chat-line' },
  };
}

/** The beginning of a message: its numbers as they were written, and what follows them. */
type Head = {
  numbers: [number, number, number];
  hour: number;
  minute: number;
  second: number;
  rest: string;
};

const MARKS = '[\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069\\uFEFF]*';
const GAP = '[\\s\\u00A0\\u202F\\u2009]';
const HEAD = new RegExp(
  `^${MARKS}(\\[)?${MARKS}(\\d{1,4})(?:([-/.])${GAP}?(\\d{1,2})\\3${GAP}?|年(\\d{1,2})月)(\\d{1,4})[.日]?,?${MARKS}${GAP}` +
    // Words before the time: at, kl., klo, 下午.
    `([^\\d\\[\\]:,-]{0,16}?)${GAP}?(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?` +
    `(?:${GAP}?([AaPp]\\.?${GAP}?[Mm])\\.?)?${MARKS}(?:(\\])${GAP}?|${GAP}-${GAP}|:${GAP})`,
);
/** Longer than any beginning is; what follows is never looked at for one. */
const HEAD_CHARACTERS = 96;

function headOf(line: string): Head | null {
  const parts = HEAD.exec(line.slice(0, HEAD_CHARACTERS));
  if (parts === null) return null;
  const [
    whole,
    open,
    first,
    ,
    second,
    chineseMonth,
    third,
    before = '',
    hour,
    minute,
    sec = '0',
    after = '',
    close,
  ] = parts;
  if ((open === undefined) !== (close === undefined)) return null;
  return {
    numbers: [Number(first), Number(second ?? chineseMonth), Number(third)],
    hour: hourOf(Number(hour), after || before),
    minute: Number(minute),
    second: Number(sec),
    rest: line.slice(whole.length),
  };
}

function saidOf(
  head: Head,
  wholeText: string,
  own: ReadonlySet<string>,
  order: DayOrder | null,
  zone: string | null,
): Said | string {
  const date = dateOf(head.numbers, order);
  if (date === null) return 'ambiguous-day-order';
  const { hour, minute, second } = head;
  const instant = instantOf({ ...date, hour, minute, second }, zone);
  if ('reason' in instant) return instant.reason;
  const { speaker, text } = speakerOf(wholeText, own);
  const notice =
    speaker !== null && /^\u200E/.test(text) && /end-to-end encrypted|端到端加密|端對端加密/.test(text);
  return {
    at: instant.at,
    speaker: notice ? null : speaker,
    role: null,
    ...(speaker === null || notice
      ? { text: withoutMarks(text), attachments: [], edited: false, sourceType: 'system' }
      : wordsOf(text)),
  };
}

function dateOf(
  [first, second, third]: Head['numbers'],
  order: DayOrder | null,
): { year: number; month: number; day: number } | null {
  if (first >= 1000) return { year: first, month: second, day: third };
  const year = third < 100 ? 2000 + third : third;
  // A day that is its month's number reads the same either way.
  if (first === second) return { year, month: first, day: first };
  if (order === null) return null;
  return order === 'day-first' ? { year, month: second, day: first } : { year, month: first, day: second };
}

/** Longer than names may be in the app. */
const NAME_CHARACTERS = 100;

/** Who speaks, and the words. The hotel's own names may have a colon in them; a name with quotes is a notice's sentence. */
function speakerOf(rest: string, own: ReadonlySet<string>): { speaker: string | null; text: string } {
  for (
    let colon = rest.indexOf(':');
    colon !== -1 && colon <= NAME_CHARACTERS;
    colon = rest.indexOf(':', colon + 1)
  ) {
    if (own.has(plainName(rest.slice(0, colon)))) return split(rest, colon);
  }
  const colon = /:(?=\s|$)/.exec(rest.slice(0, NAME_CHARACTERS + 1))?.index ?? -1;
  const name = rest.slice(0, Math.max(colon, 0));
  return colon === -1 || plainName(name) === '' || /["“”„«\n]/.test(name)
    ? { speaker: null, text: rest }
    : split(rest, colon);
}

function split(rest: string, colon: number): { speaker: string; text: string } {
  return {
    speaker: plainName(rest.slice(0, colon)).toWellFormed(),
    text: rest.slice(colon + 1).replace(/^ /, ''),
  };
}

/** Marks of direction before the words, which the app put there. */
function withoutMarks(text: string): string {
  return text.replace(/^[\u200E\u200F\u202A-\u202E]+/, '');
}

const EDITED =
  /\s?\u200E?<(?:This message was edited|此消息已编辑|此消息已被编辑|此訊息已編輯|このメッセージは編集されました|Se editó este mensaje|Diese Nachricht wurde bearbeitet|Ce message a été modifié|Mensagem editada)\.?>$/;
const DELETED =
  /^(?:This message was deleted|You deleted this message|此消息已删除|您已删除此消息|您删除了此消息|你已删除这条消息|此訊息已刪除|您已刪除此訊息|你已刪除此訊息|このメッセージは削除されました|Se eliminó este mensaje|Eliminaste este mensaje|Diese Nachricht wurde gelöscht|Ce message a été supprimé|Mensagem apagada)\.?$/;
const OMITTED =
  /^(?:<(?:Media omitted|省略媒体文件|媒体文件已省略|媒體已略去|省略多媒體檔案|メディアなし|メディアは含まれていません|Multimedia omitido|Archivo omitido|Médias omis|Medien ausgeschlossen|Mídia oculta|Media omessi|Media weggelaten)>|(?:image|video|audio|sticker|document|GIF|Contact card) omitted|(?:图片|图像|视频|音频|贴图|文档)已(?:省略|忽略)|已(?:省略|忽略)(?:图片|视频|音频|贴图|文档))$/;
/** `<attached: f.jpg>` in whatever language. */
const ATTACHED = /^<[^<>:：\n]{1,30}[:：]\s?([^<>\n]{1,255}\.[A-Za-z0-9]{1,8})>/;
/** `f.jpg (file attached)`: in any language where the app's mark stands before it. */
const FILE_ATTACHED = /^([^<>\n]{1,255}\.[A-Za-z0-9]{1,8}) \(([^()\n]{1,40})\)/;
const ATTACHED_WORDS = [
  'file attached',
  '文件附件',
  '附件',
  '已附加文件',
  '檔案已附加',
  '附件檔案',
  'ファイル添付',
  '添付ファイル',
  'archivo adjunto',
  'Datei angehängt',
  'fichier joint',
  'arquivo anexado',
  'file allegato',
  'bestand bijgevoegd',
];

function wordsOf(whole: string): Pick<Said, 'text' | 'attachments' | 'edited' | 'sourceType'> {
  const edited = EDITED.test(whole);
  const marked = edited ? whole.replace(EDITED, '') : whole;
  const text = withoutMarks(marked);
  if (DELETED.test(text))
    return { text: `[撤回消息 message recalled] ${text}`, attachments: [], edited, sourceType: 'deleted' };
  const [firstLine = ''] = text.split('\n', 1);
  const attached = ATTACHED.exec(firstLine);
  const file = FILE_ATTACHED.exec(firstLine);
  const named =
    attached?.[1] ??
    (file !== null && (marked !== text || ATTACHED_WORDS.includes(file[2] ?? '')) ? file[1] : undefined);
  if (named !== undefined)
    return { text, attachments: [namedMedium(named.trim())], edited, sourceType: 'media' };
  if (OMITTED.test(firstLine)) return { text, attachments: [namedMedium(null)], edited, sourceType: 'media' };
  return { text, attachments: [], edited, sourceType: 'text' };
}
