import { DateTime } from 'luxon';
import { LIMITS } from '../../domain/limits.ts';
import type { Identifier, StoredRecord } from '../../domain/record.ts';
import { namedMedium } from '../fields/named-medium.ts';
import type { DraftAttachment, ImportOptions } from '../importer.ts';
import { localTimeOf, type TableInstant, tableInstant } from './table-time.ts';

/** How Chinese and English exports head what many of them have: one list for each column, shared by their sources. */
export const COMMON_ALIASES = {
  message_id: ['消息编号', '消息ID', '记录编号', '流水号', 'id', 'record id', 'msg id', 'msgid'],
  conversation: ['会话', '会话编号', '会话ID', 'conversation id', 'session id', 'thread id'],
  at: [
    '时间',
    '日期时间',
    '发送时间',
    '消息时间',
    '创建时间',
    'time',
    'date time',
    'datetime',
    'timestamp',
    'send time',
    'sent time',
    'clock time',
    '时刻',
    '发送时刻',
    'sent at',
    'created at',
    'created',
  ],
  date: ['日期', '发送日期', '事件日期', 'event date'],
  from_role: ['发送方角色', '发送者角色', '发送方类型', '角色', 'role', 'sender role', 'sender type'],
  from_id: [
    '发送方编号',
    '发送者编号',
    '发送方账号',
    '发送者账号',
    '工号',
    '操作员工号',
    'sender id',
    'sender account',
  ],
  from_name: [
    '发送方',
    '发送者',
    '发送人',
    '发送方姓名',
    '发送者姓名',
    '发送方名称',
    'sender',
    'sender name',
    'from',
  ],
  text: ['内容', '消息内容', '正文', 'message', 'content', 'message text', 'body'],
  message_type: ['消息类型', '类型', 'type', 'message type'],
  attachment: ['附件', '附件名称', '文件名', 'attachments', 'file name', 'attachment name'],
  recalls: ['撤回消息编号', '被撤回消息编号', 'recalled message id'],
  booking: [
    '订单号',
    '订单编号',
    '预订号',
    '预订单号',
    '预订编号',
    'order number',
    'order no',
    'order no.',
    'order id',
    'booking id',
    'booking number',
    'reservation',
    'reservation id',
    'reservation no',
    'reservation no.',
    'confirmation no',
    'confirmation number',
  ],
  guest_name: ['客人姓名', '宾客姓名', '住客姓名', '入住人', '客人', '宾客', 'guest', 'guest name', 'name'],
  room: ['房号', '房间号', '房间', 'room no', 'room no.', 'room number'],
  arrival: [
    '入住日期',
    '到店日期',
    '抵店日期',
    '到店时间',
    '入住时间',
    'arrival date',
    'check in',
    'check in date',
  ],
  departure: [
    '离店日期',
    '退房日期',
    '离店时间',
    '退房时间',
    'departure date',
    'check out',
    'check out date',
  ],
  phone: [
    '手机',
    '手机号',
    '手机号码',
    '电话',
    '联系电话',
    '联系方式',
    'mobile',
    'phone number',
    'telephone',
  ],
  email: ['邮箱', '电子邮箱', '电子邮件', 'e-mail', 'mail', 'email address'],
  document: [
    '证件号',
    '证件号码',
    '身份证号',
    '护照号',
    'document no',
    'document no.',
    'document number',
    'id number',
    'passport no',
  ],
  wecom: ['企业微信', '外部联系人ID', 'external user id'],
} as const satisfies Record<string, readonly string[]>;

/** Of the identifiers that a table may hold, those that stand alone in a cell. */
const KINDS = ['booking', 'phone', 'email', 'document', 'wecom', 'card'] as const;
type KindColumn = (typeof KINDS)[number];

/** A cell that Excel was to take for text (`="0138…"`, `'0138…`) without what makes it so. */
export function plainCell(cell: string): string {
  return (/^="(.*)"$/.exec(cell)?.[1] ?? cell.replace(/^'(?=[\d+])/, '')).trim();
}

/** Identifiers in the order of `columns`. */
export function identifiersIn<Column extends KindColumn>(
  row: { cell(column: NoInfer<Column>): string },
  columns: readonly Column[],
): Identifier[] {
  return columns.flatMap((kind): Identifier[] => {
    const value = plainCell(row.cell(kind));
    return value === '' ? [] : [{ kind, value }];
  });
}

/**
 * `NAME / ROOM / NIGHT` for each night from the first day to the one before the last, LIMITS.stayNights of them at most;
 * one where there is no last day.
 */
export function nameAndRoom(
  name: string,
  room: string,
  first: string | null,
  last: string | null,
): Identifier[] {
  const [plainName, plainRoom] = [withoutStrokes(name), withoutStrokes(room)];
  if (plainName === '' || plainRoom === '' || first === null) return [];
  const begin = DateTime.fromISO(first, { zone: 'utc' });
  const end = last === null ? begin : DateTime.fromISO(last, { zone: 'utc' });
  const days = Math.floor(end.diff(begin, 'days').days);
  // A day room has one night's name all the same.
  const nights = Math.min(Math.max(Number.isNaN(days) ? 1 : days, 1), LIMITS.stayNights);
  return Array.from({ length: nights }, (_, night) => ({
    kind: 'name-and-room' as const,
    value: `${plainName} / ${plainRoom} / ${begin.plus({ days: night }).toISODate()}`,
  }));
}

/** A name with the form's own stroke (WANG/FANG, WANG／FANG) is the same name with a space: whatever NFKC makes one of. */
function withoutStrokes(cell: string): string {
  return cell.normalize('NFKC').replaceAll('/', ' ').trim();
}

/** The day in a cell, `YYYY-MM-DD`, in the file's zone; null where there is none, or a time that can't be told. */
export function dayIn(cell: string, options: ImportOptions): string | null {
  if (cell === '') return null;
  const plain = plainCell(cell);
  const instant = tableInstant(plain, options, { dayAlone: true });
  if ('at' in instant) return localTimeOf(instant.at, options)?.day ?? plain.slice(0, 10);
  return null;
}

/** A clock time without a day before it. */
const CLOCK = /^(?:上午|下午)?\s*\d{1,2}[:时]/;

/** The time of a row that has it in one cell, or the date in a cell of its own beside the clock time. */
export function timeIn(row: { cell(column: 'at' | 'date'): string }, options: ImportOptions): TableInstant {
  const at = plainCell(row.cell('at')).normalize('NFKC');
  const date = plainCell(row.cell('date'));
  if (at === '') return tableInstant(date, options);
  return tableInstant(CLOCK.test(at) ? `${date} ${at}` : at, options);
}

/** Files that a cell names, one behind the other; of a path or an address the last part. */
export function attachmentsIn(cell: string): DraftAttachment[] {
  const names = cell.split(/[;；|\n]/).flatMap((one) => {
    const name = one.trim().split(/[?#]/)[0]?.split(/[/\\]/).at(-1)?.trim() ?? '';
    return name === '' ? [] : [name];
  });
  return [...new Set(names)].map(namedMedium);
}

type FromRole = StoredRecord['from']['role'];

const ROLES: Readonly<Record<FromRole, readonly string[]>> = {
  guest: [
    'guest',
    'customer',
    'traveler',
    'traveller',
    'user',
    '客人',
    '宾客',
    '顾客',
    '客户',
    '住客',
    '用户',
    '旅客',
  ],
  staff: [
    'staff',
    'agent',
    'employee',
    'hotel',
    'property',
    'operator',
    '员工',
    '客服',
    '酒店',
    '商家',
    '前台',
    '操作员',
  ],
  robot: ['robot', 'bot', 'auto', '机器人', '智能客服', '自动回复'],
  system: ['system', '系统', '系统消息'],
};

/** Who a cell says has spoken, in Chinese or English; null where it can't be told. */
export function roleIn(cell: string): FromRole | null {
  const name = cell.normalize('NFKC').toLowerCase();
  const roles = ['guest', 'staff', 'robot', 'system'] as const;
  return roles.find((role) => ROLES[role].includes(name)) ?? null;
}

/** Whether a cell says yes. */
export function yesIn(cell: string): boolean {
  return /^(yes|y|true|t|1|是|有|√|内部|internal)$/i.test(cell.normalize('NFKC').trim());
}

/** `门 door: 1203; 卡 card: 0A7F`: what a row says in a line that people read; empty cells are left out. */
export function labelledCells(
  title: string,
  parts: readonly (readonly [label: string, value: string])[],
): string {
  const said = parts.filter(([, value]) => value !== '').map(([label, value]) => `${label}: ${value}`);
  return `[${title}] ${said.join('; ')}`;
}
