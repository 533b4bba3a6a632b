import { severalFormats } from '../documents/several-formats.ts';
import type { Importer } from '../importer.ts';
import { looksLikeJson } from '../json/looks-like-json.ts';
import { whatsappExport } from './whatsapp-export.ts';
import { whatsappWebhook } from './whatsapp-webhook.ts';

/** WhatsApp: webhooks of the Cloud API (whatsapp-webhook.ts), or a chat that the app exported (whatsapp-export.ts). */
export const whatsapp: Importer = severalFormats(
  'whatsapp',
  { webhook: whatsappWebhook, export: whatsappExport },
  (head) => (looksLikeJson(head) ? 'webhook' : 'export'),
);
