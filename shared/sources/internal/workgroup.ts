import { type ImportOptions, PLAIN_DRAFT } from '../importer.ts';
import { attachmentsIn, COMMON_ALIASES, plainCell, timeIn } from '../table/guest-columns.ts';
import { mappedTable, type RowOutcome, type TableRow } from '../table/mapped-table.ts';

const COLUMNS = [
  'message_id',
  'group_id',
  'group_name',
  'chat_type',
  'at',
  'date',
  'from_id',
  'from_name',
  'text',
  'message_type',
  'attachment',
  'recalls',
] as const;
type Column = (typeof COLUMNS)[number];

const GROUP = [
  'group',
  'work group',
  'workgroup',
  'department',
  'room',
  '群',
  '群聊',
  '群组',
  '工作群',
  '部门群',
];
const PRIVATE = ['private', 'single', 'direct', 'p2p', 'personal', '私聊', '单聊', '个人', '私人'];

/**
 * Talk of employees in work groups 工作群 (WeCom, DingTalk, Feishu …), exported as a table. No common format is public: a
 * table of the hotel's own making, by header aliases or a mapping.
 *
 * A private chat is refused, and not a word of it is kept, not even in quarantine (R7); so is a kind of chat that isn't
 * known to be a group. A record belongs to the employee who wrote it (`workgroup:ACCOUNT`, as in the directory); whether
 * that employee's group may be collected at all is decided by the rulebook.
 */
export const workgroup = mappedTable<Column>(
  'workgroup',
  {
    columns: COLUMNS,
    aliases: {
      ...COMMON_ALIASES,
      group_id: [
        '群ID',
        '群编号',
        '群号',
        '会话ID',
        '会话编号',
        'group',
        'chat id',
        'conversation',
        'conversation id',
      ],
      group_name: ['群名', '群名称', '群聊名称', 'group title', 'chat name'],
      chat_type: ['会话类型', '聊天类型', '群类型', 'conversation type'],
      from_id: [
        ...COMMON_ALIASES.from_id,
        '账号',
        '员工账号',
        '成员账号',
        'account',
        'user id',
        'userid',
        'sender',
      ],
      from_name: ['发送者', '发送人', '发送方', '发送者姓名', '姓名', '成员', 'sender name', 'name'],
    },
    required: [
      ['at', 'date'],
      ['from_id'],
      ['text', 'attachment', 'recalls'],
      ['group_id', 'group_name', 'chat_type'],
    ],
    long: ['text', 'attachment'],
    messages: true,
    // Of a row that can't be read nobody knows whether it is a private chat's.
    mayKeep: (row) => row !== null && !isPrivate(row),
  },
  draftOf,
);

function draftOf(row: TableRow<Column>, options: ImportOptions): RowOutcome {
  if (isPrivate(row)) return 'private-chat';
  const kind = kindOf(row);
  if (kind !== '' && !GROUP.includes(kind)) return 'invalid-field:chat_type';
  const group = plainCell(row.cell('group_id')) || row.cell('group_name');
  if (group === '') return 'missing-field:group_id';
  const instant = timeIn(row, options);
  if ('reason' in instant) return instant.reason;
  const account = plainCell(row.cell('from_id'));
  if (account === '' || /\s/.test(account)) return 'invalid-field:from_id';
  const employee = `workgroup:${account}`;
  const recalls = plainCell(row.cell('recalls')) || null;
  const attachments = attachmentsIn(row.cell('attachment'));
  const text = row.raw('text').toWellFormed();
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: plainCell(row.cell('message_id')) || null,
    recalls,
    placements: [{ conversation: group, identifiers: [{ kind: 'employee', value: employee }] }],
    staff: [employee],
    at: instant.at,
    category: 'employee',
    from: { role: 'staff', id: account, name: row.cell('from_name') || null },
    text:
      text.trim() !== ''
        ? text
        : recalls !== null
          ? '[撤回消息 message recalled]'
          : `[附件 attachment] ${row.cell('attachment')}`,
    attachments,
    sourceType: row.cell('message_type') || 'message',
  };
}

function kindOf(row: TableRow<Column>): string {
  return row.cell('chat_type').normalize('NFKC').toLowerCase();
}

function isPrivate(row: TableRow<Column>): boolean {
  return PRIVATE.includes(kindOf(row));
}
