import type { Batch } from './upload-export.ts';

const LINES_SHOWN = 20;
const RANGES_SHOWN = 5;

/** What became of a batch, for people. */
export function batchLines(result: Batch): string[] {
  const { rejected, rejectedLines, quarantined } = result;
  return [
    `批次 batch ${result.batchId}`,
    `  接受 accepted ${result.accepted} · 重复 duplicates ${result.duplicates} · 内容冲突 conflicts ${result.conflicts} · 拒收 rejected ${rejectedLines}`,
    `  会话 conversations ${result.conversations} · 客人 guests ${result.guests}`,
    ...lacksOf(result).map((lack) => `  ${lack}`),
    ...rejected.slice(0, LINES_SHOWN).map(({ line, reason }) => `  行 line ${line}: ${reason}`),
    ...(rejectedLines > LINES_SHOWN ? [`  … 另有 and ${rejectedLines - LINES_SHOWN} 行 more (--json)`] : []),
    ...(quarantined > 0
      ? [
          `  ${quarantined} 行加密留存待更正 lines kept encrypted for correction: dualkey quarantine rerun ${result.batchId}`,
        ]
      : []),
  ];
}

function lacksOf({ completeness }: Batch): string[] {
  const { sequenceGaps, truncated, unknownTypes, internalNotes, media } = completeness;
  const said: string[] = [];
  if (sequenceGaps.messages > 0) {
    const listed = sequenceGaps.ranges.slice(0, RANGES_SHOWN).map(({ from, to }) => `${from}–${to}`);
    const more = sequenceGaps.ranges.length > RANGES_SHOWN ? ' …' : '';
    said.push(
      `平台序号有缺 numbers of the platform missing: ${sequenceGaps.messages} (${listed.join(', ')}${more})`,
    );
  }
  const since = sequenceGaps.sinceLastBatch;
  if (since !== null) {
    said.push(
      `与上一批之间有缺 missing since batch ${since.batchId}: ${since.messages} (${since.from}–${since.to})`,
    );
  }
  if (truncated) said.push('文件不完整 the file was cut off');
  const unknown = Object.entries(unknownTypes).map(([type, count]) => `${type} ${count}`);
  if (unknown.length > 0) said.push(`未知类型(原文保留) unknown types, kept whole: ${unknown.join(', ')}`);
  if (internalNotes > 0) said.push(`内部备注 internal notes: ${internalNotes}`);
  const { present, missing, damaged, reference } = media;
  if (present + missing + damaged + reference > 0) {
    said.push(
      `媒体 media: 在管 present ${present} · 缺失 missing ${missing} · 损坏 damaged ${damaged} · 引用 reference ${reference}`,
    );
  }
  return said;
}
