import { describe, expect, it } from '@jest/globals';
import { CUSTODY_EVENTS } from '../../../shared/domain/custody-event.ts';
import {
  canMove,
  FINAL_STATES,
  priorStates,
  REQUEST_STATES,
  type RequestState,
  TRANSITIONS,
} from '../../../shared/domain/request-states.ts';

const TABLE = Object.entries(TRANSITIONS).map(([name, { from, to, event }]) => ({
  name,
  from: from.map((state): RequestState => state),
  to,
  event,
}));

function next(state: RequestState): RequestState[] {
  return TABLE.filter(({ from }) => from.includes(state)).map(({ to }) => to);
}

function reachable(from: RequestState, without: RequestState[] = []): Set<RequestState> {
  const seen = new Set<RequestState>([from]);
  for (const state of seen) for (const to of next(state)) if (!without.includes(to)) seen.add(to);
  return seen;
}

describe('the life of a request', () => {
  it('reaches every state from the first', () => {
    expect([...reachable('requested')].sort()).toEqual([...REQUEST_STATES].sort());
  });

  it('can always come to an end', () => {
    for (const state of REQUEST_STATES) {
      expect([...reachable(state)].some((end) => FINAL_STATES.includes(end))).toBe(true);
    }
  });

  it('ends for good in these states alone', () => {
    expect([...FINAL_STATES].sort()).toEqual(
      ['archived', 'denied', 'failed', 'lapsed', 'refused', 'withdrawn'].sort(),
    );
    for (const state of FINAL_STATES) expect(next(state)).toEqual([]);
  });

  it('is open only after approval and provision', () => {
    expect(reachable('requested', ['awaiting-approval']).has('open')).toBe(false);
    expect(reachable('requested', ['provisioning']).has('open')).toBe(false);
    expect(TABLE.filter(({ to }) => to === 'provisioning').map(({ name }) => name)).toEqual(['complete']);
  });

  it('never goes back', () => {
    for (const state of REQUEST_STATES) {
      for (const later of reachable(state)) {
        if (later !== state) expect(reachable(later).has(state)).toBe(false);
      }
    }
  });

  it('writes an event that custody knows with each transition', () => {
    for (const { event } of TABLE) expect(CUSTODY_EVENTS).toContain(event);
    expect(new Set(CUSTODY_EVENTS).size).toBe(CUSTODY_EVENTS.length);
  });

  it('has the prior states of a transition as its condition', () => {
    expect(TABLE.filter(({ from }) => from.length === 0)).toEqual([]);
    expect(priorStates('open')).toEqual(['open']);
    expect(canMove('open', 'close')).toBe(true);
    expect(canMove('closed', 'open')).toBe(false);
    expect(canMove('failed', 'archive')).toBe(false);
  });
});
