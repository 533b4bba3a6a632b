/**
 * Types of message that platforms document and that an importer may not know: they alone are named where unknown types are
 * counted, in the clear. Whatever else a file calls a type (it may be a name, or a number of somebody) counts as another.
 * Sources: those of docs/sources.md, section by section.
 */
const DOCUMENTED_TYPES: ReadonlySet<string> = new Set([
  // WeCom archive
  ...['docmsg', 'external_redpacket', 'markdown', 'meeting', 'meeting_notification', 'meeting_voice_call'],
  ...['news', 'qydiskfile', 'redpacket', 'sphfeed', 'switch', 'todo', 'voiptext', 'vote', 'voip_doc_share'],
  // WeChat official account, customer service, mini-program
  ...['business_card', 'channels', 'channels_shop_order', 'channels_shop_product', 'merged_msg', 'meeting'],
  ...['miniprogrampage', 'msgmenu', 'note', 'shortvideo', 'user_recall_msg', 'wxcard', 'wx_task_card'],
  // Weibo, WhatsApp, LINE
  ...['follow', 'mention', 'subscribe', 'click', 'scan', 'ephemeral', 'payment', 'poll', 'request_welcome'],
  ...['unsupported', 'unknown', 'flex', 'imagemap', 'template', 'membership', 'botSuspended', 'module'],
  // CRM, agencies, PMS, assistants
  ...['Notification', 'FacebookComment', 'Tweet', 'AnswerBotSolution', 'AttributeChanged', 'RoutingResult'],
  ...[
    'self_service',
    'template_message',
    'CustomPayload',
    'ImageResponseCard',
    'SSML',
    'Attachment',
    'Event',
  ],
]);

export function isDocumentedType(name: string): boolean {
  return DOCUMENTED_TYPES.has(name);
}
