import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LOCAL_SITE } from '../infra/local-differences.ts';
import type { Person } from '../shared/domain/person.ts';
import { rootClients } from './aws-clients.ts';
import { demoPeople, demoShifts } from './demo-people.ts';
import { deployStacks, lockEvidence, publicKeys, stacksStand } from './deploy.ts';
import { discardEmbeddedAws, startEmbeddedAws } from './embedded-aws.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { underLock } from './lock.ts';
import { filesOf, type Outputs, outputsSchema, passwordsSchema } from './outputs.ts';
import type { Progress } from './progress.ts';
import { installedPython } from './python.ts';
import { refreshShifts, seedDevices, seedPeople, usersByRole } from './seed.ts';
import type { Settings } from './settings.ts';
import { sourceDigest } from './source-digest.ts';

const deploymentSchema = z.object({ digest: z.string() });

/**
 * Brings the local deployment up, doing only what is missing: packages, embedded AWS, stacks, people, outputs. Whatever
 * an earlier run left half done is done again. Throws SetupFailure.
 */
export function bringUp(settings: Settings, progress: Progress, { fresh = false } = {}): Promise<Outputs> {
  return underLock(settings.directory, async () => {
    const requirements = path.join(settings.root, 'local', 'python-requirements.txt');
    const python = await installedPython(requirements, settings.pythonDirectory, progress);
    if (fresh) {
      await discardEmbeddedAws(settings);
      await mkdir(settings.directory, { recursive: true, mode: 0o700 });
    }
    const started = await progress.step(`启动本地 AWS embedded AWS on port ${settings.port}`, () =>
      startEmbeddedAws(settings, python),
    );
    if (started === 'emptied') {
      progress.say(
        '  the last one was killed, not stopped (npm run down), and lost what it held: starting from nothing',
      );
    }
    const there = await standing(settings);
    if (there === null) return deploy(settings, progress);
    await refreshShifts(demoPeople(), there.tables.directory, rootClients(settings), shiftsOfNow);
    return there;
  });
}

const shiftsOfNow = (person: Person) => demoShifts(person, new Date());

/** The deployment as it stands, or null where something of it is missing or its source changed since. */
async function standing(settings: Settings): Promise<Outputs | null> {
  const files = filesOf(settings);
  const deployment = await readJsonFile(files.deployment, deploymentSchema);
  const outputs = await readJsonFile(files.outputs, outputsSchema);
  const current = deployment?.digest === (await digestOfInputs(settings));
  return current && outputs !== null && (await stacksStand(settings, rootClients(settings))) ? outputs : null;
}

async function deploy(settings: Settings, progress: Progress): Promise<Outputs> {
  const files = filesOf(settings);
  const digest = await digestOfInputs(settings);
  const clients = rootClients(settings);
  const outputs = await deployStacks(settings, progress);
  await progress.step('人员、密码与公钥 people, passwords and public keys', async () => {
    await lockEvidence(settings, outputs, clients);
    const people = demoPeople();
    const passwords = (await readJsonFile(files.credentials, passwordsSchema)) ?? {};
    const pool = { userPoolId: outputs.userPoolId, issuer: outputs.identity.issuer };
    const kept = await seedPeople(people, pool, outputs.tables.directory, passwords, clients, shiftsOfNow);
    await seedDevices(
      people,
      keeperOf(people),
      LOCAL_SITE,
      outputs.tables.directory,
      settings.directory,
      clients,
    );
    await writeJsonFile(files.credentials, kept, { secret: true });
    await writeJsonFile(files.users, usersByRole(people));
    await writeJsonFile(files.keys, await publicKeys(outputs, clients));
    await writeJsonFile(files.outputs, outputs);
    // Last: what was cut off before this line is done again.
    await writeJsonFile(files.deployment, { digest });
  });
  return outputs;
}

/** The directory's keeper gave every role, and confirms every device. */
function keeperOf(people: ReturnType<typeof demoPeople>): string {
  const keeper = people.find(({ username }) => username === 'directory');
  if (keeper === undefined) throw new Error('The demo’s directory has no keeper');
  return keeper.personId;
}

function digestOfInputs(settings: Settings): Promise<string> {
  return sourceDigest(settings);
}
