import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployStacks } from '../../local/deploy.ts';
import { terminalProgress } from '../../local/progress.ts';
import { readSettings } from '../../local/settings.ts';
import {
  conversation,
  decide,
  type Guest,
  ingest,
  newGuest,
  openOnce,
  reached,
  refusal,
  request,
  requestFor,
} from './support/retrieval.ts';

/** A chain's own rule: nothing of this matter is released any more. */
const TIGHTER = `
@id("R11.matter-frozen")
@reason("matter-frozen-by-the-chain")
@zh("该案件已被集团冻结")
@en("the group has frozen this matter")
forbid (principal, action in Action::"releasing", resource is Request)
when { resource has matter && resource.matter == "M-2026-FROZEN" };
`;

let guest: Guest;
let policies: string;
beforeAll(async () => {
  guest = newGuest();
  await ingest(conversation(guest, 4));
  policies = mkdtempSync(join(tmpdir(), 'policies-'));
  mkdirSync(join(policies, 'cn-north-1'));
  writeFileSync(join(policies, 'cn-north-1', 'frozen.cedar'), TIGHTER);
});

/** Updates both stacks; with the chain's own policies, or without. */
async function update(withPolicies: boolean): Promise<void> {
  const settings = readSettings();
  await deployStacks(withPolicies ? { ...settings, policies } : settings, terminalProgress());
}

describe('a stack update while retrievals are under way', () => {
  // What this suite published goes again, whatever happened in it.
  afterAll(async () => {
    await update(false);
    rmSync(policies, { recursive: true });
  });

  it('takes effect at once where it is stricter, and leaves approvals in flight standing where it isn’t', async () => {
    const frozen = requestFor(guest, { matter: 'M-2026-FROZEN' });
    const openBefore = await request(frozen);
    await decide(openBefore, 'privacy-officer');
    await decide(openBefore, 'infosec-director');
    await reached(openBefore.requestId, 'open');
    const halfApproved = await request(frozen);
    await decide(halfApproved, 'privacy-officer');
    const unconcerned = await request(requestFor(guest));
    await decide(unconcerned, 'privacy-officer');

    await update(true);

    // Approved under the old rule set and opened under both: the stricter one wins.
    const verdict = await refusal(openOnce(openBefore.requestId));
    expect(verdict.reasons).toContain('matter-frozen-by-the-chain');
    // Half-way through its approvals, it is never provisioned.
    await decide(halfApproved, 'infosec-director');
    expect((await reached(halfApproved.requestId, 'open', 'failed')).state).toBe('failed');
    // An execution that waited through the update goes on from its next approval.
    await decide(unconcerned, 'infosec-director');
    expect((await reached(unconcerned.requestId, 'open', 'failed')).state).toBe('open');
    expect(await openOnce(unconcerned.requestId)).toMatchObject({ opensLeft: 2 });

    // A request made under the stricter set stays bound to it when it is taken back: both sets are asked.
    const pinned = await request(frozen);
    await decide(pinned, 'privacy-officer');
    await update(false);
    await decide(pinned, 'infosec-director');
    expect((await reached(pinned.requestId, 'open', 'failed')).state).toBe('failed');
  });
});
