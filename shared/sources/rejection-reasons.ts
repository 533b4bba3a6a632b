/** A reason for which a line isn't taken: what it means, and what whoever sent the file does about it. */
export type RejectionReason = {
  zh: string;
  en: string;
  remedy: { zh: string; en: string };
  /** It holds for the whole file: its lines say too little by themselves to be read again without the others. */
  wholeFile?: true;
};

const EXPORT_AGAIN = {
  zh: '重新导出;并核对 --source 是否选对',
  en: 'export again; is --source the right one?',
};
const SPLIT = {
  zh: '拆分或更正(上限见 shared/domain/limits.ts)',
  en: 'split or correct it (limits: shared/domain/limits.ts)',
};

/**
 * Every code by which a line is rejected, in the order of docs/sources.md, whose table is this one. `…` stands for what a
 * code says after its colon, such as a field's name: never a word of the line.
 */
export const REJECTION_REASONS = {
  'not-json': { zh: '不是 JSON', en: 'this is no JSON', remedy: EXPORT_AGAIN },
  'not-an-object': { zh: '不是 JSON 对象', en: 'this is no JSON object', remedy: EXPORT_AGAIN },
  'duplicate-key': {
    zh: 'JSON 的同一个键出现两次',
    en: 'a key of the JSON stands twice',
    remedy: { zh: '重新导出', en: 'export again' },
  },
  'not-xml': { zh: '不是 XML', en: 'this is no XML', remedy: EXPORT_AGAIN },
  'xml-invalid-character': {
    zh: '含 XML 不允许的字符',
    en: 'it has a character that XML doesn’t allow',
    remedy: { zh: '重新导出', en: 'export again' },
  },
  'xml-doctype': {
    zh: 'XML 含文档类型声明',
    en: 'the XML declares a document type',
    remedy: { zh: '去掉声明:从不采用', en: 'remove the declaration: none is ever followed' },
  },
  'xml-unknown-entity': {
    zh: 'XML 含未知实体',
    en: 'the XML has an unknown entity',
    remedy: { zh: '重新导出,不用自定义实体', en: 'export again, without entities of its own' },
  },
  'platform-error': {
    zh: '平台返回的是错误,不是消息',
    en: 'the platform answered with an error, not with messages',
    remedy: { zh: '向平台查明原因后重新拉取', en: 'find out why with the platform, and pull again' },
  },
  'platform-error:…': {
    zh: '平台返回的是错误码 …,不是消息',
    en: 'the platform answered with error …, not with messages',
    remedy: { zh: '向平台查错误码后重新拉取', en: 'look the code up with the platform, and pull again' },
  },
  'encrypted-message': {
    zh: '消息仍是密文',
    en: 'the message is still encrypted',
    remedy: {
      zh: '先解密,或把推送改为明文或兼容模式',
      en: 'decrypt it, or set the account’s push to plain or compatible mode',
    },
  },
  'not-decrypted': {
    zh: '尚未解密的企业微信消息',
    en: 'a WeCom message that is not decrypted',
    remedy: { zh: '给出 --wecom-keys 与 --wecom-decrypt', en: 'give --wecom-keys and --wecom-decrypt' },
  },
  'missing-key-version': {
    zh: '缺少该版本的私钥',
    en: 'the private key of its version is missing',
    remedy: {
      zh: '把该版本的私钥(如 3.pem)放入私钥文件夹后重新导入',
      en: 'put the key of its version (such as 3.pem) into the folder and ingest again',
    },
  },
  'wrong-key': {
    zh: '该版本的私钥不对',
    en: 'the private key of its version opens nothing',
    remedy: { zh: '核对该版本是哪一把私钥', en: 'check which key the version has' },
  },
  'decryption-failed': {
    zh: '厂商解密步骤没有给出消息',
    en: 'the vendor’s decryption step gave no message',
    remedy: { zh: '检查 --wecom-decrypt 的命令', en: 'check the command of --wecom-decrypt' },
  },
  'unknown-shape': { zh: '不是该来源的消息', en: 'this is no message of this source', remedy: EXPORT_AGAIN },
  'not-a-chat-line': {
    zh: '不是聊天行',
    en: 'this is no line of a chat',
    remedy: {
      zh: '核对文件是否完整、--source 是否选对',
      en: 'is the file whole, and --source the right one?',
    },
  },
  'missing-field:…': {
    zh: '缺少字段 …',
    en: 'the field … is missing',
    remedy: {
      zh: '补上该字段后重新导入;若列名不同,用 --map 说明',
      en: 'add it and ingest again; where the column has another name, say so with --map',
    },
  },
  'missing-field:requester_id': {
    zh: '没有工单的申请人',
    en: 'the ticket’s requester is missing',
    wholeFile: true,
    remedy: {
      zh: '连同工单(requester_id)一起导出',
      en: 'export the tickets (requester_id) along with it',
    },
  },
  'missing-column:…': {
    zh: '缺少列 …',
    en: 'the column … is missing',
    wholeFile: true,
    remedy: {
      zh: '补上该列,或用 --map 写明它的表头',
      en: 'add it, or name its header with --map',
    },
  },
  'duplicate-column:…': {
    zh: '两个表头都是列 …',
    en: 'two headers are the column …',
    wholeFile: true,
    remedy: { zh: '在映射(--map)中写明是哪一个', en: 'say in a mapping (--map) which of them it is' },
  },
  'invalid-field:…': {
    zh: '字段 … 的内容有误',
    en: 'the field … holds something that it can’t',
    remedy: { zh: '更正后重新导入', en: 'correct it and ingest again' },
  },
  'invalid-date': {
    zh: '日期或时间有误',
    en: 'the date or time is wrong',
    remedy: {
      zh: '更正;其他写法在 --map 的 dateFormats 中说明',
      en: 'correct it; state other ways of writing in dateFormats of --map',
    },
  },
  'time-in-future': {
    zh: '时间比接收时间晚一天以上',
    en: 'its time lies more than a day after its receipt',
    remedy: {
      zh: '核对时间、时区与秒/毫秒,更正后重新导入',
      en: 'check time, zone, and seconds against milliseconds; correct it and ingest again',
    },
  },
  'missing-date': {
    zh: '前面没有日期行',
    en: 'no date stands before it',
    remedy: { zh: '核对文件是否完整', en: 'is the file whole?' },
  },
  'date-without-zone': {
    zh: '时间没有时区',
    en: 'the time has no zone',
    remedy: {
      zh: '给出 --timezone(如 Asia/Shanghai),或用带时区的时间',
      en: 'give --timezone (such as Asia/Shanghai), or times with a zone',
    },
  },
  'ambiguous-date': {
    zh: '日月次序不明',
    en: 'which number is the day and which the month isn’t known',
    remedy: {
      zh: '在 --map 中写明 dayOrder(day-first 或 month-first)',
      en: 'state dayOrder (day-first or month-first) in --map',
    },
  },
  'ambiguous-day-order': {
    zh: '整个文件都无法判断日与月的次序',
    en: 'nothing in the file tells day from month',
    wholeFile: true,
    remedy: {
      zh: '在 --map 中写明 dayOrder(day-first 或 month-first)',
      en: 'state dayOrder (day-first or month-first) in --map',
    },
  },
  'own-name-missing': {
    zh: '不知道酒店在聊天中的名称',
    en: 'under which name the hotel speaks isn’t known',
    wholeFile: true,
    remedy: {
      zh: '在 --map 中写明 ownNames,与聊天中的写法一致',
      en: 'give ownNames in --map, as the hotel is called in the chat',
    },
  },
  'own-name-not-found': {
    zh: '聊天中没有酒店的名称',
    en: 'the hotel’s names don’t occur in the chat',
    wholeFile: true,
    remedy: {
      zh: '在 --map 中写明 ownNames,与聊天中的写法一致',
      en: 'give ownNames in --map, as the hotel is called in the chat',
    },
  },
  'no-guest': {
    zh: '没有客人参与,或认不出客人',
    en: 'no guest takes part in it, or none can be told',
    remedy: {
      zh: '员工之间的消息不收集(R7),无须处理;表格须有能认出客人的列',
      en: 'nothing where employees talk to each other: it isn’t collected (R7); a table needs a column that tells the guest',
    },
  },
  'guest-not-identified': {
    zh: '没有可用来查找客人的标识',
    en: 'nothing names the guest',
    remedy: {
      zh: '在 --map 的 guest 中写明客人(种类与值)',
      en: 'name the guest (kind and value) as guest in --map',
    },
  },
  'too-many-guests': {
    zh: '一条消息的客人过多',
    en: 'too many guests take part in one message',
    remedy: { zh: '核对该行的参与者', en: 'check who takes part in this line' },
  },
  'too-many-staff': {
    zh: '一条消息的员工过多',
    en: 'too many staff take part in one message',
    remedy: { zh: '核对该行的参与者', en: 'check who takes part in this line' },
  },
  'too-much-media': {
    zh: '一条消息的文件过多或过大',
    en: 'the files of one message are too many or too large',
    remedy: { zh: '另行保存该消息的文件', en: 'keep the files of this message elsewhere' },
  },
  'not-storable': {
    zh: '该行反复无法写入',
    en: 'the line could not be stored, time after time',
    remedy: { zh: '告知运维:见 docs/operations.md', en: 'tell operations: see docs/operations.md' },
  },
  'too-many-linked-guests': {
    zh: '关联的客人过多',
    en: 'it would link too many guests',
    remedy: { zh: '核对该行的标识', en: 'check the identifiers of this row' },
  },
  'private-chat': {
    zh: '私聊不收集(R7)',
    en: 'private chats are not collected (R7)',
    remedy: { zh: '无须处理:内容未留存', en: 'nothing: not a word of it is kept' },
  },
  'employee-not-collected': {
    zh: '员工工作沟通只从工作群收集(R7)',
    en: 'employees’ talk is collected from work groups alone (R7)',
    remedy: {
      zh: '以 --source workgroup 导入;内容未留存',
      en: 'bring it in with --source workgroup; nothing of it is kept',
    },
  },
  'employee-not-authorised': {
    zh: '当时没有该员工的书面授权,也没有事先告知的规章(R7)',
    en: 'neither the employee’s authorisation nor a notice stood at that time (R7)',
    remedy: {
      zh: '先登记依据(dualkey consent authorise 或 notice),再导入;内容未留存',
      en: 'record the basis first (dualkey consent authorise or notice), then ingest; nothing of it is kept',
    },
  },
  'period-deleted': {
    zh: '该期记录已到期删除',
    en: 'the records of that period were deleted when due',
    remedy: { zh: '无须处理:删除的不再恢复(D8)', en: 'nothing: what was deleted stays deleted (D8)' },
  },
  'line-too-long': { zh: '行过长', en: 'the line is too long', remedy: SPLIT },
  'row-too-long': { zh: '表格的行过长', en: 'the row is too long', remedy: SPLIT },
  'record-too-large': { zh: '记录过大', en: 'the record is too large', remedy: SPLIT },
  'document-too-large': { zh: '文档过大', en: 'the document is too large', remedy: SPLIT },
  'nested-too-deep': { zh: '嵌套过深', en: 'it is nested too deep', remedy: SPLIT },
  'xml-too-many-nodes': { zh: 'XML 节点过多', en: 'the XML has too many nodes', remedy: SPLIT },
  'not-utf8': {
    zh: '不是 UTF-8',
    en: 'this is no UTF-8',
    remedy: {
      zh: '另存为 UTF-8;表格也可在 --map 中写明 encoding',
      en: 'save it as UTF-8; of a table, encoding may be stated in --map',
    },
  },
  'not-gb18030': {
    zh: '不是 GB18030',
    en: 'this is no GB 18030',
    remedy: {
      zh: '更正该行,或在 --map 中写明 encoding',
      en: 'correct the row, or state encoding in --map',
    },
  },
  'unknown-mapped-column': {
    zh: '映射里有本来源没有的列',
    en: 'the mapping names a column that this source doesn’t have',
    wholeFile: true,
    remedy: { zh: '更正映射(--map)', en: 'correct the mapping (--map)' },
  },
  'header-mapped-twice:…': {
    zh: '映射里一个表头对应两列,其中有 …',
    en: 'the mapping gives one header to two columns, … among them',
    wholeFile: true,
    remedy: { zh: '更正映射(--map)', en: 'correct the mapping (--map)' },
  },
  'unknown-delimiter': {
    zh: '分隔符不支持',
    en: 'the delimiter isn’t one of those that are read',
    wholeFile: true,
    remedy: { zh: '以逗号、分号、制表符或竖线导出', en: 'export with commas, semicolons, tabs or bars' },
  },
  'too-many-columns': {
    zh: '列过多',
    en: 'there are too many columns',
    wholeFile: true,
    remedy: { zh: '去掉不需要的列', en: 'leave columns out' },
  },
  'wrong-column-count': {
    zh: '列数与表头不符',
    en: 'the row has more or fewer cells than the header',
    remedy: {
      zh: '更正该行;内容含分隔符或换行时须加引号',
      en: 'correct the row; cells with delimiters or line breaks stand in quotes',
    },
  },
  'bad-quoting': {
    zh: '引号不成对',
    en: 'a quote isn’t closed',
    remedy: { zh: '更正 CSV', en: 'correct the CSV' },
  },
} as const satisfies Record<string, RejectionReason>;

/** Whether lines rejected for this reason come in with the whole file alone: reading them again by themselves brings nothing. */
export function isOfWholeFile(code: string): boolean {
  return rejectionText(code)?.wholeFile === true;
}

const BY_CODE: ReadonlyMap<string, RejectionReason> = new Map(Object.entries(REJECTION_REASONS));

/** A code in words, with what stands after its colon; null for one that isn't known. */
export function rejectionText(code: string): RejectionReason | null {
  const exact = BY_CODE.get(code);
  if (exact !== undefined) return exact;
  const at = code.indexOf(':');
  const pattern = at < 1 ? undefined : BY_CODE.get(`${code.slice(0, at)}:…`);
  if (pattern === undefined) return null;
  const said = (text: string) => text.replace('…', () => code.slice(at + 1));
  return { ...pattern, zh: said(pattern.zh), en: said(pattern.en) };
}
