/** What can be wrong with a directory file. The value itself is never repeated: file, line and field say where it stands. */
export const FILE_FAULTS = {
  'upload-gone': {
    zh: '上传的文件已不在,或与所声明的不符,请重新导入',
    en: 'the upload is gone, or is not the file that was announced: import it again',
  },
  'not-utf8': { zh: '文件不是 UTF-8 编码', en: 'the file is not UTF-8' },
  'not-json': { zh: 'JSON 语法错误', en: 'this is not JSON' },
  'nested-too-deep': { zh: 'JSON 嵌套过深', en: 'nested too deep' },
  'duplicate-key': { zh: '同一对象中字段重复', en: 'a field stands twice in one object' },
  'no-people': {
    zh: '文件中没有人员:须为列表,或含列表 people 的对象',
    en: 'no people: a list is needed, or an object with a list "people"',
  },
  'no-header': {
    zh: '文件没有表头:第一行写列名(docs/directory.md)',
    en: 'no header: the first row names the columns (docs/directory.md)',
  },
  'no-rows': {
    zh: '只有表头,没有内容:在表头下逐行填写(docs/directory.md)',
    en: 'the header alone is there: fill in a row below it for each (docs/directory.md)',
  },
  'too-many-people': { zh: '文件中人员过多,请分成多个文件', en: 'too many people: split the file' },
  'bad-quoting': { zh: '引号不匹配', en: 'quotes that don’t fit' },
  'row-too-long': { zh: '该行过长', en: 'this row is too long' },
  'wrong-column-count': { zh: '列数与表头不符', en: 'not as many columns as the header has' },
  'unknown-column': { zh: '表头中有未知的列', en: 'the header has a column that is not known' },
  'doubled-column': { zh: '表头中同一列出现两次', en: 'a column stands twice in the header' },
  'missing-column': { zh: '表头中缺少必需的列', en: 'the header lacks a column that is needed' },
  'unknown-field': { zh: '未知的字段', en: 'this field is not known' },
  'bad-value': { zh: '该值的格式不正确', en: 'this can’t be a value of this field' },
  'nobody-named': { zh: '须填 username 或 personId', en: 'username or personId is needed' },
  'new-person-incomplete': {
    zh: '新增人员须填 username、displayName、department、hotel',
    en: 'somebody new needs username, displayName, department and hotel',
  },
  'doubled-person': { zh: '同一人员在文件中出现两次', en: 'somebody stands twice in the file' },
  'username-of-another': { zh: '该用户名属于另一人', en: 'this username is another person’s' },
  'login-of-another': { zh: '该登录账号属于另一人', en: 'this login is another person’s' },
  'unknown-person': { zh: '目录与文件中均无此人', en: 'neither the directory nor the file has this person' },
  'unknown-role': { zh: '未知的角色', en: 'this role is not known' },
  'unknown-hotel': {
    zh: '未知的酒店,或不属于本区域',
    en: 'this hotel is not known, or is not of this region',
  },
  'no-zone': {
    zh: '时间没有时区:请写明偏移量(如 +08:00)或时区(zone)',
    en: 'a time without a zone: give its offset (such as +08:00), or the zone',
  },
  'unknown-zone': { zh: '未知的时区', en: 'this time zone is not known' },
  'ends-before-it-begins': { zh: '结束时间不晚于开始时间', en: 'it ends before it begins' },
  'shift-too-long': { zh: '班次过长', en: 'the shift is too long' },
  'cycle-of-managers': { zh: '上级关系形成循环', en: 'a cycle of managers' },
  'chain-too-long': { zh: '上级层级过多', en: 'too many managers above one another' },
  'deputy-of-oneself': { zh: '不能代理自己', en: 'nobody is their own deputy' },
  'deputy-of-nobody-in-the-role': {
    zh: '被代理人不具有该角色',
    en: 'whoever is to be stood in for does not hold this role',
  },
  'unknown-client': {
    zh: '该人员所属酒店没有此客人的记录',
    en: 'the person’s hotel has no records of this guest',
  },
} as const satisfies Record<string, { zh: string; en: string }>;
export type FileFaultCode = keyof typeof FILE_FAULTS;

/** A fault: the line on which it stands (from 1), and the field or column where there is one. */
export type FileFault = { line: number; field: string | null; code: FileFaultCode };

export function isFileFaultCode(code: string): code is FileFaultCode {
  return Object.hasOwn(FILE_FAULTS, code);
}
