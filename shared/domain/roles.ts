/**
 * The roles of the rulebook (RULES "Who may reach what", T1 to T18) with the rule that says what each may reach.
 * Roles are read from the directory at each decision, never from a token.
 */
export const ROLES = {
  'front-desk': { rule: 'T1', en: 'front desk', zh: '前台' },
  supervisor: { rule: 'T2', en: 'supervisor', zh: '部门主管' },
  'infosec-director': { rule: 'T3', en: 'information security director', zh: '信息安全总监' },
  'it-ops': { rule: 'T4', en: 'IT operations', zh: 'IT运维' },
  gm: { rule: 'T5', en: 'general manager', zh: '总经理' },
  'account-manager': { rule: 'T6', en: 'account manager', zh: '客户经理' },
  legal: { rule: 'T7', en: 'legal', zh: '法务' },
  sales: { rule: 'T8', en: 'sales', zh: '销售' },
  trainer: { rule: 'T9', en: 'trainer', zh: '培训' },
  analyst: { rule: 'T9', en: 'analyst', zh: '数据分析' },
  marketing: { rule: 'T9', en: 'marketing', zh: '市场' },
  trainee: { rule: 'T10', en: 'trainee', zh: '新员工' },
  seconded: { rule: 'T11', en: 'seconded', zh: '外派' },
  liaison: { rule: 'T12', en: 'liaison', zh: '协查' },
  partner: { rule: 'T13', en: 'partner', zh: '合作方' },
  guest: { rule: 'T14', en: 'guest', zh: '客人' },
  agent: { rule: 'T15', en: 'agent', zh: '客服' },
  security: { rule: 'T16', en: 'security', zh: '安保' },
  'duty-manager': { rule: 'T17', en: 'duty manager', zh: '值班经理' },
  'department-head': { rule: 'T18', en: 'department head', zh: '部门负责人' },
  'privacy-officer': { rule: 'T18', en: 'privacy officer', zh: '个人信息保护负责人' },
  'internal-audit': { rule: 'T18', en: 'internal audit', zh: '内部审计' },
  'hq-approver': { rule: 'T18', en: 'headquarters approver', zh: '总部审批人' },
  auditor: { rule: 'T18', en: 'auditor', zh: '审计员' },
} as const satisfies Record<string, { rule: string; en: string; zh: string }>;

export type Role = keyof typeof ROLES;

export const ROLE_NAMES = Object.keys(ROLES).filter(isRole);

export function isRole(name: string): name is Role {
  return Object.hasOwn(ROLES, name);
}
