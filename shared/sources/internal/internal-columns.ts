import { CATEGORIES, type Category, type StoredRecord } from '../../domain/record.ts';
import { lookUp } from '../fields/look-up.ts';

/** The columns of the internal CSV; `at`, `from_role` and `text` must be there. */
export const INTERNAL_COLUMNS = [
  'message_id',
  'at',
  'conversation',
  'from_role',
  'from_id',
  'from_name',
  'text',
  'category',
  'phone',
  'email',
  'wecom',
  'booking',
] as const;
export type InternalColumn = (typeof INTERNAL_COLUMNS)[number];

/** Headers that mean a column, besides its own name. */
export const INTERNAL_ALIASES = {
  message_id: ['消息编号', '消息ID'],
  at: ['时间', '发送时间'],
  conversation: ['会话', '会话编号', '会话ID'],
  from_role: ['发送方角色', '发送者角色', '角色'],
  from_id: ['发送方编号', '发送者编号', '工号'],
  from_name: ['发送方姓名', '发送者姓名', '姓名'],
  text: ['内容', '消息内容'],
  category: ['类别', '记录类别'],
  phone: ['手机', '手机号', '电话'],
  email: ['邮箱', '电子邮箱'],
  wecom: ['企业微信', '外部联系人ID'],
  booking: ['订单号', '预订号'],
} as const satisfies Record<InternalColumn, readonly string[]>;

type FromRole = StoredRecord['from']['role'];

const ROLES: Readonly<Record<string, FromRole>> = {
  guest: 'guest',
  customer: 'guest',
  客人: 'guest',
  顾客: 'guest',
  客户: 'guest',
  staff: 'staff',
  agent: 'staff',
  employee: 'staff',
  员工: 'staff',
  客服: 'staff',
  robot: 'robot',
  bot: 'robot',
  机器人: 'robot',
  system: 'system',
  系统: 'system',
};

export function fromRoleOf(cell: string): FromRole | null {
  return lookUp(ROLES, cell.normalize('NFKC').trim().toLowerCase());
}

const CATEGORY_NAMES: Readonly<Record<string, Category>> = {
  咨询: 'enquiry',
  投诉: 'complaint',
  纠纷: 'dispute',
  投诉处理方案: 'complaint-plan',
  异常工单: 'abnormal-ticket',
  服务评价: 'service-rating',
  危机事件分析报告: 'crisis-report',
  录音: 'call-recording',
  监控视频: 'cctv',
  ai客服: 'ai-service',
  门卡记录: 'key-card',
  入住登记: 'stay',
  员工工作沟通: 'employee',
  系统日志: 'system',
};

export function categoryOf(cell: string): Category | null {
  const name = cell.normalize('NFKC').trim().toLowerCase();
  return CATEGORIES.find((category) => category === name) ?? lookUp(CATEGORY_NAMES, name);
}
