import { z } from 'zod';
import { AUTHORITY_DOCUMENT } from './authority-document.ts';
import { LIMITS } from './limits.ts';
import { readsAsPersonalNumber } from './personal-number.ts';

/** A file's own number, as systems give it. */
const FILE_NUMBER = /^[A-Za-z0-9._/#-]+$/;

/**
 * A Chinese court's case number (最高人民法院《关于人民法院案件案号的若干规定》): year in brackets, court (province or 最高法,
 * with its number), kind of case, number, 号. The characters of courts and kinds are listed, so that no name fits in.
 */
const COURT_CASE =
  /^[（(〔]\d{4}[）)〕](?:最高法|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼兵]\d{0,4})[民刑行执赔破财保监督申再初终辖诉前调知特清催他认复异恢更审抗令撤强支裁确许司救减交假停字商外协请预备产律查]{1,6}\d{1,6}号(?:之[一二三四五六七八九十]{1,2})?$/;

/**
 * The number of a matter, a ticket, an instrument or a paper form. It stands in rows, events and packages in the clear, so it
 * names a file and nobody: no spaces, no words but letters of the Latin alphabet, nothing that reads as somebody's number;
 * or a number as a Chinese court or another authority writes it.
 */
export const referenceSchema = z
  .string()
  .trim()
  .min(1, 'a number is needed · 须填编号')
  .max(
    LIMITS.referenceCharacters,
    `at most ${LIMITS.referenceCharacters} characters · 最多 ${LIMITS.referenceCharacters} 个字符`,
  )
  .refine(
    (text) => FILE_NUMBER.test(text) || COURT_CASE.test(text) || AUTHORITY_DOCUMENT.test(referenceKey(text)),
    'must be a file number: letters, digits and . _ / # - without spaces; or a court’s case number; or the number of an authority’s document: authority in short, department in brackets where there is one, what it is, year in brackets, serial number and its sign (docs/cases.md has examples) · 须为编号(字母、数字及 . _ / # -,不含空格);或法院案号,如(2026)沪0105民初1234号;或机关发文字号(机关代字、部门、文种、带括号的年份、序号加“号”),如沪公(经)调证字〔2026〕12号、沪检调证〔2026〕3号',
  )
  .refine(
    (text) => !readsAsPersonalNumber(text.normalize('NFKC')),
    'reads as a phone, identity or card number: give the number of the file, not of a person · 像是电话、证件或卡号:请填文件编号',
  );

/**
 * By what a number is looked up and compared: people type its letters in either case, spaces around it, and brackets and
 * digits of a court's or another authority's number in several widths and forms.
 */
export function referenceKey(reference: string): string {
  return reference
    .trim()
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[（〔[【]/g, '(')
    .replace(/[）〕\]】]/g, ')');
}
