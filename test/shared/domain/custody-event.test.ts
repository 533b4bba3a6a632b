import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ChainHead,
  CUSTODY_EVENTS,
  type CustodyEvent,
  custodyEventSchema,
  EMPTY_CHAIN,
  faultInChain,
  nextEvent,
} from '../../../shared/domain/custody-event.ts';

const AT = new Date('2026-06-15T12:00:00.000Z');

function chain(length: number, subject = 'request/req_1'): CustodyEvent[] {
  const events: CustodyEvent[] = [];
  let head: ChainHead = EMPTY_CHAIN;
  for (let index = 0; index < length; index += 1) {
    const event = nextEvent(head, {
      subject,
      type: CUSTODY_EVENTS[index % CUSTODY_EVENTS.length] ?? 'request-made',
      at: new Date(AT.getTime() + index),
      actor: 'p_lawyer',
      data: { rules: ['T7'], records: index, ended: null, complete: true },
    });
    events.push(event);
    head = { sequence: event.sequence, digest: event.digest };
  }
  return events;
}

const changes: ((event: CustodyEvent) => CustodyEvent)[] = [
  (event) => ({ ...event, subject: 'request/req_2' }),
  (event) => ({ ...event, sequence: event.sequence + 1 }),
  (event) => ({ ...event, type: event.type === 'hold-placed' ? 'hold-released' : 'hold-placed' }),
  (event) => ({ ...event, at: '2026-06-15T12:00:59.000Z' }),
  (event) => ({ ...event, actor: 'p_other' }),
  (event) => ({ ...event, data: { ...event.data, records: 999 } }),
  (event) => ({ ...event, data: { ...event.data, more: 'x' } }),
  (event) => ({ ...event, salt: '0'.repeat(32) }),
  (event) => ({ ...event, previous: `sha256:${'0'.repeat(64)}` }),
  (event) => ({ ...event, digest: `sha256:${'0'.repeat(64)}` }),
];
const length = fc.integer({ min: 2, max: 8 });

describe('a chain of custody events', () => {
  it('is whole as it was written', () => {
    fc.assert(fc.property(length, (count) => expect(faultInChain(chain(count))).toBeNull()));
    expect(faultInChain([])).toBeNull();
    for (const event of chain(3)) expect(custodyEventSchema.safeParse(event).success).toBe(true);
  });

  it('shows any change of any event', () => {
    fc.assert(
      fc.property(length, fc.nat(), fc.constantFrom(...changes), (count, at, change) => {
        const events = chain(count);
        const index = at % count;
        const changed = events.map((event, position) => (position === index ? change(event) : event));
        expect(faultInChain(changed)).not.toBeNull();
      }),
    );
  });

  it('shows an event that is missing, doubled, moved or from another chain', () => {
    fc.assert(
      fc.property(length, fc.nat(), (count, at) => {
        const events = chain(count);
        const index = at % count;
        const [event] = events.slice(index, index + 1);
        if (event === undefined) return;
        // One that is missing at the end can't be seen in the chain itself: the head on the row says it.
        if (index < count - 1) expect(faultInChain(events.toSpliced(index, 1))).not.toBeNull();
        expect(faultInChain(events.toSpliced(index, 0, event))).not.toBeNull();
        expect(faultInChain([...events].reverse())).not.toBeNull();
        const [foreign] = chain(count).slice(index);
        if (foreign) expect(faultInChain(events.toSpliced(index, 1, foreign))).not.toBeNull();
      }),
    );
  });

  it('commits to an event without giving it away: two of the same words have different digests', () => {
    const [one] = chain(1);
    const [other] = chain(1);
    expect(one?.digest).not.toBe(other?.digest);
  });
});
