import type { SoftwareKey } from '../../cli/authenticator/software-authenticator.ts';
import type { Device, IssuedChallenge, StepUpBody, StepUpUse } from '../../shared/domain/step-up.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { StepUpSources } from '../../shared/step-up/take-step-up.ts';
import type { ActToSign } from '../../shared/step-up/verify-step-up.ts';
import { challengeFor, deviceOf, newKey, RULES, signed, statementFor } from './signing-person.ts';

/**
 * Nonces and devices in memory, and people who sign with them: each has a device of the own, enrolled and confirmed, the
 * first time they sign.
 */
export function inMemoryStepUps() {
  const keys = new Map<string, SoftwareKey>();
  const devices = new Map<string, Device>();
  const challenges = new Map<string, IssuedChallenge>();
  const at = (person: string, id: string) => `${person} ${id}`;

  return {
    keys,
    devices,
    challenges,

    /** What somebody gives who does this: a nonce of now, signed by the own device. */
    sign(act: ActToSign): StepUpBody {
      const { person } = act;
      // Counts nothing, so that people may sign side by side.
      const key = keys.get(person) ?? newKey(false);
      if (!keys.has(person)) {
        keys.set(person, key);
        devices.set(at(person, key.credentialId), deviceOf(key, person));
      }
      const challenge = challengeFor(act, challenges.size + 1);
      challenges.set(at(person, challenge.nonce), challenge);
      return signed(key, statementFor(act, challenge));
    },

    /** The device that somebody signs with. */
    deviceOf(person: string): Device {
      const device = devices.get(at(person, keys.get(person)?.credentialId ?? ''));
      if (device === undefined) throw new Error(`${person} has signed nothing yet`);
      return device;
    },
    change(device: Device, changes: Partial<Device>): void {
      devices.set(at(device.person, device.credentialId), { ...device, ...changes });
    },

    /** As the transaction of what a step-up serves: false where its conditions fail, and nothing is written. */
    use(use: StepUpUse): boolean {
      const challenge = challenges.get(at(use.person, use.nonce));
      const device = devices.get(at(use.person, use.credentialId));
      if (challenge === undefined || challenge.usedAt !== undefined || device?.state !== 'enrolled')
        return false;
      if (use.counter.after > 0 && use.counter.after <= device.counter) return false;
      challenges.set(at(use.person, use.nonce), { ...challenge, usedAt: use.at.toISOString() });
      devices.set(at(use.person, use.credentialId), { ...device, counter: use.counter.after });
      return true;
    },

    read: async (person: string, credentialId: string): Promise<Device | null> =>
      structuredClone(devices.get(at(person, credentialId)) ?? null),

    /** What a step works with. */
    sources(evidence: Pick<ObjectStore, 'putOnce'>): StepUpSources {
      return {
        store: {
          known: async (person, nonce, credentialId) => ({
            challenge: structuredClone(challenges.get(at(person, nonce)) ?? null),
            device: structuredClone(devices.get(at(person, credentialId)) ?? null),
          }),
        },
        evidence,
        rules: RULES,
      };
    },
  };
}
export type InMemoryStepUps = ReturnType<typeof inMemoryStepUps>;
