import { describe, expect, it } from '@jest/globals';
import { unlockAccount } from '../../../functions/unlock/unlock-account.ts';
import { newConduct } from '../../../shared/domain/conduct.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { lockDigest } from '../../../shared/domain/step-up.ts';
import { regionConfig, regionFacts } from '../../../shared/runtime/region.ts';
import { inMemoryConduct } from '../../fakes/in-memory-conduct.ts';
import { inMemoryDirectory } from '../../fakes/in-memory-directory.ts';
import { inMemoryObjectStore } from '../../fakes/in-memory-object-store.ts';
import { inMemoryRequestKeys } from '../../fakes/in-memory-request-keys.ts';
import { inMemoryRuleSets } from '../../fakes/in-memory-rule-sets.ts';
import { inMemoryStepUps } from '../../fakes/in-memory-step-ups.ts';
import { clerk, director, NOON, officer } from '../../shared/policy/staff.ts';

const REASON = '已培训,王小明的事情说清楚了';

function world() {
  const conduct = inMemoryConduct();
  conduct.rows.set(clerk.personId, {
    ...newConduct(clerk.personId),
    version: 6,
    locks: [NOON.toISOString()],
    account: { since: NOON.toISOString() },
  });
  const steps = inMemoryStepUps();
  const dependencies = {
    directory: inMemoryDirectory(clerk, director, officer),
    conduct,
    keys: inMemoryRequestKeys(),
    ruleSets: inMemoryRuleSets(),
    region: regionFacts(regionConfig('cn-north-1')),
    stepUps: steps.sources(inMemoryObjectStore()),
  };
  const unlock = (actor: Person, signedReason: string | null = REASON, whom: Person = clerk) => {
    const stepUp =
      signedReason === null
        ? undefined
        : steps.sign({
            action: 'unlock',
            subject: whom.personId,
            digest: lockDigest({ ...whom, lock: conduct.lockOf(whom.personId) }),
            role: null,
            reason: signedReason,
            person: actor.personId,
            now: NOON,
          });
    const body = { person: whom.personId, reason: REASON, stepUp, asOf: undefined };
    return unlockAccount({ actor, body, now: NOON }, dependencies);
  };
  return { conduct, unlock };
}

describe('an account that misoperations locked', () => {
  it('is opened by the director, signed, with an event that commits to the reason and doesn’t say it', async () => {
    const { conduct, unlock } = world();
    expect(await unlock(director)).toMatchObject({ status: 200, body: { account: 'open' } });
    expect(conduct.lockOf(clerk.personId)).toEqual({ sessionUntil: null, account: false });
    // Whoever opens an account lets its person act: what that means for approvals is A1's.
    expect(conduct.rows.get(clerk.personId)?.unlockedBy).toEqual({ p_director: [NOON.toISOString()] });
    expect(conduct.events).toMatchObject([
      { type: 'account-unlocked', event: { actor: 'p_director', data: { person: 'p_clerk' } } },
    ]);
    expect(JSON.stringify([conduct.events, [...conduct.rows]])).not.toContain('王小明');
  });

  it('stays locked for whoever else asks, for another reason than the signed one, and without a signature', async () => {
    const { conduct, unlock } = world();
    expect((await unlock(officer)).body).toMatchObject({
      verdict: { reasons: ['only-infosec-director-unlocks'] },
    });
    expect((await unlock(director, 'another reason')).body).toMatchObject({ verdict: { rules: ['A6'] } });
    expect((await unlock(director, null)).body).toMatchObject({ verdict: { reasons: ['step-up-missing'] } });
    expect(conduct.lockOf(clerk.personId).account).toBe(true);
  });

  it('is never opened by its own owner', async () => {
    const { unlock } = world();
    expect((await unlock(director, REASON, director)).body).toMatchObject({
      verdict: { reasons: ['own-account-not-unlocked-by-oneself'] },
    });
  });

  it('that is open says so', async () => {
    const { unlock } = world();
    await unlock(director);
    expect(await unlock(director)).toMatchObject({
      status: 409,
      body: { verdict: { reasons: ['account-not-locked'] } },
    });
  });
});
