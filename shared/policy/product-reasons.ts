/**
 * Reasons that the product gives by itself, before or beside the rule set: the same for every chain. Each stands under
 * the rule that it serves; `slip`: refusing for it is no misoperation (R9).
 */
export const PRODUCT_REASONS = {
  'nothing-permits-this': { rule: '', zh: '没有任何规则允许此操作', en: 'no rule permits this' },
  'not-in-directory': {
    rule: 'L2',
    zh: '该账号不在人员目录中,或已停用',
    en: 'this account is not in the directory, or is no longer active',
  },
  'not-an-access-token': {
    rule: 'L2',
    zh: '须使用访问令牌登录',
    en: 'an access token is needed; this token is of another kind',
  },
  'change-confirmed-by-its-proposer': {
    rule: 'A1',
    zh: '提出变更的人不能自行确认:须由另一人以另一角色确认',
    en: 'whoever proposed a change may not confirm it: another person in another role does',
  },
  'change-confirmed-in-its-proposers-role': {
    rule: 'A1',
    zh: '确认人须以不同于提出人的角色确认此变更',
    en: 'a change is confirmed in another role than the one in which it was proposed',
  },
  'directory-change-about-oneself': {
    rule: 'A1',
    zh: '人员目录的变更使某人权限扩大时,本人不得提出或确认',
    en: 'a change of the directory that gives somebody more is neither brought nor confirmed by that person',
  },
  'change-settled-already': {
    rule: 'A1',
    zh: '该变更已被确认或否决',
    en: 'this change was confirmed or rejected already',
  },
  'what-it-changes-has-changed': {
    rule: 'A1',
    zh: '该变更所涉内容在提出后已有变动,请重新提出',
    en: 'what it changes was changed since it was proposed: propose it again',
  },
  'request-was-refused': {
    rule: 'A1',
    zh: '该申请已不准,没有可审批的内容',
    en: 'this request was refused: there is nothing left to approve or deny',
  },
  'device-registration-not-valid': {
    rule: 'A6',
    zh: '设备登记无法通过校验(WebAuthn):请在本系统页面上重新登记',
    en: 'the registration of the device does not verify (WebAuthn): enrol it again',
  },
  'device-changed-meanwhile': {
    rule: 'A6',
    zh: '该设备的状态已被他人更改,请重新查看后再操作',
    en: 'somebody else changed the device meanwhile: look at it again',
  },
  'too-many-devices': {
    rule: 'R5',
    zh: '该人员登记的设备已达上限:请先吊销不再使用的设备',
    en: 'this person has as many devices as may be: revoke one that is no longer used',
  },
  'form-is-there-already': {
    rule: 'L5',
    zh: '该紧急调阅已登记另一纸质表单编号',
    en: 'this break-glass has the number of another paper form already',
  },
  'scope-too-large': {
    rule: 'R6',
    zh: '所申请的范围包含的记录过多,请缩小时间、平台或类别',
    en: 'the scope has too many records: narrow its times, platforms or categories',
    slip: true,
  },
  'package-too-large': {
    rule: 'R6',
    zh: '调阅包(含附件)过大,请缩小时间、平台或类别',
    en: 'the package with its media would be too large: narrow its times, platforms or categories',
    slip: true,
  },
  'check-failed': {
    rule: 'L1',
    zh: '三查未能完成,申请已终止,请重新提交',
    en: 'the check broke down and the request was ended: ask again',
  },
  'workflow-failed': {
    rule: 'L1',
    zh: '调阅流程中断,未留下可读内容,请重新提交',
    en: 'the retrieval broke off; nothing readable is left: ask again',
  },
  'provision-stuck': {
    rule: 'L1',
    zh: '调阅内容未能准备完成,未留下可读内容,请重新提交',
    en: 'the retrieval could not be made ready; nothing readable is left: ask again',
  },
  'link-expired': {
    rule: 'R11',
    zh: '本次打开的链接已失效,请用新的幂等键重新打开',
    en: 'the link of this opening is over: open again with a new key',
    slip: true,
  },
  'scope-changed': {
    rule: 'A7',
    zh: '审批之后,调阅范围内的记录缺失或已变更,调阅终止',
    en: 'records of the scope were gone or changed after the approvals: the retrieval ended',
  },
  'role-may-not-keep-channels': {
    rule: 'T4',
    zh: '该人员的角色不可为此酒店设置推送渠道或合并存储块',
    en: 'no role of this person may set up channels or merge blocks for this hotel',
  },
  'channel-keeps-changing': {
    rule: 'T4',
    zh: '该推送渠道正被他人更改,请重新查看后再操作',
    en: 'the channel kept changing meanwhile: look at it again, then change it',
    slip: true,
  },
  'role-may-not-ingest': {
    rule: 'T15',
    zh: '该人员的角色不可为此酒店导入记录',
    en: 'no role of this person may bring records into custody for this hotel',
  },
  'employee-records-from-work-groups-only': {
    rule: 'R7',
    zh: '员工工作沟通仅可从工作群来源(workgroup)采集',
    en: "employees' own talk is collected from work groups alone: give the source workgroup",
  },
  'employee-records-without-basis': {
    rule: 'R7',
    zh: '该酒店既无员工书面授权,也无依法制定并事先告知的规章,不得采集员工工作沟通',
    en: "this hotel has neither an employee's written authorisation nor staff rules with prior notice on record: employees' talk may not be collected",
  },
  'basis-withdrawn-already': {
    rule: 'R7',
    zh: '该采集依据已撤回',
    en: 'this basis of collection has been withdrawn already',
    slip: true,
  },
  'no-records-to-hold': {
    rule: 'D3',
    zh: '该酒店没有此人的记录可保留',
    en: 'this hotel has no records of this person to hold',
  },
  'hold-released-already': {
    rule: 'D3',
    zh: '该诉讼保留已解除',
    en: 'this legal hold has been released already',
  },
  'provider-request-not-in-state': {
    rule: 'L8',
    zh: '该调取函的当前状态不允许此操作,请重新查看',
    en: 'the provider request is in a state that does not allow this: look at it again',
  },
  'no-letter-to-send': {
    rule: 'L8',
    zh: '尚未出具函件,或函件上的答复期限已过,请重新出具后再登记寄出',
    en: 'no letter was issued, or the date it asks for is past: issue one, then record that it was sent',
  },
  'too-many-provider-requests': {
    rule: 'L8',
    zh: '该申请的调取函、函件或答复已达上限',
    en: 'this request has as many provider requests, letters or answers as it may',
  },
  'row-keeps-changing': {
    rule: 'A7',
    zh: '该申请正被他人更改,请重新查看后再决定',
    en: 'the request kept changing meanwhile: look at it again, then decide',
  },
  'print-ended-already': {
    rule: 'R13',
    zh: '该打印件已登记收回或销毁',
    en: 'this print was returned or destroyed on record already',
    slip: true,
  },
  'seal-used-already': {
    rule: 'R13',
    zh: '该防撕条编号已用于本申请的另一份打印件',
    en: 'another print of this request bears this seal already',
    slip: true,
  },
  'too-many-prints': {
    rule: 'R13',
    zh: '该申请登记的打印件已达上限',
    en: 'this request has as many prints on record as it may',
    slip: true,
  },
  'account-not-locked': {
    rule: 'R9',
    zh: '该账号未被锁定',
    en: 'this account is not locked',
  },
  'lock-changed': {
    rule: 'R9',
    zh: '该账号的锁定状态刚刚发生变化,请重新查看后再操作',
    en: 'the lock of this account changed meanwhile: look at it again, then decide',
  },
  'sign-in-after-lock': {
    rule: 'R9',
    zh: '会话曾被锁定,请重新登录后再操作',
    en: 'the session was locked: sign in again, then go on',
  },
} as const satisfies Record<string, { rule: string; zh: string; en: string; slip?: true }>;
