import { createHash, createPrivateKey, randomUUID, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Api } from '../../cli/api.ts';
import { deviceKeys } from '../../cli/authenticator/device-keys.ts';
import {
  assert,
  newSoftwareKey,
  register,
  type SoftwareKey,
} from '../../cli/authenticator/software-authenticator.ts';
import { releaseHold } from '../../cli/commands/hold.ts';
import type { ShownRequest } from '../../cli/commands/request.ts';
import { issuedSchema } from '../../cli/step-up.ts';
import { digestOf } from '../../shared/domain/digest.ts';
import {
  type StepUpBody,
  stepUpChallenge,
  stepUpEvidenceKey,
  stepUpEvidenceSchema,
} from '../../shared/domain/step-up.ts';
import { verifiedApprovals } from '../support/unpacked.ts';
import { personOf } from './support/directory.ts';
import { enrol } from './support/enrol.ts';
import { expectState, objectText } from './support/reading.ts';
import {
  as,
  conversation,
  decide,
  type Guest,
  ingest,
  newGuest,
  openGrant,
  openOnce,
  reached,
  refusal,
  request,
  requestFor,
  signedDecision,
  signedOpening,
} from './support/retrieval.ts';

const answered = z.looseObject({});
const device = z.looseObject({ credentialId: z.string(), state: z.string(), kind: z.string() });
const shownEvents = z.object({
  events: z.array(z.object({ type: z.string(), actor: z.string(), data: z.looseObject({}) })),
});
const REASON = '案件需要 needed for the matter';

/** The officer's decision, with the step-up as `change` leaves it. */
async function approveWith(
  shown: ShownRequest,
  change: (stepUp: StepUpBody, key: SoftwareKey) => StepUpBody | undefined,
  body: { reason?: string } = {},
) {
  const officer = await as('privacy-officer');
  const about = { decision: 'approve' as const, reason: REASON, requestDigest: shown.requestDigest ?? '' };
  const stepUp = change(await signedDecision(officer, shown.requestId, about), await keyOf(officer));
  return refusal(
    officer.post(`/requests/${shown.requestId}/decisions`, { ...about, ...body, stepUp }, answered),
  );
}

async function keyOf(api: Api): Promise<SoftwareKey> {
  const { key } = await deviceKeys(api.username).read();
  if (key === null) throw new Error(`${api.username} has no device key`);
  return key;
}

/** The same statement, signed over authenticator data that were changed. */
function overData(
  { statement, assertion, ...rest }: StepUpBody,
  key: SoftwareKey,
  change: (data: Buffer) => void,
) {
  const data = Buffer.from(assertion.authenticatorData, 'base64url');
  change(data);
  const clientHash = createHash('sha256').update(Buffer.from(assertion.clientDataJSON, 'base64url')).digest();
  const privateKey = createPrivateKey({
    key: Buffer.from(key.privateKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  const signature = sign('sha256', Buffer.concat([data, clientHash]), privateKey).toString('base64url');
  return {
    ...rest,
    statement,
    assertion: { ...assertion, authenticatorData: data.toString('base64url'), signature },
  };
}

/** Enrols a further device of this person, as it stands after: waiting for somebody else. */
describe('steps-up on the deployed stack', () => {
  let guest: Guest;
  let shown: ShownRequest;

  beforeAll(async () => {
    guest = newGuest();
    await ingest(conversation(guest, 4));
    shown = await request(requestFor(guest));
  });

  it('refuse a decision that nobody’s device signed, under A6', async () => {
    expect(await approveWith(shown, () => undefined)).toMatchObject({
      rules: ['A6'],
      reasons: ['step-up-missing'],
    });
  });

  it('refuse a reason that is not the one that was signed', async () => {
    const verdict = await approveWith(shown, (same) => same, { reason: 'something else' });
    expect(verdict).toMatchObject({ rules: ['A6'], reasons: ['reason-differs-from-what-was-signed'] });
  });

  it('refuse another request’s assertion', async () => {
    const other = await request(requestFor(guest));
    const officer = await as('privacy-officer');
    const about = { decision: 'approve' as const, reason: REASON, requestDigest: shown.requestDigest ?? '' };
    const stepUp = await signedDecision(officer, shown.requestId, about);
    const body = { ...about, requestDigest: other.requestDigest, stepUp };
    const verdict = await refusal(officer.post(`/requests/${other.requestId}/decisions`, body, answered));
    expect(verdict).toMatchObject({ rules: ['A6'], reasons: ['step-up-is-of-another-request'] });
  });

  it('refuse another origin, and a device that didn’t verify its user', async () => {
    const fromElsewhere = await approveWith(shown, ({ statement, ...rest }, key) => ({
      ...rest,
      statement,
      assertion: assert({ ...key, origin: 'https://elsewhere.example' }, stepUpChallenge(statement))
        .assertion,
    }));
    expect(fromElsewhere).toMatchObject({ rules: ['A6'], reasons: ['step-up-from-another-origin'] });
    const unverified = await approveWith(shown, (stepUp, key) =>
      overData(stepUp, key, (data) => data.writeUInt8(0x01, 32)),
    );
    expect(unverified).toMatchObject({ rules: ['A6'], reasons: ['user-not-verified-by-the-device'] });
  });

  it('refuse a step-up of more than five minutes ago', async () => {
    const officer = await as('privacy-officer');
    const about = { decision: 'approve' as const, reason: REASON, requestDigest: shown.requestDigest ?? '' };
    const asOf = new Date(Date.now() - 301_000).toISOString();
    const stepUp = await signedDecision(officer, shown.requestId, { ...about, asOf });
    const body = { ...about, stepUp };
    const verdict = await refusal(officer.post(`/requests/${shown.requestId}/decisions`, body, answered));
    expect(verdict).toMatchObject({ rules: ['A6'], reasons: ['step-up-too-old'] });
  });

  it('refuse the release of a hold that nobody’s device signed, and take one that it did', async () => {
    const legal = await as('legal');
    const { holdId } = await legal.post(
      '/holds',
      { matter: 'M-2026-088', hotel: 'SHA01', subject: { kind: 'wecom', value: guest.wecom } },
      z.looseObject({ holdId: z.string() }),
    );
    const verdict = await refusal(legal.post(`/holds/${holdId}/release`, { reason: REASON }, answered));
    expect(verdict).toMatchObject({ rules: ['A6'], reasons: ['step-up-missing'] });
    expect(await releaseHold(legal, holdId, REASON)).toMatchObject({ state: 'released' });
    // Said again it stands, and needs no new signature.
    expect(await legal.post(`/holds/${holdId}/release`, { reason: REASON }, answered)).toMatchObject({
      state: 'released',
    });
  });
});

describe('one step-up', () => {
  it('serves one opening, however many come with it at once; the same key again needs none', async () => {
    const { shown } = await openGrant(4, { opens: 3 });
    const legal = await as('legal');
    const { requestId } = shown;
    const stepUp = await signedOpening(legal, requestId);
    const keys = Array.from({ length: 4 }, () => randomUUID());
    const race = await Promise.allSettled(
      keys.map((key) => legal.post(`/requests/${requestId}/openings`, { key, stepUp }, answered)),
    );
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const lost of race) {
      if (lost.status === 'rejected')
        expect(lost.reason).toMatchObject({ verdict: { rules: ['A6'], reasons: ['step-up-used-already'] } });
    }
    const won = keys[race.findIndex(({ status }) => status === 'fulfilled')];
    expect(await legal.post(`/requests/${requestId}/openings`, { key: won }, answered)).toMatchObject({
      opensLeft: 2,
    });
  });

  it('leaves evidence that is named on the approval, in its event and in the package, and verifies by itself', async () => {
    const { shown } = await openGrant();
    const { requestId } = shown;
    const opened = await openOnce(requestId);
    const zip = Buffer.from(await (await fetch(opened.url)).arrayBuffer());
    const { code, output } = await verifiedApprovals(zip);
    expect(output).toContain(`${(await personOf('privacy-officer')).personId} as privacy-officer`);
    expect(code).toBe(0);

    const { events } = shownEvents.parse(await reached(requestId, 'open'));
    const signed = events.filter(({ type }) => type === 'request-approved' || type === 'grant-opened');
    expect(signed).toHaveLength(3);
    for (const { data, actor } of signed) {
      const digest = z.object({ stepUp: z.string() }).parse(data).stepUp;
      const text = await objectText('evidence', stepUpEvidenceKey(digest));
      const evidence = stepUpEvidenceSchema.parse(JSON.parse(text));
      expect(digestOf(evidence)).toBe(digest);
      expect(evidence.statement).toMatchObject({ subject: requestId, person: actor });
      expect(text).not.toContain('needed for the matter');
    }
  });
});

describe('a device', () => {
  // Of somebody whom no other test needs.
  const who = () => as('privacy-officer', 2);
  let keptKey: SoftwareKey | null;

  beforeAll(async () => {
    keptKey = (await deviceKeys((await who()).username).read()).key;
  });
  afterAll(async () => {
    if (keptKey !== null) await deviceKeys((await who()).username).use(keptKey);
  });

  it('signs nothing before another person confirmed it, counts, and signs nothing once it is revoked', async () => {
    const officer = await who();
    const { personId } = await personOf('privacy-officer', 2);
    const { key, credentialId } = await enrol(officer);
    await deviceKeys(officer.username).use(key);
    const guest = newGuest();
    await ingest(conversation(guest, 2));
    const [first, second] = [await request(requestFor(guest)), await request(requestFor(guest))];

    const unconfirmed = await refusal(decide(first, 'privacy-officer', 'approve', {}, 2));
    expect(unconfirmed).toMatchObject({ rules: ['R5'], reasons: ['device-not-confirmed'] });
    const byOneself = await refusal(
      officer.post('/devices/confirm', { person: personId, credentialId }, device),
    );
    expect(byOneself.reasons).toContain('own-device-not-confirmed-by-oneself');
    const director = await as('infosec-director', 2);
    expect(await director.post('/devices/confirm', { person: personId, credentialId }, device)).toMatchObject(
      { state: 'enrolled' },
    );

    await deviceKeys(officer.username).use(key);
    expect(await decide(first, 'privacy-officer', 'approve', {}, 2)).toMatchObject({
      state: 'awaiting-approval',
    });
    // The key as it was before it signed, as a copy of it would be.
    await deviceKeys(officer.username).use(key);
    const copied = await refusal(decide(second, 'privacy-officer', 'approve', {}, 2));
    expect(copied).toMatchObject({ rules: ['A6'], reasons: ['device-counter-went-back'] });

    expect(await director.post('/devices/revoke', { person: personId, credentialId }, device)).toMatchObject({
      state: 'revoked',
    });
    const revoked = await refusal(decide(second, 'privacy-officer', 'approve', {}, 2));
    expect(revoked).toMatchObject({ rules: ['R5'], reasons: ['device-revoked'] });
    expect(await refusal(officer.post('/devices', await registration(officer, key), device))).toMatchObject({
      reasons: ['device-revoked'],
    });

    // Its owner goes on with the other one.
    if (keptKey !== null) await deviceKeys(officer.username).use(keptKey);
    expect(await decide(second, 'privacy-officer', 'deny', {}, 2)).toMatchObject({ state: 'denied' });
    const { devices } = await officer.get('/devices', z.object({ devices: z.array(device) }));
    expect(devices.map(({ state }) => state).sort()).toEqual(['enrolled', 'revoked']);
  });

  it('that nobody enrolled signs nothing', async () => {
    const guest = newGuest();
    await ingest(conversation(guest, 2));
    const shown = await request(requestFor(guest));
    const verdict = await approveWith(shown, ({ statement, ...rest }, { rpId, origin }) => ({
      ...rest,
      statement,
      assertion: assert(newSoftwareKey({ rpId, origin }, { counts: true }), stepUpChallenge(statement))
        .assertion,
    }));
    expect(verdict).toMatchObject({ rules: ['R5'], reasons: ['device-not-enrolled'] });
    await (await as('legal')).post(`/requests/${shown.requestId}/withdraw`, {}, expectState('withdrawn'));
  });

  it('is seen by its owner and by those who keep watch, and by nobody else', async () => {
    const { personId } = await personOf('privacy-officer', 2);
    const listed = z.object({ person: z.string(), devices: z.array(device) });
    expect(await (await as('auditor')).get(`/devices?person=${personId}`, listed)).toMatchObject({
      person: personId,
    });
    const verdict = await refusal((await as('sales')).get(`/devices?person=${personId}`, listed));
    expect(verdict).toMatchObject({ rules: ['R5'], reasons: ['may-not-see-devices'] });
  });
});

async function registration(api: Api, key: SoftwareKey) {
  const { nonce } = await api.post('/step-up/challenges', { action: 'enrol' }, issuedSchema);
  return { nonce, registration: register(key, nonce) };
}
