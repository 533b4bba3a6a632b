import { describe, expect, it } from '@jest/globals';
import { findRecords, scopeOf, withinScope } from '../../../shared/facts/find-records.ts';
import {
  readScope,
  ScopeAlteredError,
  ScopeMissingError,
  writeScope,
} from '../../../shared/facts/scope-object.ts';
import { askedRetrieval } from '../../fakes/asked-retrieval.ts';
import { inMemoryObjectStore } from '../../fakes/in-memory-object-store.ts';
import { request } from '../policy/staff.ts';

const asked = request({ from: '2026-05-01T00:00:00+08:00', to: '2026-05-31T23:59:59+08:00' });

describe('records found again', () => {
  it('are those of the frozen scope alone: what came since is out of it, and its digest stays', async () => {
    const world = askedRetrieval();
    const before = scopeOf(await findRecords(world.records, asked, ['gst_1']));
    world.ingest('later', [{ at: '2026-05-20T10:00:00Z' }]);
    const found = await findRecords(world.records, asked, ['gst_1']);
    expect(scopeOf(found).digest).not.toBe(before.digest);
    expect(scopeOf(withinScope(found, before.scope)).digest).toBe(before.digest);
  });

  it('that are fewer, or say something else, have another digest', async () => {
    const world = askedRetrieval();
    const before = scopeOf(await findRecords(world.records, asked, ['gst_1']));
    world.records.rows.pop();
    const found = await findRecords(world.records, asked, ['gst_1']);
    expect(scopeOf(withinScope(found, before.scope)).digest).not.toBe(before.digest);
  });

  it('count conversations, guests and sensitive records once', async () => {
    const world = askedRetrieval();
    world.ingest('card', [{ at: '2026-05-20T10:00:00Z', category: 'key-card' }], {
      guestId: 'gst_2',
      conversationId: 'conversation-2',
    });
    const wider = { ...asked, categories: [...asked.categories, 'key-card' as const] };
    const { facts, guests } = scopeOf(await findRecords(world.records, wider, ['gst_1', 'gst_2']));
    expect(facts).toEqual({
      guests: 2,
      conversations: 2,
      records: 4,
      sensitive: 1,
      categories: ['complaint', 'enquiry', 'key-card'],
    });
    expect(guests).toEqual(['gst_1', 'gst_2']);
  });

  it('are none without a time range', async () => {
    const world = askedRetrieval();
    expect(await findRecords(world.records, { ...asked, to: null }, ['gst_1'])).toEqual([]);
  });
});

describe('the scope object', () => {
  it('is read back under its digest, and refused where it is missing or was changed', async () => {
    const evidence = inMemoryObjectStore();
    const { scope, digest } = scopeOf(await findRecords(askedRetrieval().records, asked, ['gst_1']));
    await expect(readScope(evidence, digest)).rejects.toThrow(ScopeMissingError);
    await writeScope(evidence, scope, digest);
    await writeScope(evidence, scope, digest);
    expect(await readScope(evidence, digest)).toEqual(scope);
    const [key = ''] = evidence.objects.keys();
    expect(key).toBe(`scopes/${digest.slice('sha256:'.length)}.json`);
    for (const changed of ['{}', 'no json', JSON.stringify({ ...scope, records: scope.records.slice(1) })]) {
      evidence.objects.set(key, Buffer.from(changed));
      await expect(readScope(evidence, digest)).rejects.toThrow(ScopeAlteredError);
    }
  });
});
