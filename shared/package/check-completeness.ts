import { digestOf } from '../domain/digest.ts';
import { conflictsAmong } from '../domain/message-of.ts';
import { completenessSchema, editedMessages, suppliersOf, withheldMedia } from './completeness.ts';
import { ENTRIES, type Manifest, type PackageRecord } from './manifest.ts';
import { PackageFault, parseDocument } from './package-fault.ts';

/** What completeness.json says of the records, recounted: every approved record is here, conflicts and media are named. */
export function checkCompleteness(
  { scope }: Manifest,
  records: readonly PackageRecord[],
  contents: ReadonlyMap<string, Uint8Array>,
): void {
  const json = parseDocument(contents.get(ENTRIES.completeness), ENTRIES.completeness);
  const parsed = completenessSchema.safeParse(json);
  if (!parsed.success)
    throw new PackageFault({ zh: '完整性说明不可读', en: 'completeness.json is not of this version' });
  const { scope: stated, found, missing, conflicts, attachments, edited, suppliers = [] } = parsed.data;
  const brought = suppliersOf(records, suppliers);
  if (digestOf(brought) !== digestOf(suppliers)) {
    throw new PackageFault({
      zh: '后到媒体的来源批次与记录不符',
      en: 'completeness.json names other batches that brought media later than the records do',
    });
  }
  if (edited !== undefined && edited !== editedMessages(records)) {
    throw new PackageFault({
      zh: '已编辑的消息数与记录不符',
      en: 'completeness.json counts other messages as edited than the records do',
    });
  }
  if (attachments.withheld !== withheldMedia(records)) {
    throw new PackageFault({
      zh: '未提供的附件数与记录不符',
      en: 'completeness.json counts other media as withheld than the records do',
    });
  }
  if (stated.digest !== scope.digest || found.records !== records.length) {
    throw new PackageFault({ zh: '完整性说明与清单不符', en: 'completeness.json is of other records' });
  }
  if (missing.length > 0 || stated.records !== records.length) {
    throw new PackageFault({
      zh: `缺少 ${missing.length} 条已批准的记录`,
      en: `${missing.length} approved records are missing`,
    });
  }
  const named = new Set(conflicts.flat());
  const unnamed = conflictsAmong(records.map(({ recordId }) => recordId))
    .flat()
    .find((recordId) => !named.has(recordId));
  if (unnamed !== undefined) {
    throw new PackageFault({
      zh: `记录 ${unnamed} 的消息有不一致的版本,完整性说明未列出`,
      en: `record ${unnamed} has other versions that completeness.json doesn't name`,
    });
  }
}
