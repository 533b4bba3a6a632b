import type { ImportOptions } from '../importer.ts';
import { COMMON_ALIASES, dayIn, plainCell, timeIn } from '../table/guest-columns.ts';
import { mappedTable, type RowOutcome, type TableRow } from '../table/mapped-table.ts';
import { keyCardDraft } from './keycard-draft.ts';

const COLUMNS = [
  'event_id',
  'at',
  'date',
  'door',
  'room',
  'event',
  'direction',
  'card',
  'level',
  'holder',
  'user',
  'encoder',
  'booking',
  'guest_name',
  'phone',
  'arrival',
  'valid_from',
  'valid_until',
  'result',
  'remarks',
] as const;
type Column = (typeof COLUMNS)[number];

const OUT = ['1', 'true', 'out', 'exit', 'yes', 'egress', 'inside', '出', '外出', '出门'];
const IN = ['0', 'false', 'in', 'entry', 'no', 'ingress', 'outside', '进', '入', '进门'];

/**
 * Door events and keys made, as a table. Salto's CSV has fields, order and separator of the user's own (docplayer.net/10912609);
 * of dormakaba/Ilco's lock audit the fields are known (easymanua.ls/kaba/ilco-fdu, p. 192–194), of Assa Abloy Visionline
 * no format is public: by header aliases or a mapping; shared/sources/mappings.
 */
export const keyCardTable = mappedTable<Column>(
  'keycard',
  {
    columns: COLUMNS,
    aliases: {
      ...COMMON_ALIASES,
      event_id: ['事件编号', '记录编号', '流水号', 'id', 'event id', 'record id'],
      at: [
        ...COMMON_ALIASES.at,
        '开门时间',
        '刷卡时间',
        '事件时间',
        'event time',
        'event date time',
        'date/time',
      ],
      door: ['门', '门锁', '门名称', '门点', 'door name', 'lock', 'lock name', 'doorid', 'door id'],
      event: [
        '事件',
        '事件类型',
        '操作',
        '开门方式',
        'operation',
        'operation description',
        'event type',
        'description',
      ],
      direction: ['方向', '进出', 'isexit', 'is exit', 'exit'],
      card: [
        '卡号',
        '卡序列号',
        '门卡号',
        'card no',
        'card number',
        'card serial',
        'card serial number',
        'key serial',
        'sequence id',
      ],
      level: ['级别', '卡类型', '卡级别', '钥匙类型', 'card level', 'key type', 'keycard type', 'card type'],
      holder: ['持卡人', 'card holder', 'cardholder', 'subject', 'subject id', 'holder name'],
      user: [
        '制卡人',
        '操作员',
        '操作员编号',
        'operator',
        'user id',
        'issued by',
        'authorization no',
        'authorization no.',
      ],
      encoder: ['发卡机', '制卡机', 'encoder id', 'encoder name'],
      arrival: COMMON_ALIASES.arrival,
      valid_from: [
        '有效期自',
        '生效时间',
        '开始时间',
        'valid from',
        'validity start',
        'start time',
        'creation time',
      ],
      valid_until: ['有效期至', '失效时间', '结束时间', 'valid to', 'valid until', 'validity end', 'expiry'],
      result: ['结果', '状态', 'status', 'access', 'granted'],
      remarks: ['备注', '说明', 'remark', 'notes', 'comment'],
    },
    required: [
      ['at', 'date'],
      ['door', 'room'],
      ['event', 'card', 'level'],
    ],
    long: ['remarks'],
  },
  draftOf,
);

function draftOf(row: TableRow<Column>, options: ImportOptions): RowOutcome {
  const instant = timeIn(row, options);
  if ('reason' in instant) return instant.reason;
  const said = row.cell('direction').normalize('NFKC').toLowerCase();
  const direction = OUT.includes(said) ? 'out' : IN.includes(said) ? 'in' : '';
  if (said !== '' && direction === '') return 'invalid-field:direction';
  const text = (column: Column): string => plainCell(row.cell(column));
  const booking = text('booking');
  return keyCardDraft(
    {
      id: text('event_id'),
      at: instant.at,
      door: text('door'),
      room: text('room'),
      event: text('event'),
      direction,
      card: text('card'),
      level: text('level'),
      holder: text('holder'),
      user: text('user'),
      encoder: text('encoder'),
      bookings: booking === '' ? [] : [{ number: booking, internal: false }],
      guestName: text('guest_name'),
      phone: text('phone'),
      validFrom: text('valid_from'),
      validUntil: text('valid_until'),
      result: text('result'),
      remarks: row.cell('remarks'),
    },
    // A key's validity may begin anew with each key of one stay: the arrival alone tells the first night.
    dayIn(row.cell('arrival'), options),
    options,
  );
}
