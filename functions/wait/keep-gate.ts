import { z } from 'zod';
import { ROLE_NAMES } from '../../shared/domain/roles.ts';
import { startInputSchema } from '../../shared/domain/step-input.ts';
import { gatePassed } from '../../shared/loop/gate-passed.ts';
import { RequestMissingError } from '../../shared/loop/move-as-it-stands.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import type { Workflow } from '../../shared/ports/workflow.ts';

export const waitInputSchema = startInputSchema.extend({
  gate: z.union([z.literal('end'), z.templateLiteral(['approval:', z.enum(ROLE_NAMES)])]),
  token: z.string().min(1),
});
export type WaitInput = z.infer<typeof waitInputSchema>;

export type KeepGateDependencies = {
  store: Pick<GrantStore, 'keepToken' | 'dropToken' | 'read'>;
  workflow: Pick<Workflow, 'release' | 'giveUp'>;
  /** Something broke that the reconciler will finish: it is reported, not thrown. */
  broke(error: unknown): void;
};

const ATTEMPTS = 3;

/**
 * Keeps the token of a gate, then looks whether the gate was passed already: a decision that came first found no token
 * to give back. A token that can't be kept is given back as failed, for the task to be tried again: a function that
 * throws here may leave the workflow waiting for a token that nobody has.
 */
export async function keepGate(
  input: WaitInput,
  dependencies: KeepGateDependencies,
): Promise<{ gate: string; outcome: 'kept' | 'released' | 'given-up' }> {
  const { store, workflow, broke } = dependencies;
  const { requestId, gate, token } = input;
  if (!(await isKept(input, dependencies))) {
    await workflow.giveUp(token);
    return { gate, outcome: 'given-up' };
  }
  try {
    const grant = await store.read(requestId);
    if (grant === null) throw new RequestMissingError(`There is no request ${requestId}`);
    if (!gatePassed(grant, gate)) return { gate, outcome: 'kept' };
    await workflow.release(token);
    await store.dropToken(requestId, gate);
    return { gate, outcome: 'released' };
  } catch (error) {
    // The token is kept, and its row wakes the reconciler.
    broke(error);
    return { gate, outcome: 'kept' };
  }
}

async function isKept(
  { requestId, gate, token }: WaitInput,
  { store, broke }: KeepGateDependencies,
): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      await store.keepToken(requestId, gate, token);
      return true;
    } catch (error) {
      broke(error);
    }
  }
  return false;
}
