import { describe, expect, it } from '@jest/globals';
import type { ConsentFact } from '../../../shared/domain/consent.ts';
import { consentFacts } from '../../../shared/facts/consent-facts.ts';
import type { FoundBlock } from '../../../shared/facts/find-records.ts';
import type { BlockRow } from '../../../shared/ports/records-index.ts';
import { inMemoryConsents } from '../../fakes/in-memory-consents.ts';

function block(changes: Partial<BlockRow> = {}): FoundBlock {
  const row: BlockRow = {
    blockId: 'blk_1',
    guestId: 'gst_1',
    conversationId: 'cnv_1',
    hotel: 'SHA01',
    platform: 'wecom',
    categories: ['enquiry'],
    recordClass: 'ordinary',
    period: '2026-11',
    from: '2026-05-01T00:00:00.000Z',
    to: '2026-05-01T00:00:00.000Z',
    records: 1,
    bytes: 1,
    objectKey: 'o',
    objectDigest: 'sha256:0',
    batchId: 'bat_1',
    index: new Uint8Array(0),
    staff: [],
    ...changes,
  };
  return { block: row, entries: [] };
}

function fact(changes: Partial<ConsentFact> = {}): ConsentFact {
  return {
    factId: 'cns_1',
    guestId: 'gst_1',
    hotel: 'SHA01',
    source: 'wecom',
    state: 'agreed',
    at: '2026-05-01T00:00:00.000Z',
    staff: null,
    evidence: { reference: 'F-1' },
    recordedAt: '2026-05-01T00:00:00.000Z',
    by: 'p_officer',
    ...changes,
  };
}

async function without(blocks: FoundBlock[], facts: ConsentFact[], people: Record<string, string[]> = {}) {
  return (await missing(blocks, facts, people)).withoutConsent;
}

function missing(blocks: FoundBlock[], facts: ConsentFact[], people: Record<string, string[]> = {}) {
  return consentFacts(blocks, {
    consents: inMemoryConsents(facts),
    records: {
      committedBatches: async (batchIds) =>
        new Set(batchIds.filter((batchId) => batchId === 'bat_committed')),
      members: async (guestId) => people[guestId] ?? [guestId],
    },
    consentSources: ['wecom'],
    now: new Date('2026-06-01'),
  });
}

describe('platforms that rest on consent', () => {
  it('are without it where nobody ever said yes, or no was said later', async () => {
    expect(await without([block()], [])).toEqual(['wecom']);
    expect(await without([block()], [fact()])).toEqual([]);
    const later = fact({ factId: 'cns_2', state: 'withdrawn', at: '2026-05-02T00:00:00.000Z' });
    expect(await without([block()], [fact(), later])).toEqual(['wecom']);
    expect(await without([block({ platform: 'internal' })], [])).toEqual([]);
  });

  it('need it for each employee who takes part, and for each guest', async () => {
    const one = fact({ staff: 's1' });
    expect(await without([block({ staff: ['s1'] })], [one])).toEqual([]);
    expect(await without([block({ staff: ['s1', 's2'] })], [one])).toEqual(['wecom']);
    expect(await without([block(), block({ guestId: 'gst_2' })], [fact()])).toEqual(['wecom']);
  });

  it('hear a no that the same person said under another identifier', async () => {
    const no = fact({
      factId: 'cns_2',
      guestId: 'gst_phone',
      state: 'withdrawn',
      at: '2026-05-02T00:00:00.000Z',
    });
    expect(await without([block()], [fact(), no])).toEqual([]);
    expect(await without([block()], [fact(), no], { gst_1: ['gst_1', 'gst_phone'] })).toEqual(['wecom']);
  });

  it('count what an export says once its batch is in custody', async () => {
    const said = (batchId: string) => fact({ evidence: { batchId, recordId: 'r' } });
    expect(await without([block()], [said('bat_open')])).toEqual(['wecom']);
    expect(await without([block()], [said('bat_committed')])).toEqual([]);
  });
});

describe('consent apart from that to the collection', () => {
  const marketing = fact({ factId: 'cns_m', purpose: 'marketing' });
  const keyCard = (changes: Partial<BlockRow> = {}): FoundBlock => ({
    ...block({ platform: 'keycard', ...changes }),
    entries: [
      { recordId: 'r', at: new Date('2026-05-01T00:00:00.000Z'), category: 'key-card', commitment: 'c' },
    ],
  });

  it('to marketing must stand of everybody, for the platform in scope (T9)', async () => {
    expect(await missing([block()], [fact()])).toMatchObject({ withoutMarketingConsent: true });
    expect(await missing([block()], [marketing])).toMatchObject({
      withoutMarketingConsent: false,
      withoutConsent: ['wecom'],
    });
    expect(await missing([block(), block({ guestId: 'gst_2' })], [marketing])).toMatchObject({
      withoutMarketingConsent: true,
    });
    const taken = fact({
      factId: 'cns_n',
      purpose: 'marketing',
      state: 'withdrawn',
      at: '2026-05-03T00:00:00.000Z',
    });
    expect(await missing([block()], [marketing, taken])).toMatchObject({ withoutMarketingConsent: true });
  });

  it('to the use of sensitive records must stand of whoever has any in scope (R14)', async () => {
    const separate = fact({ factId: 'cns_s', purpose: 'sensitive', source: 'keycard' });
    expect(await missing([block()], [])).toMatchObject({ withoutSeparateConsent: false });
    expect(await missing([keyCard()], [fact({ source: 'keycard' })])).toMatchObject({
      withoutSeparateConsent: true,
    });
    expect(await missing([keyCard()], [separate])).toMatchObject({ withoutSeparateConsent: false });
    expect(await missing([keyCard(), keyCard({ guestId: 'gst_2' })], [separate])).toMatchObject({
      withoutSeparateConsent: true,
    });
  });

  it('is nobody’s business where nothing is in scope', async () => {
    expect(await missing([], [])).toEqual({
      withoutConsent: [],
      withoutMarketingConsent: false,
      withoutSeparateConsent: false,
    });
  });
});
