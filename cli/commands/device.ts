import type { Command } from 'commander';
import { z } from 'zod';
import { DEVICE_KIND_LABELS, DEVICE_STATE_LABELS } from '../../shared/domain/labels.ts';
import { aligned, minuteOf } from '../aligned.ts';
import type { Api } from '../api.ts';
import { deviceKeys } from '../authenticator/device-keys.ts';
import { newSoftwareKey, register, type SoftwareKey } from '../authenticator/software-authenticator.ts';
import { contextOf } from '../context.ts';
import { BadInputError, FailedError } from '../failure.ts';
import { named, type Say } from '../language.ts';
import { issuedSchema } from '../step-up.ts';

const act = z.object({ by: z.string(), at: z.string() });
const shown = z.looseObject({
  credentialId: z.string(),
  person: z.string(),
  kind: z.string(),
  state: z.string(),
  fingerprint: z.string(),
  enrolled: act,
  confirmed: act.nullable(),
  revoked: act.nullable(),
});
type Shown = z.infer<typeof shown>;

export function registerDevice(program: Command): void {
  const device = program
    .command('device')
    .description('本人的签名设备 the devices that people sign with (A6, R5)');

  device
    .command('enrol')
    .description('登记本机的软件密钥 enrol a key that this command keeps; another person confirms it')
    .option(
      '--replace',
      '吊销先前登记而尚未启用的密钥 revoke the key that was enrolled before and isn’t in use yet',
    )
    .action(async ({ replace }: { replace?: true }, command: Command) => {
      const { console, say, api: signIn } = contextOf(command);
      const api = await signIn();
      const keys = deviceKeys(api.username);
      const kept = await keptDevice(api, (await keys.read()).next);
      if (kept !== null) {
        if (replace !== true) throw keptAlready(kept, keys.file);
        await api.post('/devices/revoke', { credentialId: kept.credentialId }, shown);
        console.progress(
          `${say('先前登记的密钥已吊销,不能再确认或签署', 'the key enrolled before was revoked: it can neither be confirmed nor sign')}: ${kept.credentialId}`,
        );
      }
      const issued = await api.post('/step-up/challenges', { action: 'enrol' }, issuedSchema);
      const [origin] = issued.origins;
      if (origin === undefined)
        throw new FailedError({
          zh: '部署未给出签署的来源(origin)',
          en: 'the deployment names no origin to sign for',
        });
      const key = newSoftwareKey({ rpId: issued.rpId, origin }, { counts: true });
      // Kept first: what is enrolled and lost would be of no use.
      await keys.keepNext(key);
      const enrolled = await api.post(
        '/devices',
        { nonce: issued.nonce, registration: register(key, issued.nonce) },
        shown,
      );
      console.result(enrolled, [
        ...linesOf(enrolled, say),
        `  ${say('请另一人核对指纹后确认', 'another person compares the fingerprint, then')}: dualkey device confirm ${enrolled.person} ${enrolled.credentialId} --as …`,
      ]);
    });

  device
    .command('confirm')
    .description('确认他人登记的设备 confirm a device that somebody else enrolled')
    .argument('<person>', '人员编号 person id (p_…)')
    .argument('<credential>', '设备编号 credential id')
    .action(async (person: string, credentialId: string, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const confirmed = await (await api()).post('/devices/confirm', { person, credentialId }, shown);
      console.result(confirmed, linesOf(confirmed, say));
    });

  device
    .command('revoke')
    .description('吊销丢失或停用的设备 revoke a device that is lost or no longer used')
    .argument('<credential>', '设备编号 credential id')
    .option('--person <person>', '他人的设备 somebody else’s (infosec-director)')
    .action(async (credentialId: string, { person }: { person?: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const body = { credentialId, ...(person === undefined ? {} : { person }) };
      const revoked = await (await api()).post('/devices/revoke', body, shown);
      console.result(revoked, linesOf(revoked, say));
    });

  device
    .command('list')
    .description('列出设备 list devices')
    .option('--person <person>', '他人的设备 somebody else’s')
    .action(async ({ person }: { person?: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const query = person === undefined ? '' : `?person=${encodeURIComponent(person)}`;
      const listed = await (await api()).get(
        `/devices${query}`,
        z.object({ person: z.string(), devices: z.array(shown) }),
      );
      console.result(
        listed,
        listed.devices.length === 0
          ? [say('没有设备', 'no devices')]
          : aligned(
              [
                say('设备', 'device'),
                say('类别', 'kind'),
                say('状态', 'state'),
                say('登记', 'enrolled'),
                say('确认人', 'confirmed by'),
                say('指纹', 'fingerprint'),
              ],
              listed.devices.map((one) => [
                one.credentialId,
                named(say, DEVICE_KIND_LABELS, one.kind),
                named(say, DEVICE_STATE_LABELS, one.state),
                minuteOf(one.enrolled.at),
                one.confirmed?.by ?? '',
                one.fingerprint,
              ]),
            ),
      );
    });
}

/** The device of the key that waits here to be taken up; null where there is none, or it was revoked. */
async function keptDevice(api: Pick<Api, 'get'>, next: SoftwareKey | null): Promise<Shown | null> {
  if (next === null) return null;
  const { devices } = await api.get('/devices', z.object({ devices: z.array(shown) }));
  return (
    devices.find(({ credentialId, state }) => credentialId === next.credentialId && state !== 'revoked') ??
    null
  );
}

/** One key waits beside the one in use: another would take its place here, and the first could be confirmed and never sign. */
function keptAlready({ credentialId, person, state }: Shown, file: string): BadInputError {
  const waits =
    state === 'pending'
      ? {
          zh: `先请另一人确认:dualkey device confirm ${person} ${credentialId}`,
          en: `have it confirmed: dualkey device confirm ${person} ${credentialId}`,
        }
      : {
          zh: '该密钥已确认,本机没有仍有效的旧密钥时即由它签署(dualkey device list)',
          en: 'it is confirmed, and signs as soon as no older key of this computer is enrolled (dualkey device list)',
        };
  return new BadInputError(
    {
      zh: `本机已有一个登记而尚未启用的密钥 ${credentialId}`,
      en: `a key that was enrolled and isn’t in use yet is here already: ${credentialId}`,
    },
    file,
    {
      zh: `${waits.zh};或用 --replace 吊销并删除它,改登记新密钥(未作任何更改)`,
      en: `${waits.en}; or take --replace, which revokes it, drops it from this computer and enrols another (nothing was changed)`,
    },
  );
}

function linesOf({ credentialId, person, kind, state, fingerprint }: Shown, say: Say): string[] {
  return [
    `${say('设备', 'device')} ${credentialId} (${named(say, DEVICE_KIND_LABELS, kind)})`,
    `  ${say('人员', 'person')} ${person}: ${named(say, DEVICE_STATE_LABELS, state)}`,
    `  ${say('公钥指纹', 'fingerprint')} ${fingerprint}`,
  ];
}
