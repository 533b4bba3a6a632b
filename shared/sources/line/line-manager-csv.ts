import { IANAZone } from 'luxon';
import { LIMITS } from '../../domain/limits.ts';
import { type Passage, readChat, type Said } from '../chat-export/chat-export.ts';
import type { Format } from '../documents/several-formats.ts';
import { lookUp } from '../fields/look-up.ts';
import { namedMedium } from '../fields/named-medium.ts';
import type { ImportOptions, Item, ResumePoint } from '../importer.ts';
import { readCsvRows } from '../table/csv-rows.ts';
import { parseInstant } from '../time/instant.ts';

/**
 * A chat that LINE Official Account Manager exported (CSV): a few lines about the account and the time zone, then
 * 送信者タイプ, 送信者名, 送信日, 送信時刻, 内容. LINE doesn't document it: columns are found by their headers, in Japanese,
 * English or Chinese, and the zone is the file's own where it says one. The guest has a display name only: the profile
 * says who it is. State: columns and zone.
 */
export const lineManagerCsv: Format = {
  async *read(bytes, from, options): AsyncGenerator<Item> {
    yield* readChat(passagesOf(bytes, from, options), from, options, false);
  },
};

const COLUMNS = ['type', 'name', 'date', 'time', 'text'] as const;
type Column = (typeof COLUMNS)[number];

const HEADERS: Readonly<Record<string, Column>> = {
  送信者タイプ: 'type',
  送信者種別: 'type',
  'sender type': 'type',
  发送者类型: 'type',
  傳送者類型: 'type',
  發送者類型: 'type',
  送信者名: 'name',
  送信者: 'name',
  'sender name': 'name',
  sender: 'name',
  发送者名称: 'name',
  发送者: 'name',
  傳送者名稱: 'name',
  發送者名稱: 'name',
  送信日: 'date',
  date: 'date',
  'date sent': 'date',
  发送日期: 'date',
  傳送日期: 'date',
  發送日期: 'date',
  送信時刻: 'time',
  送信時間: 'time',
  time: 'time',
  'time sent': 'time',
  发送时间: 'time',
  傳送時間: 'time',
  發送時間: 'time',
  内容: 'text',
  內容: 'text',
  message: 'text',
  content: 'text',
};

type Columns = readonly (Column | null)[];

/** The columns of a header row; null where the row is none. */
export function columnsOf(fields: readonly string[]): Columns | null {
  const columns = fields.slice(0, LIMITS.csvColumns).map((field) => {
    const name = field.normalize('NFKC').replaceAll('\uFEFF', '').trim().toLowerCase();
    return lookUp(HEADERS, name);
  });
  return COLUMNS.every((column) => columns.filter((one) => one === column).length === 1) ? columns : null;
}

async function* passagesOf(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
): AsyncGenerator<Passage> {
  let { columns, zone } = read(from.state);
  let begin = { line: from.line, offset: from.offset };
  for await (const row of readCsvRows(bytes, from)) {
    const stateBefore = written(columns, zone);
    let what: Passage['what'];
    if ('reason' in row) {
      what = { kind: 'rejected', reason: row.reason };
    } else if (columns === null) {
      columns = columnsOf(row.fields);
      zone = zoneIn(row.fields) ?? zone;
      what = { kind: 'skipped' };
    } else if (row.fields.every((field) => field.trim() === '')) {
      what = { kind: 'skipped' };
    } else {
      const said = saidOf(row.fields, columns, options.profile?.timezone ?? zone ?? options.timezone);
      what = typeof said === 'string' ? { kind: 'rejected', reason: said } : { kind: 'said', said };
    }
    yield {
      line: row.line,
      begin,
      end: row.end,
      stateBefore,
      state: written(columns, zone),
      original: row.bytes,
      bytes: row.length,
      what,
    };
    begin = row.end;
  }
}

/** `タイムゾーン,+09:00`, or a zone by its name. */
function zoneIn([name = '', value = '']: readonly string[]): string | null {
  if (!/タイムゾーン|time ?zone|时区|時區/i.test(name.normalize('NFKC'))) return null;
  const plain = value.normalize('NFKC').trim();
  const offset = /^(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d{2})?$/i.exec(plain);
  if (offset !== null) {
    const zone = `UTC${offset[1]}${Number(offset[2])}${offset[3] === undefined ? '' : `:${offset[3]}`}`;
    return IANAZone.isValidZone(plain) ? plain : zone;
  }
  return IANAZone.isValidZone(plain) ? plain : null;
}

function written(columns: Columns | null, zone: string | null): string {
  return `${columns === null ? '' : columns.map((column) => column ?? '').join(',')} ${zone ?? ''}`;
}

function read(state: string | null): { columns: Columns | null; zone: string | null } {
  const [columns = '', zone = ''] = (state ?? '').split(' ');
  return {
    columns:
      columns === '' ? null : columns.split(',').map((name) => COLUMNS.find((one) => one === name) ?? null),
    zone: zone || null,
  };
}

function saidOf(fields: readonly string[], columns: Columns, zone: string | null): Said | string {
  if (fields.length !== columns.length) return 'wrong-column-count';
  const cells = new Map(columns.map((column, index) => [column, fields[index] ?? '']));
  const cell = (column: Column) => (cells.get(column) ?? '').trim();
  if (cell('date') === '' || cell('time') === '')
    return `missing-field:${cell('date') === '' ? 'date' : 'time'}`;
  const instant = parseInstant(`${cell('date')} ${cell('time')}`, zone);
  if ('reason' in instant) return instant.reason;
  const role = roleOf(cell('type'));
  if (role === null) return 'invalid-field:type';
  const text = (cells.get('text') ?? '').toWellFormed();
  const media = /^\[?(?:写真|動画|ファイル|Photo|Video|File|照片|圖片|影片|檔案)\]?(?: (\S.{0,254}))?$/.exec(
    text,
  );
  return {
    at: instant.at,
    speaker: cell('name').toWellFormed() || null,
    role,
    text,
    attachments: media === null ? [] : [namedMedium(media[1] ?? null)],
    edited: false,
    sourceType: media === null ? 'text' : 'media',
  };
}

/** An account's answers may come from a person or of themselves; the file says only that the account sent them. */
function roleOf(type: string): 'guest' | 'staff' | null {
  const plain = type.normalize('NFKC').toLowerCase();
  if (['user', 'ユーザー', 'ユーザ', '用户', '用戶', '使用者'].includes(plain)) return 'guest';
  if (
    ['account', 'アカウント', '账号', '帐号', '帳號', '官方帳號', 'official account', 'operator'].includes(
      plain,
    )
  )
    return 'staff';
  return null;
}
