import { createHash } from 'node:crypto';
import type { Source } from '../../shared/domain/record.ts';
import type { ImportProfile } from '../../shared/sources/import-profile.ts';
import { DIALOGUES, type Dialogue, type Special, type Turn } from './dialogues.ts';
import { platformSamples } from './platform-samples.ts';
import { SAMPLE_GUESTS, type SampleGuest } from './sample-guests.ts';

/** One export as the demo brings it in. */
export type SampleExport = {
  file: string;
  source: Source;
  text: string;
  timezone?: string;
  /** What is given as `--map`, from the repository's root: one of the ready mappings, or a file with this profile. */
  map?: { file: string; profile: ImportProfile | null };
  /** Media that lie in `local/samples/media`, by name. */
  media?: Record<string, Uint8Array>;
};

const STAFF = ['frontdesk01', 'agent01', 'agent02', 'supervisor01'] as const;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * The sample exports of SHA01, the same bytes each time: a month of WeCom conversations, a few of the year before that
 * are due for deletion, and the internal system's tickets, whose columns tell which WeCom id a phone number belongs to; and a small file
 * of every other source.
 */
export function sampleExports(): SampleExport[] {
  return [
    {
      file: 'wecom-sha01-2026-05.jsonl',
      source: 'wecom',
      text: wecomExport('2026-05-04T09:00:00+08:00', 5, 1),
    },
    {
      file: 'wecom-sha01-2025-09.jsonl',
      source: 'wecom',
      text: wecomExport('2025-09-08T09:00:00+08:00', 1, 7),
    },
    { file: 'internal-sha01-2026-05.csv', source: 'internal', text: internalExport() },
    ...platformSamples(),
  ];
}

/** Decrypted WeCom archive lines (one JSON object a line), in the order in which they were sent. */
function wecomExport(start: string, rounds: number, firstDialogue: number): string {
  const lines: { at: number; line: object }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    SAMPLE_GUESTS.forEach((guest, place) => {
      const dialogue = dialogueFor(guest, firstDialogue + round + place);
      const begins = Date.parse(start) + (round * 5 + (place % 4)) * DAY + place * 47 * MINUTE;
      const staff = STAFF[(round + place) % STAFF.length] ?? STAFF[0];
      lines.push(...wecomConversation(dialogue, guest, staff, begins));
    });
  }
  lines.sort((one, other) => one.at - other.at);
  return lines.map(({ line }) => `${JSON.stringify(line)}\n`).join('');
}

function wecomConversation(
  { turns }: Dialogue,
  guest: SampleGuest,
  staff: string,
  begins: number,
): { at: number; line: object }[] {
  return turns.flatMap((turn, index) => {
    const at = begins + index * 2 * MINUTE + (digest(guest.wecom, begins, index).readUInt16BE() % 50) * 1000;
    const message = wecomMessage(turn, guest, staff, at);
    if (turn[2] !== 'recalled') return [{ at, line: message }];
    const { msgid, from, tolist, roomid } = message;
    const recall = {
      ...{
        msgid: messageId(at + 40_000, msgid),
        action: 'recall',
        from,
        tolist,
        roomid,
        msgtime: at + 40_000,
      },
      ...{ msgtype: 'revoke', revoke: { pre_msgid: msgid } },
    };
    return [
      { at, line: message },
      { at: at + 40_000, line: recall },
    ];
  });
}

function wecomMessage([speaker, words, special]: Turn, guest: SampleGuest, staff: string, at: number) {
  const [from, to] = speaker === 'g' ? [guest.wecom, staff] : [staff, guest.wecom];
  const text = filledIn(words, guest, at);
  return {
    msgid: messageId(at, `${from}${words}`),
    action: 'send',
    from,
    tolist: [to],
    roomid: '',
    msgtime: at,
    ...wecomBody(special, text),
  };
}

/** The message type with its body (FORMATS: WeCom archive, plaintext). */
function wecomBody(
  special: Special | undefined,
  text: string,
): { msgtype: string } & Record<string, unknown> {
  const md5sum = createHash('md5').update(text).digest('hex');
  const medium = {
    md5sum,
    sdkfileid: digest('file', text).toString('base64'),
    filesize: 10_000 + text.length * 997,
  };
  switch (special) {
    case 'image':
      return { msgtype: 'image', image: medium };
    case 'voice': {
      const { filesize, ...rest } = medium;
      return { msgtype: 'voice', voice: { ...rest, voice_size: filesize, play_length: 7 } };
    }
    case 'file':
      return { msgtype: 'file', file: { ...medium, filename: `${text}.pdf`, fileext: 'pdf' } };
    case 'location':
      return {
        msgtype: 'location',
        location: {
          longitude: 121.49,
          latitude: 31.24,
          address: '上海市黄浦区中山东一路',
          title: text,
          zoom: 15,
        },
      };
    case 'link':
      return {
        msgtype: 'link',
        link: { title: text, description: '', link_url: 'https://hotel.example.cn/birthday', image_url: '' },
      };
    case 'mixed':
      return {
        msgtype: 'mixed',
        mixed: {
          item: [
            { type: 'text', content: JSON.stringify({ content: text }) },
            { type: 'image', content: JSON.stringify(medium) },
          ],
        },
      };
    default:
      return { msgtype: 'text', text: { content: text } };
  }
}

const INTERNAL_COLUMNS = [
  ...['message_id', 'at', 'conversation', 'from_role', 'from_id', 'from_name', 'text', 'category'],
  ...['phone', 'email', 'wecom', 'booking'],
] as const;

/** Tickets of the internal system: each row states its guest's identifiers in columns, which is what links them. */
function internalExport(): string {
  const rows = SAMPLE_GUESTS.flatMap((guest, place) => {
    const dialogue = dialogueFor(guest, place + 3);
    const begins = Date.parse('2026-05-12T10:00:00+08:00') + place * 7 * 60 * MINUTE;
    const ticket = `T-202605-${String(place + 1).padStart(3, '0')}`;
    const agent = STAFF[place % 3] ?? STAFF[0];
    return dialogue.turns
      .filter((turn) => turn[2] === undefined)
      .map(([speaker, words], index) => {
        const at = begins + index * 3 * MINUTE;
        const row: Record<(typeof INTERNAL_COLUMNS)[number], string> = {
          message_id: `${ticket}-${String(index + 1).padStart(2, '0')}`,
          at: inShanghai(at),
          conversation: ticket,
          from_role: speaker === 'g' ? 'guest' : 'staff',
          from_id: speaker === 'g' ? '' : agent,
          from_name: speaker === 'g' ? guest.name : agent,
          text: filledIn(words, guest, at),
          category: dialogue.category,
          phone: guest.phone,
          email: `guest${place + 1}@example.com`,
          wecom: guest.wecom,
          booking: bookingOf(guest),
        };
        return INTERNAL_COLUMNS.map((column) => csvField(row[column])).join(',');
      });
  });
  return `${[INTERNAL_COLUMNS.join(','), ...rows].join('\r\n')}\r\n`;
}

function csvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** ISO 8601 at UTC+8, where the hotel is. */
function inShanghai(at: number): string {
  return new Date(at + 8 * 60 * MINUTE).toISOString().replace(/\.\d+Z$/, '+08:00');
}

function dialogueFor(guest: SampleGuest, index: number): Dialogue {
  const inLanguage = DIALOGUES.filter(({ language }) => language === guest.language);
  const dialogue = inLanguage[index % inLanguage.length];
  if (dialogue === undefined) throw new Error(`no dialogue in ${guest.language}`);
  return dialogue;
}

function filledIn(words: string, guest: SampleGuest, at: number): string {
  const room = String(801 + (digest(guest.wecom).readUInt16BE() % 60));
  return words
    .replaceAll('{name}', guest.name)
    .replaceAll('{room}', room)
    .replaceAll('{day}', String(new Date(at).getUTCDate() + 1))
    .replaceAll('{phone}', guest.phone)
    .replaceAll('{booking}', bookingOf(guest));
}

function bookingOf(guest: SampleGuest): string {
  return `SHA${String(digest('booking', guest.wecom).readUInt32BE() % 1_000_000).padStart(6, '0')}`;
}

function messageId(at: number, what: string): string {
  return `${digest(what, at).readBigUInt64BE()}_${at}`;
}

function digest(...parts: (string | number)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
