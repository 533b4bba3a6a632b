import { createHash, createPrivateKey, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assert,
  newSoftwareKey,
  type SoftwareKey,
} from '../../../cli/authenticator/software-authenticator.ts';
import { isSignedByDevice } from '../../../shared/crypto/assertion.ts';
import {
  type Device,
  type IssuedChallenge,
  reasonCommitment,
  type StepUpBody,
  type StepUpStatement,
  stepUpBodySchema,
  stepUpChallenge,
  stepUpEvidenceSchema,
} from '../../../shared/domain/step-up.ts';
import {
  type ActToSign,
  type CheckedStepUp,
  type StepUpRules,
  verifyStepUp,
} from '../../../shared/step-up/verify-step-up.ts';
import {
  challengeFor,
  deviceOf,
  newKey,
  RULES,
  SALT,
  SITE,
  signed,
  statementFor,
} from '../../fakes/signing-person.ts';

const NOON = new Date('2026-06-15T12:00:00.000Z');
const ACT: ActToSign = {
  action: 'approve',
  subject: 'req_1',
  digest: `sha256:${'a'.repeat(64)}`,
  role: 'privacy-officer',
  reason: '案件需要 needed for the matter',
  person: 'p_officer',
  now: NOON,
};
const KEY = newKey();

type Changes = {
  act?: Partial<ActToSign>;
  given?: (given: StepUpBody) => StepUpBody | undefined;
  challenge?: Partial<IssuedChallenge> | null;
  device?: Partial<Device> | null;
  rules?: Partial<StepUpRules>;
  key?: SoftwareKey;
};

/** A step-up that is right in every way, but for what is changed. The statement is signed for ACT, as it is. */
function check({
  act = {},
  given = (same) => same,
  challenge = {},
  device = {},
  rules = {},
  key = KEY,
}: Changes) {
  const issued = challengeFor(ACT);
  return verifyStepUp(
    given(signed(key, statementFor(ACT, issued))),
    { ...ACT, ...act },
    {
      challenge: challenge === null ? null : { ...issued, ...challenge },
      device: device === null ? null : deviceOf(KEY, ACT.person, device),
    },
    { ...RULES, ...rules },
  );
}

const outcomeOf = async (changes: Changes): Promise<CheckedStepUp['outcome']> =>
  (await check(changes)).outcome;

/** The same assertion over authenticator data that were changed, signed again by the same key. */
function withData(change: (data: Buffer) => void, key: SoftwareKey = KEY) {
  return (given: StepUpBody): StepUpBody => {
    const data = Buffer.from(given.assertion.authenticatorData, 'base64url');
    change(data);
    const client = Buffer.from(given.assertion.clientDataJSON, 'base64url');
    return { ...given, assertion: { ...given.assertion, ...signedParts(key, data, client) } };
  };
}

/** The same over client data that were changed. */
function withClient(changes: object) {
  return (given: StepUpBody): StepUpBody => {
    const client: unknown = JSON.parse(
      Buffer.from(given.assertion.clientDataJSON, 'base64url').toString('utf8'),
    );
    const changed = Buffer.from(JSON.stringify(Object.assign({}, client, changes)));
    const data = Buffer.from(given.assertion.authenticatorData, 'base64url');
    return { ...given, assertion: { ...given.assertion, ...signedParts(KEY, data, changed) } };
  };
}

function signedParts(key: SoftwareKey, data: Buffer, client: Buffer) {
  const privateKey = createPrivateKey({
    key: Buffer.from(key.privateKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  const over = Buffer.concat([data, createHash('sha256').update(client).digest()]);
  return {
    authenticatorData: data.toString('base64url'),
    clientDataJSON: client.toString('base64url'),
    signature: sign('sha256', over, privateKey).toString('base64url'),
  };
}

describe('a step-up', () => {
  it('is verified where the own, confirmed device signed exactly what is done', async () => {
    const checked = await check({});
    expect(checked).toMatchObject({
      outcome: 'verified',
      use: { person: 'p_officer', credentialId: KEY.credentialId, counter: { before: 0, after: 1 } },
    });
  });

  it('leaves evidence that verifies by itself, and names nobody’s reason', async () => {
    const checked = await check({});
    if (checked.outcome !== 'verified') throw new Error(checked.outcome);
    const { evidence } = checked;
    expect(stepUpEvidenceSchema.parse(evidence)).toEqual(evidence);
    expect(
      isSignedByDevice(evidence.assertion, Buffer.from(evidence.credential.publicKey, 'base64url')),
    ).toBe(true);
    expect(JSON.stringify(evidence)).not.toContain('needed for the matter');
    expect(evidence.statement.reason).toBe(reasonCommitment(SALT, ACT.reason ?? ''));
  });

  it('of a body that the API takes is the same after the way through JSON', () => {
    const given = signed(KEY, statementFor(ACT, challengeFor(ACT)));
    expect(stepUpBodySchema.parse(JSON.parse(JSON.stringify(given)))).toEqual(given);
  });

  it('needs no counter of a key that counts nothing', async () => {
    const key = newKey(false);
    const issued = challengeFor(ACT);
    const known = { challenge: issued, device: deviceOf(key, ACT.person) };
    const given = signed(key, statementFor(ACT, issued));
    expect((await verifyStepUp(given, ACT, known, RULES)).outcome).toBe('verified');
  });
});

describe('an attack on a step-up is refused by name:', () => {
  const attacks: { name: string; outcome: CheckedStepUp['outcome']; changes: Changes }[] = [
    { name: 'none is given', outcome: 'missing', changes: { given: () => undefined } },
    {
      name: 'a replay: its nonce was used',
      outcome: 'challenge-used',
      changes: { challenge: { usedAt: NOON.toISOString() } },
    },
    {
      name: 'a nonce that the product never issued',
      outcome: 'challenge-unknown',
      changes: { challenge: null },
    },
    {
      name: 'a nonce that was issued for another act',
      outcome: 'challenge-unknown',
      changes: { challenge: { action: 'deny' } },
    },
    {
      name: 'a nonce of more than five minutes ago',
      outcome: 'challenge-expired',
      changes: { act: { now: new Date(NOON.getTime() + 300_001) } },
    },
    {
      name: 'a nonce of the time to come',
      outcome: 'challenge-expired',
      changes: { act: { now: new Date(NOON.getTime() - 60_001) } },
    },
    { name: 'another request’s assertion', outcome: 'other-request', changes: { act: { subject: 'req_2' } } },
    {
      name: 'a nonce that was issued for another request',
      outcome: 'other-request',
      changes: { challenge: { subject: 'req_2' } },
    },
    {
      name: 'the request as it was before it changed',
      outcome: 'other-request',
      changes: { act: { digest: `sha256:${'b'.repeat(64)}` } },
    },
    { name: 'a changed reason', outcome: 'reason-changed', changes: { act: { reason: 'something else' } } },
    {
      name: 'a reason without its salt',
      outcome: 'reason-changed',
      changes: { given: ({ reasonSalt: _left, ...given }) => given },
    },
    {
      name: 'a changed reason, and the statement changed with it',
      outcome: 'other-statement',
      changes: {
        act: { reason: 'something else' },
        given: (given) => ({
          ...given,
          statement: { ...given.statement, reason: reasonCommitment(SALT, 'something else') },
        }),
      },
    },
    { name: 'an approval used to deny', outcome: 'challenge-unknown', changes: { act: { action: 'deny' } } },
    { name: 'a decision in another role', outcome: 'other-statement', changes: { act: { role: 'legal' } } },
    {
      name: 'somebody else’s assertion',
      outcome: 'other-statement',
      changes: { act: { person: 'p_director' } },
    },
    {
      name: 'another origin',
      outcome: 'other-origin',
      changes: { given: withClient({ origin: 'https://dua1key.example' }) },
    },
    {
      name: 'a page within another site’s page',
      outcome: 'other-origin',
      changes: { given: withClient({ crossOrigin: true }) },
    },
    {
      name: 'a registration in an assertion’s place',
      outcome: 'other-statement',
      changes: { given: withClient({ type: 'webauthn.create' }) },
    },
    {
      name: 'another relying party',
      outcome: 'other-relying-party',
      changes: {
        given: withData((data) => createHash('sha256').update('other.example').digest().copy(data)),
      },
    },
    {
      name: 'user verification missing',
      outcome: 'user-not-verified',
      changes: { given: withData((data) => data.writeUInt8(0x01, 32)) },
    },
    {
      name: 'user verification added after the device signed',
      outcome: 'signature-invalid',
      changes: {
        given: (given) => {
          const unverified = withData((data) => data.writeUInt8(0x01, 32))(given);
          return {
            ...given,
            assertion: { ...unverified.assertion, authenticatorData: given.assertion.authenticatorData },
          };
        },
      },
    },
    {
      name: 'a counter that goes back',
      outcome: 'counter-went-back',
      changes: { device: { counter: 41 } },
    },
    {
      name: 'a counter that stands still',
      outcome: 'counter-went-back',
      changes: { device: { counter: 1 } },
    },
    {
      name: 'a counter that is nought again',
      outcome: 'counter-went-back',
      changes: { device: { counter: 1 }, given: withData((data) => data.writeUInt32BE(0, 33)) },
    },
    { name: 'an unenrolled device', outcome: 'device-not-enrolled', changes: { device: null } },
    {
      name: 'an unconfirmed device',
      outcome: 'device-not-confirmed',
      changes: { device: { state: 'pending', confirmed: null } },
    },
    {
      name: 'a revoked device',
      outcome: 'device-revoked',
      changes: { device: { state: 'revoked', revoked: { by: 'p_officer', at: NOON.toISOString() } } },
    },
    {
      name: 'a key that software keeps, where the region refuses those',
      outcome: 'software-device-refused',
      changes: { rules: { softwareDevices: 'refused' } },
    },
    {
      name: 'another key’s signature under the device’s id',
      outcome: 'signature-invalid',
      changes: { key: { ...newSoftwareKey(SITE, { counts: true }), credentialId: KEY.credentialId } },
    },
    {
      name: 'a device whose public key can’t be read',
      outcome: 'signature-invalid',
      changes: { device: { publicKey: 'AAAA' } },
    },
    {
      name: 'client data that are no JSON',
      outcome: 'malformed',
      changes: {
        given: (given) => ({ ...given, assertion: { ...given.assertion, clientDataJSON: 'AAAA' } }),
      },
    },
    {
      name: 'authenticator data that are cut short',
      outcome: 'malformed',
      changes: {
        given: (given) => ({ ...given, assertion: { ...given.assertion, authenticatorData: 'AAAA' } }),
      },
    },
    {
      name: 'a signature of nothing',
      outcome: 'malformed',
      changes: { given: (given) => ({ ...given, assertion: { ...given.assertion, signature: '' } }) },
    },
  ];

  // The device itself signed it, for this very challenge: nothing else is wrong.
  const OTHERWISE = [
    ['another act', { action: 'deny' }],
    ['another role', { role: 'legal' }],
    ['another person', { person: 'p_director' }],
    ['a time at which nothing was issued', { time: '2026-06-15T11:59:59.000Z' }],
    ['another nonce', { nonce: Buffer.alloc(32, 7).toString('base64url') }],
  ] satisfies [string, Partial<StepUpStatement>][];
  for (const [what, changed] of OTHERWISE) {
    attacks.push({
      name: `a statement that its own device signed with ${what}`,
      outcome: 'other-statement',
      changes: { given: ({ statement }) => signed(KEY, { ...statement, ...changed }) },
    });
  }
  attacks.push({
    name: 'a nonce that was issued to somebody else',
    outcome: 'other-statement',
    changes: { challenge: { person: 'p_director' } },
  });

  for (const { name, outcome, changes } of attacks) {
    it(name, async () => {
      expect(await outcomeOf(changes)).toBe(outcome);
    });
  }

  it('anything at all in the place of what the device signed', async () => {
    const text = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record({ authenticatorData: text, clientDataJSON: text, signature: text }, { requiredKeys: [] }),
        async (parts) => {
          const outcome = await outcomeOf({
            given: (given) => ({ ...given, assertion: { ...given.assertion, ...parts } }),
          });
          expect(outcome === 'verified').toBe(Object.keys(parts).length === 0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('any change of one bit of what the device signed', async () => {
    const part = fc.constantFrom('authenticatorData', 'clientDataJSON', 'signature');
    await fc.assert(
      fc.asyncProperty(part, fc.nat(), fc.nat(7), async (name, at, bit) => {
        const outcome = await outcomeOf({
          given: (given) => {
            const bytes = Buffer.from(given.assertion[name], 'base64url');
            const index = at % bytes.length;
            bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
            return { ...given, assertion: { ...given.assertion, [name]: bytes.toString('base64url') } };
          },
        });
        expect(outcome).not.toBe('verified');
      }),
      { numRuns: 200 },
    );
  });

  it('a statement that anybody changed in any field', async () => {
    const statement = statementFor(ACT, challengeFor(ACT));
    const other = assert(KEY, stepUpChallenge({ ...statement, role: 'legal' })).assertion;
    expect(await outcomeOf({ given: (given) => ({ ...given, assertion: other }) })).toBe('other-statement');
  });
});
