import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { EXIT } from '../cli/failure.ts';
import { isRole } from '../shared/domain/roles.ts';
import { bringUp } from './bring-up.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { main } from './main.ts';
import { filesOf, type Users, usersSchema } from './outputs.ts';
import { type Progress, terminalProgress } from './progress.ts';
import { runProgram } from './run-program.ts';
import { type SampleExport, sampleExports } from './samples/sample-exports.ts';
import { SAMPLE_GUESTS } from './samples/sample-guests.ts';
import { readSettings, type Settings } from './settings.ts';
import { SetupFailure } from './setup-failure.ts';

const HOTEL = 'SHA01';
/** A day on which last year's sample records are past their term and this year's are not (RULES D1: six months). */
const RETENTION_AS_OF = '2026-11-01T04:00:00+08:00';
const ARCHIVE_TIMEOUT_MS = 60_000;
/** Exports that go in side by side: fewer would leave a core idle, more would only wait. */
const SIDE_BY_SIDE = 3;

const batch = z.object({
  accepted: z.number(),
  duplicates: z.number(),
  rejected: z.array(z.unknown()),
  conversations: z.number(),
  guests: z.number(),
});
const basis = z.object({ basisId: z.string() });
const made = z.object({
  requestId: z.string(),
  state: z.string(),
  route: z.array(z.string()),
  scope: z.object({ conversations: z.number(), records: z.number() }),
  requestDigest: z.string(),
});
const decided = z.object({ state: z.string(), approvals: z.array(z.object({ role: z.string() })) });
const opened = z.object({ openingId: z.string(), expiresAt: z.string(), opensLeft: z.number() });
const state = z.object({ state: z.string() });
const retained = z.object({
  deletedBlocks: z.number(),
  deletedRecords: z.number(),
  heldRecords: z.number(),
  certificates: z.array(z.string()),
});
const verified = z.object({
  ok: z.boolean(),
  trust: z.string(),
  checks: z.array(z.object({ ok: z.boolean() })),
});

await main('demo', async () => {
  const settings = readSettings();
  const progress = terminalProgress();
  await bringUp(settings, progress);
  const users = await readJsonFile(filesOf(settings).users, usersSchema);
  if (users === null) throw new Error(`${filesOf(settings).users} is missing after \`up\``);
  const folder = path.join(settings.directory, 'demo');
  await mkdir(folder, { recursive: true });
  await showLoop(settings, users, folder, progress);
});

/** One escalated retrieval from export to archive and one retention deletion, through the command as people use it. */
async function showLoop(settings: Settings, users: Users, folder: string, progress: Progress): Promise<void> {
  const dualkey = command(settings);
  const packageFile = path.join(folder, 'package.zip');
  const requestFile = path.join(folder, 'request.json');
  await rm(packageFile, { force: true });
  await writeJsonFile(requestFile, demoRequest());
  const legal = first(users, 'legal');

  await progress.step(
    '采集依据 an employee’s authorisation, without which no work group is collected (R7)',
    () =>
      dualkey(
        basis,
        ...['consent', 'authorise', '--hotel', HOTEL, '--employee', 'workgroup:agent01'],
        ...['--reference', 'SQ-2026-001', '--from', '2026-01-01T00:00:00+08:00'],
        ...['--as', first(users, 'privacy-officer')],
      ),
  );
  const samples = sampleExports();
  // What an earlier run's retention deleted stays deleted (D8): a file of which nothing is taken ends with bad input.
  const takeIn = command(settings, [EXIT.done, EXIT.badInput]);
  const taken = await progress.step(`导入 ingest ${samples.length} sample exports, of every source`, () =>
    inTurns(samples, (sample) => takeIn(batch, ...ingesting(sample, settings))),
  );
  progress.say('    来源 source        接受 accepted  重复 duplicates  拒收 rejected  客人 guests');
  for (const [{ source }, done] of taken) {
    const counts = [done.accepted, done.duplicates, done.rejected.length, done.guests];
    progress.say(`    ${source.padEnd(16)}${counts.map((count) => String(count).padStart(14)).join('')}`);
  }

  const request = await progress.step(`申请与三查 request and check, by ${legal}`, () =>
    dualkey(made, 'request', 'create', '--file', requestFile, '--as', legal),
  );
  const { requestId } = request;
  progress.say(`    ${requestId} · ${request.state} · 范围 scope ${request.scope.records} records`);
  progress.say(`    审批路线 route ${request.route.join(' + ')} · 申请摘要 digest ${request.requestDigest}`);

  for (const role of request.route) {
    const approver = first(users, role);
    const decision = await progress.step(`审批 approval as ${role}, by ${approver}`, () =>
      dualkey(
        decided,
        'approve',
        requestId,
        '--reason',
        '与案件相关,范围适当 relevant to the matter',
        '--as',
        approver,
      ),
    );
    progress.say(`    ${decision.state} · ${decision.approvals.length} of ${request.route.length} approvals`);
  }

  const opening = await progress.step('打开 open: watermarked copy through a five-minute link', () =>
    dualkey(opened, 'open', requestId, '--out', packageFile, '--as', legal),
  );
  progress.say(
    `    ${opening.openingId} · 剩余次数 openings left ${opening.opensLeft} · until ${opening.expiresAt}`,
  );

  await progress.step('结束 close', () => dualkey(state, 'close', requestId, '--as', legal));
  await progress.step('归档 archive', () =>
    archived(() => dualkey(state, 'request', 'show', requestId, '--as', legal)),
  );

  const deletion = await progress.step(`到期删除 retention deletion as of ${RETENTION_AS_OF}`, () =>
    dualkey(retained, 'retention', 'run', '--as-of', RETENTION_AS_OF),
  );
  progress.say(
    `    删除 deleted ${deletion.deletedRecords} records in ${deletion.deletedBlocks} blocks · ` +
      `保留 held ${deletion.heldRecords} · 证书 certificates ${deletion.certificates.join(', ') || 'none: nothing is due any more'}`,
  );

  const keys = filesOf(settings).keys;
  const verdict = await progress.step('离线验证 verify offline, with the deployment’s public keys', () =>
    dualkey(verified, 'verify', packageFile, '--keys', keys),
  );
  progress.say(`    ${verdict.checks.length} checks · signer ${verdict.trust}`);
  if (!verdict.ok || verdict.trust !== 'pinned')
    throw new Error(`the package was not verified: ${packageFile}`);

  progress.say('');
  progress.say(`文件 package   ${packageFile}`);
  progress.say(`公钥 keys      ${keys}`);
  progress.say(`申请 request   npx dualkey request show ${requestId} --as ${legal}`);
  progress.say(`接口 API       ${settings.endpoint} (npm run down stops it)`);
}

/** What became of each sample, in their order. */
async function inTurns<Result>(
  samples: readonly SampleExport[],
  work: (sample: SampleExport) => Promise<Result>,
): Promise<[SampleExport, Result][]> {
  const results = new Map<SampleExport, Result>();
  const waiting = samples[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (const sample of waiting) results.set(sample, await work(sample));
    }),
  );
  return samples.flatMap((sample): [SampleExport, Result][] => {
    const result = results.get(sample);
    return result === undefined ? [] : [[sample, result]];
  });
}

function ingesting({ file, source, timezone, map, media }: SampleExport, { root }: Settings): string[] {
  const samples = path.join(root, 'local', 'samples');
  return [
    ...['ingest', path.join(samples, file), '--source', source, '--hotel', HOTEL],
    ...(timezone === undefined ? [] : ['--timezone', timezone]),
    ...(map === undefined ? [] : ['--map', path.join(root, map.file)]),
    ...(media === undefined ? [] : ['--media', path.join(samples, 'media')]),
  ];
}

/** The contract's request, for the guest whose phone number only the internal system's columns state. */
function demoRequest() {
  return {
    ...{ purpose: 'dispute', basis: 'legal-claim', matter: 'M-2026-014', ticket: null },
    subject: { kind: 'phone', value: SAMPLE_GUESTS[0].phone },
    ...{ platforms: ['wecom', 'internal'], hotels: [HOTEL], categories: ['enquiry', 'complaint'] },
    ...{ from: '2026-05-01T00:00:00+08:00', to: '2026-05-31T23:59:59+08:00' },
    ...{ masking: 'masked', instrument: null, emergency: null, paperForm: null, remarks: '' },
  };
}

/** The `dualkey` command with --json, its document parsed. Throws SetupFailure for an exit code that isn’t expected. */
function command(settings: Settings, expected: readonly number[] = [0]) {
  return async <Shape>(schema: z.ZodType<Shape>, ...args: string[]): Promise<Shape> => {
    const environment = Object.entries({
      ...process.env,
      DUALKEY_PORT: String(settings.port),
      DUALKEY_LOCAL_DIR: settings.directory,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    const cli = path.join(settings.root, 'cli', 'dualkey.ts');
    const result = await runProgram(process.execPath, [cli, ...args, '--json'], {
      env: Object.fromEntries(environment),
    });
    if (result.code === null || !expected.includes(result.code)) {
      throw new SetupFailure(
        `dualkey ${args[0]} ended with code ${result.code}: ${result.output.trim().replaceAll(/\s+/g, ' ')}`,
        `log ${path.join(settings.directory, 'embedded-aws.log')}`,
        'Run it again; `npm run up -- --fresh` starts from nothing.',
      );
    }
    return schema.parse(JSON.parse(result.stdout));
  };
}

function first(users: Users, role: string): string {
  const user = isRole(role) ? users[role][0] : undefined;
  if (user === undefined) throw new Error(`the demo's people have no ${role}`);
  return user.username;
}

/** The archive follows the closing by itself. */
async function archived(show: () => Promise<{ state: string }>): Promise<void> {
  const deadline = Date.now() + ARCHIVE_TIMEOUT_MS;
  let last = await show();
  while (last.state !== 'archived') {
    if (Date.now() > deadline) throw new Error(`the request is still ${last.state}, not archived`);
    last = await show();
  }
}
