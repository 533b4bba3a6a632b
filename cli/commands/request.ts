import type { Command } from 'commander';
import { z } from 'zod';
import { requestFileSchema } from '../../shared/domain/access-request.ts';
import { verdictSchema } from '../../shared/domain/verdict.ts';
import { aligned, minuteOf } from '../aligned.ts';
import type { Api } from '../api.ts';
import { verdictLines } from '../console.ts';
import { contextOf } from '../context.ts';
import { RefusedError } from '../failure.ts';
import { inTermsOf, ofFile } from '../in-terms-of.ts';
import { readInputFile } from '../input-file.ts';
import { poll } from '../poll.ts';

/** A request as `GET /requests/{id}` shows it (docs/api.md). */
export const shownRequest = z.looseObject({
  requestId: z.string(),
  state: z.string(),
  verdict: verdictSchema.nullable(),
  route: z.array(z.string()),
  scope: z.object({ conversations: z.number(), records: z.number(), digest: z.string() }).nullable(),
  requestDigest: z.string().nullable(),
  requester: z.string(),
  recipient: z.string(),
  purpose: z.string().nullable(),
  basis: z.string().nullable(),
  matter: z.string().nullable(),
  subjectKind: z.string().nullable(),
  platforms: z.array(z.string()),
  hotels: z.array(z.string()),
  hotelsElsewhere: z.array(z.string()).default([]),
  categories: z.array(z.string()),
  from: z.string().nullable(),
  to: z.string().nullable(),
  masking: z.string(),
  windowHours: z.number(),
  opens: z.number(),
  endReason: z.string().nullable(),
  remarks: z.string().nullable().optional(),
  necessity: z.string().nullable().optional(),
  approvals: z.array(z.looseObject({ role: z.string(), by: z.string(), at: z.string() })),
  openings: z.array(z.looseObject({ openingId: z.string(), state: z.string() })),
});
const text = { rule: z.string(), zh: z.string(), en: z.string() };
/** What those who approve are shown besides. */
const approversView = z.object({
  applied: z.array(z.looseObject(text)),
  near: z.array(z.looseObject({ ...text, if: z.object({ zh: z.string(), en: z.string() }) })),
  recent: z.object({
    days: z.number(),
    requests: z.number(),
    refused: z.number(),
    denied: z.number(),
    openings: z.number(),
  }),
});

export type ShownRequest = z.infer<typeof shownRequest>;

/** A request as `GET /requests` lists it. */
const listedRequest = z.looseObject({
  requestId: z.string(),
  state: z.string(),
  requestedAt: z.string().nullable(),
  requester: z.string(),
  purpose: z.string().nullable(),
  matter: z.string().nullable(),
  ticket: z.string().nullable(),
  hotels: z.array(z.string()),
  scope: z.looseObject({ conversations: z.number(), records: z.number() }).nullable(),
  deadline: z.string().nullable(),
  awaitsYou: z.boolean(),
});
type ListedRequest = z.infer<typeof listedRequest>;

const LIST_HEAD = [
  '申请 request',
  '状态 state',
  '案号 matter',
  '酒店 hotels',
  '用途 purpose',
  '申请人 requester',
  '提交 made',
  '审批期限 deadline',
  '记录 records',
];

function listRow(request: ListedRequest): string[] {
  const { requestId, state, matter, ticket, hotels, purpose, requester, requestedAt, scope } = request;
  const awaiting = state === 'awaiting-approval';
  return [
    requestId,
    request.awaitsYou ? `${state} ← 待您审批 awaits you` : state,
    matter ?? ticket ?? '—',
    hotels.join(', '),
    purpose ?? '—',
    requester,
    minuteOf(requestedAt),
    awaiting ? minuteOf(request.deadline) : '—',
    scope === null ? '—' : String(scope.records),
  ];
}

export function show(api: Api, requestId: string): Promise<ShownRequest> {
  return api.get(`/requests/${encodeURIComponent(requestId)}`, shownRequest);
}

export function requestLines(request: ShownRequest): string[] {
  return [
    `申请 request ${request.requestId}: ${request.state}${request.endReason === null ? '' : ` (${request.endReason})`}`,
    `  申请人 requester ${request.requester} · 接收人 recipient ${request.recipient}`,
    `  用途 purpose ${request.purpose ?? '—'} · 依据 basis ${request.basis ?? '—'} · 案号 matter ${request.matter ?? '—'}`,
    `  酒店 hotels ${request.hotels.join(', ')} · 平台 platforms ${request.platforms.join(', ')} · 类别 categories ${request.categories.join(', ')}`,
    ...(request.hotelsElsewhere.length === 0
      ? []
      : [
          `  未在此检索的酒店 hotels not searched here (其他区域 of other regions): ${request.hotelsElsewhere.join(', ')}`,
        ]),
    `  期间 period ${request.from ?? '—'} → ${request.to ?? '—'} · 对象 subject ${request.subjectKind ?? '—'} · 遮盖 masking ${request.masking}`,
    `  许可 grant: ${request.windowHours} 小时 hours, ${request.opens} 次 openings`,
    ...(request.verdict === null ? [] : verdictLines(request.verdict)),
    ...(request.scope === null
      ? []
      : [
          `  范围 scope: ${request.scope.records} 条记录 records, ${request.scope.conversations} 个会话 conversations`,
        ]),
    ...(request.requestDigest === null ? [] : [`  申请摘要 request digest ${request.requestDigest}`]),
    ...freeTextLines(request),
    ...approversLines(request),
    ...request.approvals.map(({ role, by, at }) => `  审批 approval: ${role} · ${by} · ${at}`),
    ...request.openings.map(({ openingId, state }) => `  打开 opening: ${openingId} · ${state}`),
  ];
}

/** What somebody typed, each line of it marked as theirs. */
function freeTextLines({ remarks, necessity }: ShownRequest): string[] {
  return [
    ['备注 remarks', remarks],
    ['必要性 necessity', necessity],
  ].flatMap(([title, typed]) =>
    typeof typed === 'string' && typed !== ''
      ? [`  ${title}:`, ...typed.split('\n').map((line) => `    │ ${line}`)]
      : [],
  );
}

function approversLines(request: ShownRequest): string[] {
  const view = approversView.safeParse(request);
  if (!view.success) return [];
  const { applied, near, recent } = view.data;
  return [
    `  申请人近况 requester, last ${recent.days} days: ${recent.requests} 份申请 requests, ${recent.refused} 份被拒 refused, ${recent.denied} 份被否决 denied, ${recent.openings} 次打开 openings`,
    '  适用规则 rules that applied:',
    ...applied.map(({ rule, zh, en }) => `    · ${rule} ${zh} / ${en}`),
    ...(near.length === 0 ? [] : ['  接近触发的规则 rules that nearly did:']),
    ...near.map(
      ({ rule, zh, en, if: when }) => `    · ${rule} ${zh} / ${en} (若 if: ${when.zh} / ${when.en})`,
    ),
  ];
}

export function registerRequest(program: Command): void {
  const request = program.command('request').description('审批调阅申请 escalated retrievals');

  request
    .command('create')
    .description('提交申请 make a request and wait for its check')
    .requiredOption('--file <file>', '申请文件 request file (JSON)')
    .action(async ({ file }: { file: string }, command: Command) => {
      const { console, api: signIn } = contextOf(command);
      const body = await readInputFile(file, requestFileSchema);
      const api = await signIn();
      const { requestId } = await inTermsOf(
        ofFile(file),
        api.post('/requests', body, z.object({ requestId: z.string() })),
      );
      console.progress(`申请 request ${requestId}: 三查 checking…`);
      const checked = await poll(
        () => show(api, requestId),
        // Break-glass stays requested, with its verdict, until the approver on call answers (L5).
        ({ state, verdict }) => state !== 'requested' || verdict !== null,
        { minutes: 5, what: `the check of ${requestId}` },
      );
      if (checked.state === 'refused' && checked.verdict !== null) {
        throw new RefusedError(checked.verdict, checked);
      }
      console.result(checked, requestLines(checked));
    });

  request
    .command('show')
    .description('查看申请 a request with its approvals, openings and events')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { console, api } = contextOf(command);
      const shown = await show(await api(), id);
      console.result(shown, requestLines(shown));
    });

  request
    .command('list')
    .description('列出申请 own requests, and those that await your approval')
    .action(async (_options: unknown, command: Command) => {
      const { console, api } = contextOf(command);
      const listed = await (await api()).get('/requests', z.object({ requests: z.array(listedRequest) }));
      console.result(
        listed,
        listed.requests.length === 0
          ? ['没有申请 no requests']
          : aligned(LIST_HEAD, listed.requests.map(listRow)),
      );
    });

  request
    .command('withdraw')
    .description('撤回申请 withdraw a request that awaits approval')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { console, api } = contextOf(command);
      const ended = await (await api()).post(
        `/requests/${encodeURIComponent(id)}/withdraw`,
        {},
        z.object({ state: z.string() }),
      );
      console.result(ended, [`申请 request ${id}: ${ended.state}`]);
    });
}
