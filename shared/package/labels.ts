import type { BASES, MASKINGS, PURPOSES } from '../domain/access-request.ts';
import type { Category, Source } from '../domain/record.ts';

/** A word in both languages, as RULES "Terms" has it. */
export type Label = { zh: string; en: string };

export const PURPOSE_LABELS: Record<(typeof PURPOSES)[number], Label> = {
  complaint: { zh: '投诉处理', en: 'complaint' },
  dispute: { zh: '纠纷处理', en: 'dispute' },
  safety: { zh: '安全事件', en: 'safety' },
  'law-enforcement': { zh: '协助执法', en: 'law enforcement' },
  'service-quality': { zh: '服务质量', en: 'service quality' },
  training: { zh: '培训', en: 'training' },
  analytics: { zh: '数据分析', en: 'analytics' },
  'guest-request': { zh: '客人本人请求', en: 'guest’s own request' },
};

export const BASIS_LABELS: Record<(typeof BASES)[number], Label> = {
  consent: { zh: '同意', en: 'consent' },
  contract: { zh: '履行合同', en: 'contract' },
  'legal-claim': { zh: '法律主张', en: 'legal claim' },
  'legal-obligation': { zh: '法定义务', en: 'legal obligation' },
  'vital-interest': { zh: '保护生命财产', en: 'vital interest' },
  notice: { zh: '已告知', en: 'notice' },
};

export const MASKING_LABELS: Record<(typeof MASKINGS)[number], Label> = {
  masked: { zh: '遮盖', en: 'masked' },
  named: {
    zh: '显示姓名与联系方式(证件与银行卡号仍遮盖)',
    en: 'names and contacts shown (R1 fields masked)',
  },
  pseudonymised: { zh: '假名化', en: 'pseudonymised' },
};

export const CATEGORY_LABELS: Record<Category, Label> = {
  enquiry: { zh: '咨询', en: 'enquiry' },
  complaint: { zh: '投诉', en: 'complaint' },
  dispute: { zh: '纠纷', en: 'dispute' },
  'complaint-plan': { zh: '投诉处理方案', en: 'complaint plan' },
  'abnormal-ticket': { zh: '异常工单', en: 'abnormal ticket' },
  'service-rating': { zh: '服务评价', en: 'service rating' },
  'crisis-report': { zh: '危机事件分析报告', en: 'crisis report' },
  'call-recording': { zh: '录音', en: 'call recording' },
  cctv: { zh: '监控视频', en: 'CCTV' },
  'ai-service': { zh: 'AI客服', en: 'AI service' },
  'key-card': { zh: '门卡记录', en: 'key card' },
  stay: { zh: '入住登记', en: 'stay' },
  employee: { zh: '员工工作沟通', en: 'employee communication' },
  system: { zh: '系统日志', en: 'system log' },
};

export const PLATFORM_LABELS: Record<Source, Label> = {
  wecom: { zh: '企业微信', en: 'WeCom' },
  'wechat-official': { zh: '微信公众号', en: 'WeChat official account' },
  'wechat-kf': { zh: '微信客服', en: 'WeChat customer service' },
  miniprogram: { zh: '小程序', en: 'mini-program' },
  weibo: { zh: '微博', en: 'Weibo' },
  booking: { zh: '缤客', en: 'Booking.com' },
  expedia: { zh: '亿客行', en: 'Expedia' },
  ctrip: { zh: '携程', en: 'Ctrip' },
  whatsapp: { zh: 'WhatsApp', en: 'WhatsApp' },
  line: { zh: 'LINE', en: 'LINE' },
  'crm-salesforce': { zh: '客户关系系统', en: 'CRM (Salesforce)' },
  'crm-zendesk': { zh: '客户关系系统', en: 'CRM (Zendesk)' },
  'pms-opera': { zh: '酒店管理系统', en: 'PMS (Opera)' },
  'pms-csv': { zh: '酒店管理系统', en: 'PMS' },
  internal: { zh: '内部系统', en: 'internal system' },
  'ai-connect': { zh: 'AI客服', en: 'AI service (Connect)' },
  'ai-lex': { zh: 'AI客服', en: 'AI service (Lex)' },
  'call-recording': { zh: '通话录音', en: 'call recording' },
  keycard: { zh: '门卡系统', en: 'key-card system' },
  stay: { zh: '入住登记系统', en: 'stay register' },
  workgroup: { zh: '工作群', en: 'work group' },
};

export const SPEAKER_LABELS: Record<'guest' | 'staff' | 'robot' | 'system', Label> = {
  guest: { zh: '客人', en: 'Guest' },
  staff: { zh: '员工', en: 'Staff' },
  robot: { zh: '机器人', en: 'Robot' },
  system: { zh: '系统', en: 'System' },
};

export const ATTACHMENT_LABELS: Record<'present' | 'missing' | 'damaged' | 'reference', Label> = {
  present: { zh: '已保管', en: 'in custody' },
  missing: { zh: '缺失', en: 'missing' },
  damaged: { zh: '损坏', en: 'damaged' },
  reference: { zh: '仅有引用', en: 'reference only' },
};

/** What neither this package nor its verification can show: stated in the README, the transcript and by `verify`. */
export const LIMITS_OF_PROOF: readonly Label[] = [
  {
    zh: '遮盖按模式进行:用文字描述、拆在多条消息里、写在图片或附件里、数字之间夹有文字或过多符号、或格式未知的号码和姓名,可能没有被发现;形似证件号或银行卡号的其他数字(如订单号、连写的价格或电话)也可能被遮盖。',
    en: 'Masking is by pattern: numbers and names that are described in words, split over messages, inside pictures or attachments, have words or many signs between their digits, or are of an unknown form may not have been found; other numbers that look like an identity or card number (orders, prices or phones in a row) may have been masked.',
  },
  {
    zh: '每项审批由一台设备的密钥签署;该密钥属于谁、由谁确认,是酒店人员目录的陈述。标为 software 的密钥由软件保管,不能说明有人亲手操作。',
    en: 'Each approval is signed by the key of a device; whose device that is, and who confirmed it, is the word of the hotel’s directory. A key marked software is kept by software: it doesn’t show that somebody was at a device.',
  },
  {
    zh: '云账户管理员能够更改代码、解密和签名;签名说明由该密钥签出,不说明账户内无人滥用。',
    en: 'An administrator of the cloud account can change code, decrypt and sign; the signature shows which key signed, not that nobody misused the account.',
  },
  {
    zh: '没有人能证明系统之外从未发生过访问;已经打开的链接和已经下载的副本无法收回。',
    en: 'Nobody can prove that an access outside the product never happened; a link that was followed and a copy that was downloaded can’t be recalled.',
  },
  {
    zh: '本包中的保管事件在副本制作时截止:它自己的打开事件在其后才写入。事件链由酒店的密钥签名,尚无独立见证。',
    en: 'The custody events in the package end when the copy was prepared: the event of its own opening is written afterwards. The chain is signed by the hotel’s key; no independent witness has seen it yet.',
  },
  {
    zh: '记录的原始字节留在保管库中:加盐承诺可由酒店向法院展示原文和盐值来核对,凭本包不能反推。',
    en: 'The records’ original bytes stay in custody: their salted commitments can be checked where the hotel shows a court the original and its salt, and can’t be reversed from this package.',
  },
];
