import type { LegalHold } from '../../shared/domain/legal-hold.ts';
import type { Person } from '../../shared/domain/person.ts';
import { holdDigest } from '../../shared/domain/step-up.ts';
import { deny } from '../../shared/domain/verdict.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import { takeOff } from '../../shared/retention/settle-holds.ts';
import { conflict, done, type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import { checkStepUp, keepStepUp, type StepUpSources } from '../../shared/step-up/take-step-up.ts';
import type { CheckedStepUp } from '../../shared/step-up/verify-step-up.ts';
import type { ReleaseBody } from './hold-body.ts';
import type { HoldDependencies } from './place-hold.ts';

export type ReleaseCall = { actor: Person; holdId: string; body: ReleaseBody; now: Date };

/**
 * Releases a hold: the event first, then the keys; other holds on the same records stand. What was due meanwhile is
 * deleted by the next run of retention. Released again it answers what stands.
 */
export async function releaseHold(
  { actor, holdId, body, now }: ReleaseCall,
  dependencies: HoldDependencies,
): Promise<HttpResult> {
  const { region, ruleSets, holds, holdKeys, stepUps } = dependencies;
  const hold = await holds.read(holdId);
  if (hold === null) return notFound({ zh: '没有这项诉讼保留', en: 'no such hold' }, 'path.id');
  const stepUp = await stepUpFor(hold, { actor, holdId, body, now }, stepUps);
  const verdict = decideDuty(await currentRuleSet(ruleSets), {
    now,
    region: regionFacts(region),
    actor,
    duty: 'release-hold',
    hotels: [hold.hotel],
    stepUp: stepUp.outcome,
  });
  if (verdict.outcome === 'deny') return refused(verdict);

  const stands = hold.state === 'placing' || hold.state === 'active';
  if (stands) {
    // Whatever a rule set allows: nothing is released that nobody signed.
    if (!('use' in stepUp)) return refused(deny('A6', 'step-up-missing'));
    const { reason, reasonSalt } = await holdKeys.sealRelease(holdId, {
      reason: body.reason,
      reasonSalt: body.stepUp?.reasonSalt ?? '',
    });
    const reference = { ...(await keepStepUp(stepUp.evidence, stepUps)), reasonSalt };
    const release = { by: actor.personId, at: now.toISOString(), reason, stepUp: reference };
    const data = {
      matter: hold.matter,
      hotel: hold.hotel,
      reasonCommitment: stepUp.evidence.statement.reason,
      stepUp: reference.evidence,
    };
    const outcome = await holds.release(hold, release, { at: now, actor: actor.personId, data }, stepUp.use);
    if (outcome === 'stale') return conflict('D3', 'hold-released-already');
  }
  // Read again: a guest may have been added to the hold while it stood.
  await takeOff((await holds.read(holdId)) ?? hold, dependencies);
  const answered = stands ? done : ok;
  return answered({ holdId, matter: hold.matter, hotel: hold.hotel, state: 'released' });
}

/** Whoever released it and says so again changes nothing, and signs nothing again. */
async function stepUpFor(
  hold: LegalHold,
  { actor, body, now }: ReleaseCall,
  stepUps: StepUpSources,
): Promise<CheckedStepUp | { outcome: 'verified' }> {
  if (hold.release?.by === actor.personId) return { outcome: 'verified' };
  const act = {
    action: 'release',
    subject: hold.holdId,
    digest: holdDigest(hold),
    role: null,
    reason: body.reason,
    person: actor.personId,
    now,
  } as const;
  return checkStepUp(body.stepUp, act, stepUps);
}
