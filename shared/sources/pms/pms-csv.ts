import { type ImportOptions, PLAIN_DRAFT } from '../importer.ts';
import { categoryOf } from '../internal/internal-columns.ts';
import {
  COMMON_ALIASES,
  dayIn,
  identifiersIn,
  labelledCells,
  nameAndRoom,
  plainCell,
  roleIn,
  timeIn,
  yesIn,
} from '../table/guest-columns.ts';
import { mappedTable, type RowOutcome, type TableRow } from '../table/mapped-table.ts';

const COLUMNS = [
  'message_id',
  'conversation',
  'booking',
  'at',
  'date',
  'from_role',
  'from_id',
  'from_name',
  'note_type',
  'title',
  'text',
  'internal',
  'category',
  'guest_name',
  'room',
  'arrival',
  'departure',
  'phone',
  'email',
  'document',
  'wecom',
] as const;
type Column = (typeof COLUMNS)[number];

const INTERNAL_NOTE = [
  'internal',
  'internal note',
  'internal comment',
  '内部',
  '内部备注',
  '内部留言',
  '交班',
  '交班备注',
];
const YES_OR_NO = /^(|no|n|false|f|0|否|无|外部|公开|public|external)$/i;

/**
 * Guest messages, desk notes and comments of a property management system, as a table: Kingdee 金蝶, Huazhu 华住 and others
 * of which no export format is public (docs.huazhu.com covers distribution alone); shared/sources/mappings.
 *
 * What the desk wrote is staff's unless the row says who spoke. An internal note (column `internal`, or a note type that
 * says so) is of staff to staff, and never a guest's words. All identifiers of a row are one guest's.
 */
export const pmsCsv = mappedTable<Column>(
  'pms-csv',
  {
    columns: COLUMNS,
    aliases: {
      ...COMMON_ALIASES,
      message_id: [...COMMON_ALIASES.message_id, '留言编号', '备注编号', 'note id', 'comment id', 'trace id'],
      booking: [...COMMON_ALIASES.booking, '账号单号', '登记单号', 'folio', 'folio no'],
      at: [
        ...COMMON_ALIASES.at,
        '录入时间',
        '留言时间',
        '备注时间',
        '登记时间',
        'entered at',
        'create date time',
      ],
      from_id: [
        ...COMMON_ALIASES.from_id,
        '操作员编号',
        '录入人编号',
        '操作员',
        'user id',
        'creator id',
        'created by',
      ],
      from_name: [...COMMON_ALIASES.from_name, '操作员姓名', '录入人', '留言人', 'user name', 'creator'],
      note_type: ['备注类型', '留言类型', '类型', 'type', 'comment type', 'note type'],
      title: ['标题', '主题', 'subject', 'comment title'],
      text: [
        ...COMMON_ALIASES.text,
        '备注',
        '备注内容',
        '留言',
        '留言内容',
        'note',
        'notes',
        'comment',
        'comments',
      ],
      internal: ['内部', '是否内部', '仅内部可见', 'internal only', 'is internal', 'confidential'],
      category: ['类别', '记录类别'],
    },
    required: [['at', 'date'], ['text']],
    long: ['text'],
    empty: ['NULL'],
  },
  draftOf,
);

function draftOf(row: TableRow<Column>, options: ImportOptions): RowOutcome {
  const instant = timeIn(row, options);
  if ('reason' in instant) return instant.reason;
  const type = row.cell('note_type');
  const flag = row.cell('internal');
  // What says neither yes nor no would let an internal note pass for a guest's matter.
  if (!yesIn(flag) && !YES_OR_NO.test(flag.normalize('NFKC'))) return 'invalid-field:internal';
  const internal = yesIn(flag) || INTERNAL_NOTE.includes(type.normalize('NFKC').toLowerCase());
  const role = row.cell('from_role') === '' || internal ? 'staff' : roleIn(row.cell('from_role'));
  if (role === null) return 'invalid-field:from_role';
  const stated = row.cell('category') === '' ? null : categoryOf(row.cell('category'));
  if (stated === null && row.cell('category') !== '') return 'invalid-field:category';
  if (stated === 'employee') return 'employee-not-collected';
  const identifiers = [
    ...identifiersIn(row, ['booking', 'phone', 'email', 'document', 'wecom']),
    ...nameAndRoom(
      row.cell('guest_name'),
      plainCell(row.cell('room')),
      dayIn(row.cell('arrival'), options),
      dayIn(row.cell('departure'), options),
    ),
  ];
  const [first] = identifiers;
  const conversation =
    row.cell('conversation') || (first === undefined ? '' : JSON.stringify([first.kind, first.value]));
  if (conversation === '') return 'no-guest';
  const id = plainCell(row.cell('from_id'));
  const text = row.raw('text').toWellFormed();
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: plainCell(row.cell('message_id')) || null,
    placements: [{ conversation, identifiers }],
    staff: role === 'staff' && id !== '' ? [`pms-csv:${id}`] : [],
    at: instant.at,
    category: internal ? 'complaint-plan' : stated,
    from: { role, id: id || null, name: row.cell('from_name') || null },
    text:
      row.cell('title') === ''
        ? text
        : `${labelledCells('备注 note', [['标题 title', row.cell('title')]])}\n${text}`,
    internal,
    sourceType: type || 'note',
  };
}
