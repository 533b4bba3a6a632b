import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import { z } from 'zod';
import { CASE_KINDS } from '../../shared/domain/case.ts';
import {
  AGREEMENT_ROLE_LABELS,
  BASIS_LABELS,
  CASE_FIELD_LABELS,
  CASE_KIND_LABELS,
  CATEGORY_LABELS,
  CHANGE_STATE_LABELS,
  INSTRUMENT_TYPE_LABELS,
  PLATFORM_LABELS,
  PURPOSE_LABELS,
} from '../../shared/domain/labels.ts';
import type { Words } from '../../shared/domain/words.ts';
import { CASE_GIFT_LABELS } from '../../shared/policy/case-gives-more.ts';
import { aligned, minuteOf } from '../aligned.ts';
import { faulty, readCaseFile } from '../case-file.ts';
import { contextOf } from '../context.ts';
import { BadInputError } from '../failure.ts';
import { named, type Say } from '../language.ts';

const imported = z.object({
  filed: z.number(),
  unchanged: z.number(),
  overtaken: z.number(),
  waiting: z.number(),
  changeId: z.string().nullable(),
  gives: z.array(z.string()),
});
const filed = z.looseObject({
  kind: z.string(),
  reference: z.string(),
  hotels: z.array(z.string()),
  recordedAt: z.string(),
  recordedBy: z.string(),
  guests: z.number().optional(),
  closedAt: z.string().nullable().optional(),
});
/** A case as it is proposed, beside what is on file now. */
const proposedCase = filed.extend({
  onFile: z.boolean().default(false),
  before: z.looseObject({}).nullable().default(null),
  newGuests: z.number().optional(),
});
type ProposedCase = z.infer<typeof proposedCase>;
const change = z.looseObject({
  changeId: z.string(),
  state: z.string(),
  gives: z.array(z.string()),
  proposed: z.object({ by: z.string(), at: z.string() }),
  cases: z.array(proposedCase),
});
export const shownCaseChanges = z.object({ changes: z.array(change) });
const settled = z.object({ changeId: z.string(), state: z.string(), overtaken: z.number().optional() });

const LIST_HEAD = (say: Say) => [
  say('种类', 'kind'),
  say('编号', 'number'),
  say('酒店', 'hotels'),
  say('客人', 'guests'),
  say('结案', 'closed'),
  say('登记', 'recorded'),
  say('登记人', 'by'),
];
export function registerCase(program: Command): void {
  const group = program
    .command('case')
    .description('登记事项 cases on file: complaints, disputes, plans, matters, instruments …');

  group
    .command('import')
    .description('导入或更新登记事项 take cases on file, or bring them up to date (CSV, JSON)')
    .argument('<file>')
    .action(async (file: string, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const lines = await readCaseFile(file);
      const signedIn = await api({ role: 'legal' });
      const body = { cases: lines.map(({ entry }) => entry) };
      const result = await signedIn.post('/cases', body, imported).catch((error: unknown) => {
        throw error instanceof BadInputError ? inLines(error, file, lines) : error;
      });
      console.result(result, [
        `${say('已登记', 'filed')} ${result.filed} · ${say('未变', 'unchanged')} ${result.unchanged} · ${say('待第二人确认', 'waiting for a second person')} ${result.waiting}`,
        ...(result.changeId === null
          ? []
          : [
              `${say('变更', 'change')} ${result.changeId} (${result.gives.map((code) => named(say, CASE_GIFT_LABELS, code)).join(', ')}): ${say('由另一人以另一角色确认', 'another person confirms it in another role')}: dualkey case confirm ${result.changeId}`,
            ]),
        ...(result.overtaken === 0
          ? []
          : [
              `${say('同时被他人更改,请重新导入', 'changed by somebody else meanwhile, import again')}: ${result.overtaken}`,
            ]),
      ]);
    });

  group
    .command('list')
    .description('列出登记事项 list cases')
    .option('--kind <kind>', CASE_KINDS.join(' | '))
    .action(async ({ kind }: { kind?: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const path = kind === undefined ? '/cases' : `/cases?kind=${encodeURIComponent(kind)}`;
      const result = await (await api({ role: 'legal' })).get(path, z.object({ cases: z.array(filed) }));
      console.result(
        result,
        result.cases.length === 0
          ? [say('没有登记事项', 'no cases')]
          : aligned(
              LIST_HEAD(say),
              result.cases.map((one) => [
                named(say, CASE_KIND_LABELS, one.kind),
                one.reference,
                one.hotels.join(' '),
                one.guests === undefined ? '–' : String(one.guests),
                minuteOf(one.closedAt ?? null),
                minuteOf(one.recordedAt),
                one.recordedBy,
              ]),
            ),
      );
    });

  group
    .command('show')
    .description('查看登记事项 show one case')
    .argument('<kind>', CASE_KINDS.join(' | '))
    .argument('<reference>')
    .action(async (kind: string, reference: string, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const path = `/cases?kind=${encodeURIComponent(kind)}&reference=${encodeURIComponent(reference)}`;
      const result = await (await api({ role: 'legal' })).get(path, filed);
      console.result(
        result,
        Object.entries(result).map(
          ([field, value]) => `${named(say, CASE_FIELD_LABELS, field)}: ${shownValue(field, value, say)}`,
        ),
      );
    });

  group
    .command('changes')
    .description('列出待第二人确认的变更 changes that wait for a second person')
    .action(async (_options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await (await api({ role: 'privacy-officer' })).get('/case-changes', shownCaseChanges);
      console.result(result, caseChangeLines(result, say));
    });

  for (const [name, description] of [
    ['confirm', '确认变更 confirm a change as a second person in another role'],
    ['reject', '否决变更 reject a change'],
  ] as const) {
    group
      .command(name)
      .description(description)
      .argument('<change>')
      .action(async (changeId: string, _options: unknown, command: Command) => {
        const { console, say, api } = contextOf(command);
        const signedIn = await api({ role: 'privacy-officer' });
        const result = await signedIn.post(
          `/case-changes/${encodeURIComponent(changeId)}/${name}`,
          {},
          settled,
        );
        console.result(result, [
          `${named(say, CHANGE_STATE_LABELS, result.state)} ${result.changeId}`,
          ...((result.overtaken ?? 0) === 0
            ? []
            : [`${say('其间已变动,未更改', 'changed meanwhile and left as it is')}: ${result.overtaken}`]),
        ]);
      });
  }
}

/** What the product keeps of a case beside what somebody proposes of it. */
const KEPT_BESIDE: readonly string[] = [
  'kind',
  'reference',
  'recordedAt',
  'recordedBy',
  'broughtBy',
  'onFile',
  'before',
  'newGuests',
];

/**
 * Changes that wait, each with every case in full, and what is on file now where that differs: the second person
 * confirms what stands here, and nothing else.
 */
export function caseChangeLines({ changes }: z.infer<typeof shownCaseChanges>, say: Say): string[] {
  if (changes.length === 0) return [say('没有待确认的变更', 'nothing waits')];
  return changes.flatMap(({ changeId, gives, proposed, cases }) => [
    `${say('变更', 'change')} ${changeId}: ${gives.map((code) => named(say, CASE_GIFT_LABELS, code)).join(', ')} · ${say('提出', 'proposed')} ${minuteOf(proposed.at)} ${proposed.by}`,
    ...cases.flatMap((one) => proposedLines(one, say)),
  ]);
}

function proposedLines(one: ProposedCase, say: Say): string[] {
  const { before, onFile, newGuests = 0 } = one;
  const was = (field: string, value: unknown) => {
    if (before === null) return '';
    const [earlier, proposed] = [before[field] ?? null, value ?? null];
    if (field === 'guests' && newGuests > 0 && earlier !== 0)
      return ` (${say('原为', 'before')}: ${shownValue(field, earlier, say)}; ${say('其中新增', 'new among them')}: ${newGuests})`;
    return isDeepStrictEqual(earlier, proposed)
      ? ''
      : ` (${say('原为', 'before')}: ${shownValue(field, earlier, say)})`;
  };
  const unseen = onFile && before === null;
  return [
    `  ${named(say, CASE_KIND_LABELS, one.kind)} ${one.reference}${onFile ? '' : ` (${say('新登记', 'new on file')})`}`,
    ...(unseen ? [`    ${say('原有内容您无权查看', 'what is on file now may not be shown to you')}`] : []),
    ...Object.entries(one)
      .filter(([field]) => !KEPT_BESIDE.includes(field))
      .map(
        ([field, value]) =>
          `    ${named(say, CASE_FIELD_LABELS, field)}: ${shownValue(field, value, say)}${was(field, value)}`,
      ),
  ];
}

/** Fields whose values are codes, with the words for them. */
const CODED: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  kind: CASE_KIND_LABELS,
  categories: CATEGORY_LABELS,
  platforms: PLATFORM_LABELS,
  purposes: PURPOSE_LABELS,
  bases: BASIS_LABELS,
  type: INSTRUMENT_TYPE_LABELS,
  role: AGREEMENT_ROLE_LABELS,
};

/** Parts of a field that has several: whom and where it once named; to whom something was handed over, and when. */
const PART_LABELS: Readonly<Record<string, Words>> = {
  guests: CASE_FIELD_LABELS.guests,
  hotels: CASE_FIELD_LABELS.hotels,
  to: { zh: '交给', en: 'to' },
  at: { zh: '时间', en: 'at' },
};

function shownValue(field: string, value: unknown, say: Say): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? say('是', 'yes') : say('否', 'no');
  if (Array.isArray(value)) return value.map((one) => shownValue(field, one, say)).join(', ') || '–';
  if (typeof value !== 'object') return named(say, CODED[field] ?? {}, String(value));
  return (
    Object.entries(value ?? {})
      .map(([part, one]) => `${named(say, PART_LABELS, part)} ${shownValue(part, one, say)}`)
      .join(' · ') || '–'
  );
}

/** What the deployment finds wrong with an entry, by the line of the file. */
function inLines(error: BadInputError, file: string, lines: readonly { line: number }[]): BadInputError {
  const places = [...error.where.matchAll(/body\.cases\.(\d+)(?:\.([\w.]+))?/g)];
  if (places.length === 0) return error;
  return faulty(
    file,
    places.map(([, position, field = '']) => ({
      line: lines[Number(position)]?.line ?? 1,
      field,
      message: error.what,
    })),
  );
}
