import { messageOf } from '../domain/message-of.ts';
import { ENTRIES, type Manifest, type PackageRecord } from './manifest.ts';
import { PackageFault } from './package-fault.ts';
import { articleClass, replacementsAmong } from './transcript.ts';

/** Ids once each, and the same records in the transcript that people read. */
export function checkRecords(
  manifest: Manifest,
  records: readonly PackageRecord[],
  contents: ReadonlyMap<string, Uint8Array>,
): void {
  const ids = records.map(({ recordId }) => recordId);
  const conversations = new Set(records.map(({ conversationId }) => conversationId));
  if (new Set(ids).size !== ids.length)
    throw new PackageFault({ zh: '记录重复', en: 'a record is there twice' });
  if (ids.length !== manifest.scope.records || conversations.size !== manifest.scope.conversations) {
    throw new PackageFault({
      zh: '记录数与清单不符',
      en: 'the records are not as many as the manifest says',
    });
  }
  const transcript = Buffer.from(contents.get(ENTRIES.transcript) ?? []).toString('utf8');
  const shown = [...transcript.matchAll(/<article id="r-([0-9a-f]{32})" class="([a-z -]*)">/g)];
  if (shown.map(([, id]) => id).join() !== ids.join()) {
    throw new PackageFault({
      zh: '阅读副本与记录不符',
      en: 'the transcript shows other records than records.ndjson',
    });
  }
  checkAbout(
    records,
    shown.map(([, , kind]) => kind),
  );
}

/** A record that another takes back or stands in the place of says so, and the transcript shows it, as it does a note. */
function checkAbout(records: readonly PackageRecord[], shown: readonly (string | undefined)[]): void {
  const recalled = new Set(records.map(({ recalls }) => recalls));
  const replacements = replacementsAmong(records);
  for (const [position, record] of records.entries()) {
    const message = messageOf(record.recordId);
    if (record.recalled !== recalled.has(message) || (replacements.has(message) && !record.edited)) {
      throw new PackageFault({
        zh: `记录 ${record.recordId} 的撤回或编辑与其他记录不符`,
        en: `record ${record.recordId} isn’t marked as recalled or edited as other records say it is`,
      });
    }
    if (shown[position] !== articleClass(record, replacements)) {
      throw new PackageFault({
        zh: `阅读副本中的记录 ${record.recordId} 标注不符`,
        en: `the transcript shows record ${record.recordId} as something else`,
      });
    }
  }
}
