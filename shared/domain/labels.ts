import type { ASKED_MASKINGS, BASES, PURPOSES, SUBJECT_KINDS } from './access-request.ts';
import type { BATCH_STATES, BatchFailure } from './batch.ts';
import type { DANGERS } from './break-glass.ts';
import type { Case, CaseKind } from './case.ts';
import type { CHANGE_STATES } from './change-set.ts';
import type { CONSENT_PURPOSES, CONSENT_STATES } from './consent.ts';
import type { StaffField } from './directory-entry.ts';
import type { PROVIDER_STATES } from './provider-request.ts';
import type { Category, RECORD_CLASSES, Source } from './record.ts';
import type { RequestState } from './request-states.ts';
import type { IMPORT_STATES } from './staff-import.ts';
import type { INSTRUMENT_TYPES } from './stated-instrument.ts';
import type { DEVICE_KINDS, DEVICE_STATES } from './step-up.ts';
import type { Words } from './words.ts';

// Every code that a person meets, in words: one table each, here alone. Roles have theirs in roles.ts, reasons with
// their rules. The words are the glossary's (docs/glossary.md).

/** A word in both languages, as RULES "Terms" has it. */
export type Label = Words;

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

export const MASKING_LABELS: Record<(typeof ASKED_MASKINGS)[number], Label> = {
  masked: { zh: '遮盖', en: 'masked' },
  named: {
    zh: '显示姓名与联系方式(证件与银行卡号仍遮盖)',
    en: 'names and contacts shown (R1 fields masked)',
  },
  pseudonymised: { zh: '假名化', en: 'pseudonymised' },
  original: { zh: '原件', en: 'originals' },
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

export const SUBJECT_LABELS: Record<(typeof SUBJECT_KINDS)[number], Label> = {
  phone: { zh: '手机号', en: 'phone' },
  email: { zh: '电子邮箱', en: 'e-mail' },
  wecom: { zh: '企业微信外部联系人', en: 'WeCom external id' },
  wechat: { zh: '微信', en: 'WeChat' },
  weibo: { zh: '微博', en: 'Weibo' },
  booking: { zh: '订单号', en: 'booking number' },
  'name-and-room': { zh: '姓名与房号', en: 'name and room' },
  document: { zh: '证件', en: 'document' },
  employee: { zh: '员工', en: 'employee' },
  ticket: { zh: '工单', en: 'ticket' },
  line: { zh: 'LINE', en: 'LINE' },
  crm: { zh: 'CRM 编号', en: 'CRM id' },
  card: { zh: '门卡', en: 'key card' },
  cohort: { zh: '人群', en: 'cohort' },
  system: { zh: '系统', en: 'system' },
};

export const REQUEST_STATE_LABELS: Record<RequestState, Label> = {
  requested: { zh: '已提交', en: 'requested' },
  refused: { zh: '不准', en: 'refused' },
  'awaiting-approval': { zh: '待审批', en: 'awaiting approval' },
  denied: { zh: '已否决', en: 'denied' },
  lapsed: { zh: '逾期失效', en: 'lapsed' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  provisioning: { zh: '准备中', en: 'provisioning' },
  open: { zh: '可打开', en: 'open' },
  emergency: { zh: '紧急调阅中', en: 'emergency' },
  closed: { zh: '已结束', en: 'closed' },
  revoked: { zh: '已撤销', en: 'revoked' },
  expired: { zh: '已到期', en: 'expired' },
  failed: { zh: '未完成', en: 'failed' },
  archived: { zh: '已归档', en: 'archived' },
};

/** Why a request ended, where it wasn't a reason of the rulebook. */
export const ENDING_LABELS: Record<'revoked' | 'denied' | 'deadline' | 'follow-up-overdue', Label> = {
  revoked: { zh: '已撤销', en: 'revoked' },
  denied: { zh: '审批人否决', en: 'denied by an approver' },
  deadline: { zh: '期限已过', en: 'the deadline passed' },
  'follow-up-overdue': { zh: '补充手续逾期', en: 'what had to follow was overdue' },
};

/** What somebody did that ended a request. */
export const ENDING_KIND_LABELS: Record<'withdraw' | 'close' | 'revoke', Label> = {
  withdraw: { zh: '撤回', en: 'withdrawal' },
  close: { zh: '结束', en: 'closing' },
  revoke: { zh: '撤销', en: 'revocation' },
};

export const OPENING_STATE_LABELS: Record<'preparing' | 'issued' | 'deleted', Label> = {
  preparing: { zh: '准备中', en: 'preparing' },
  issued: { zh: '已给出', en: 'issued' },
  deleted: { zh: '副本已删除', en: 'copy deleted' },
};

export const DANGER_LABELS: Record<(typeof DANGERS)[number], Label> = {
  life: { zh: '生命危险', en: 'danger to life' },
  health: { zh: '健康危险', en: 'danger to health' },
  property: { zh: '财产危险', en: 'danger to property' },
  'police-demand': { zh: '警方紧急要求', en: 'an urgent police demand' },
};

export const CASE_KIND_LABELS: Record<CaseKind, Label> = {
  complaint: { zh: '投诉', en: 'complaint' },
  dispute: { zh: '纠纷', en: 'dispute' },
  plan: { zh: '投诉处理方案', en: 'complaint plan' },
  matter: { zh: '案件', en: 'matter' },
  instrument: { zh: '法律文书', en: 'legal instrument' },
  agreement: { zh: '协议', en: 'agreement' },
  incident: { zh: '事件', en: 'incident' },
  ticket: { zh: '工单', en: 'ticket' },
  transfer: { zh: '跨境提供机制', en: 'transfer mechanism' },
  assessment: { zh: '个人信息保护影响评估', en: 'impact assessment' },
};

export const CHANGE_STATE_LABELS: Record<(typeof CHANGE_STATES)[number], Label> = {
  proposed: { zh: '待第二人确认', en: 'waits for a second person' },
  confirming: { zh: '正在生效', en: 'being put in force' },
  confirmed: { zh: '已生效', en: 'in force' },
  rejected: { zh: '已否决', en: 'rejected' },
};

export const IMPORT_STATE_LABELS: Record<(typeof IMPORT_STATES)[number], Label> = {
  uploading: { zh: '上传中', en: 'uploading' },
  queued: { zh: '待处理', en: 'queued' },
  planned: { zh: '正在写入', en: 'being put through' },
  done: { zh: '已完成', en: 'done' },
  refused: { zh: '不准', en: 'refused' },
};

export const BATCH_STATE_LABELS: Record<(typeof BATCH_STATES)[number], Label> = {
  uploading: { zh: '上传中', en: 'uploading' },
  received: { zh: '待处理', en: 'received' },
  ingesting: { zh: '入库中', en: 'ingesting' },
  committed: { zh: '已入库', en: 'committed' },
  failed: { zh: '失败', en: 'failed' },
};

export const HOLD_STATE_LABELS: Record<'placing' | 'active' | 'releasing' | 'released', Label> = {
  placing: { zh: '设置中', en: 'placing' },
  active: { zh: '生效', en: 'active' },
  releasing: { zh: '解除中', en: 'releasing' },
  released: { zh: '已解除', en: 'released' },
};

export const DEVICE_STATE_LABELS: Record<(typeof DEVICE_STATES)[number], Label> = {
  pending: { zh: '待另一人确认', en: 'waits for a second person' },
  enrolled: { zh: '可用', en: 'enrolled' },
  revoked: { zh: '已吊销', en: 'revoked' },
};

export const DEVICE_KIND_LABELS: Record<(typeof DEVICE_KINDS)[number], Label> = {
  device: { zh: '认证设备', en: 'device' },
  software: { zh: '软件密钥', en: 'software key' },
};

export const PRINT_STATE_LABELS: Record<'out' | 'returned' | 'destroyed', Label> = {
  out: { zh: '在外', en: 'out' },
  returned: { zh: '已收回', en: 'returned' },
  destroyed: { zh: '已销毁', en: 'destroyed' },
};

export const PROVIDER_STATE_LABELS: Record<(typeof PROVIDER_STATES)[number], Label> = {
  drafted: { zh: '已起草', en: 'drafted' },
  sent: { zh: '已寄出', en: 'sent' },
  answered: { zh: '已答复', en: 'answered' },
  refused: { zh: '被拒绝', en: 'refused' },
  overdue: { zh: '逾期未复', en: 'overdue' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
};

export const CONSENT_STATE_LABELS: Record<(typeof CONSENT_STATES)[number], Label> = {
  agreed: { zh: '同意', en: 'agreed' },
  refused: { zh: '拒绝', en: 'refused' },
  withdrawn: { zh: '撤回', en: 'withdrawn' },
};

export const CONSENT_PURPOSE_LABELS: Record<(typeof CONSENT_PURPOSES)[number], Label> = {
  collection: { zh: '采集', en: 'collection' },
  marketing: { zh: '营销', en: 'marketing' },
  sensitive: { zh: '敏感个人信息', en: 'sensitive' },
};

export const COLLECTION_BASIS_LABELS: Record<'authorisation' | 'notice', Label> = {
  authorisation: { zh: '员工书面授权', en: 'authorisation' },
  notice: { zh: '事先告知', en: 'notice' },
};

export const RECORD_CLASS_LABELS: Record<(typeof RECORD_CLASSES)[number], Label> = {
  ordinary: { zh: '普通会话', en: 'ordinary' },
  'major-complaint': { zh: '重大投诉', en: 'major complaint' },
  'key-card': { zh: '门卡记录', en: 'key card' },
  stay: { zh: '入住登记', en: 'stay' },
  'ai-service': { zh: 'AI客服', en: 'AI service' },
  quarantine: { zh: '隔离区', en: 'quarantine' },
};

export const BATCH_FAILURE_LABELS: Record<BatchFailure, Label> = {
  'upload-abandoned': { zh: '上传一直未完成', en: 'the upload was never completed' },
  'size-differs': { zh: '收到的大小与申报不符', en: 'what arrived has another size than was announced' },
  'digest-differs': { zh: '收到的摘要与申报不符', en: 'what arrived has another digest than was announced' },
  'upload-missing': { zh: '上传的文件已不在', en: 'what was uploaded is gone' },
  'no-progress': { zh: '多次处理均未前进', en: 'attempt after attempt broke off' },
  'companion-unreadable': { zh: '随附对象无法读取', en: 'what came beside the export can’t be read' },
};

/** Fields of the directory, as a file of people names them. */
export const STAFF_FIELD_LABELS: Record<StaffField, Label> = {
  username: { zh: '用户名', en: 'user name' },
  displayName: { zh: '姓名', en: 'name' },
  department: { zh: '部门', en: 'department' },
  hotel: { zh: '酒店', en: 'hotel' },
  manager: { zh: '上级', en: 'manager' },
  active: { zh: '在职', en: 'active' },
  roles: { zh: '角色', en: 'roles' },
  deputyships: { zh: '代理', en: 'deputyships' },
  accounts: { zh: '账号', en: 'accounts' },
  clients: { zh: '客户', en: 'clients' },
  shifts: { zh: '班次', en: 'shifts' },
  training: { zh: '系统培训', en: 'training' },
  exam: { zh: '季度考试', en: 'exam' },
  secondments: { zh: '外派', en: 'secondments' },
  mentor: { zh: '带教人', en: 'mentor' },
  legalEntity: { zh: '法人', en: 'legal entity' },
  jurisdiction: { zh: '工作地法域', en: 'jurisdiction' },
  login: { zh: '登录账号', en: 'login' },
};

export const INSTRUMENT_TYPE_LABELS: Record<(typeof INSTRUMENT_TYPES)[number], Label> = {
  'court-order': { zh: '法院文书', en: 'court order' },
  procuratorate: { zh: '检察院', en: 'procuratorate' },
  police: { zh: '公安机关', en: 'police' },
  regulator: { zh: '监管机构', en: 'regulator' },
  'lawyer-court-order': { zh: '律师调查令', en: 'lawyer’s court order' },
};

export const AGREEMENT_ROLE_LABELS: Record<'processor' | 'recipient', Label> = {
  processor: { zh: '委托处理', en: 'processor' },
  recipient: { zh: '接收方', en: 'recipient' },
};

type CaseField<One = Case> = One extends Case ? keyof One : never;

/** Fields of cases, as a file of them names them. */
export const CASE_FIELD_LABELS: Record<CaseField, Label> = {
  kind: { zh: '种类', en: 'kind' },
  reference: { zh: '编号', en: 'number' },
  hotels: { zh: '酒店', en: 'hotels' },
  guests: { zh: '客人', en: 'guests' },
  recordedAt: { zh: '登记', en: 'recorded' },
  recordedBy: { zh: '登记人', en: 'recorded by' },
  broughtBy: { zh: '提出与确认人', en: 'brought by' },
  formerly: { zh: '曾涉及', en: 'formerly' },
  major: { zh: '重大投诉', en: 'major' },
  openedAt: { zh: '立案', en: 'opened' },
  closedAt: { zh: '结案', en: 'closed' },
  department: { zh: '部门', en: 'department' },
  matter: { zh: '案号', en: 'matter' },
  complaint: { zh: '投诉编号', en: 'complaint' },
  publishedAt: { zh: '公布', en: 'published' },
  type: { zh: '法律文书种类', en: 'type' },
  authority: { zh: '机关', en: 'authority' },
  foreign: { zh: '境外机关', en: 'foreign' },
  approvalNumber: { zh: '批准文号', en: 'approval number' },
  treaty: { zh: '条约依据', en: 'treaty' },
  validFrom: { zh: '生效', en: 'valid from' },
  validUntil: { zh: '有效至', en: 'valid until' },
  dueAt: { zh: '答复期限', en: 'due' },
  platforms: { zh: '平台', en: 'platforms' },
  categories: { zh: '记录类别', en: 'categories' },
  from: { zh: '自', en: 'from' },
  to: { zh: '至', en: 'to' },
  officers: { zh: '经办人员', en: 'officers' },
  secret: { zh: '不得告知客人', en: 'secret' },
  recipient: { zh: '接收人', en: 'recipient' },
  role: { zh: '协议地位', en: 'role' },
  purposes: { zh: '用途', en: 'purposes' },
  bases: { zh: '依据', en: 'bases' },
  assignee: { zh: '负责人', en: 'assignee' },
  handedOver: { zh: '移交', en: 'handed over' },
  mechanism: { zh: '机制', en: 'mechanism' },
};
