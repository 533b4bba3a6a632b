import { BATCH_FAILURE_LABELS, CATEGORY_LABELS, PLATFORM_LABELS } from '../shared/domain/labels.ts';
import type { Languages } from '../shared/domain/words.ts';
import { isOfWholeFile, type RejectionReason, rejectionText } from '../shared/sources/rejection-reasons.ts';
import { named, type Say, speaking } from './language.ts';
import type { Batch } from './upload-export.ts';

const LINES_SHOWN = 20;
const RANGES_SHOWN = 5;
/** What is wrong with a file as a whole isn't mended line by line. */
const WHOLE_FILE = {
  zh: ';之后请重新导入整份文件(dualkey ingest … --map F),不能用 quarantine rerun',
  en: '; then ingest the file again (dualkey ingest … --map F): quarantine rerun can’t',
};

/** A reason for which lines of a batch were rejected, how many of them, and what to do. */
export type ExplainedReason = { reason: string; lines: number } & RejectionReason;

/** Why lines of a batch were rejected, most lines first. */
export function explainedReasons({ completeness }: Pick<Batch, 'completeness'>): ExplainedReason[] {
  return Object.entries(completeness.rejectedBy)
    .flatMap(([reason, lines]) => {
      const text = rejectionText(reason);
      return text === null ? [] : [{ reason, lines, ...text }];
    })
    .sort((a, b) => b.lines - a.lines);
}

/** Where a batch comes from, and by what it can be recognised again. */
export function originLines(result: Batch, languages: Languages): string[] {
  const say = speaking(languages);
  const { hotel, source, category, timezone, by, bytes, digest, profile, rerunOf, providerRequest } = result;
  return [
    `  ${say('酒店', 'hotel')} ${hotel} · ${say('来源', 'source')} ${named(say, PLATFORM_LABELS, source)} · ${say('类别', 'category')} ${named(say, CATEGORY_LABELS, category)}${timezone === null ? '' : ` · ${say('时区', 'zone')} ${timezone}`}`,
    `  ${say('由', 'by')} ${by} · ${say('收到', 'received')} ${result.receivedAt ?? '—'} · ${say('结束', 'ended')} ${result.endedAt ?? '—'}`,
    `  ${say('文件', 'file')} ${bytes} ${say('字节', 'bytes')} · ${digest ?? say('摘要尚无', 'no digest yet')}`,
    ...(profile === null ? [] : [`  ${say('文件说明的摘要', 'digest of what --map said')}: ${profile}`]),
    ...(rerunOf === null ? [] : [`  ${say('重新读取的批次', 'rejected lines of batch')} ${rerunOf}`]),
    ...(providerRequest === undefined
      ? []
      : [`  ${say('调取函的答复', 'answer to provider request')} ${providerRequest}`]),
  ];
}

/** What became of a batch, for people; of one of many without what to do about each reason. */
export function batchLines(
  result: Batch,
  languages: Languages,
  { listed = false }: { listed?: boolean } = {},
): string[] {
  const say = speaking(languages);
  const { rejected, rejectedLines, quarantined } = result;
  return [
    `${say('批次', 'batch')} ${result.batchId}`,
    `  ${say('接受', 'accepted')} ${result.accepted} · ${say('重复', 'duplicates')} ${result.duplicates} · ${say('内容冲突', 'conflicts')} ${result.conflicts} · ${say('拒收', 'rejected')} ${rejectedLines}`,
    `  ${say('会话', 'conversations')} ${result.conversations} · ${say('客人', 'guests')} ${result.guests}`,
    ...(result.failure === null
      ? []
      : [`  ${say('失败', 'failed')}: ${named(say, BATCH_FAILURE_LABELS, result.failure)}`]),
    ...(result.commitment === null
      ? []
      : [`  ${say('承诺', 'commitment')} ${result.commitment} · ${say('区块', 'blocks')} ${result.blocks}`]),
    ...lacksOf(result, say).map((lack) => `  ${lack}`),
    ...rejected
      .slice(0, LINES_SHOWN)
      .map(({ line, reason }) => `  ${say('行', 'line')} ${line}: ${reasonInWords(reason, languages)}`),
    ...(!listed && rejectedLines > LINES_SHOWN
      ? [
          `  … ${say(`另有 ${rejectedLines - LINES_SHOWN} 行`, `and ${rejectedLines - LINES_SHOWN} more`)} (--json)`,
        ]
      : []),
    ...(listed ? [] : explainedReasons(result)).map(
      ({ reason, lines, remedy, wholeFile }) =>
        `  ${say('处理', 'what to do')} (${reason} × ${lines}): ${strokedBetween(languages, wholeFile === true ? withWholeFile(remedy) : remedy)}`,
    ),
    ...(quarantined > 0
      ? [
          `  ${say(`${quarantined} 行加密留存待更正`, `${quarantined} lines kept encrypted for correction`)}${
            mayRerun(result.completeness) ? `: dualkey quarantine rerun ${result.batchId}` : ''
          }`,
        ]
      : []),
  ];
}

/** What a folder of media came to that nothing of was taken: without a word it would look as if it had been. */
export function mediaUnused(
  { completeness: { media } }: Pick<Batch, 'completeness'>,
  brought: number,
  languages: Languages,
): string[] {
  const { present, damaged, supplied = 0, notTaken = 0 } = media;
  if (present + damaged + supplied + notTaken > 0) return [];
  const say = speaking(languages);
  return [
    `  ${say(
      `--media 的 ${brought} 个文件均未收入:没有记录以此文件名或编号引用它们,或所引用的媒体已在托管`,
      `none of the ${brought} files of --media was taken: no record refers to a file of such a name or number, or what it refers to is in custody already`,
    )}`,
    `  ${say(
      '核对文件名与平台的媒体编号(见 docs/sources.md “媒体”)后可再次导入同一文件',
      'compare the names with the platform’s numbers of the media (docs/sources.md, “Media”), then the same file may be ingested again',
    )}`,
  ];
}

/** Whether any rejected line may be read again by itself. */
function mayRerun({ rejectedBy }: Pick<Batch['completeness'], 'rejectedBy'>): boolean {
  return !Object.keys(rejectedBy).every(isOfWholeFile);
}

/** A reason's code with what it means; the code alone where it isn't known. */
export function reasonInWords(reason: string, languages: Languages): string {
  const text = rejectionText(reason);
  return text === null ? reason : `${reason} ${strokedBetween(languages, text)}`;
}

function lacksOf({ completeness }: Batch, say: Say): string[] {
  const {
    sequenceGaps,
    unreadLines = 0,
    truncated,
    unknownTypes,
    internalNotes,
    undated = 0,
    media,
  } = completeness;
  const said: string[] = [];
  if (sequenceGaps.messages > 0) {
    const listed = sequenceGaps.ranges.slice(0, RANGES_SHOWN).map(rangeOf);
    const more = sequenceGaps.ranges.length > RANGES_SHOWN ? ' …' : '';
    said.push(
      `${say('平台序号有缺', 'numbers of the platform missing')}: ${countOf(sequenceGaps, say)} (${listed.join(', ')}${more})`,
    );
  }
  const since = sequenceGaps.sinceLastBatch;
  if (since !== null) {
    const listed = (since.ranges ?? [since]).slice(0, RANGES_SHOWN).map(rangeOf);
    const more = (since.ranges?.length ?? 1) > RANGES_SHOWN ? ' …' : '';
    said.push(
      `${say('与上一批之间有缺', 'missing since batch')} ${since.batchId}: ${countOf(since, say)} (${listed.join(', ')}${more})`,
    );
  }
  if (unreadLines > 0) {
    said.push(
      `${say('整份文件未能读取', 'the file as a whole can’t be read')}: ${unreadLines} ${say('行未读', 'lines were not read')}`,
    );
  }
  if (truncated) {
    said.push(
      say(
        '文件不完整,末尾被截断:请重新导出,已入库的会算作重复',
        'the file was cut off: export it again, what is in custody counts as duplicates',
      ),
    );
  }
  const unknown = Object.entries(unknownTypes).map(([type, count]) => `${type} ${count}`);
  if (unknown.length > 0) {
    said.push(
      `${say('未知类型(原文加密保留)', 'types that aren’t known, kept whole')}: ${unknown.join(', ')}`,
    );
  }
  if (internalNotes > 0) {
    said.push(`${say('内部备注(不是客人的话)', 'internal notes, no guest’s words')}: ${internalNotes}`);
  }
  if (undated > 0) {
    said.push(
      `${say('无时间的记录(按日期查不到)', 'records without a time, in no period of real dates')}: ${undated}`,
    );
  }
  const { present, missing, damaged, reference, supplied = 0, later = 0, notTaken = 0 } = media;
  const { undeclared = 0, laterUndeclared = 0 } = media;
  if (present + missing + damaged + reference > 0) {
    said.push(
      `${say('媒体', 'media')}: ${say('在管', 'present')} ${present} · ${say('缺失', 'missing')} ${missing} · ${say('损坏', 'damaged')} ${damaged} · ${say('引用', 'reference')} ${reference}`,
    );
  }
  if (missing + damaged > 0) {
    said.push(
      `  ${say(
        '缺失:文件夹里没有;损坏:与平台所述的摘要或大小不符;缺失的可带 --media 再次导入同一文件补入',
        'missing: not in the folder, ingest the same file again with --media to add it; damaged: other than the digest or size that the platform declares',
      )}`,
    );
  } else if (reference > 0) {
    said.push(
      `  ${say(
        '引用:导入时未带媒体文件夹,只留存平台的编号;带 --media 再次导入同一文件即可补入',
        'reference: no folder of media came along, the platform’s ids alone are kept; ingest the same file again with --media to add them',
      )}`,
    );
  }
  if (supplied > 0) {
    said.push(
      `${say('补入先前批次记录的媒体', 'media added to records of earlier batches')}: ${supplied}${withoutDigest(undeclared, say)}`,
    );
  }
  if (later > 0) {
    said.push(
      `${say('其中由后来的批次补入', 'of those present, brought by a later batch')}: ${later}${withoutDigest(laterUndeclared, say)}`,
    );
  }
  if (notTaken > 0) {
    said.push(
      say(
        `媒体未收入:${notTaken}:已在托管的记录先前带来的文件不被替换,与平台所述不符的不补入;请自行保存(见 docs/sources.md “媒体”)`,
        `media not taken: ${notTaken}: what records in custody have already isn’t replaced, and what isn’t as the platform declares isn’t added: keep these files (docs/sources.md, “Media”)`,
      ),
    );
  }
  return said;
}

/** What such media are rests on whoever brought them: nothing of the platform's says. */
function withoutDigest(count: number, say: Say): string {
  return count === 0
    ? ''
    : ` (${say('其中来源未声明摘要', 'of these, no digest declared by the source')}: ${count})`;
}

/** `atMost`: some of them may be in custody, so long ago that nobody knows any more. */
function countOf({ messages, atMost }: { messages: number; atMost?: true | undefined }, say: Say): string {
  return atMost === true ? `${say('至多', 'at most')} ${messages}` : String(messages);
}

function rangeOf({ from, to }: { from: string; to: string }): string {
  return from === to ? from : `${from}–${to}`;
}

function withWholeFile({ zh, en }: { zh: string; en: string }): { zh: string; en: string } {
  return { zh: `${zh}${WHOLE_FILE.zh}`, en: `${en}${WHOLE_FILE.en}` };
}

function strokedBetween(languages: Languages, { zh, en }: { zh: string; en: string }): string {
  return languages === 'both' ? `${zh} · ${en}` : speaking(languages)(zh, en);
}
