import { severalFormats } from '../documents/several-formats.ts';
import type { Importer } from '../importer.ts';
import { looksLikeJson } from '../json/looks-like-json.ts';
import { lineExport } from './line-export.ts';
import { columnsOf, lineManagerCsv } from './line-manager-csv.ts';
import { lineWebhook } from './line-webhook.ts';

/**
 * LINE: webhooks of the Messaging API (line-webhook.ts), a chat that the app exported (line-export.ts), or one that the
 * Official Account Manager exported (line-manager-csv.ts).
 */
export const line: Importer = severalFormats(
  'line',
  { webhook: lineWebhook, export: lineExport, manager: lineManagerCsv },
  (head) => (looksLikeJson(head) ? 'webhook' : hasColumns(head) ? 'manager' : 'export'),
);

/** The header stands after a few lines about the account. */
const LINES_BEFORE_HEADER = 20;

function hasColumns(head: Uint8Array): boolean {
  return Buffer.from(head)
    .toString('utf8')
    .split(/\r?\n/, LINES_BEFORE_HEADER)
    .some((text) => columnsOf(text.split(',').map((field) => field.replace(/^"(.*)"$/, '$1'))) !== null);
}
