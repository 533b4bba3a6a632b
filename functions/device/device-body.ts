import { z } from 'zod';
import { ROLE_NAMES } from '../../shared/domain/roles.ts';
import { credentialIdSchema, STEP_UP_ACTIONS } from '../../shared/domain/step-up.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';

const ID_CHARACTERS = 80;
/** An attestation may carry a chain of certificates. */
const REGISTRATION_CHARACTERS = 16_384;
const personId = z.string().min(1).max(ID_CHARACTERS);

/** The body of `POST /step-up/challenges`. */
export function challengeBodySchema(clock: 'system' | 'injectable') {
  return z.discriminatedUnion('action', [
    z.strictObject({
      action: z.enum(STEP_UP_ACTIONS),
      /** Id of the request, of the hold, or of the person who is unlocked. */
      subject: z.string().min(1).max(ID_CHARACTERS),
      /** For somebody who holds several roles of the route. */
      role: z.enum(ROLE_NAMES).optional(),
      asOf: asOfField(clock),
    }),
    z.strictObject({ action: z.literal('enrol'), asOf: asOfField(clock) }),
  ]);
}
export type ChallengeBody = z.infer<ReturnType<typeof challengeBodySchema>>;

/** The body of `POST /devices`: what `navigator.credentials.create` gave, as RegistrationResponseJSON. */
export function enrolBodySchema(clock: 'system' | 'injectable') {
  const part = z.string().max(REGISTRATION_CHARACTERS);
  return z.strictObject({
    registration: z.object({
      id: credentialIdSchema,
      rawId: credentialIdSchema,
      type: z.literal('public-key'),
      response: z.object({ clientDataJSON: part, attestationObject: part }),
    }),
    /** The nonce that it was registered with. */
    nonce: z.string().max(ID_CHARACTERS),
    asOf: asOfField(clock),
  });
}
export type EnrolBody = z.infer<ReturnType<typeof enrolBodySchema>>;

/** The body of `POST /devices/confirm`. */
export function confirmBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({ person: personId, credentialId: credentialIdSchema, asOf: asOfField(clock) });
}

/** The body of `POST /devices/revoke`: of the own device where no person is named. */
export function revokeBodySchema(clock: 'system' | 'injectable') {
  return z.strictObject({
    person: personId.optional(),
    credentialId: credentialIdSchema,
    asOf: asOfField(clock),
  });
}
