import { bookingPages, channexThreads, ctripTable, expediaThreads } from './agencies.ts';
import { lineExport, lineManagerCsv, lineWebhooks, whatsappExport, whatsappWebhooks } from './chats.ts';
import {
  internalTable,
  keycardTable,
  pmsTable,
  roomKeys,
  saltoAuditTrail,
  stayRegister,
  workgroupTable,
} from './house-systems.ts';
import {
  connectContacts,
  connectTranscripts,
  lexLogs,
  siprecCall,
  twilioRecordings,
} from './robots-and-calls.ts';
import {
  mewsMessages,
  operaMessages,
  salesforceEntries,
  salesforceTranscripts,
  zendeskTickets,
} from './service-systems.ts';
import type { Writer } from './source-export.ts';
import {
  miniprogramPushJson,
  miniprogramPushXml,
  wechatChatRecords,
  wechatKfPages,
  wechatPushXml,
  weiboMessages,
} from './wechat.ts';
import { wecomArchive } from './wecom.ts';

/** Every format of every source; of each source the first is the one that says most. */
export const WRITERS: readonly Writer[] = [
  wecomArchive,
  wechatChatRecords,
  wechatPushXml,
  wechatKfPages,
  miniprogramPushJson,
  miniprogramPushXml,
  weiboMessages,
  bookingPages,
  channexThreads,
  expediaThreads,
  ctripTable,
  whatsappWebhooks,
  whatsappExport,
  lineWebhooks,
  lineExport,
  lineManagerCsv,
  zendeskTickets,
  salesforceTranscripts,
  salesforceEntries,
  operaMessages,
  mewsMessages,
  pmsTable,
  internalTable,
  connectTranscripts,
  lexLogs,
  connectContacts,
  twilioRecordings,
  siprecCall,
  keycardTable,
  saltoAuditTrail,
  roomKeys,
  stayRegister,
  workgroupTable,
];
