import type { BatchFacts } from './completeness.ts';

/** What is known of a batch's completeness, in Chinese and English, one statement each; nothing where all is there. */
export function batchLacks({
  lacks,
  commitment,
  rejected,
  conflicts,
  providerRequest,
}: BatchFacts): string[] {
  const said: string[] = [];
  if (providerRequest !== undefined) {
    said.push(`服务提供商的答复 a provider’s answer to ${providerRequest}`);
  }
  if (lacks !== null) {
    const {
      sequenceGaps,
      unreadLines = 0,
      truncated,
      unknownTypes,
      internalNotes,
      undated = 0,
      media,
    } = lacks;
    const { messages, ranges, sinceLastBatch } = sequenceGaps;
    if (messages > 0) {
      said.push(
        `平台序号缺 ${countText(sequenceGaps)} numbers of the platform missing: ${rangesText(ranges)}`,
      );
    }
    if (sinceLastBatch !== null) {
      said.push(
        `与上一批之间缺序号 ${countText(sinceLastBatch)} numbers missing since the batch before: ${rangesText(sinceLastBatch.ranges ?? [sinceLastBatch])}`,
      );
    }
    if (unreadLines > 0) said.push(`整份文件未能读取,未读行数 lines not read: ${unreadLines}`);
    if (truncated) said.push('文件不完整 the file was cut off');
    const unknown = Object.entries(unknownTypes).map(([type, count]) => `${type} ${count}`);
    if (unknown.length > 0)
      said.push(`未知消息类型(原文保留) unknown types, kept whole: ${unknown.join(', ')}`);
    if (internalNotes > 0) said.push(`内部备注 internal notes: ${internalNotes}`);
    if (undated > 0)
      said.push(`无时间的记录,按日期查不到 records without a time, in no period of real dates: ${undated}`);
    if (media.missing > 0) said.push(`媒体缺失 media missing: ${media.missing}`);
    if (media.damaged > 0) said.push(`媒体损坏 media damaged: ${media.damaged}`);
    if (media.reference > 0) said.push(`媒体仅有引用 media by reference alone: ${media.reference}`);
    if (media.notTaken !== undefined && media.notTaken > 0) {
      said.push(`媒体后到未收入 media that came after their records, not taken: ${media.notTaken}`);
    }
    if (media.later !== undefined && media.later > 0) {
      const { laterUndeclared = 0 } = media;
      const undeclared =
        laterUndeclared === 0
          ? ''
          : ` (其中来源未声明摘要 of these, no digest declared by the source: ${laterUndeclared})`;
      said.push(`媒体由后来的批次补入 media that a later batch brought: ${media.later}${undeclared}`);
    }
    const reasons = Object.entries(lacks.rejectedBy).map(([reason, count]) => `${reason} ${count}`);
    if (reasons.length > 0) said.push(`拒收 rejected: ${reasons.join(', ')}`);
  } else if (rejected !== null && rejected > 0) {
    said.push(`拒收 rejected: ${rejected}`);
  }
  if (conflicts !== null && conflicts > 0) said.push(`内容冲突 conflicts: ${conflicts}`);
  if (commitment !== null) {
    const { state, committed, present, deleted, lost, conversationsLost = 0 } = commitment;
    if (state === 'missing') said.push('入库承诺已不在 what it committed to is gone');
    if (state === 'altered') said.push('入库承诺或其序列已被更改 what it committed to was altered');
    if (deleted > 0) {
      said.push(`入库 ${committed} 条,依期限已删除 ${deleted} 条 committed, deleted by retention`);
    }
    if (lost > 0)
      said.push(`入库 ${committed} 条,现存 ${present} 条,丢失 ${lost} 条 committed, present, lost`);
    if (conversationsLost > 0)
      said.push(`整个丢失的会话 conversations lost as a whole: ${conversationsLost}`);
  }
  return said;
}

const RANGES_SHOWN = 10;

/** `atMost`: some of them may be in custody, so long ago that nobody knows any more. */
function countText({ messages, atMost }: { messages: number; atMost?: true | undefined }): string {
  return atMost === true ? `至多 ${messages} 个 at most ${messages}` : `${messages} 个`;
}

function rangesText(ranges: readonly { from: string; to: string }[]): string {
  const more = ranges.length > RANGES_SHOWN ? ' …' : '';
  return `${ranges.slice(0, RANGES_SHOWN).map(rangeText).join(', ')}${more}`;
}

function rangeText({ from, to }: { from: string; to: string }): string {
  return from === to ? from : `${from}–${to}`;
}
