import type { Person } from '../../shared/domain/person.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import { takeOff } from '../../shared/retention/settle-holds.ts';
import { conflict, type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
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
  const { region, ruleSets, holds, holdKeys } = dependencies;
  const hold = await holds.read(holdId);
  if (hold === null) return notFound('no such hold', 'path.id');
  const verdict = decideDuty(await currentRuleSet(ruleSets), {
    region: regionFacts(region),
    actor,
    duty: 'release-hold',
    hotels: [hold.hotel],
  });
  if (verdict.outcome === 'deny') return refused(verdict);

  if (hold.state === 'placing' || hold.state === 'active') {
    const { sealed, commitment } = await holdKeys.sealReason(holdId, body.reason);
    const release = { by: actor.personId, at: now.toISOString(), reason: sealed };
    const outcome = await holds.release(hold, release, {
      at: now,
      actor: actor.personId,
      data: { matter: hold.matter, hotel: hold.hotel, reasonCommitment: commitment },
    });
    if (outcome === 'stale') return conflict('D3', 'hold-released-already');
  }
  // Read again: a guest may have been added to the hold while it stood.
  await takeOff((await holds.read(holdId)) ?? hold, dependencies);
  return ok({ holdId, matter: hold.matter, hotel: hold.hotel, state: 'released' });
}
