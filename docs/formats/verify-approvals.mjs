// Who approved? Checks what the approvers' devices signed, with public keys and a WebAuthn library alone. Nothing is asked online.
//   npm install @simplewebauthn/server canonicalize && unzip -d package THIS.zip && node verify-approvals.mjs package
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import canonicalize from 'canonicalize';

const read = (name) => JSON.parse(readFileSync(`${process.argv[2]}/${name}`, 'utf8'));
const signed = read('custody/approvals.json');
for (const [at, { role, by, requestDigest }] of read('manifest.json').approvals.entries()) {
  const { statement, credential, assertion, relyingParty, counterBefore } = signed[at];
  const id = credential.credentialId;
  const { verified } = await verifyAuthenticationResponse({
    response: { id, rawId: id, type: 'public-key', response: assertion, clientExtensionResults: {} },
    expectedChallenge: createHash('sha256').update(canonicalize(statement)).digest('base64url'),
    expectedOrigin: relyingParty.origin,
    expectedRPID: relyingParty.rpId,
    credential: { id, publicKey: Buffer.from(credential.publicKey, 'base64url'), counter: counterBefore },
  });
  const asked =
    ['approve', requestDigest, role, by].join() ===
    [statement.action, statement.digest, statement.role, statement.person].join();
  if (!verified || !asked) process.exitCode = 1;
  console.log(
    `${verified && asked ? 'signed' : 'NOT SIGNED'}: ${by} as ${role} for ${requestDigest}, by ${credential.kind} ${id}`,
  );
}
