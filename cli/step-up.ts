import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ROLE_NAMES } from '../shared/domain/roles.ts';
import {
  reasonCommitment,
  type StepUpAction,
  type StepUpBody,
  type StepUpStatement,
  stepUpChallenge,
} from '../shared/domain/step-up.ts';
import type { Api } from './api.ts';
import { deviceKeys } from './authenticator/device-keys.ts';
import { assert, type SoftwareKey } from './authenticator/software-authenticator.ts';
import { BadInputError } from './failure.ts';

/** What somebody is about to do, as they have seen it. */
export type ActToSign = {
  action: StepUpAction;
  /** Id of the request, the hold or the person. */
  subject: string;
  /** The digest of what was looked at. */
  digest: string;
  reason: string | null;
  role?: string | undefined;
  /** An injected time, where the deployment takes one. */
  asOf?: string | undefined;
};

export const issuedSchema = z.object({
  nonce: z.string(),
  time: z.string(),
  person: z.string(),
  role: z.enum(ROLE_NAMES).nullable(),
  rpId: z.string(),
  origins: z.array(z.string()),
  devices: z.array(z.object({ credentialId: z.string(), kind: z.string() })),
});

/**
 * Signs an act with the user's own local key: the nonce and the time are the deployment's, all the rest is what the user
 * saw. Throws BadInputError where there is no key for this deployment here.
 */
export async function signAct(api: Pick<Api, 'post'>, username: string, act: ActToSign): Promise<StepUpBody> {
  const { action, subject, digest, role, asOf } = act;
  const issued = await api.post(
    '/step-up/challenges',
    { action, subject, ...(role === undefined ? {} : { role }), ...(asOf === undefined ? {} : { asOf }) },
    issuedSchema,
  );
  const keys = deviceKeys(username);
  const key = await keyFor(issued, keys);
  // As the deployment takes it in.
  const reason = act.reason?.trim() ?? null;
  const reasonSalt = randomBytes(32).toString('base64url');
  const statement: StepUpStatement = {
    version: 1,
    action,
    subject,
    digest,
    role: issued.role,
    reason: reason === null ? null : reasonCommitment(reasonSalt, reason),
    time: issued.time,
    nonce: issued.nonce,
    person: issued.person,
  };
  const { assertion, key: used } = assert(key, stepUpChallenge(statement));
  if (used.counter !== null) await keys.use(used);
  return { statement, ...(reason === null ? {} : { reasonSalt }), assertion };
}

/** The key in use; or the one that was enrolled after it, once that is confirmed and the old one no longer is. */
async function keyFor(
  { devices, rpId }: z.infer<typeof issuedSchema>,
  keys: ReturnType<typeof deviceKeys>,
): Promise<SoftwareKey> {
  const { key, next } = await keys.read();
  const isEnrolled = (one: SoftwareKey) =>
    devices.some(({ credentialId }) => credentialId === one.credentialId);
  if (next !== null && isEnrolled(next) && (key === null || !isEnrolled(key))) {
    await keys.use(next);
    return next;
  }
  const own = key ?? next;
  if (own === null || own.rpId !== rpId) {
    throw new BadInputError(
      own === null
        ? { zh: '本机没有该用户的设备密钥', en: 'no device key of this user here' }
        : { zh: '设备密钥属于另一部署', en: 'the key is of another deployment' },
      keys.file,
      {
        zh: '用 `dualkey device enrol` 登记,并由另一人确认',
        en: 'enrol one with `dualkey device enrol`; another person confirms it',
      },
    );
  }
  return own;
}
