import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { CONSENT_PURPOSES, CONSENT_STATES } from '../../shared/domain/consent.ts';
import {
  COLLECTION_BASIS_LABELS,
  CONSENT_PURPOSE_LABELS,
  CONSENT_STATE_LABELS,
  PLATFORM_LABELS,
} from '../../shared/domain/labels.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { aligned, minuteOf } from '../aligned.ts';
import { contextOf } from '../context.ts';
import { BadInputError } from '../failure.ts';
import { guestOf } from '../guest-option.ts';
import { inTermsOf } from '../in-terms-of.ts';
import { named, type Say } from '../language.ts';

const recorded = z.object({ recorded: z.number(), thereAlready: z.number() });
const found = z.object({
  facts: z.array(
    z.looseObject({
      source: z.string(),
      purpose: z.string(),
      state: z.enum(CONSENT_STATES),
      at: z.string(),
      withOneEmployee: z.boolean(),
      recordedAt: z.string(),
      by: z.string(),
    }),
  ),
});

const FACTS_HEAD = (say: Say) => [
  say('表示时间', 'said at'),
  say('来源', 'source'),
  say('用途', 'purpose'),
  say('表示', 'said'),
  say('范围', 'extent'),
  say('登记人', 'by'),
  say('登记于', 'recorded'),
];
const basis = z.looseObject({
  basisId: z.string(),
  kind: z.string(),
  hotel: z.string(),
  reference: z.string(),
  from: z.string(),
  until: z.string().nullable(),
  withdrawn: z.object({ at: z.string() }).nullable(),
});

/** What WeCom answers to `check_single_agree` (developer.work.weixin.qq.com/document/path/91782), one answer or a list of them. */
const agreements = z.object({
  agreeinfo: z.array(
    z.object({
      status_change_time: z.number(),
      userid: z.string(),
      // The platform spells it so.
      exteranalopenid: z.string(),
      agree_status: z.enum(['Agree', 'Disagree', 'Default_Agree']),
    }),
  ),
});

type Fact = {
  subject: { kind: string; value: string };
  source: string;
  state: string;
  at: string;
  staff?: string | undefined;
  /** To what; to the collection where absent. */
  purpose?: string | undefined;
  reference: string;
};

export function registerConsent(program: Command): void {
  const consent = program.command('consent').description('同意与采集依据 consent, and bases of collection');

  consent
    .command('record')
    .description('登记客人的同意、拒绝或撤回 record what a guest said')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .requiredOption('--guest <kind:value>', '客人 guest, such as phone:+8613800138000')
    .requiredOption('--source <source>', '来源 source, such as keycard')
    .requiredOption('--state <state>', `${CONSENT_STATES.join(' | ')}`)
    .requiredOption('--at <time>', '表示的时间 when it was said, with its zone')
    .requiredOption('--reference <number>', '凭证编号 number of the form or ticket')
    .option('--purpose <purpose>', `${CONSENT_PURPOSES.join(' | ')}`)
    .option('--staff <account>', '仅限与此员工的会话 with this employee alone, such as wecom:frontdesk01')
    .action(async (options: Record<string, string>, command: Command) => {
      const {
        hotel = '',
        guest = '',
        source = '',
        state = '',
        at = '',
        reference = '',
        staff,
        purpose,
      } = options;
      const subject = guestOf(guest);
      // One fact, whose fields are options: a place in the list of them says nothing to whoever typed these.
      const typed = (field: string) => {
        const [, name] = /^facts\[0\]\.(\w+)/.exec(field) ?? [];
        return name === undefined ? null : `--${name === 'subject' ? 'guest' : name}`;
      };
      await inTermsOf(
        typed,
        send(command, hotel, [{ subject, source, state, at, reference, staff, purpose }]),
      );
    });

  consent
    .command('import')
    .description(
      '导入企业微信 check_single_agree 的结果 take WeCom’s answers to check_single_agree on record',
    )
    .argument('<file>')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .requiredOption('--reference <number>', '凭证编号 number of the ticket under which they were asked for')
    .action(
      async (file: string, { hotel, reference }: { hotel: string; reference: string }, command: Command) => {
        await send(command, hotel, await factsIn(file, reference));
      },
    );

  consent
    .command('show')
    .description('查看客人的同意记录 what a guest said, by date')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .requiredOption('--guest <kind:value>', '客人 guest')
    .action(async ({ hotel, guest }: { hotel: string; guest: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const signedIn = await api({ role: 'privacy-officer', hotel });
      const result = await signedIn.post('/consents/search', { hotel, subject: guestOf(guest) }, found);
      console.result(
        result,
        result.facts.length === 0
          ? [say('没有记录', 'nothing on record')]
          : aligned(
              FACTS_HEAD(say),
              result.facts.map(({ at, source, purpose, state, withOneEmployee, by, recordedAt }) => [
                minuteOf(at),
                named(say, PLATFORM_LABELS, source),
                named(say, CONSENT_PURPOSE_LABELS, purpose),
                named(say, CONSENT_STATE_LABELS, state),
                withOneEmployee ? say('仅与一名员工', 'one employee alone') : say('全部', 'all'),
                by,
                minuteOf(recordedAt),
              ]),
            ),
      );
    });

  consent
    .command('authorise')
    .description('登记员工书面授权 record an employee’s written authorisation (R7)')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .requiredOption('--employee <account>', '员工帐号 account of the directory, such as workgroup:zhangsan')
    .requiredOption('--reference <number>', '授权书编号 number of the paper')
    .requiredOption('--from <time>', '生效时间 from when')
    .option('--until <time>', '失效时间 until when')
    .action(async (options: Record<string, string>, command: Command) => {
      await place(command, { kind: 'authorisation', ...options });
    });

  consent
    .command('notice')
    .description('登记对全体员工的事先告知 record a notice given to everybody at a hotel (R7)')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .requiredOption('--reference <number>', '规章或告知编号 number of the rules or notice')
    .requiredOption('--from <time>', '生效时间 from when')
    .option('--until <time>', '失效时间 until when')
    .action(async (options: Record<string, string>, command: Command) => {
      await place(command, { kind: 'notice', ...options });
    });

  consent
    .command('withdraw')
    .description('撤回采集依据 withdraw an authorisation or notice')
    .argument('<id>')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .action(async (id: string, { hotel }: { hotel: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const signedIn = await api({ role: 'privacy-officer', hotel });
      const path = `/collection-bases/${encodeURIComponent(id)}/withdraw`;
      const result = await signedIn.post(path, { hotel }, basis);
      console.result(result, [`${say('已撤回', 'withdrawn')} ${result.basisId}`]);
    });

  consent
    .command('bases')
    .description('列出采集依据 list authorisations and notices')
    .action(async (_options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const signedIn = await api({ role: 'privacy-officer' });
      const result = await signedIn.get('/collection-bases', z.object({ bases: z.array(basis) }));
      console.result(
        result,
        result.bases.length === 0
          ? [say('没有采集依据', 'no basis on record')]
          : result.bases.map(
              ({ basisId, kind, hotel, reference, from, until, withdrawn }) =>
                `${basisId}  ${hotel}  ${named(say, COLLECTION_BASIS_LABELS, kind)}  ${reference}  ${from} – ${until ?? '…'}${withdrawn === null ? '' : `  ${say('已撤回', 'withdrawn')} ${withdrawn.at}`}`,
            ),
      );
    });
}

async function send(command: Command, hotel: string, facts: Fact[]): Promise<void> {
  const { console, say, api } = contextOf(command);
  const signedIn = await api({ role: 'privacy-officer', hotel });
  const total = { recorded: 0, thereAlready: 0 };
  for (let at = 0; at < facts.length; at += LIMITS.consentsPerCall) {
    const some = facts.slice(at, at + LIMITS.consentsPerCall);
    const result = await signedIn.post('/consents', { hotel, facts: some }, recorded);
    total.recorded += result.recorded;
    total.thereAlready += result.thereAlready;
    console.progress(
      `${say('已登记', 'recorded')} ${Math.min(at + LIMITS.consentsPerCall, facts.length)} / ${facts.length}`,
    );
  }
  console.result(total, [
    `${say('登记', 'recorded')} ${total.recorded} · ${say('已有', 'there already')} ${total.thereAlready}`,
  ]);
}

async function place(command: Command, body: Record<string, string>): Promise<void> {
  const { console, say, api } = contextOf(command);
  const { json: _, as: __, ...own } = body;
  const signedIn = await api({ role: 'privacy-officer', hotel: body['hotel'] ?? '' });
  const result = await signedIn.post('/collection-bases', own, basis);
  console.result(result, [`${say('采集依据', 'basis')} ${result.basisId}`]);
}

async function factsIn(file: string, reference: string): Promise<Fact[]> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new BadInputError(
      { zh: '文件不是 JSON', en: 'the file can’t be read as JSON' },
      file,
      { zh: '给出 check_single_agree 的返回', en: 'give an answer of check_single_agree' },
      {
        cause: error,
      },
    );
  }
  const parsed = z.union([z.array(agreements), agreements.transform((one) => [one])]).safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BadInputError(
      { zh: '不是 check_single_agree 的返回', en: 'this is no answer of check_single_agree' },
      `${file}: ${issue?.path.join('.') ?? ''}`,
      { zh: '原样给出平台的返回(含 agreeinfo)', en: 'give the platform’s answer as it is, with agreeinfo' },
    );
  }
  return parsed.data.flatMap(({ agreeinfo }) =>
    agreeinfo.map(({ status_change_time, userid, exteranalopenid, agree_status }) => ({
      subject: { kind: 'wecom', value: exteranalopenid },
      source: 'wecom',
      // Agreeing by default is no consent of one's own: it stands as the platform has it, and its reference says so.
      state: agree_status === 'Disagree' ? 'refused' : 'agreed',
      at: new Date(status_change_time * 1000).toISOString(),
      staff: `wecom:${userid}`,
      reference: agree_status === 'Default_Agree' ? `${reference}/default` : reference,
    })),
  );
}
