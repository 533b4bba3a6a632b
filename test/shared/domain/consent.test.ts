import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CONSENT_STATES, type ConsentFact, standingConsent } from '../../../shared/domain/consent.ts';

function fact(at: string, state: ConsentFact['state'], changes: Partial<ConsentFact> = {}): ConsentFact {
  return {
    factId: `cns_${at}_${state}`,
    guestId: 'gst_1',
    hotel: 'SHA01',
    source: 'wecom',
    state,
    at,
    staff: null,
    evidence: { reference: 'F-1' },
    recordedAt: at,
    by: 'p_officer',
    ...changes,
  };
}

const [MAY, JUNE, JULY] = [
  '2026-05-01T00:00:00.000Z',
  '2026-06-01T00:00:00.000Z',
  '2026-07-01T00:00:00.000Z',
];
const now = { source: 'wecom' as const, staff: 's1', at: new Date('2026-12-01') };

describe('standing consent', () => {
  it('is what was said last until then, about all employees or this one', () => {
    const facts = [fact(JUNE, 'withdrawn'), fact(MAY, 'agreed'), fact(JULY, 'agreed', { staff: 's2' })];
    expect(standingConsent(facts, now)?.state).toBe('withdrawn');
    expect(standingConsent(facts, { ...now, staff: 's2' })?.state).toBe('agreed');
    expect(standingConsent(facts, { ...now, at: new Date('2026-05-15') })?.state).toBe('agreed');
    expect(standingConsent(facts, { ...now, at: new Date('2026-04-01') })).toBeNull();
    expect(standingConsent(facts, { ...now, source: 'keycard' })).toBeNull();
  });

  it('is not lifted by an export where the privacy officer recorded a no, and is by a later yes on record', () => {
    const inExport = (at: string, state: ConsentFact['state']) =>
      fact(at, state, { evidence: { batchId: 'bat_1', recordId: 'r' } });
    expect(standingConsent([fact(MAY, 'withdrawn'), inExport(JUNE, 'agreed')], now)?.state).toBe('withdrawn');
    expect(
      standingConsent([fact(MAY, 'withdrawn'), inExport(JUNE, 'agreed'), fact(JULY, 'agreed')], now)?.state,
    ).toBe('agreed');
    expect(standingConsent([fact(MAY, 'agreed'), inExport(JUNE, 'refused')], now)?.state).toBe('refused');
    expect(standingConsent([inExport(MAY, 'agreed')], now)?.state).toBe('agreed');
  });

  it('doesn’t depend on the order in which facts are read; of two at one moment the one that gives less stands', () => {
    const any = fc
      .array(fc.tuple(fc.constantFrom(MAY, JUNE, JULY), fc.constantFrom(...CONSENT_STATES)))
      .map((list) => list.map(([at, state]) => fact(at, state)));
    fc.assert(
      fc.property(any, (facts) => {
        const forward = standingConsent(facts, now);
        const backward = standingConsent([...facts].reverse(), now);
        expect(forward?.state).toBe(backward?.state);
        if (forward?.state === 'agreed') {
          expect(facts.every(({ at, state }) => at < forward.at || state === 'agreed')).toBe(true);
        }
      }),
    );
  });
});
