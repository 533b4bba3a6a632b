import type { Device, IssuedChallenge } from '../domain/step-up.ts';

/** What the directory table knows of a step-up that somebody gives: the nonce, and the device that signed. */
export type KnownStepUp = { challenge: IssuedChallenge | null; device: Device | null };

/** Nonces and devices of one person, read consistently. What is verified is used up by the store of what it serves. */
export type StepUpStore = {
  /** Keeps a new nonce; those of the person that are long over go. */
  issue(challenge: IssuedChallenge): Promise<void>;
  /** One call of AWS. */
  known(person: string, nonce: string, credentialId: string): Promise<KnownStepUp>;
};
