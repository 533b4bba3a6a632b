import { createHash } from 'node:crypto';
import {
  ATTACHMENT_LABELS,
  BASIS_LABELS,
  CATEGORY_LABELS,
  type Label,
  MASKING_LABELS,
  PLATFORM_LABELS,
  PURPOSE_LABELS,
  SPEAKER_LABELS,
} from '../domain/labels.ts';
import { messageOf } from '../domain/message-of.ts';
import { ROLES } from '../domain/roles.ts';
import { batchLacks } from './batch-lacks.ts';
import type { Completeness } from './completeness.ts';
import { type HotelPlace, hotelTime, zoneOf } from './hotel-time.ts';
import { LIMITS_OF_PROOF } from './limits-of-proof.ts';
import type { Manifest } from './manifest.ts';
import { REDACTION_LABELS } from './mask.ts';
import type { StagedRecord } from './staged-records.ts';
import { transcriptStyle } from './transcript-style.ts';
import { visibleHtml } from './visible-html.ts';

/** What the transcript states of its package; the manifest adds the entries' digests afterwards. */
export type PackageFacts = Omit<Manifest, 'entries' | 'signer'>;

/**
 * transcript.html: the records as a person reads and prints them, in Chinese and English, by conversation and in the
 * hotel's time. One file without scripts, links or anything fetched; the watermark is on every page and beside every
 * record; what a guest wrote is shown as text, never as markup.
 */
export function transcriptHtml(
  facts: PackageFacts,
  records: readonly StagedRecord[],
  completeness: Completeness,
  hotels: readonly HotelPlace[],
): string {
  const zone = zoneOf(hotels, facts.request.hotels);
  const style = transcriptStyle(watermarkLine(facts));
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`;
  const conflicting = new Set(completeness.conflicts.flat());
  const told = { conflicting, replacements: replacementsAmong(records) };
  const conversations = [...Map.groupBy(records, ({ conversationId }) => conversationId).values()];
  const parts = [
    '<!doctype html>',
    '<html lang="zh-Hans">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>调阅记录 Transcript ${visibleHtml(facts.opening.opening)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    background(facts),
    `<p class="running">${visibleHtml(watermarkLine(facts))}</p>`,
    '<main>',
    '<h1>客服记录调阅副本 <span lang="en">Transcript of a retrieval</span></h1>',
    '<p class="notice">仅供下列收件人使用;对外提供须另行申请。<span lang="en">For the named recipient only; onward disclosure needs a request of its own (R13).</span></p>',
    summary(facts, zone),
    approvals(facts, zone),
    completenessSection(completeness),
    ...conversations.map((one, index) => conversation(one, index, facts, hotels, told)),
    limits(),
    '</main>',
    '</body>',
    '</html>',
    '',
  ];
  return parts.join('\n');
}

/** The watermark in words: who opened, under which grant, which opening, when. */
export function watermarkLine({ opening }: Pick<PackageFacts, 'opening'>): string {
  const { requester, grant, number, at } = opening;
  return `${requester} · ${grant} · ${opening.opening} · #${number} · ${at}`;
}

const BACKGROUND_LINES = 14;

function background(facts: PackageFacts): string {
  const line = `<span>${visibleHtml(watermarkLine(facts))}</span>`;
  return `<div class="watermark" aria-hidden="true">${line.repeat(BACKGROUND_LINES)}</div>`;
}

function summary(facts: PackageFacts, zone: string): string {
  const { request } = facts;
  const period = [request.from, request.to]
    .map((at) => (at === null ? '—' : hotelTime(at, zone)))
    .join(' → ');
  return table([
    ['申请 Request', `${facts.requestId} · ${facts.registerNumber}`],
    ['申请人 Requester', `${request.requester} (${both(ROLES[request.requesterRole])})`],
    ['收件人 Recipient', request.recipient],
    ['用途 Purpose', labelled(request.purpose, PURPOSE_LABELS)],
    ['依据 Basis', labelled(request.basis, BASIS_LABELS)],
    ['案号·工单 Matter · ticket', [request.matter, request.ticket].map((one) => one ?? '—').join(' · ')],
    ['平台 Platforms', request.platforms.map((one) => both(PLATFORM_LABELS[one])).join(', ') || '—'],
    ['酒店 Hotels', request.hotels.join(', ')],
    ['类别 Categories', request.categories.map((one) => both(CATEGORY_LABELS[one])).join(', ') || '—'],
    ['期间 Period', `${period} (${zone})`],
    ['遮盖级别 Masking', both(MASKING_LABELS[request.masking])],
    ['打开 Opening', `${facts.opening.opening} · #${facts.opening.number} / ${request.opens}`],
    ['制作时间 Prepared', hotelTime(facts.opening.at, zone)],
    ['申请摘要 Request digest', facts.requestDigest],
    ['范围摘要 Scope digest', facts.scope.digest],
    ['规则集 Rule set', facts.ruleSet ?? '—'],
  ]);
}

function approvals({ approvals: given }: PackageFacts, zone: string): string {
  const rows = given.map(
    ({ role, by, at }) =>
      `<tr><td>${cell(both(ROLES[role]))}</td><td>${cell(by)}</td><td>${cell(hotelTime(at, zone))}</td></tr>`,
  );
  return [
    '<section><h2>审批 <span lang="en">Approvals</span></h2>',
    '<table><thead><tr><th>角色 Role</th><th>审批人 Approver</th><th>时间 Time</th></tr></thead>',
    `<tbody>${rows.join('')}</tbody></table></section>`,
  ].join('\n');
}

function broughtLater(supplied: StagedRecord['attachments'][number]['supplied']): string {
  if (supplied === undefined) return '';
  const said = `后到补入 brought later by ${supplied.batchId}`;
  return supplied.declared ? said : `${said}, 来源未声明摘要 no digest declared by the source`;
}

function completenessSection(completeness: Completeness): string {
  const { scope, found, missing, recalled, edited, conflicts, attachments, compared, batches } = completeness;
  const { hotelsElsewhere: elsewhere = [], suppliers = [] } = completeness;
  const { later = 0 } = attachments;
  const media = `${attachments.present} / ${attachments.missing} / ${attachments.damaged} / ${attachments.reference}`;
  return `<section><h2>完整性 <span lang="en">Completeness</span></h2>\n${table([
    ['批准范围 Approved', `${scope.records} 条 records`],
    ['本包 In this package', `${found.records} 条 records, ${found.conversations} 个会话 conversations`],
    ['缺失 Missing', missing.length === 0 ? '无 none' : `${missing.length}: ${missing.join(', ')}`],
    ...(elsewhere.length === 0
      ? []
      : [
          [
            '其他区域的酒店 Hotels in other regions',
            `${elsewhere.join(', ')} (记录不出其区域,未在此检索 their records stay in their region and were not searched here)`,
          ] satisfies [string, string],
        ]),
    ['已撤回 Recalled', `${recalled} (原文保留 the originals are kept)`],
    [
      '已编辑 Edited',
      edited === undefined ? '—' : `${edited} (保管的各版本均列出 all wordings in custody are shown)`,
    ],
    [
      '内容不一致的消息 Messages with differing versions',
      conflicts.length === 0 ? '无 none' : conflicts.map((ids) => ids.join(' ≠ ')).join(', '),
    ],
    ['附件 Attachments: 已保管 in custody / 缺失 missing / 损坏 damaged / 引用 reference', media],
    [
      '未提供的附件 Media withheld',
      attachments.withheld === 0 ? '无 none' : `${attachments.withheld} (附件无法遮盖 media can’t be masked)`,
    ],
    [
      '核对后入库的附件 Media that came after the request was checked',
      later === 0
        ? '无 none'
        : `${later} (不在批准范围内,未提供;须另行申请 outside what was approved, not in this package; a new request brings them)`,
    ],
    ...suppliers.map(({ batchId, by, media: brought, undeclared }): [string, string] => [
      `后到补入的附件 Media brought after their records ${batchId}`,
      `${brought}, 由 by ${by ?? '—'}${undeclared === 0 ? '' : ` (其中 of these ${undeclared}: 来源未声明摘要 no digest declared by the source)`}`,
    ]),
    [
      '丢失核对 Losses looked for',
      compared === undefined
        ? '—'
        : `${compared.batches} 个批次 batches, ${compared.conversations} 个会话 conversations (本包记录所涉及的客人,在带来这些记录的批次中;其他的未核对 of the guests of these records, in the batches that brought them; nothing else was looked for)`,
    ],
    ...batches.map((batch): [string, string] => [
      `批次 Batch ${batch.batchId} (${both(PLATFORM_LABELS[batch.platform])} · ${batch.hotel})`,
      [`${batch.records} 条 records`, ...batchLacks(batch)].join('; '),
    ]),
  ])}</section>`;
}

/** What is known of records besides what they say of themselves. */
type Told = {
  /** Ids of records of whose message there are versions that differ. */
  conflicting: ReadonlySet<string>;
  /** By message, the records that stand in its place. */
  replacements: ReadonlyMap<string, readonly string[]>;
};

/** By message, the ids of the records that stand in its place, in their order. */
export function replacementsAmong(
  records: readonly Pick<StagedRecord, 'recordId' | 'edits'>[],
): Map<string, string[]> {
  const replacements = new Map<string, string[]>();
  for (const { recordId, edits } of records) {
    if (edits !== null) replacements.set(edits, [...(replacements.get(edits) ?? []), recordId]);
  }
  return replacements;
}

/** How a record's element is told from others: by who spoke, and by what it is not. */
export function articleClass(
  { recordId, from, internal, recalled }: Pick<StagedRecord, 'recordId' | 'from' | 'internal' | 'recalled'>,
  replacements: ReadonlyMap<string, readonly string[]>,
): string {
  const classes = [
    from.role,
    ...(internal ? ['internal'] : []),
    ...(recalled ? ['taken-back'] : []),
    ...(replacements.has(messageOf(recordId)) ? ['replaced'] : []),
  ];
  return classes.join(' ');
}

function conversation(
  records: readonly StagedRecord[],
  index: number,
  facts: PackageFacts,
  hotels: readonly HotelPlace[],
  told: Told,
): string {
  const [first] = records;
  if (first === undefined) return '';
  const hotel = hotels.find(({ code }) => code === first.hotel);
  const zone = hotel?.zone ?? 'UTC';
  const present = new Map(records.map(({ recordId }) => [messageOf(recordId), recordId]));
  const margin = visibleHtml(watermarkLine(facts));
  const facts1 = [
    both(PLATFORM_LABELS[first.platform]),
    hotel === undefined ? first.hotel : `${hotel.name} ${hotel.code}`,
    `${records.length} 条 records`,
    zone,
  ];
  return [
    '<section class="conversation">',
    `<h2>会话 <span lang="en">Conversation</span> ${index + 1}</h2>`,
    `<p class="facts">${facts1.map(cell).join(' · ')} <span class="id">${cell(first.conversationId)}</span></p>`,
    ...records.map((record) => recordHtml(record, zone, margin, { ...told, present })),
    '</section>',
  ].join('\n');
}

function recordHtml(
  record: StagedRecord,
  zone: string,
  margin: string,
  { present, conflicting, replacements }: Told & { present: ReadonlyMap<string, string> },
): string {
  const { from, attachments, redactions } = record;
  const inItsPlace = replacements.get(messageOf(record.recordId)) ?? [];
  const speaker = both(SPEAKER_LABELS[from.role]);
  const marks = [
    record.internal ? mark('internal', '内部备注,不是对客人说的 internal note, not said to the guest') : '',
    record.recalled ? mark('recalled', '已撤回,原文保留 recalled; the original is kept') : '',
    conflicting.has(record.recordId)
      ? mark('conflict', '同一消息另有不同内容 other versions of this message differ')
      : '',
    record.edited && inItsPlace.length === 0 && record.edits === null ? mark('edited', '已编辑 edited') : '',
    ...inItsPlace.map((by) =>
      link('edited', by, `已编辑,原文保留 edited; the original is kept; replaced by ${by.slice(0, 8)}…`),
    ),
    record.edits === null ? '' : editOf(record.edits, present.get(record.edits)),
    record.recalls === null ? '' : recallOf(record.recalls, present.get(record.recalls)),
  ];
  const files = attachments.map(({ name, mediaType, bytes, state, file, supplied }) => {
    const size = bytes === null ? '' : `${bytes} B`;
    const shown = cell(
      [name ?? '—', mediaType ?? '', size, both(ATTACHMENT_LABELS[state]), broughtLater(supplied)]
        .filter((part) => part !== '')
        .join(' · '),
    );
    return file === null ? shown : `<a href="${cell(file)}">${shown}</a>`;
  });
  const masked = redactions.map(({ kind, count }) => cell(`${both(REDACTION_LABELS[kind])} ×${count}`));
  const hidden =
    masked.length === 0 ? '' : ` · <span class="masked">遮盖 masked: ${masked.join(', ')}</span>`;
  return [
    `<article id="r-${record.recordId}" class="${articleClass(record, replacements)}">`,
    `<aside>${margin}</aside>`,
    '<div>',
    `<header><time>${cell(record.timeKnown ? hotelTime(record.at, zone) : '时间不明 time unknown')}</time> <b>${cell(speaker)}</b>`,
    from.name === null || from.name === speaker ? '' : `<bdi>${cell(from.name)}</bdi>`,
    `<span class="category">${cell(both(CATEGORY_LABELS[record.category]))}</span>${marks.join('')}</header>`,
    record.text === ''
      ? `<p class="empty">(${cell(record.type)}: 无文字 no text)</p>`
      : `<p class="text" dir="auto">${cell(record.text)}</p>`,
    ...files.map((file) => `<p class="file">附件 attachment: <bdi>${file}</bdi></p>`),
    `<footer class="id">${record.recordId} · ${cell(record.source.batchId)}:${record.source.line}${hidden}</footer>`,
    '</div>',
    '</article>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function recallOf(message: string, recordId: string | undefined): string {
  if (recordId === undefined)
    return mark('recall', '撤回了不在本包中的消息 recall of a message outside this package');
  return link('recall', recordId, `撤回该消息 recall of ${message.slice(0, 8)}…`);
}

function editOf(message: string, recordId: string | undefined): string {
  if (recordId === undefined)
    return mark('edit', '替换了不在本包中的消息 replaces a message outside this package');
  return link('edit', recordId, `替换该消息 replaces ${message.slice(0, 8)}…`);
}

function link(kind: string, recordId: string, text: string): string {
  return ` <a class="mark ${kind}" href="#r-${recordId}">${cell(text)}</a>`;
}

function limits(): string {
  const items = LIMITS_OF_PROOF.map(
    ({ zh, en }) => `<li>${cell(zh)}<br><span lang="en">${cell(en)}</span></li>`,
  );
  return `<section class="limits"><h2>本包不能证明的 <span lang="en">What this package can’t show</span></h2><ul>${items.join('\n')}</ul></section>`;
}

function table(rows: [string, string][]): string {
  return `<table>${rows.map(([head, value]) => `<tr><th scope="row">${cell(head)}</th><td>${cell(value)}</td></tr>`).join('')}</table>`;
}

function mark(kind: string, text: string): string {
  return ` <span class="mark ${kind}">${cell(text)}</span>`;
}

function labelled<Key extends string>(key: Key | null, labels: Record<Key, Label>): string {
  return key === null ? '—' : both(labels[key]);
}

function both({ zh, en }: Label): string {
  return zh === en ? zh : `${zh} ${en}`;
}

function cell(text: string): string {
  return visibleHtml(text);
}
