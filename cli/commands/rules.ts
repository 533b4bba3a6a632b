import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { z } from 'zod';
import regionsFile from '../../infra/regions.json' with { type: 'json' };
import { requestFileSchema } from '../../shared/domain/access-request.ts';
import { regionsSchema } from '../../shared/domain/region-config.ts';
import { isRole, ROLE_NAMES, ROLES, type Role } from '../../shared/domain/roles.ts';
import { inLanguages, type Languages, type Words } from '../../shared/domain/words.ts';
import { admittedRuleSet, SUPPOSED_NOW } from '../../shared/policy/admitted-rule-set.ts';
import {
  caseFileSchema,
  differences,
  factsOfFile,
  type StatedFacts,
  statedFactsSchema,
} from '../../shared/policy/case-file.ts';
import { decideAsked } from '../../shared/policy/decide-asked.ts';
import { type Explanation, explain, type OtherAnswer } from '../../shared/policy/explain.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import { matrixOf } from '../../shared/policy/matrix.ts';
import { matrixDocument } from '../../shared/policy/matrix-document.ts';
import { CHAIN_FOLDER } from '../../shared/policy/policy-notes.ts';
import { refuseStrayPolicies } from '../../shared/policy/refuse-stray-policies.ts';
import { regionFactsOf } from '../../shared/policy/region-facts.ts';
import { bundledRuleSet, type RuleSet } from '../../shared/policy/rule-set.ts';
import { RuleSetInvalidError } from '../../shared/policy/rule-set-invalid-error.ts';
import { contextOf } from '../context.ts';
import { BadInputError, EXIT } from '../failure.ts';
import { readInputFile } from '../input-file.ts';
import { named, roleNames, ruleWords, speaking } from '../language.ts';

const MATRIX_FILE = new URL('../../docs/permission-matrix.md', import.meta.url);
const { regions } = regionsSchema.parse(regionsFile);

const optionsSchema = z.object({
  file: z.string().optional(),
  facts: z.string().optional(),
  role: z.string().optional(),
  region: z.string().optional(),
  policies: z.string().optional(),
  write: z.boolean().default(false),
});

export function registerRules(program: Command): void {
  const rules = program
    .command('rules')
    .description('规则:离线解释与试用 the rulebook, explained and tried offline');
  const command = (name: string) =>
    rules
      .command(name)
      .option('--region <region>', '区域 region of infra/regions.json')
      .option(
        '--policies <folder>',
        '集团自定规则的文件夹 a chain’s own policy folder, with a folder per region',
      );

  command('explain')
    .description(
      '解释一份申请:哪些规则适用、如何才会不同 which rules apply to a request, and what would change the answer',
    )
    .requiredOption('--file <file>', '申请文件 request file (JSON)')
    .option('--role <role>', '以此角色申请 the role asked in', 'legal')
    .option('--facts <file>', '其他事实 what else is known (docs/rules.md, “Facts”)')
    .action(async (_: unknown, invoked: Command) => {
      const { options, languages } = given(invoked);
      const file = await readInputFile(options.file ?? '', requestFileSchema);
      const stated = options.facts === undefined ? {} : await readInputFile(options.facts, statedFactsSchema);
      const region = regionOf(options.region, file.hotels);
      const facts = factsOfFile(file, stated, { region, now: new Date(), role: roleOf(options.role) });
      const explanation = explain(ruleSetOf(region, options.policies), facts, stated.emergencyUses);
      contextOf(invoked).console.result(
        { region: region.region, role: facts.grant.requesterRole, ...explanation },
        explanationLines(explanation, languages),
      );
      process.exitCode = explanation.verdict.outcome === 'allow' ? EXIT.done : EXIT.refused;
    });

  command('matrix')
    .description('权限矩阵:角色 × 类别 × 范围 → 审批路线 role × category × scope → route')
    .option('--write', '写入 docs/permission-matrix.md write the document')
    .action(async (_: unknown, invoked: Command) => {
      const { options, languages } = given(invoked);
      const region = regionOf(options.region, []);
      const matrix = matrixOf(ruleSetOf(region, options.policies), { region, now: SUPPOSED_NOW });
      const { console } = contextOf(invoked);
      if (options.write) {
        await writeFile(MATRIX_FILE, matrixDocument(matrix, 'both'));
        console.progress('docs/permission-matrix.md');
      }
      console.result({ region: region.region, ...matrix }, [matrixDocument(matrix, languages).trimEnd()]);
    });

  command('test')
    .description('按集团自己的用例检验规则 try the rulebook on a chain’s own cases')
    .argument('<folder>', '用例文件夹 folder of case files (JSON)')
    .action(async (folder: string, _: unknown, invoked: Command) => {
      const { options, languages } = given(invoked);
      const results = await tryCases(folder, options);
      const failing = results.filter(({ ok }) => !ok);
      contextOf(invoked).console.result({ ok: failing.length === 0, cases: results }, [
        ...results.flatMap(({ ok, file, name, differs }) => [
          `${ok ? '✓' : '✗'} ${file}: ${name}`,
          ...differs.map((line) => `    ${differenceIn(line, languages)}`),
        ]),
        inLanguages(
          languages,
          `共 ${results.length} 例,不符 ${failing.length} 例`,
          `${results.length} cases, ${failing.length} differ`,
        ),
      ]);
      process.exitCode = failing.length === 0 ? EXIT.done : EXIT.refused;
    });

  command('check')
    .description('检查集团自定规则:不得放宽 check a chain’s own policies: they may loosen nothing')
    .action((_: unknown, invoked: Command) => {
      const { options, languages } = given(invoked);
      const checked = (
        options.region === undefined ? regions.map(({ region }) => region) : [options.region]
      ).map((region) => {
        const facts = regionOf(region, []);
        const { digest, notes } = told({ region, policies: options.policies }, () =>
          admittedRuleSet(facts, folderOf(options.policies)),
        );
        const own = [...notes.values()].filter(({ chain }) => chain).length;
        return { region, ruleSet: digest, policies: notes.size, own };
      });
      contextOf(invoked).console.result(
        { ok: true, regions: checked },
        checked.map(({ region, ruleSet, policies, own }) =>
          inLanguages(
            languages,
            `${region}: ${policies} 条规则,其中自定 ${own} 条,${ruleSet}`,
            `${region}: ${policies} policies, ${own} of them the chain’s own, ${ruleSet}`,
          ),
        ),
      );
    });
}

function given(command: Command) {
  const options = optionsSchema.parse(command.opts());
  return { options, languages: contextOf(command).languages };
}

function roleOf(name: string | undefined): Role {
  const role = name ?? 'legal';
  if (isRole(role)) return role;
  throw new BadInputError({ zh: `没有角色 "${role}"`, en: `no such role: "${role}"` }, '--role', {
    zh: `写下列之一:${ROLE_NAMES.map((name) => `${name} ${ROLES[name].zh}`).join(', ')}`,
    en: `one of: ${ROLE_NAMES.join(', ')}`,
  });
}

/** The region that is named, or that has the first hotel, or else the first one. */
function regionOf(name: string | undefined, hotels: readonly string[]): RegionFacts {
  const config =
    name === undefined
      ? (regions.find((region) => region.hotels.some(({ code }) => code === hotels[0])) ?? regions[0])
      : regions.find(({ region }) => region === name);
  if (config !== undefined) return regionFactsOf(config, regions);
  const known = regions.map(({ region }) => region).join(', ');
  throw new BadInputError({ zh: `没有区域 "${name}"`, en: `no such region: "${name}"` }, '--region', {
    zh: `区域须为 ${known} 之一`,
    en: `one of: ${known}`,
  });
}

/** @throws RuleSetInvalidError where something in it would be left out without a word. */
function folderOf(policies: string | undefined): URL | undefined {
  if (policies === undefined) return undefined;
  const folder = pathToFileURL(`${path.resolve(policies)}/`);
  refuseStrayPolicies(
    regions.map(({ region }) => region),
    folder,
  );
  return folder;
}

function ruleSetOf({ region }: RegionFacts, policies: string | undefined): RuleSet {
  return told({ region, policies }, () => bundledRuleSet(region, folderOf(policies)));
}

/** What is wrong with a rule set, in the places of whoever gave its folder. */
function told<Answer>(from: { region: string; policies: string | undefined }, read: () => Answer): Answer {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RuleSetInvalidError)) throw error;
    const { file, line, zh, reason, other } = error;
    const named = (text: string) =>
      other === null
        ? text
        : text.replace(`${other.file}:${other.line}`, `${pathOf(other.file, from)}:${other.line}`);
    throw new BadInputError(
      { zh: named(zh), en: named(reason) },
      // A folder has no line, and in one that is no region's there is nothing to correct.
      isStray(file) ? pathOf(file, from) : `${pathOf(file, from)}:${line}`,
      isStray(file)
        ? {
            zh: '--policies 须指向含各区域文件夹的文件夹;规则放在如 cn-north-1/own.cedar 处',
            en: '--policies names a folder with a folder for each region; a policy lies at such as cn-north-1/own.cedar',
          }
        : { zh: '更正该规则', en: 'correct the policy' },
      { cause: error },
    );
  }
}

/** What lies in a chain's folder and in no region's. */
const STRAY = 'policies/';

function isStray(file: string): boolean {
  return file.startsWith(STRAY);
}

/** A file of a rule set where it lies: a chain's in its folder as it was given, the product's own in the repository. */
function pathOf(
  file: string,
  { region, policies }: { region: string; policies: string | undefined },
): string {
  if (isStray(file)) return path.join(policies ?? 'policies', file.slice(STRAY.length));
  return file.startsWith(CHAIN_FOLDER)
    ? path.join(policies ?? 'policies', region, file.slice(CHAIN_FOLDER.length))
    : path.join('shared/policy/rules', file);
}

type Tried = { file: string; name: string; ok: boolean; differs: string[] };

async function tryCases(folder: string, options: z.infer<typeof optionsSchema>): Promise<Tried[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new BadInputError(
      { zh: '文件夹无法读取', en: 'the folder can’t be read' },
      folder,
      { zh: '检查路径', en: 'check its path' },
      {
        cause: error,
      },
    );
  });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  if (files.length === 0) {
    throw new BadInputError({ zh: '没有用例文件', en: 'no case file' }, folder, {
      zh: '用例文件以 .json 结尾',
      en: 'case files end in .json',
    });
  }
  const read = await Promise.all(
    files.map(async (file) => ({ file, ...(await readInputFile(path.join(folder, file), caseFileSchema)) })),
  );
  return read.flatMap(({ file, cases }) =>
    cases.map((one) => {
      const region = regionOf(options.region, one.request.hotels);
      const role = roleOf(undefined);
      const facts = factsOfFile(one.request, withTime(one.facts), { region, now: SUPPOSED_NOW, role });
      const verdict = decideAsked(ruleSetOf(region, options.policies), facts, one.facts.emergencyUses);
      const differs = differences(one, verdict);
      return { file, name: one.name, ok: differs.length === 0, differs };
    }),
  );
}

const DIFFERING: Readonly<Record<string, Words>> = {
  outcome: { zh: '结果', en: 'outcome' },
  rule: { zh: '规则', en: 'rule' },
  reason: { zh: '理由', en: 'reason' },
  route: { zh: '审批路线', en: 'route' },
};

/** What differs begins with what it is of; the rest are the codes of the case's file. */
function differenceIn(line: string, languages: Languages): string {
  return line.replace(/^\w+/, (what) => named(speaking(languages), DIFFERING, what));
}

/** Cases say the same whenever they are tried. */
function withTime(facts: StatedFacts): StatedFacts {
  return { now: SUPPOSED_NOW, ...facts };
}

function explanationLines(
  { judgedAs, verdict, spoke, changes }: Explanation,
  languages: Languages,
): string[] {
  const say = (zh: string, en: string) => inLanguages(languages, zh, en);
  const allowed = verdict.outcome === 'allow';
  const breakGlass = judgedAs === 'break-glass';
  return [
    allowed ? say('准许', 'allowed') : say('不准', 'refused'),
    ...(breakGlass ? [`  ${say('按紧急调阅判断 (L5)', 'judged as break-glass (L5)')}`] : []),
    ...(allowed ? [`  ${say('审批路线', 'route')}: ${roleNames(say, verdict.route)}`] : []),
    ...(allowed && breakGlass
      ? [`  ${say('由一名当值审批人启用,其余随后补足', 'one of them on call opens it, the others follow')}`]
      : []),
    '',
    `${say('适用的规则', 'rules that applied')}:`,
    ...spoke.map(
      ({ rule, policy, zh, en, route, file, line }) =>
        `  · ${policy ?? rule} ${ruleWords(languages, { zh, en })}${
          route.length > 0 ? ` → ${roleNames(say, route)}` : ''
        }${file === null ? '' : ` (${file}:${line})`}`,
    ),
    '',
    changes.length === 0
      ? say('没有单一的改动会改变结果', 'no single change would change the answer')
      : `${say('以下改动会改变结果', 'what would change the answer')}:`,
    ...changes.map((change) => `  · ${changeLine(change, say)}`),
  ];
}

function changeLine(
  { zh, en, outcome, route, rules }: OtherAnswer,
  say: (zh: string, en: string) => string,
): string {
  const answer =
    outcome === 'allow'
      ? `${say('准许', 'allowed')}: ${roleNames(say, route)}`
      : `${say('不准', 'refused')}: ${rules.join(', ')}`;
  return `${say(zh, en)} → ${answer}`;
}
