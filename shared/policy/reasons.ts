import { bundledRuleSet, type RuleSet } from './rule-set.ts';

/** A reason code in words: the rule it belongs to, in Chinese and English. */
export type Reason = { rule: string; zh: string; en: string };

/** The reason of a denial where no policy permits the act and none forbids it. */
export const UNWRITTEN_REASON = 'nothing-permits-this';

/** Reasons that the product states by itself, where there is no policy to ask. */
const OWN_REASONS: readonly [string, Reason][] = [
  [UNWRITTEN_REASON, { rule: '', zh: '没有任何规则允许此操作', en: 'no rule permits this' }],
  [
    'not-in-directory',
    {
      rule: 'L2',
      zh: '该人员不在名录中或已停用',
      en: 'this person is not in the directory, or no longer active',
    },
  ],
  [
    'scope-too-large',
    {
      rule: 'R6',
      zh: '范围内的记录过多,请缩小时间范围或减少平台',
      en: 'there are too many records in scope; ask for a shorter time or fewer platforms',
    },
  ],
  [
    'row-keeps-changing',
    {
      rule: 'A7',
      zh: '申请正被他人更改,请查看后重试',
      en: 'the request is being changed by others; look again and retry',
    },
  ],
  [
    'link-expired',
    {
      rule: 'R11',
      zh: '该次打开的链接已过期,请以新的键重新打开',
      en: 'the link of this opening has expired; open again with a new key',
    },
  ],
  [
    'check-failed',
    {
      rule: 'L1',
      zh: '三查未能完成,申请未予受理,请重新提交',
      en: 'the check could not be completed; nothing was opened; ask again',
    },
  ],
  [
    'workflow-failed',
    {
      rule: 'L1',
      zh: '调阅流程中断,未留下可读内容,请重新提交',
      en: 'the retrieval broke off; nothing readable is left; ask again',
    },
  ],
  [
    'provision-stuck',
    {
      rule: 'L1',
      zh: '调阅内容未能准备完成,未留下可读内容,请重新提交',
      en: 'the retrieval could not be made ready; nothing readable is left; ask again',
    },
  ],
];

/** Every reason by its code: the product's own, and those of a rule set from its policies' annotations. */
export function reasonsOf(ruleSet: RuleSet): ReadonlyMap<string, Reason> {
  return new Map([
    ...OWN_REASONS,
    ...[...ruleSet.notes.values()].map(({ reason, rule, zh, en }): [string, Reason] => [
      reason,
      { rule, zh, en },
    ]),
  ]);
}

/** A reason code in words, by the rule set that lies beside this code; null for a code that it doesn't know. */
export function reasonText(code: string): Reason | null {
  return reasonsOf(bundledRuleSet()).get(code) ?? null;
}
