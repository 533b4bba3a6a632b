import { sealText } from '../../shared/crypto/sealed-text.ts';
import { lockOf, unlocked } from '../../shared/domain/conduct.ts';
import type { Person } from '../../shared/domain/person.ts';
import { lockDigest } from '../../shared/domain/step-up.ts';
import { deny } from '../../shared/domain/verdict.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideUnlocking } from '../../shared/policy/decide-unlocking.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import type { ConductStore } from '../../shared/ports/conduct.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { conflict, done, type HttpResult, notFound, refused } from '../../shared/runtime/http-result.ts';
import { checkStepUp, keepStepUp, type StepUpSources } from '../../shared/step-up/take-step-up.ts';
import type { UnlockBody } from './unlock-body.ts';

export type UnlockCall = { actor: Person; body: UnlockBody; now: Date };

export type UnlockDependencies = {
  directory: Pick<Directory, 'byId'>;
  conduct: Pick<ConductStore, 'read' | 'change'>;
  keys: Pick<RequestKeys, 'create'>;
  ruleSets: RuleSets;
  region: RegionFacts;
  stepUps: StepUpSources;
};

/**
 * Opens an account that misoperations locked (R9): by the information security director or a deputy, never the own one,
 * signed, with a reason that is kept sealed. Row and event are one transaction. An account that is open stays as it is.
 */
export async function unlockAccount(
  { actor, body, now }: UnlockCall,
  { directory, conduct, keys, ruleSets, region, stepUps }: UnlockDependencies,
): Promise<HttpResult> {
  const [known, row] = await Promise.all([directory.byId(body.person), conduct.read(body.person)]);
  if (known === null)
    return notFound({ zh: '人员目录中无此人', en: 'the directory has nobody of this id' }, 'body.person');
  // The lock as the row says it that is changed below.
  const locked = { ...known, lock: lockOf(row) };
  const stepUp = await checkStepUp(
    body.stepUp,
    {
      action: 'unlock',
      subject: locked.personId,
      digest: lockDigest(locked),
      role: null,
      reason: body.reason,
      person: actor.personId,
      now,
    },
    stepUps,
  );
  const verdict = decideUnlocking(await currentRuleSet(ruleSets), {
    now,
    region,
    actor,
    locked,
    stepUp: stepUp.outcome,
  });
  if (verdict.outcome === 'deny') return refused(verdict);
  // Whatever a rule set allows: nothing is unlocked that nobody signed.
  if (stepUp.outcome !== 'verified') return refused(deny('A6', 'step-up-missing'));
  if (row.account === null) return conflict('R9', 'account-not-locked');

  const key = await keys.create('evidence', locked.personId);
  const place = { requestId: locked.personId, field: `unlocking/${row.version}` };
  const kept = await keepStepUp(stepUp.evidence, stepUps);
  const unlocking = {
    by: actor.personId,
    at: now.toISOString(),
    reason: sealText(key, place, body.reason),
    reasonCommitment: stepUp.evidence.statement.reason ?? '',
    stepUp: {
      ...kept,
      reasonSalt: sealText(
        key,
        { ...place, field: `unlocking-salt/${row.version}` },
        body.stepUp?.reasonSalt ?? '',
      ),
    },
  };
  const event = {
    at: now,
    actor: actor.personId,
    data: {
      person: locked.personId,
      reasonCommitment: unlocking.reasonCommitment,
      stepUp: kept.evidence,
      device: kept.credentialId,
    },
  };
  const outcome = await conduct.change(row, unlocked(row, unlocking), [{ type: 'account-unlocked', event }], {
    stepUp: stepUp.use,
  });
  if (outcome === 'stale') return conflict('R9', 'lock-changed');
  return done({ person: locked.personId, username: locked.username, account: 'open' });
}
