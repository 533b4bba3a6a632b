import { CATEGORIES, type Category, type StoredRecord } from '../domain/record.ts';

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

export const REQUIRED_COLUMNS = ['at', 'from_role', 'text'] as const satisfies readonly InternalColumn[];

const HEADER_ALIASES: Readonly<Record<string, InternalColumn>> = {
  消息编号: 'message_id',
  消息id: 'message_id',
  时间: 'at',
  发送时间: 'at',
  会话: 'conversation',
  会话编号: 'conversation',
  会话id: 'conversation',
  发送方角色: 'from_role',
  发送者角色: 'from_role',
  角色: 'from_role',
  发送方编号: 'from_id',
  发送者编号: 'from_id',
  工号: 'from_id',
  发送方姓名: 'from_name',
  发送者姓名: 'from_name',
  姓名: 'from_name',
  内容: 'text',
  消息内容: 'text',
  类别: 'category',
  记录类别: 'category',
  手机: 'phone',
  手机号: 'phone',
  电话: 'phone',
  邮箱: 'email',
  电子邮箱: 'email',
  企业微信: 'wecom',
  外部联系人id: 'wecom',
  订单号: 'booking',
  预订号: 'booking',
};

/** The column that a header cell names, in English or Chinese; null for one that is not known. */
export function columnOf(header: string): InternalColumn | null {
  const name = header
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return INTERNAL_COLUMNS.find((column) => column === name) ?? own(HEADER_ALIASES, name);
}

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
  return own(ROLES, cell.normalize('NFKC').trim().toLowerCase());
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
  return CATEGORIES.find((category) => category === name) ?? own(CATEGORY_NAMES, name);
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
