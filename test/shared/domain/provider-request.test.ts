import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canProviderMove,
  PROVIDER_STATES,
  PROVIDER_TRANSITIONS,
  type ProviderState,
  type ProviderTransition,
  providerPriorStates,
  providerStateAfter,
} from '../../../shared/domain/provider-request.ts';

const TRANSITIONS = Object.keys(PROVIDER_TRANSITIONS).filter(isTransition);

function isTransition(name: string): name is ProviderTransition {
  return Object.hasOwn(PROVIDER_TRANSITIONS, name);
}

/** The states that a walk of these attempts goes through: what isn't allowed changes nothing. */
function walk(attempts: ProviderTransition[]): ProviderState[] {
  const path: ProviderState[] = ['drafted'];
  for (const transition of attempts) {
    const from = path.at(-1) ?? 'drafted';
    if (canProviderMove(from, transition)) path.push(providerStateAfter(from, transition));
  }
  return path;
}

const walks = fc.array(fc.constantFrom(...TRANSITIONS), { maxLength: 30 }).map(walk);

describe('the states of a provider request', () => {
  it('are each reached, and each transition has prior states', () => {
    const reached = new Set<ProviderState>(['drafted']);
    for (const transition of TRANSITIONS) {
      expect(providerPriorStates(transition).length).toBeGreaterThan(0);
      for (const from of providerPriorStates(transition)) reached.add(providerStateAfter(from, transition));
    }
    expect([...reached].sort()).toEqual([...PROVIDER_STATES].sort());
  });

  it('never answer, refuse or fall overdue what was not sent', () => {
    fc.assert(
      fc.property(walks, (path) => {
        const first = path.findIndex((state) => ['answered', 'refused', 'overdue'].includes(state));
        if (first >= 0) expect(path.slice(0, first)).toContain('sent');
      }),
    );
  });

  it('go on from overdue to an answer or a refusal, and end at either', () => {
    expect(canProviderMove('overdue', 'answer')).toBe(true);
    expect(canProviderMove('overdue', 'refuse')).toBe(true);
    fc.assert(
      fc.property(walks, (path) => {
        const ended = path.findIndex((state) => ['answered', 'refused', 'withdrawn'].includes(state));
        if (ended >= 0) expect(new Set(path.slice(ended)).size).toBe(1);
      }),
    );
  });

  it('are never drafted or sent again', () => {
    fc.assert(
      fc.property(walks, (path) => {
        const states = path.filter((state, index) => state !== path[index - 1]);
        expect(new Set(states).size).toBe(states.length);
      }),
    );
  });

  it('take no letter once it is over: nobody is asked who has answered', () => {
    for (const state of ['answered', 'refused', 'withdrawn'] as const) {
      expect(canProviderMove(state, 'issue')).toBe(false);
      expect(canProviderMove(state, 'withdraw')).toBe(false);
    }
  });
});
