import { randomBytes } from 'node:crypto';
import { decidingRole } from '../../shared/domain/deciding-role.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Role } from '../../shared/domain/roles.ts';
import type { DeviceStore } from '../../shared/ports/device-store.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import type { StepUpStore } from '../../shared/ports/step-up-store.ts';
import { type HttpResult, ok } from '../../shared/runtime/http-result.ts';
import type { StepUpRules } from '../../shared/step-up/verify-step-up.ts';
import type { ChallengeBody } from './device-body.ts';

export type ChallengeDependencies = {
  stepUps: Pick<StepUpStore, 'issue'>;
  devices: Pick<DeviceStore, 'of'>;
  grants: Pick<GrantStore, 'read'>;
  rules: StepUpRules;
};

/**
 * Issues a nonce to this person for one act on one subject. Says what a statement needs that its signer may not know: the
 * time, and the role that is decided in. Of the subject it tells nothing: whoever signs has looked at it already.
 */
export async function issueChallenge(
  { actor, body, now }: { actor: Person; body: ChallengeBody; now: Date },
  { stepUps, devices, grants, rules }: ChallengeDependencies,
): Promise<HttpResult> {
  const nonce = randomBytes(32).toString('base64url');
  const issuedAt = now.toISOString();
  const person = actor.personId;
  const { action } = body;
  const subject = body.action === 'enrol' ? person : body.subject;
  const [role, own] = await Promise.all([
    roleFor(actor, body, now, grants),
    devices.of(person),
    stepUps.issue({ nonce, person, action, subject, issuedAt }),
  ]);
  return ok({
    nonce,
    time: issuedAt,
    expiresAt: new Date(now.getTime() + rules.maxSeconds * 1000).toISOString(),
    person,
    role,
    rpId: rules.relyingParty.rpId,
    origins: rules.relyingParty.origins,
    devices: own
      .filter(({ state }) => state === 'enrolled')
      .map(({ credentialId, kind }) => ({ credentialId, kind })),
  });
}

async function roleFor(
  actor: Person,
  body: ChallengeBody,
  now: Date,
  grants: ChallengeDependencies['grants'],
): Promise<Role | null> {
  if (body.action !== 'approve' && body.action !== 'deny') return null;
  const grant = await grants.read(body.subject);
  return grant === null ? (body.role ?? null) : decidingRole(grant, actor, body.role, now);
}
