import { rm } from 'node:fs/promises';
import path from 'node:path';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PutObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { localRegion } from '../infra/local-differences.ts';
import { readRegions } from '../infra/read-regions.ts';
import { kmsSigner } from '../shared/aws/kms-signer.ts';
import { keysFile } from '../shared/package/keys-file.ts';
import type { RootClients } from './aws-clients.ts';
import { readJsonFile } from './json-file.ts';
import { type Outputs, outputsFrom, type PublicKeys } from './outputs.ts';
import type { Progress } from './progress.ts';
import { runProgram } from './run-program.ts';
import { awsEnvironment, cleanEnvironment, type Settings } from './settings.ts';
import { SetupFailure } from './setup-failure.ts';

const COMPLETE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];

/** How long one run of the CDK CLI may take: several times what a slow laptop needs. */
const LONGEST_MINUTES = 15;

/** Whether both stacks stand on the embedded AWS as it is now. */
export async function stacksStand(settings: Settings, { cloudFormation }: RootClients): Promise<boolean> {
  const states = await Promise.all(
    [settings.stateStack, settings.flowStack].map(async (name) => {
      const answer = await cloudFormation
        .send(new DescribeStacksCommand({ StackName: name }))
        .catch(() => null);
      return answer?.Stacks?.[0]?.StackStatus ?? 'absent';
    }),
  );
  return states.every((state) => COMPLETE.includes(state));
}

/**
 * Bootstraps the account and deploys both stacks with the stock CDK CLI. Throws SetupFailure with the CLI's reason, or
 * where one run of it takes longer than `minutes`.
 */
export async function deployStacks(
  settings: Settings,
  progress: Progress,
  minutes = LONGEST_MINUTES,
): Promise<Outputs> {
  const cdk = (args: string[], failure: string, cwd = settings.root) =>
    runCdk(settings, args, { failure, cwd, minutes });
  const assembly = path.join(settings.directory, 'cdk.out');
  const outputsFile = path.join(settings.directory, 'cdk-outputs.json');
  await progress.step('合成与引导 synthesising both stacks, bootstrapping the account', async () => {
    await rm(assembly, { recursive: true, force: true });
    // Neither needs the other; on two cores they take as long as the longer one.
    const done = await Promise.allSettled([
      cdk(
        [
          ...['synth', '--quiet', '--output', assembly],
          ...['--context', 'local=true', '--context', `policies=${settings.policies}`],
        ],
        'the stacks don’t synthesise',
      ),
      // Outside the repository's folder, whose cdk.json would have the CLI synthesise once more.
      cdk(
        ['bootstrap', `aws://${settings.account}/${settings.region}`],
        'the account can’t be bootstrapped',
        settings.directory,
      ),
    ]);
    for (const result of done) if (result.status === 'rejected') throw result.reason;
  });
  await progress.step(`部署 deploying ${settings.stateStack} and ${settings.flowStack}`, async () => {
    await rm(outputsFile, { force: true });
    await cdk(
      [
        'deploy',
        settings.stateStack,
        settings.flowStack,
        ...['--app', assembly, '--outputs-file', outputsFile],
        ...['--require-approval', 'never', '--progress', 'events'],
      ],
      'the stacks can’t be deployed',
    );
  });
  const written = await readJsonFile(outputsFile, z.record(z.string(), z.record(z.string(), z.string())));
  const { [settings.stateStack]: state = {}, [settings.flowStack]: flow = {} } = written ?? {};
  return outputsFrom({ ...state, ...flow }, settings);
}

/** CloudFormation on the embedded AWS passes over a bucket's Object Lock: the mode and period of the region are set here. */
export async function lockEvidence(settings: Settings, outputs: Outputs, { s3 }: RootClients): Promise<void> {
  const { archive } = localRegion(readRegions(path.join(settings.root, 'infra', 'regions.json')));
  await s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket: outputs.buckets.evidence,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: archive.mode, Years: archive.years.value } },
      },
    }),
  );
}

/** The deployment's public signing keys, as `dualkey verify --keys` reads them. */
export function publicKeys(outputs: Outputs, { kms }: RootClients): Promise<PublicKeys> {
  return keysFile(kmsSigner(kms, outputs.signingKeyId), outputs.region);
}

async function runCdk(
  settings: Settings,
  args: string[],
  { failure, cwd, minutes }: { failure: string; cwd: string; minutes: number },
): Promise<void> {
  const binaries = path.join(settings.root, 'node_modules', '.bin');
  const log = path.join(settings.directory, 'deploy.log');
  const nowhere = path.join(settings.directory, 'no-aws-profile');
  const environment = cleanEnvironment();
  const result = await runProgram(path.join(binaries, 'cdk'), [...args, '--no-notices', '--no-color'], {
    cwd,
    log,
    minutes,
    env: {
      ...environment,
      ...awsEnvironment(settings),
      PATH: [binaries, environment['PATH'] ?? ''].join(path.delimiter),
      // Nothing of the user's own AWS profiles or CDK settings takes part.
      AWS_CONFIG_FILE: nowhere,
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_HOME: path.join(settings.directory, 'cdk-home'),
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: 'true',
    },
  }).catch((cause) => {
    throw new SetupFailure('the CDK CLI can’t be run', binaries, 'Run `npm ci` first.', { cause });
  });
  if (!result.ended) {
    throw new SetupFailure(
      `${failure}: \`cdk ${args[0]}\` had not ended after ${minutes} minutes, and was stopped`,
      log,
      'Read what it waited for, mend that, and start from nothing: `npm run up -- --fresh`.',
    );
  }
  if (result.code === 0) return;
  throw new SetupFailure(
    `${failure}: ${reason(result.output)}`,
    log,
    'Mend that and run this again; `npm run up -- --fresh` starts from nothing.',
  );
}

/** The line of the CLI's output that says why: the first failed resource or error, else the first line. */
function reason(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const failed =
    lines.find((line) => /CREATE_FAILED|UPDATE_FAILED/.test(line)) ??
    lines.find((line) => /Error: /.test(line));
  return (failed ?? lines[0] ?? 'no output').slice(0, 400);
}
