import type { Notice, NoticeKind } from './notice.ts';
import { ROLES } from './roles.ts';

type Words = { zh: string; en: string };

const SUBJECTS = {
  'request-awaiting-approval': { zh: '待审批', en: 'awaiting approval' },
  'approval-reminder': { zh: '审批提醒', en: 'approval reminder' },
  'emergency-asked': { zh: '紧急调阅待答复', en: 'break-glass asked for' },
  'emergency-opened': { zh: '紧急调阅已启用', en: 'break-glass opened' },
  'emergency-unfinished': { zh: '紧急调阅未补足手续', en: 'break-glass unfinished' },
} as const satisfies Record<NoticeKind, Words>;

const MEANINGS = {
  'request-awaiting-approval': {
    zh: '有一项调阅申请等待贵角色在期限前审批;逾期视为失效。',
    en: 'A request awaits the decision of your role before the deadline; without it, it lapses.',
  },
  'approval-reminder': {
    zh: '审批期限已过半,贵角色尚未审批;逾期视为失效。',
    en: 'Half the time is over and the decision of your role is missing; without it, the request lapses.',
  },
  'emergency-asked': {
    zh: '有人发起紧急调阅(L5),等待当值审批人在期限前答复;逾期视为拒绝。',
    en: 'Break-glass was asked for (L5); the approver on call answers before the deadline, or it is refused.',
  },
  'emergency-opened': {
    zh: '紧急调阅(L5)已启用,请内部审计知悉;补充审批与纸质表单须在期限前完成。',
    en: 'Break-glass was opened (L5), for internal audit to know; approvals and form follow before the deadline.',
  },
  'emergency-unfinished': {
    zh: '紧急调阅(L5)结束时手续未补足,已立案为事件。',
    en: 'Break-glass ended without what had to follow (L5): an incident is on file.',
  },
} as const satisfies Record<NoticeKind, Words>;

/** A notice in words, for mail and chat: subject (one line, under 100 characters), and what it means in each language. */
export type NoticeText = { subject: string; zh: string; en: string };

/** Says what happened and what to do; whatever more there is to know stands in the product. */
export function noticeText({ kind, requestId }: Pick<Notice, 'kind' | 'requestId'>): NoticeText {
  const { zh, en } = SUBJECTS[kind];
  return { subject: `双钥 Dualkey: ${zh} ${en} ${requestId}`, ...MEANINGS[kind] };
}

/** The body of a mail: the meaning, then what it is of, line by line. */
export function noticeMail(notice: Notice): string {
  const { requestId, hotels, roles, deadline, at } = notice;
  const { zh, en } = noticeText(notice);
  const named = roles.map((role) => `${ROLES[role].zh} ${ROLES[role].en}`);
  return [
    zh,
    en,
    '',
    `申请 request: ${requestId}`,
    `酒店 hotels: ${hotels.join(', ')}`,
    `角色 roles: ${named.join(', ')}`,
    `期限 deadline: ${deadline ?? '-'}`,
    `时间 at: ${at}`,
    '',
    // Written out, so that nobody has to trust a link in a mail.
    `dualkey request show ${requestId}`,
  ].join('\n');
}
