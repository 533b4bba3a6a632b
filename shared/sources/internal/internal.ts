import type { Identifier } from '../../domain/record.ts';
import { type ImportOptions, PLAIN_DRAFT } from '../importer.ts';
import { mappedTable, type RowOutcome, type TableRow } from '../table/mapped-table.ts';
import { tableInstant } from '../table/table-time.ts';
import {
  categoryOf,
  fromRoleOf,
  INTERNAL_ALIASES,
  INTERNAL_COLUMNS,
  type InternalColumn,
} from './internal-columns.ts';

/**
 * The hotel's own service system: CSV (RFC 4180) with a header; the format is this product's own, columns in
 * shared/sources/internal/internal-columns.ts, headers in English or Chinese or by a mapping, others ignored. A row's phone, email,
 * wecom and booking are those of the guest whom the row is about, whoever wrote it, and link to one guest; a row without
 * them belongs to its conversation's guest.
 */
export const internal = mappedTable<InternalColumn>(
  'internal',
  {
    columns: INTERNAL_COLUMNS,
    aliases: INTERNAL_ALIASES,
    required: [['at'], ['from_role'], ['text']],
    long: ['text'],
    messages: true,
  },
  draftOf,
);

function draftOf(row: TableRow<InternalColumn>, options: ImportOptions): RowOutcome {
  const instant = tableInstant(row.cell('at'), options);
  if ('reason' in instant) return instant.reason;
  const role = fromRoleOf(row.cell('from_role'));
  if (role === null) return 'invalid-field:from_role';
  const category = row.cell('category') === '' ? null : categoryOf(row.cell('category'));
  if (category === null && row.cell('category') !== '') return 'invalid-field:category';
  if (category === 'employee') return 'employee-not-collected';
  const identifiers = (['phone', 'email', 'wecom', 'booking'] as const).flatMap((kind): Identifier[] =>
    row.cell(kind) === '' ? [] : [{ kind, value: row.cell(kind) }],
  );
  const [first] = identifiers;
  const conversation =
    row.cell('conversation') || (first === undefined ? '' : JSON.stringify([first.kind, first.value]));
  if (conversation === '') return 'no-guest';
  const id = row.cell('from_id');
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: row.cell('message_id') || null,
    placements: [{ conversation, identifiers }],
    staff: role === 'staff' && id !== '' ? [`internal:${id}`] : [],
    at: instant.at,
    category,
    from: { role, id: id || null, name: row.cell('from_name') || null },
    // The text alone stands as it came, white space and all.
    text: row.raw('text').toWellFormed(),
    sourceType: 'message',
  };
}
