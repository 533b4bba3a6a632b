import { describe, expect, it } from '@jest/globals';
import type { AccessGrant, Approval } from '../../../shared/domain/access-grant.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import {
  type StepUpEvidence,
  stepUpEvidenceBytes,
  stepUpEvidenceKey,
  stepUpEvidenceSchema,
} from '../../../shared/domain/step-up.ts';
import { keptStepUps } from '../../../shared/step-up/kept-step-up.ts';
import { inMemoryObjectStore } from '../../fakes/in-memory-object-store.ts';
import { inMemoryStepUps } from '../../fakes/in-memory-step-ups.ts';
import { signedApproval, withSignatures } from '../../fakes/signed-approvals.ts';
import { deviceOf, newKey, RULES } from '../../fakes/signing-person.ts';
import { approval, approved, director } from '../policy/staff.ts';

/** A request with two approvals that their people's devices signed. */
async function signedRequest() {
  const evidence = inMemoryObjectStore();
  const signing = inMemoryStepUps();
  const grant = await withSignatures(approved(), signing, evidence);
  const [first] = grant.approvals;
  if (first === undefined) throw new Error('nobody approved');
  const check = keptStepUps({ evidence, devices: signing, rules: RULES });
  return { evidence, signing, grant, first, check };
}
type Signed = Awaited<ReturnType<typeof signedRequest>>;

function keptOf({ evidence }: Signed, { stepUp }: Approval): StepUpEvidence {
  const bytes = evidence.objects.get(stepUpEvidenceKey(stepUp?.evidence ?? ''));
  return stepUpEvidenceSchema.parse(JSON.parse(Buffer.from(bytes ?? []).toString('utf8')));
}

/** The approval with other evidence, put in place under its own digest and named by the row. */
function withEvidence({ evidence }: Signed, one: Approval, kept: object): Approval {
  const bytes = Buffer.from(JSON.stringify(kept));
  evidence.objects.set(stepUpEvidenceKey(sha256(bytes)), bytes);
  return { ...one, stepUp: { credentialId: one.stepUp?.credentialId ?? '', evidence: sha256(bytes) } };
}

describe('an approval on record, from the evidence that was kept of it (A6)', () => {
  it('holds where its person’s device signed exactly this', async () => {
    const { check, grant } = await signedRequest();
    const outcomes = await Promise.all(grant.approvals.map((one) => check(grant, one)));
    expect(outcomes).toEqual(['verified', 'verified']);
  });

  it('does not hold where somebody wrote the row by hand, without evidence', async () => {
    const { check, grant } = await signedRequest();
    expect(await check(grant, approval(grant, director, 'infosec-director'))).toBe('missing');
    const invented = { credentialId: 'invented-credential', evidence: sha256('nothing') };
    expect(await check(grant, { ...approval(grant, director, 'infosec-director'), stepUp: invented })).toBe(
      'missing',
    );
  });

  it('does not hold where the evidence was changed in place', async () => {
    const world = await signedRequest();
    const { check, grant, first, evidence } = world;
    const kept = keptOf(world, first);
    const bytes = stepUpEvidenceBytes({ ...kept, counterBefore: kept.counterBefore + 1 });
    evidence.objects.set(stepUpEvidenceKey(first.stepUp?.evidence ?? ''), bytes);
    expect(await check(grant, first)).toBe('missing');
  });

  it('does not hold by the evidence of another request', async () => {
    const { check, grant, first, signing, evidence } = await signedRequest();
    const other: AccessGrant = { ...grant, requestId: 'req_other' };
    const elsewhere = await signedApproval(other, first, signing, evidence);
    expect(await check(other, elsewhere)).toBe('verified');
    expect(await check(grant, elsewhere)).toBe('other-request');
    expect(await check(grant, { ...first, requestDigest: 'sha256:changed' })).toBe('other-request');
  });

  it.each([
    ['denied', (one: Approval): Approval => ({ ...one, decision: 'deny' }), 'other-statement'],
    ['gave it in another role', (one: Approval): Approval => ({ ...one, role: 'legal' }), 'other-statement'],
    [
      'gave another reason',
      (one: Approval): Approval => ({ ...one, reasonCommitment: 'x' }),
      'reason-changed',
    ],
    [
      'signed long before',
      (one: Approval): Approval => ({ ...one, at: '2026-06-15T10:05:00.001Z' }),
      'challenge-expired',
    ],
    [
      'signed after',
      (one: Approval): Approval => ({ ...one, at: '2026-06-15T09:58:59.999Z' }),
      'challenge-expired',
    ],
  ])('does not hold where its person %s', async (_what, changed, outcome) => {
    const { check, grant, first } = await signedRequest();
    expect(await check(grant, changed(first))).toBe(outcome);
  });

  it('does not hold for somebody else than who signed', async () => {
    const { check, grant, first } = await signedRequest();
    const [, second] = grant.approvals;
    expect(await check(grant, { ...first, by: second?.by ?? '' })).toBe('other-statement');
  });

  it('does not hold by a key that the directory does not have of this person', async () => {
    const world = await signedRequest();
    const { check, grant, first, signing } = world;
    const device = signing.deviceOf(first.by);
    const own = deviceOf(newKey(), first.by).publicKey;
    signing.change(device, { publicKey: own });
    expect(await check(grant, first)).toBe('device-not-enrolled');
    // Nor where the evidence is made to name that key.
    const kept = keptOf(world, first);
    const forged = { ...kept, credential: { ...kept.credential, publicKey: own } };
    expect(await check(grant, withEvidence(world, first, forged))).toBe('signature-invalid');
  });

  it('does not hold by a device that nobody else confirmed', async () => {
    const { check, grant, first, signing } = await signedRequest();
    signing.change(signing.deviceOf(first.by), { confirmed: null });
    expect(await check(grant, first)).toBe('device-not-confirmed');
    signing.change(signing.deviceOf(first.by), { confirmed: { by: first.by, at: first.at } });
    expect(await check(grant, first)).toBe('device-not-confirmed');
  });

  it('does not hold by a device that was revoked before, and holds where it was revoked since', async () => {
    const { check, grant, first, signing } = await signedRequest();
    const revokedAt = (at: string) =>
      signing.change(signing.deviceOf(first.by), { state: 'revoked', revoked: { by: 'p_x', at } });
    revokedAt(first.at);
    expect(await check(grant, first)).toBe('device-revoked');
    revokedAt('2026-06-15T10:00:00.001Z');
    expect(await check(grant, first)).toBe('verified');
  });

  it('does not hold by a key that software keeps, where the region refuses those (R5)', async () => {
    const { evidence, signing, grant, first } = await signedRequest();
    const rules = { ...RULES, softwareDevices: 'refused' as const };
    expect(await keptStepUps({ evidence, devices: signing, rules })(grant, first)).toBe(
      'software-device-refused',
    );
  });

  it('does not hold where it was signed for another site', async () => {
    const { evidence, signing, grant, first } = await signedRequest();
    const at = (rpId: string, origin: string) =>
      keptStepUps({
        evidence,
        devices: signing,
        rules: { ...RULES, relyingParty: { rpId, origins: [origin] } },
      })(grant, first);
    const [ownOrigin = ''] = RULES.relyingParty.origins;
    expect(await at(RULES.relyingParty.rpId, 'https://evil.example')).toBe('other-origin');
    expect(await at('evil.example', ownOrigin)).toBe('other-relying-party');
  });

  it('does not hold where the signature is not the device’s, or the evidence can’t be read', async () => {
    const world = await signedRequest();
    const { check, grant, first } = world;
    const [, second] = grant.approvals;
    if (second === undefined) throw new Error('one approval is missing');
    const kept = keptOf(world, first);
    const others = keptOf(world, second).assertion.signature;
    const forged = { ...kept, assertion: { ...kept.assertion, signature: others } };
    expect(await check(grant, withEvidence(world, first, forged))).toBe('signature-invalid');
    expect(await check(grant, withEvidence(world, first, { version: 1 }))).toBe('malformed');
    const counted = { ...kept, counterBefore: 7 };
    expect(await check(grant, withEvidence(world, first, counted))).toBe('counter-went-back');
  });
});
