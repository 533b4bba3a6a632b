import { describe, expect, it } from '@jest/globals';
import { register, type SoftwareKey } from '../../../cli/authenticator/software-authenticator.ts';
import { enrolDevice } from '../../../functions/device/enrol-device.ts';
import { issueChallenge } from '../../../functions/device/issue-challenge.ts';
import {
  confirmDevice,
  type DeviceCall,
  listDevices,
  revokeDevice,
} from '../../../functions/device/settle-device.ts';
import { digestOf } from '../../../shared/domain/digest.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { Device, IssuedChallenge } from '../../../shared/domain/step-up.ts';
import type { DeviceStore } from '../../../shared/ports/device-store.ts';
import type { EventDraft } from '../../../shared/ports/grant-store.ts';
import type { StepUpRules } from '../../../shared/step-up/verify-step-up.ts';
import { inMemoryDirectory } from '../../fakes/in-memory-directory.ts';
import { inMemoryGrantStore } from '../../fakes/in-memory-grant-store.ts';
import { inMemoryRuleSets } from '../../fakes/in-memory-rule-sets.ts';
import { newKey, RULES } from '../../fakes/signing-person.ts';
import {
  auditor,
  checked,
  clerk,
  director,
  lawyer,
  NOON,
  officer,
  REGION,
} from '../../shared/policy/staff.ts';

/** Devices and nonces in memory, with what each change records. */
function devicesWorld(rules: Partial<StepUpRules> = {}) {
  const kept = new Map<string, Device>();
  const nonces = new Map<string, IssuedChallenge>();
  const events: { type: string; event: EventDraft }[] = [];
  const grants = inMemoryGrantStore();
  grants.seed(checked());

  function settle(type: string, device: Device, changes: Partial<Device>, event: EventDraft) {
    if (kept.get(device.credentialId)?.state !== device.state) return 'stale' as const;
    kept.set(device.credentialId, { ...device, ...changes });
    events.push({ type, event });
    return 'done' as const;
  }
  const devices: DeviceStore = {
    read: async (person, id) => {
      const device = kept.get(id);
      return device?.person === person ? device : null;
    },
    of: async (person) => [...kept.values()].filter((device) => device.person === person),
    async offer(device, { nonce }, event) {
      const issued = nonces.get(nonce);
      if (kept.has(device.credentialId) || issued?.usedAt !== undefined) return 'stale';
      kept.set(device.credentialId, device);
      if (issued !== undefined) nonces.set(nonce, { ...issued, usedAt: event.at.toISOString() });
      events.push({ type: 'device-offered', event });
      return 'done';
    },
    confirm: async (device, confirmed, event) =>
      settle('device-enrolled', device, { state: 'enrolled', confirmed }, event),
    revoke: async (device, revoked, event) =>
      settle('device-revoked', device, { state: 'revoked', revoked }, event),
  };
  const dependencies = {
    devices,
    grants,
    stepUps: {
      issue: async (challenge: IssuedChallenge) => {
        nonces.set(challenge.nonce, challenge);
      },
      known: async (person: string, nonce: string) => {
        const challenge = nonces.get(nonce);
        return { challenge: challenge?.person === person ? challenge : null, device: null };
      },
    },
    directory: inMemoryDirectory(lawyer, director, officer, auditor, clerk),
    ruleSets: inMemoryRuleSets(),
    region: REGION,
    rules: { ...RULES, ...rules },
  };

  async function nonceFor(actor: Person, now = NOON): Promise<string> {
    const { body } = await issueChallenge({ actor, body: { action: 'enrol' }, now }, dependencies);
    return String(Reflect.get(body, 'nonce'));
  }
  return {
    ...dependencies,
    kept,
    events,
    nonceFor,
    challenge: (actor: Person, action: 'approve' | 'open', subject: string) =>
      issueChallenge({ actor, body: { action, subject }, now: NOON }, dependencies),
    enrol: async (actor: Person, key: SoftwareKey, nonce?: string, now = NOON, signedFor = nonce) => {
      const own = nonce ?? (await nonceFor(actor));
      const registration = register(key, signedFor ?? own);
      return enrolDevice({ actor, body: { registration, nonce: own }, now }, dependencies);
    },
    confirm: (call: Omit<DeviceCall, 'now'>) => confirmDevice({ ...call, now: NOON }, dependencies),
    revoke: (call: Omit<DeviceCall, 'now'>) => revokeDevice({ ...call, now: NOON }, dependencies),
    list: (actor: Person, owner: string) => listDevices({ actor, owner, now: NOON }, dependencies),
  };
}

const of = (owner: Person, { credentialId }: SoftwareKey, actor: Person) => ({
  actor,
  owner: owner.personId,
  credentialId,
});

describe('a device', () => {
  it('is enrolled by its owner, waits, and is confirmed by somebody else; each is an event that names the key', async () => {
    const world = devicesWorld();
    const key = newKey();
    expect(await world.enrol(lawyer, key)).toMatchObject({
      status: 200,
      body: { credentialId: key.credentialId, state: 'pending', kind: 'software', confirmed: null },
    });
    expect(await world.confirm(of(lawyer, key, director))).toMatchObject({
      status: 200,
      body: { state: 'enrolled', confirmed: { by: 'p_director' } },
    });
    expect(world.events.map(({ type }) => type)).toEqual(['device-offered', 'device-enrolled']);
    for (const { event } of world.events) {
      expect(event.data).toMatchObject({
        credentialId: key.credentialId,
        publicKey: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      });
    }
  });

  it('ends no row of misoperations by its owner’s hand (R9): enrolled, enrolled again, or revoked', async () => {
    const world = devicesWorld();
    const key = newKey();
    const answers = [
      await world.enrol(lawyer, key),
      await world.enrol(lawyer, key, 'a nonce that nobody issued'),
      await world.revoke(of(lawyer, key, lawyer)),
    ];
    expect(answers.map(({ status, done }) => ({ status, done }))).toEqual(
      answers.map(() => ({ status: 200, done: undefined })),
    );
    const other = newKey();
    await world.enrol(lawyer, other);
    expect(await world.confirm(of(lawyer, other, director))).toMatchObject({ done: true });
  });

  it('is confirmed neither by its owner nor by somebody without the duty', async () => {
    const world = devicesWorld();
    const [own, lawyers] = [newKey(), newKey()];
    await world.enrol(director, own);
    await world.enrol(lawyer, lawyers);
    expect(await world.confirm(of(director, own, director))).toMatchObject({
      status: 403,
      body: { verdict: { reasons: ['own-device-not-confirmed-by-oneself'] } },
    });
    expect(await world.confirm(of(lawyer, lawyers, clerk))).toMatchObject({
      body: { verdict: { reasons: ['may-not-confirm-devices'] } },
    });
    expect([...world.kept.values()].map(({ state }) => state)).toEqual(['pending', 'pending']);
  });

  it('is revoked by its owner or infosec-director, for good', async () => {
    const world = devicesWorld();
    const [first, second] = [newKey(), newKey()];
    await world.enrol(lawyer, first);
    await world.enrol(lawyer, second);
    expect(await world.revoke(of(lawyer, first, officer))).toMatchObject({ status: 403 });
    expect(await world.revoke(of(lawyer, first, lawyer))).toMatchObject({ body: { state: 'revoked' } });
    expect(await world.revoke(of(lawyer, second, director))).toMatchObject({ body: { state: 'revoked' } });
    expect(await world.confirm(of(lawyer, first, director))).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['R5'], reasons: ['device-revoked'] } },
    });
    expect(await world.enrol(lawyer, first)).toMatchObject({
      body: { verdict: { reasons: ['device-revoked'] } },
    });
  });

  it('confirmed or revoked twice stays as it is, with one event', async () => {
    const world = devicesWorld();
    const key = newKey();
    await world.enrol(lawyer, key);
    for (const _ of [1, 2]) await world.confirm(of(lawyer, key, director));
    for (const _ of [1, 2]) await world.revoke(of(lawyer, key, lawyer));
    expect(world.events.map(({ type }) => type)).toEqual([
      'device-offered',
      'device-enrolled',
      'device-revoked',
    ]);
  });

  it('of nobody, or that nobody has, is not found', async () => {
    const world = devicesWorld();
    expect(await world.confirm({ ...of(lawyer, newKey(), director) })).toMatchObject({ status: 404 });
    expect(await world.list(director, 'p_nobody')).toMatchObject({ status: 404 });
  });

  it('is listed to its owner and to those who keep watch, with its fingerprint and without its key', async () => {
    const world = devicesWorld();
    await world.enrol(lawyer, newKey());
    const { body } = await world.list(auditor, lawyer.personId);
    expect(body).toMatchObject({ devices: [{ fingerprint: expect.stringMatching(/^sha256:/) }] });
    expect(JSON.stringify(body)).not.toContain('publicKey');
    expect(await world.list(clerk, lawyer.personId)).toMatchObject({ status: 403 });
  });
});

describe('an enrolment is refused', () => {
  it('where the region takes no key that software keeps', async () => {
    const world = devicesWorld({ softwareDevices: 'refused' });
    expect(await world.enrol(lawyer, newKey())).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['R5'], reasons: ['software-device-refused'] } },
    });
    expect(world.kept.size).toBe(0);
  });

  it('for a nonce that was issued to somebody else, or for another act, or is old, or was used', async () => {
    const world = devicesWorld();
    const theirs = await world.nonceFor(officer);
    expect(await world.enrol(lawyer, newKey(), theirs)).toMatchObject({
      body: { verdict: { reasons: ['step-up-not-asked-for'] } },
    });
    const { body } = await world.challenge(lawyer, 'open', 'req_1');
    expect(await world.enrol(lawyer, newKey(), String(Reflect.get(body, 'nonce')))).toMatchObject({
      body: { verdict: { reasons: ['step-up-not-asked-for'] } },
    });
    const own = await world.nonceFor(lawyer);
    const late = new Date(NOON.getTime() + 300_001);
    expect(await world.enrol(lawyer, newKey(), own, late)).toMatchObject({
      body: { verdict: { reasons: ['step-up-too-old'] } },
    });
    expect(await world.enrol(lawyer, newKey(), own)).toMatchObject({ status: 200 });
    expect(await world.enrol(lawyer, newKey(), own)).toMatchObject({
      body: { verdict: { reasons: ['step-up-used-already'] } },
    });
  });

  it('where the registration is of another nonce, or of another site', async () => {
    const world = devicesWorld();
    const [one, other] = [await world.nonceFor(lawyer), await world.nonceFor(lawyer)];
    const invalid = { body: { verdict: { rules: ['A6'], reasons: ['device-registration-not-valid'] } } };
    expect(await world.enrol(lawyer, newKey(), one, NOON, other)).toMatchObject(invalid);
    const elsewhere = { ...newKey(), origin: 'https://elsewhere.example' };
    expect(await world.enrol(lawyer, elsewhere, one)).toMatchObject(invalid);
    const otherSite = { ...newKey(), rpId: 'elsewhere.example' };
    expect(await world.enrol(lawyer, otherSite, one)).toMatchObject(invalid);
  });

  it('for a device too many, until one is revoked', async () => {
    const world = devicesWorld();
    const keys = Array.from({ length: LIMITS.devicesPerPerson }, () => newKey());
    for (const key of keys) expect(await world.enrol(lawyer, key)).toMatchObject({ status: 200 });
    expect(await world.enrol(lawyer, newKey())).toMatchObject({
      body: { verdict: { reasons: ['too-many-devices'] } },
    });
    for (const key of keys.slice(0, 1)) await world.revoke(of(lawyer, key, lawyer));
    expect(await world.enrol(lawyer, newKey())).toMatchObject({ status: 200 });
  });
});

describe('a nonce', () => {
  it('comes with the role that is decided in, and nothing of the request', async () => {
    const world = devicesWorld();
    const grant = checked();
    const { body } = await world.challenge(officer, 'approve', grant.requestId);
    expect(body).toMatchObject({
      role: 'privacy-officer',
      person: 'p_officer',
      rpId: RULES.relyingParty.rpId,
    });
    expect(JSON.stringify(body)).not.toContain(grant.requestDigest ?? digestOf({}));
    expect((await world.challenge(clerk, 'approve', grant.requestId)).body).toMatchObject({ role: null });
    expect((await world.challenge(officer, 'approve', 'req_none')).body).toMatchObject({ role: null });
    expect((await world.challenge(lawyer, 'open', grant.requestId)).body).toMatchObject({ role: null });
  });

  it('is another each time', async () => {
    const world = devicesWorld();
    expect(await world.nonceFor(lawyer)).not.toBe(await world.nonceFor(lawyer));
  });
});
