import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeMediaMarks } from '../../../shared/crypto/media-marks.ts';
import { type MediumMark, mediumMark } from '../../../shared/domain/medium-mark.ts';
import { freezeScope, type ScopeEntry } from '../../../shared/domain/scope.ts';
import {
  asFrozen,
  entriesOf,
  findRecords,
  isAsFrozen,
  scopeOf,
  withinScope,
} from '../../../shared/facts/find-records.ts';
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

describe('media of records found', () => {
  const present = (digit: string) => mediumMark('present', digit.repeat(64));
  const marked: MediumMark[][] = [[], [present('a'), 'missing', 'reference']];

  it('are in the scope by the marks of their block’s row, and counted for whoever approves', async () => {
    const world = askedRetrieval();
    const [row, ...others] = await findRecords(world.records, asked, ['gst_1']);
    if (row === undefined) throw new Error('The fixture has a block');
    const block = { ...row.block, marks: encodeMediaMarks(marked) ?? undefined, media: ['med_1'] };
    const entries = entriesOf(block);
    expect(entries.map(({ media }) => media)).toEqual([undefined, marked[1]].slice(0, entries.length));
    const { scope, media } = scopeOf([{ block, entries }, ...others]);
    expect(scope.version).toBe(2);
    expect(media).toEqual({ inCustody: 1, missing: 2 });
  });

  it('of a block without marks are all counted, and the scope names none of them', async () => {
    const found = await findRecords(askedRetrieval().records, asked, ['gst_1']);
    const [first, ...others] = found.map(({ block, entries }) => ({
      block: { ...block, media: ['med_1', 'med_2'] },
      entries,
    }));
    const { scope, media } = scopeOf([first, ...others].flatMap((one) => one ?? []));
    expect(scope.version).toBe(1);
    expect(media).toEqual({ inCustody: 2 * found.length, missing: 0 });
  });

  const states = fc.constantFrom<MediumMark>('missing', 'reference', present('a'), present('b'));
  const identity = { recordId: '0'.repeat(32), commitment: '1'.repeat(64) };
  const entryWith = (media: readonly MediumMark[]): ScopeEntry => ({ ...identity, media });

  it('stand as they were frozen whatever came since, and differ where one of them is gone or another one', () => {
    const both = fc.array(fc.tuple(states, states), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(both, (pairs) => {
        const frozen = entryWith(pairs.map(([then]) => then));
        const { entry, mediaLater } = asFrozen(frozen, entryWith(pairs.map(([, now]) => now)));
        const kept = pairs.every(([then, now]) => !then.startsWith('present') || then === now);
        expect(isAsFrozen(frozen, entry)).toBe(kept);
        expect(freezeScope([entry]).digest === freezeScope([frozen]).digest).toBe(kept);
        const came = pairs.filter(([then, now]) => !then.startsWith('present') && now.startsWith('present'));
        expect(mediaLater).toBe(came.length);
      }),
    );
  });

  it('are not compared where the scope names none, and differ where the row names none any more', () => {
    const now = entryWith([present('a')]);
    expect(asFrozen(identity, now)).toEqual({ entry: identity, mediaLater: 0 });
    expect(isAsFrozen(now, asFrozen(now, identity).entry)).toBe(false);
    expect(isAsFrozen(now, asFrozen(now, entryWith([present('a'), present('b')])).entry)).toBe(false);
    expect(isAsFrozen(identity, { ...identity, commitment: '2'.repeat(64) })).toBe(false);
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
