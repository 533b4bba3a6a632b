import { beforeAll, describe, expect, it } from '@jest/globals';
import { digestOf } from '../../../shared/domain/digest.ts';
import type { StepUpEvidence } from '../../../shared/domain/step-up.ts';
import { buildPackage } from '../../../shared/package/build-package.ts';
import { faultInSignedApprovals } from '../../../shared/package/fault-in-signed-approvals.ts';
import { ENTRIES, type Manifest, manifestSchema } from '../../../shared/package/manifest.ts';
import { verifyPackageBytes } from '../../../shared/package/verify-package.ts';
import { entriesOf } from './raw-zip.ts';
import { samplePackage } from './sample-package.ts';

const sample = samplePackage();
let zip: Buffer;
let manifest: Manifest;

beforeAll(async () => {
  zip = await buildPackage(sample);
  const entry = (await entriesOf(zip)).find(({ name }) => name === ENTRIES.manifest);
  manifest = manifestSchema.parse(JSON.parse(entry?.bytes.toString('utf8') ?? ''));
});

/** The fault of a manifest that names this evidence by its own digest: nothing but what it says can give it away. */
function faultOf(change: (evidence: StepUpEvidence, at: number) => StepUpEvidence): string | undefined {
  const signed = sample.signedApprovals.map(change);
  const approvals = manifest.approvals.map((approval, at) => ({
    ...approval,
    stepUp: digestOf(signed[at]),
  }));
  return faultInSignedApprovals({ ...manifest, approvals }, signed)?.en;
}

function first(change: (evidence: StepUpEvidence) => StepUpEvidence) {
  return (evidence: StepUpEvidence, at: number) => (at === 0 ? change(evidence) : evidence);
}

const [own, other] = sample.signedApprovals;

describe('what approvers’ devices signed', () => {
  it('is in every package, verifies, and says how many keys software keeps', () => {
    const check = verifyPackageBytes(zip, null).checks.find(({ name }) => name === 'approvals-signed');
    expect(check).toMatchObject({ ok: true, detail: expect.stringContaining('2 of 2') });
  });

  it('names nobody, and nobody’s reason', async () => {
    const entry = (await entriesOf(zip)).find(({ name }) => name === ENTRIES.approvals);
    const text = entry?.bytes.toString('utf8') ?? '';
    expect(text).toContain('p_privacy1');
    expect(text).not.toContain('reason of');
  });

  it('has no fault as it was made', () => {
    expect(faultOf((same) => same)).toBeUndefined();
  });

  const statement = (changes: Partial<StepUpEvidence['statement']>) =>
    first((evidence) => ({ ...evidence, statement: { ...evidence.statement, ...changes } }));
  const faults: [string, (evidence: StepUpEvidence, at: number) => StepUpEvidence, RegExp][] = [
    ['of another request', statement({ subject: 'req_other' }), /not this approval/],
    ['of another digest', statement({ digest: `sha256:${'0'.repeat(64)}` }), /not this approval/],
    ['in another role', statement({ role: 'legal' }), /not this approval/],
    ['by somebody else', statement({ person: 'p_other' }), /not this approval/],
    ['with another reason', statement({ reason: '0'.repeat(64) }), /not this approval/],
    ['to deny', statement({ action: 'deny' }), /not this approval/],
    ['long before', statement({ time: '2026-05-31T00:00:00.000Z' }), /too long before/],
    ['with another nonce than was signed', statement({ nonce: 'A'.repeat(43) }), /another statement/],
    [
      'by another device than the one that signed',
      first((evidence) => ({
        ...evidence,
        credential: { ...evidence.credential, publicKey: `${other?.credential.publicKey}` },
      })),
      /one device signed two/,
    ],
    [
      'with another’s signature',
      first((evidence) => ({
        ...evidence,
        assertion: { ...evidence.assertion, signature: `${other?.assertion.signature}` },
      })),
      /not valid/,
    ],
    [
      'for another site',
      first((evidence) => ({
        ...evidence,
        relyingParty: { rpId: 'other.example', origin: evidence.relyingParty.origin },
      })),
      /another site/,
    ],
    ['with a counter that went back', first((evidence) => ({ ...evidence, counterBefore: 9 })), /went back/],
    [
      'by a device that its owner confirmed',
      first((evidence) => ({
        ...evidence,
        credential: {
          ...evidence.credential,
          confirmed: { by: evidence.statement.person, at: '2026-06-01T00:00:00.000Z' },
        },
      })),
      /confirmed by another/,
    ],
    [
      'whose parts are no assertion',
      first((evidence) => ({ ...evidence, assertion: { ...evidence.assertion, clientDataJSON: 'AAAA' } })),
      /can’t be read/,
    ],
    [
      'whose key is none',
      first((evidence) => ({ ...evidence, credential: { ...evidence.credential, publicKey: 'AAAA' } })),
      /can’t be read/,
    ],
  ];
  it.each(faults)('%s is no approval', (_, change, reason) => {
    expect(faultOf(change)).toMatch(reason);
  });

  it('is no approval where the manifest names other evidence, or one is missing', () => {
    const changed = own === undefined ? [] : [{ ...own, counterBefore: -1 }, ...(other ? [other] : [])];
    expect(faultInSignedApprovals(manifest, changed)?.en).toMatch(/is not the manifest's/);
    expect(faultInSignedApprovals(manifest, sample.signedApprovals.slice(1))?.en).toMatch(/more or fewer/);
  });
});
