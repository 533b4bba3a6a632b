import { expiryOf, periodDueAt, type RetentionTerm } from '../domain/expiry-period.ts';
import type { RecordClass } from '../domain/record.ts';

/** By which rule a record class is deleted, in the words of a certificate. */
export const RETENTION_RULES = {
  ordinary: {
    rule: 'D1',
    en: 'ordinary conversations: the term has ended',
    zh: '普通会话:保存期限已满',
  },
  'major-complaint': {
    rule: 'D1',
    en: 'major complaints with recordings: the term has ended',
    zh: '重大投诉及录音:保存期限已满',
  },
  'key-card': {
    rule: 'D2',
    en: 'key-card records: the term after check-out has ended',
    zh: '门卡记录:退房后保存期限已满',
  },
  stay: {
    rule: 'D2',
    en: 'stay records: the term has ended. Copies that the law makes the police keep are outside the hotel’s erasure',
    zh: '入住登记:保存期限已满。依法由公安机关留存的副本不在酒店删除范围内',
  },
  'ai-service': {
    rule: 'D10',
    en: 'AI-service conversations: the term has ended',
    zh: 'AI客服会话:保存期限已满',
  },
  quarantine: {
    rule: 'D6',
    en: 'rejected lines of exports: the time for their correction has ended',
    zh: '导入时拒收的行:更正期限已满',
  },
} as const satisfies Record<RecordClass, { rule: string; en: string; zh: string }>;

/** Whether a period has ended in its hotel's zone, so that the last record in it is due. */
export function isDue(period: string, zone: string, now: Date): boolean {
  return periodDueAt(period, zone).getTime() <= now.getTime();
}

/**
 * The overshoot that a certificate states: how many days longer than its own term the first of these records was kept
 * by `at`, since a period is due with its last record. 0 where nothing was there.
 */
export function overshootDays(
  firstRecordAt: Date | null,
  term: RetentionTerm,
  zone: string,
  at: Date,
): number {
  if (firstRecordAt === null) return 0;
  const late = at.getTime() - expiryOf(firstRecordAt, term, zone).getTime();
  return Math.max(0, Math.ceil(late / (24 * 60 * 60 * 1000)));
}
