import { sha256 } from '../domain/digest.ts';
import {
  type StepUpBody,
  type StepUpEvidence,
  type StepUpReference,
  stepUpEvidenceBytes,
  stepUpEvidenceKey,
} from '../domain/step-up.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { KnownStepUp, StepUpStore } from '../ports/step-up-store.ts';
import { type ActToSign, type CheckedStepUp, type StepUpRules, verifyStepUp } from './verify-step-up.ts';

export type StepUpSources = {
  store: Pick<StepUpStore, 'known'>;
  evidence: Pick<ObjectStore, 'putOnce'>;
  rules: StepUpRules;
};

const NOTHING_KNOWN: KnownStepUp = { challenge: null, device: null };

/** Reads what is known of a step-up, and checks it. Where none is given nothing is read. */
export async function checkStepUp(
  given: StepUpBody | undefined,
  act: ActToSign,
  { store, rules }: Pick<StepUpSources, 'store' | 'rules'>,
): Promise<CheckedStepUp> {
  const known =
    given === undefined
      ? NOTHING_KNOWN
      : await store.known(act.person, given.statement.nonce, given.assertion.credentialId);
  return verifyStepUp(given, act, known, rules);
}

/**
 * Keeps the evidence of a step-up, by its digest, before what it serves is written: what the row names is there. Evidence
 * that no row or event names is of an act that came to nothing.
 */
export async function keepStepUp(
  content: StepUpEvidence,
  { evidence }: Pick<StepUpSources, 'evidence'>,
): Promise<Omit<StepUpReference, 'reasonSalt'>> {
  const bytes = stepUpEvidenceBytes(content);
  const digest = sha256(bytes);
  await evidence.putOnce(stepUpEvidenceKey(digest), bytes, { contentType: 'application/json' });
  return { credentialId: content.credential.credentialId, evidence: digest };
}
