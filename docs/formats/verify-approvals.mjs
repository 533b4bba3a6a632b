// Who approved? Offline: npm install @simplewebauthn/server canonicalize; node verify-approvals.mjs UNZIPPED-PACKAGE
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { verifyAuthenticationResponse as verify } from '@simplewebauthn/server';
import canonicalize from 'canonicalize';

const read = (name) => JSON.parse(readFileSync(`${process.argv[2]}/${name}`, 'utf8'));
const [{ requestDigest, approvals }, signed] = [read('manifest.json'), read('custody/approvals.json')];
for (const [at, { role, by }] of approvals.entries()) {
  const { statement, assertion, credential: own, relyingParty: rp, counterBefore: counter } = signed[at];
  const asked = canonicalize({ ...statement, action: 'approve', digest: requestDigest, role, person: by });
  const credential = { id: own.credentialId, publicKey: Buffer.from(own.publicKey, 'base64url'), counter };
  const response = { id: credential.id, rawId: credential.id, type: 'public-key', response: assertion };
  const expectedChallenge = hash('sha256', asked, 'base64url');
  const all = { response, credential, expectedChallenge, expectedOrigin: rp.origin, expectedRPID: rp.rpId };
  if (!(await verify(all)).verified || asked !== canonicalize(statement)) throw new Error(`unsigned: ${by}`);
  console.log(`signed: ${by} as ${role} for ${requestDigest}, by ${own.kind} ${own.credentialId}`);
}
if (new Set(approvals.map(({ by }) => by)).size < 2) throw new Error('fewer than two people approved');
if (new Set(approvals.map(({ role }) => role)).size < 2) throw new Error('fewer than two roles approved');
