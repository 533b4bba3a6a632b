import { HOTEL_NUMBERING } from '../../domain/identifier-issuer.ts';
import { type ImportOptions, PLAIN_DRAFT, writtenOwnNames } from '../importer.ts';
import {
  attachmentsIn,
  COMMON_ALIASES,
  identifiersIn,
  plainCell,
  roleIn,
  timeIn,
} from '../table/guest-columns.ts';
import { mappedTable, type RowOutcome, type TableRow } from '../table/mapped-table.ts';

const COLUMNS = [
  'message_id',
  'conversation',
  'booking',
  'confirmation',
  'at',
  'date',
  'from_role',
  'from_id',
  'from_name',
  'text',
  'message_type',
  'attachment',
  'recalls',
  'guest_name',
  'phone',
  'email',
] as const;
type Column = (typeof COLUMNS)[number];

/**
 * Ctrip 携程 / Trip.com eBooking instant messages. Neither a chat export nor an API is documented in public: this is a table
 * of the hotel's own making (or a channel manager's), by header aliases or a mapping; shared/sources/mappings/ctrip-ebooking.json.
 * Links Ctrip's order number, the hotel's own confirmation number, phone and e-mail of a row to one guest; a row without them belongs to its conversation's.
 */
export const ctrip = mappedTable<Column>(
  'ctrip',
  {
    columns: COLUMNS,
    aliases: {
      ...COMMON_ALIASES,
      booking: [
        ...COMMON_ALIASES.booking.filter((alias) => !alias.startsWith('confirmation')),
        ...['携程订单号', 'ctrip order id', 'trip.com booking no.'],
      ],
      confirmation: [
        ...['酒店确认号', '确认号', 'confirmation no', 'confirmation number', 'hotel confirmation no'],
        ...['hotel confirmation no.', 'hotel confirmation number'],
      ],
      conversation: [...COMMON_ALIASES.conversation, '聊天编号', 'im id', 'chat id'],
    },
    required: [
      ['at', 'date'],
      ['from_role', 'from_name'],
      ['text', 'attachment', 'recalls'],
    ],
    long: ['text', 'attachment'],
    messages: true,
  },
  draftOf,
);

function draftOf(row: TableRow<Column>, options: ImportOptions): RowOutcome {
  const instant = timeIn(row, options);
  if ('reason' in instant) return instant.reason;
  const role = row.cell('from_role') === '' ? roleByName(row, options) : roleIn(row.cell('from_role'));
  if (role === null)
    return row.cell('from_role') === '' ? 'missing-field:from_role' : 'invalid-field:from_role';
  const confirmation = plainCell(row.cell('confirmation'));
  const own = [
    ...identifiersIn(row, ['booking']),
    ...(confirmation === ''
      ? []
      : [{ kind: 'booking' as const, value: confirmation, issuer: HOTEL_NUMBERING }]),
    ...identifiersIn(row, ['phone', 'email']),
  ];
  const guest = options.profile?.guest;
  const identifiers = own.length === 0 && guest !== undefined ? [guest] : own;
  const [first] = identifiers;
  const conversation =
    row.cell('conversation') || (first === undefined ? '' : JSON.stringify([first.kind, first.value]));
  if (conversation === '') return 'no-guest';
  const id = row.cell('from_id');
  const recalls = plainCell(row.cell('recalls')) || null;
  const attachments = attachmentsIn(row.cell('attachment'));
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: plainCell(row.cell('message_id')) || null,
    recalls,
    placements: [{ conversation, identifiers }],
    staff: role === 'staff' && id !== '' ? [`ctrip:${id}`] : [],
    at: instant.at,
    from: { role, id: id || null, name: row.cell('from_name') || null },
    text: textOf(row, recalls !== null, attachments.length > 0),
    attachments,
    sourceType: row.cell('message_type') || 'message',
  };
}

/** Where the speaker is named alone, the hotel's own names tell; without any, nothing does. */
function roleByName(row: TableRow<Column>, options: ImportOptions): 'guest' | 'staff' | null {
  const own = writtenOwnNames(options);
  const name = row.cell('from_name');
  if (own.includes(name)) return 'staff';
  return own.length > 0 || (name !== '' && name === row.cell('guest_name')) ? 'guest' : null;
}

/** The words as they came, white space and all; what stands for them where there are none. */
function textOf(row: TableRow<Column>, recalled: boolean, attached: boolean): string {
  const text = row.raw('text').toWellFormed();
  if (text.trim() !== '') return text;
  if (recalled) return '[撤回消息 message recalled]';
  return attached ? `[附件 attachment] ${row.cell('attachment')}` : '';
}
