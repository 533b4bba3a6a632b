import { expect } from '@jest/globals';
import { z } from 'zod';
import type { Api } from '../../../cli/api.ts';
import {
  newSoftwareKey,
  register,
  type SoftwareKey,
} from '../../../cli/authenticator/software-authenticator.ts';
import { issuedSchema } from '../../../cli/step-up.ts';

const device = z.looseObject({ credentialId: z.string(), state: z.string(), kind: z.string() });

/** Enrols a software key that counts, which waits for a second person; `key` instead of a new one. */
export async function enrol(
  api: Api,
  key?: SoftwareKey,
): Promise<{ key: SoftwareKey; credentialId: string }> {
  const issued = await api.post('/step-up/challenges', { action: 'enrol' }, issuedSchema);
  const own = key ?? newSoftwareKey({ rpId: issued.rpId, origin: issued.origins[0] ?? '' }, { counts: true });
  const registration = register(own, issued.nonce);
  const enrolled = await api.post('/devices', { nonce: issued.nonce, registration }, device);
  expect(enrolled).toMatchObject({ state: 'pending', kind: 'software', credentialId: own.credentialId });
  return { key: own, credentialId: own.credentialId };
}
