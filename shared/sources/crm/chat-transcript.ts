import { DateTime } from 'luxon';
import { type HtmlLine, htmlLines } from '../text/html-lines.ts';

/** One line of a Salesforce chat transcript, with those that go on from it; it stands between `start` and `end` of Body. */
export type TranscriptLine = {
  start: number;
  end: number;
  kind: 'notice' | 'message';
  /** Milliseconds since the chat started; null in notices. */
  after: number | null;
  speaker: string | null;
  /** As it stands there. */
  text: string;
  /** The time that the notice of the start gives; null in all others. */
  startsAt: Date | null;
};

export type Transcript = {
  /** What `Chat Started` says; null where it isn't there or can't be read. */
  started: Date | null;
  /** Who is announced as an agent (`Agent X`) or as a bot (`Chatbot X`). */
  agents: string[];
  bots: string[];
  lines: TranscriptLine[];
};

const MARKUP = /<\/?(?:p|br|div|span|b|i|u|a|strong|em|table|ul|li|font|script)\b[^<>]{0,1000}>/i;
const MESSAGE =
  /^\(\s*(?:(\d{1,4})\s?d\s*)?(?:(\d{1,4})\s?h\s*)?(?:(\d{1,6})\s?m\s*)?(?:(\d{1,6})\s?s\s*)?\)\s*(.*)$/s;
const LONGEST_SPEAKER_CHARACTERS = 120;
/** No chat has more agents, and every speaker is compared with each. */
const ANNOUNCED = 100;
const STARTED = /^Chat Started:\s*(.{1,100})$/i;
const NOTICE = /^(?:Chat (?:Started|Origin|Transferred|Ended)\b|(?:Agent|Chatbot|Bot)\s)/i;

/**
 * The Body of a LiveChatTranscript: HTML (`<p align="center">`, `<br>`), or its text. Sources: Salesforce object reference,
 * LiveChatTranscript; transcripts in public repositories.
 */
export function readTranscript(body: string): Transcript {
  const lines: TranscriptLine[] = [];
  let started: Date | null = null;
  const agents: string[] = [];
  const bots: string[] = [];
  let inChat = false;
  for (const { text, start, end, centred } of MARKUP.test(body)
    ? htmlLines(body, 'end-lines')
    : plainLines(body)) {
    const message = messageIn(text);
    const last = lines.at(-1);
    if (message !== null) {
      inChat = true;
      lines.push({ start, end, kind: 'message', startsAt: null, ...message });
    } else if (centred || (!inChat && NOTICE.test(text)) || last === undefined || last.kind === 'notice') {
      const when = STARTED.exec(text)?.[1];
      const startsAt = when === undefined ? null : startIn(when);
      started ??= startsAt;
      const agent = /^Agent\s+(.{1,120})$/.exec(text)?.[1];
      if (agent !== undefined && agents.length < ANNOUNCED) agents.push(agent);
      const bot = /^(?:Chatbot|Bot)\s+(.{1,120})$/.exec(text)?.[1];
      if (bot !== undefined && bots.length < ANNOUNCED) bots.push(bot);
      lines.push({ start, end, kind: 'notice', after: null, speaker: null, text, startsAt });
    } else {
      last.text = `${last.text}\n${text}`;
      last.end = end;
    }
  }
  return { started, agents, bots, lines };
}

/** `( 1h 2m 3s ) Name: text`. */
function messageIn(text: string): Pick<TranscriptLine, 'after' | 'speaker' | 'text'> | null {
  const parts = MESSAGE.exec(text);
  if (parts === null) return null;
  const [, days, hours, minutes, seconds, rest = ''] = parts;
  if ([days, hours, minutes, seconds].every((part) => part === undefined)) return null;
  const colon = rest.indexOf(':');
  if (colon < 1 || colon > LONGEST_SPEAKER_CHARACTERS) return null;
  const after =
    (((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60 +
      Number(seconds ?? 0)) *
    1000;
  return { after, speaker: rest.slice(0, colon).trim(), text: rest.slice(colon + 1).trim() };
}

/** `Sunday, December 01, 2024, 07:09:55 (-0800)`, on a clock of 24 or of 12 hours. */
function startIn(text: string): Date | null {
  const plain = text.replace(/^[A-Za-z]+,\s*/, '').trim();
  for (const form of [
    'LLLL d, yyyy, H:mm:ss (ZZZ)',
    'LLLL d, yyyy, h:mm:ss a (ZZZ)',
    'LLLL d, yyyy H:mm:ss (ZZZ)',
  ]) {
    const time = DateTime.fromFormat(plain, form, { locale: 'en-US' });
    if (time.isValid && time.toMillis() >= 0) return time.toJSDate();
  }
  return null;
}

function plainLines(body: string): HtmlLine[] {
  const lines: HtmlLine[] = [];
  let at = 0;
  for (const line of body.split('\n')) {
    const text = line.trim();
    const start = at + line.length - line.trimStart().length;
    if (text !== '') lines.push({ text, start, end: start + text.length, quoted: false, centred: false });
    at += line.length + 1;
  }
  return lines;
}
