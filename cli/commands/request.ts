import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { requestFileSchema } from '../../shared/domain/access-request.ts';
import { DANGERS } from '../../shared/domain/break-glass.ts';
import {
  BASIS_LABELS,
  CATEGORY_LABELS,
  DANGER_LABELS,
  ENDING_KIND_LABELS,
  ENDING_LABELS,
  MASKING_LABELS,
  OPENING_STATE_LABELS,
  PLATFORM_LABELS,
  PURPOSE_LABELS,
  REQUEST_STATE_LABELS,
  SUBJECT_LABELS,
} from '../../shared/domain/labels.ts';
import { ROLES } from '../../shared/domain/roles.ts';
import { type Reasons, reasonsSchema, type Verdict, verdictSchema } from '../../shared/domain/verdict.ts';
import type { Languages } from '../../shared/domain/words.ts';
import { reasonText } from '../../shared/policy/reasons.ts';
import { aligned, minuteOf } from '../aligned.ts';
import type { Api } from '../api.ts';
import { verdictLines } from '../console.ts';
import { contextOf } from '../context.ts';
import { RefusedError } from '../failure.ts';
import { inTermsOf, ofFile } from '../in-terms-of.ts';
import { readInputFile } from '../input-file.ts';
import { named, ruleWords, type Say, speaking } from '../language.ts';
import { poll } from '../poll.ts';

/** A request as `GET /requests/{id}` shows it (docs/api.md). */
export const shownRequest = z.looseObject({
  requestId: z.string(),
  state: z.string(),
  verdict: verdictSchema.nullable(),
  route: z.array(z.string()),
  scope: z
    .object({
      conversations: z.number(),
      records: z.number(),
      digest: z.string(),
      media: z.object({ inCustody: z.number(), missing: z.number() }).optional(),
    })
    .nullable(),
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
  /** What ended it and what its events say, in the words of the rule set that spoke. */
  words: reasonsSchema.optional(),
  remarks: z.string().nullable().optional(),
  necessity: z.string().nullable().optional(),
  /** Break-glass (L5), and what the request cites, as JSON, for those who may read it. */
  emergency: z.boolean().default(false),
  citations: z.string().nullish(),
  requesterRole: z.string().nullish(),
  ticket: z.string().nullish(),
  instrumentNumber: z.string().nullish(),
  impactAssessment: z.string().nullish(),
  agreement: z.string().nullish(),
  deadline: z.string().nullish(),
  /** `reason` is for the requester and the roles of the route. */
  denial: z
    .looseObject({ role: z.string(), by: z.string(), at: z.string(), reason: z.string().nullish() })
    .nullish(),
  /** Who withdrew, closed or revoked it; `reason` as that of a denial. */
  ending: z
    .looseObject({ kind: z.string(), by: z.string(), at: z.string(), reason: z.string().nullish() })
    .nullish(),
  /** The paper form that was named with the request, or that came later (L5). */
  paperForm: z.string().nullish(),
  breakGlass: z
    .looseObject({ form: z.object({ number: z.string(), at: z.string(), by: z.string() }).nullable() })
    .nullish(),
  approvals: z.array(
    z.looseObject({
      role: z.string(),
      by: z.string(),
      at: z.string(),
      asDeputyOf: z.string().nullish(),
    }),
  ),
  openings: z.array(z.looseObject({ openingId: z.string(), state: z.string() })),
});
const text = { rule: z.string(), zh: z.string(), en: z.string() };
/** What those who approve are shown besides. */
const approversView = z.object({
  applied: z.array(z.looseObject(text)),
  matterOnFile: z.enum(['open', 'closed', 'not-on-file']).nullish(),
  near: z.array(z.looseObject({ ...text, if: z.object({ zh: z.string(), en: z.string() }) })),
  nearMore: z.number().default(0),
  recent: z.object({
    days: z.number(),
    requests: z.number(),
    refused: z.number(),
    denied: z.number(),
    lapsed: z.number().default(0),
    openings: z.number(),
  }),
});

/** What an approver is told of the matter that is named. */
const MATTER_ON_FILE = {
  open: { zh: '在案,未结', en: 'on file, open' },
  closed: { zh: '在案,已结', en: 'on file, closed' },
  'not-on-file': { zh: '未登记在案:须自行核实', en: 'on no file: verify it yourself' },
};

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

const LIST_HEAD = (say: Say) => [
  say('申请', 'request'),
  say('状态', 'state'),
  say('案号', 'matter'),
  say('酒店', 'hotels'),
  say('用途', 'purpose'),
  say('申请人', 'requester'),
  say('提交', 'made'),
  say('审批期限', 'deadline'),
  say('记录', 'records'),
];

function listRow(request: ListedRequest, say: Say): string[] {
  const { requestId, state, matter, ticket, hotels, purpose, requester, requestedAt, scope } = request;
  const awaiting = state === 'awaiting-approval';
  return [
    requestId,
    request.awaitsYou
      ? `${named(say, REQUEST_STATE_LABELS, state)} ← ${say('待您审批', 'awaits you')}`
      : named(say, REQUEST_STATE_LABELS, state),
    matter ?? ticket ?? '—',
    hotels.join(', '),
    named(say, PURPOSE_LABELS, purpose),
    requester,
    minuteOf(requestedAt),
    awaiting ? minuteOf(request.deadline) : '—',
    scope === null ? '—' : String(scope.records),
  ];
}

function noneOfYours(say: Say): string {
  return say(
    '没有您本人的申请,也没有待您审批的申请。审批与审计角色可查看一家酒店的登记台账:dualkey request list --hotel SHA01',
    'none of yours, and none that awaits you. Roles that approve or audit see a hotel’s register: dualkey request list --hotel SHA01',
  );
}

function noneToSee(say: Say): string {
  return say(
    '该酒店的这部分台账中没有您可查看的申请',
    'nothing that you may see in this part of the hotel’s register',
  );
}

/** For so long the lock that follows a refusal is looked for. */
const LOOKS_FOR_LOCK = 2;
const LOOK_MS = 400;

export function show(api: Api, requestId: string): Promise<ShownRequest> {
  return api.get(`/requests/${encodeURIComponent(requestId)}`, shownRequest);
}

/** A request as people read it, in the languages that were asked for: all of it, also right before it is decided. */
export function requestLines(request: ShownRequest, languages: Languages): string[] {
  const say = speaking(languages);
  const { requester, requesterRole, verdict, scope, requestDigest, hotelsElsewhere } = request;
  const role = requesterRole == null ? '' : ` (${named(say, ROLES, requesterRole)})`;
  const ended = request.endReason === null ? '' : ` (${endingOf(request.endReason, request.words, say)})`;
  return [
    `${say('申请', 'request')} ${request.requestId}: ${named(say, REQUEST_STATE_LABELS, request.state)}${ended}`,
    `  ${say('申请人', 'requester')} ${requester}${role} · ${say('接收人', 'recipient')} ${request.recipient}`,
    `  ${say('用途', 'purpose')} ${named(say, PURPOSE_LABELS, request.purpose)} · ${say('依据', 'basis')} ${named(say, BASIS_LABELS, request.basis)} · ${say('案号', 'matter')} ${request.matter ?? '—'}`,
    ...citedLines(request, say),
    `  ${say('酒店', 'hotels')} ${request.hotels.join(', ')} · ${say('平台', 'platforms')} ${request.platforms.map((one) => named(say, PLATFORM_LABELS, one)).join(', ')} · ${say('类别', 'categories')} ${request.categories.map((one) => named(say, CATEGORY_LABELS, one)).join(', ')}`,
    ...(hotelsElsewhere.length === 0
      ? []
      : [
          `  ${say('未在此检索的酒店(其他区域)', 'hotels of other regions, not searched here')}: ${hotelsElsewhere.join(', ')}`,
        ]),
    `  ${say('期间', 'period')} ${request.from ?? '—'} → ${request.to ?? '—'} · ${say('对象', 'subject')} ${named(say, SUBJECT_LABELS, request.subjectKind)} · ${say('遮盖', 'masking')} ${named(say, MASKING_LABELS, request.masking)}`,
    ...originalsLines(request, say),
    ...emergencyLines(request, say),
    `  ${say('许可', 'grant')}: ${request.windowHours} ${say('小时', 'hours')}, ${request.emergency ? say('仅限屏幕查看', 'on screen alone') : `${request.opens} ${say('次', 'openings')}`}`,
    ...formLine(request, say),
    ...(request.deadline == null ? [] : [`  ${say('审批期限', 'deadline')} ${request.deadline}`]),
    ...(verdict === null ? [] : checkLines(verdict, languages)),
    ...(scope === null
      ? []
      : [
          `  ${say('范围', 'scope')}: ${scope.records} ${say('条记录', 'records')}, ${scope.conversations} ${say('个会话', 'conversations')}${mediaOf(scope, say)}`,
        ]),
    ...(requestDigest === null ? [] : [`  ${say('申请摘要', 'request digest')} ${requestDigest}`]),
    ...typedLines(say('备注', 'remarks'), request.remarks),
    ...typedLines(say('必要性', 'necessity'), request.necessity),
    ...approversLines(request, languages),
    ...request.approvals.map(
      ({ role: as, by, at, asDeputyOf }) =>
        `  ${say('审批', 'approval')}: ${named(say, ROLES, as)} · ${by}${asDeputyOf == null ? '' : ` (${say('代理', 'deputy of')} ${asDeputyOf})`} · ${at}`,
    ),
    ...denialLines(request, say),
    ...endingLines(request, say),
    ...request.openings.map(
      ({ openingId, state }) =>
        `  ${say('打开', 'opening')}: ${openingId} · ${named(say, OPENING_STATE_LABELS, state)}`,
    ),
  ];
}

const citedEmergency = z.object({ emergency: z.object({ danger: z.enum(DANGERS) }) });
/** Why it ended: a reason of the rulebook, or what ended it. */
function endingOf(code: string, words: Reasons | undefined, say: Say): string {
  const reason = reasonText(code, words);
  return reason === null ? named(say, ENDING_LABELS, code) : say(reason.zh, reason.en);
}

/** E1: whoever asks or signs knows before that nothing comes of it yet. */
function originalsLines({ masking }: ShownRequest, say: Say): string[] {
  if (masking !== 'original') return [];
  return [
    `  ! ${say(
      '原件包(加密交付法院、公证处或主管机关)尚未启用:即使三方均批准,也不会准备或打开任何原件(E1)',
      'the package of originals sealed to the court, notary or authority is not available yet: nothing is made ready or opened, even if all three approve (E1)',
    )}`,
  ];
}

/** L5: whoever is on call reads first that it is break-glass, and what is in danger. */
function emergencyLines({ emergency, citations }: ShownRequest, say: Say): string[] {
  if (!emergency) return [];
  const cited = citedEmergency.safeParse(jsonIn(citations ?? ''));
  const { zh, en } = cited.success
    ? DANGER_LABELS[cited.data.emergency.danger]
    : { zh: '未示明', en: 'not shown' };
  return [`  ${say('紧急调阅', 'break-glass')} (L5): ${say(zh, en)}`];
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** How many media an approval reaches, and how many it doesn't: what comes later is outside it (A7). */
function mediaOf({ media }: NonNullable<ShownRequest['scope']>, say: Say): string {
  if (media === undefined) return '';
  const missing =
    media.missing === 0 ? '' : ` (${say('另有未在管', 'not in custody besides')} ${media.missing})`;
  return `, ${media.inCustody} ${say('个媒体', 'media')}${missing}`;
}

/** The numbers of what the request names beside its matter. */
function citedLines(request: ShownRequest, say: Say): string[] {
  const { ticket, instrumentNumber, impactAssessment, agreement } = request;
  const cited = [
    { title: say('工单', 'ticket'), number: ticket },
    { title: say('法律文书', 'legal instrument'), number: instrumentNumber },
    { title: say('影响评估', 'impact assessment'), number: impactAssessment },
    { title: say('协议', 'agreement'), number: agreement },
  ].flatMap(({ title, number }) => (number == null ? [] : [`${title} ${number}`]));
  return cited.length === 0 ? [] : [`  ${cited.join(' · ')}`];
}

/** What check found then: it stands beside what became of the request since, and says nothing of that. */
function checkLines(verdict: Verdict, languages: Languages): string[] {
  const say = speaking(languages);
  const [head = '', ...others] = verdictLines(verdict, languages);
  return [`  ${say('三查结论', 'check’s verdict')}: ${head}`, ...others.map((line) => `  ${line}`)];
}

function endingLines({ ending }: ShownRequest, say: Say): string[] {
  if (ending == null) return [];
  const { kind, by, at, reason } = ending;
  return [
    `  ${named(say, ENDING_KIND_LABELS, kind)}: ${by} · ${at}`,
    ...typedLines(say('理由', 'reason'), reason),
  ];
}

/** L5: the paper form follows break-glass; a request may name one from the start. */
function formLine({ emergency, paperForm, breakGlass }: ShownRequest, say: Say): string[] {
  const title = say('纸质表单', 'paper form');
  const form = breakGlass?.form ?? null;
  if (form !== null) return [`  ${title} ${form.number} · ${say('收到', 'arrived')} ${form.at} · ${form.by}`];
  if (paperForm != null) return [`  ${title} ${paperForm}`];
  return emergency ? [`  ${title}: ${say('尚未补交', 'not there yet')}`] : [];
}

function denialLines({ denial }: ShownRequest, say: Say): string[] {
  if (denial == null) return [];
  const { role, by, at, reason } = denial;
  return [
    `  ${say('否决', 'denial')}: ${named(say, ROLES, role)} · ${by} · ${at}`,
    ...typedLines(say('否决理由', 'reason of the denial'), reason),
  ];
}

/** What somebody typed, each line of it marked as theirs. */
function typedLines(title: string, typed: string | null | undefined): string[] {
  return typed == null || typed === ''
    ? []
    : [`  ${title}:`, ...typed.split('\n').map((line) => `    │ ${line}`)];
}

function approversLines(request: ShownRequest, languages: Languages): string[] {
  const view = approversView.safeParse(request);
  if (!view.success) return [];
  const say = speaking(languages);
  const { applied, matterOnFile, near, nearMore, recent } = view.data;
  const nearLines = () => [
    `  ${say('接近触发的规则', 'rules that nearly did')}:`,
    ...near.map(
      (reason) =>
        `    · ${reason.rule} ${ruleWords(languages, reason)} (${say('若', 'if')}: ${ruleWords(languages, reason.if)})`,
    ),
    ...(nearMore === 0 ? [] : [`    … ${say(`另有 ${nearMore} 条较远`, `and ${nearMore} farther ones`)}`]),
  ];
  return [
    ...(matterOnFile
      ? [
          `  ${say('案件', 'matter')}: ${say(MATTER_ON_FILE[matterOnFile].zh, MATTER_ON_FILE[matterOnFile].en)}`,
        ]
      : []),
    `  ${say(`申请人近 ${recent.days} 天`, `requester, last ${recent.days} days`)}: ${[
      `${recent.requests} ${say('份申请', 'requests')}`,
      `${recent.refused} ${say('份被拒', 'refused')}`,
      `${recent.denied} ${say('份被否决', 'denied')}`,
      `${recent.lapsed} ${say('份逾期失效', 'lapsed')}`,
      `${recent.openings} ${say('次打开', 'openings')}`,
    ].join(', ')}`,
    `  ${say('适用规则', 'rules that applied')}:`,
    ...applied.map((reason) => `    · ${reason.rule} ${ruleWords(languages, reason)}`),
    ...(near.length === 0 ? [] : nearLines()),
  ];
}

/**
 * The refusal is counted as a misoperation right after it is written (R9): where that locked the session, another look is
 * refused with the lock beside this very verdict, and whoever asked is told both. Throws RefusedError then.
 */
async function meetLock(api: Api, { requestId, verdict }: ShownRequest): Promise<void> {
  if (verdict?.rules.some((rule) => /^[TR]\d+$/.test(rule)) !== true) return;
  for (let looks = 0; looks < LOOKS_FOR_LOCK; looks += 1) {
    await pause(LOOK_MS);
    await show(api, requestId);
  }
}

export function registerRequest(program: Command): void {
  const request = program.command('request').description('审批调阅申请 escalated retrievals');

  request
    .command('create')
    .description('提交申请 make a request and wait for its check')
    .requiredOption('--file <file>', '申请文件 request file (JSON)')
    .action(async ({ file }: { file: string }, command: Command) => {
      const { console, languages, say, api: signIn } = contextOf(command);
      const body = await readInputFile(file, requestFileSchema);
      const api = await signIn();
      const { requestId } = await inTermsOf(
        ofFile(file),
        api.post('/requests', body, z.object({ requestId: z.string() })),
      );
      console.progress(`${say('申请', 'request')} ${requestId}: ${say('三查', 'checking')}…`);
      const checked = await poll(
        () => show(api, requestId),
        // Break-glass stays requested, with its verdict, until the approver on call answers (L5).
        ({ state, verdict }) => state !== 'requested' || verdict !== null,
        { minutes: 5, what: { zh: `${requestId} 的三查`, en: `the check of ${requestId}` } },
      );
      if (checked.state === 'refused' && checked.verdict !== null) {
        await meetLock(api, checked);
        throw new RefusedError(checked.verdict, checked);
      }
      console.result(checked, requestLines(checked, languages));
    });

  request
    .command('show')
    .description('查看申请 a request with its approvals, openings and events')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { console, languages, api } = contextOf(command);
      const shown = await show(await api(), id);
      console.result(shown, requestLines(shown, languages));
    });

  request
    .command('list')
    .description(
      '列出申请 own requests, and those that await your approval; with --hotel a hotel’s register, as far as you may see it (T18)',
    )
    .option('--hotel <hotel>', '酒店代码 a hotel’s code, such as SHA01')
    .option('--year <year>', '年份,默认今年 the register’s year; this one where absent')
    .option('--before <place>', '上一页给出的 next what the page before gave as next')
    .action(async (options: { hotel?: string; year?: string; before?: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const query = new URLSearchParams(options).toString();
      const listed = await (await api()).get(
        query === '' ? '/requests' : `/requests?${query}`,
        z.object({ requests: z.array(listedRequest), next: z.string().nullish() }),
      );
      const { next } = listed;
      console.result(listed, [
        ...(listed.requests.length === 0
          ? [options.hotel === undefined ? noneOfYours(say) : noneToSee(say)]
          : aligned(
              LIST_HEAD(say),
              listed.requests.map((one) => listRow(one, say)),
            )),
        ...(next == null ? [] : [`${say('下一页', 'more')}: --before '${next}'`]),
      ]);
    });

  request
    .command('withdraw')
    .description('撤回申请 withdraw a request that awaits approval')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const ended = await (await api()).post(
        `/requests/${encodeURIComponent(id)}/withdraw`,
        {},
        z.object({ state: z.string() }),
      );
      console.result(ended, [
        `${say('申请', 'request')} ${id}: ${named(say, REQUEST_STATE_LABELS, ended.state)}`,
      ]);
    });
}
