import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { freezeScope, scopeSchema } from '../../../shared/domain/scope.ts';

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));
const entry = fc.record({ recordId: hex(32), commitment: hex(64) });
const entries = fc.uniqueArray(entry, { selector: ({ recordId }) => recordId, minLength: 1, maxLength: 20 });

describe('a frozen scope', () => {
  it('is the same in whatever order, and however often, records are found', () => {
    fc.assert(
      fc.property(entries, fc.infiniteStream(fc.nat()), (found, numbers) => {
        const shuffled = found
          .map((each) => ({ each, at: numbers.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ each }) => each);
        expect(freezeScope([...shuffled, ...found]).digest).toBe(freezeScope(found).digest);
      }),
    );
  });

  it('changes when a record is added, missing or altered', () => {
    fc.assert(
      fc.property(entries, entry, hex(64), (found, another, commitment) => {
        const [first, ...rest] = found;
        fc.pre(first !== undefined && first.commitment !== commitment);
        fc.pre(found.every(({ recordId }) => recordId !== another.recordId));
        const { digest } = freezeScope(found);
        expect(freezeScope([...found, another]).digest).not.toBe(digest);
        expect(freezeScope(rest).digest).not.toBe(digest);
        expect(freezeScope([{ recordId: first?.recordId ?? '', commitment }, ...rest]).digest).not.toBe(
          digest,
        );
      }),
    );
  });

  it('keeps of each record its id and commitment alone', () => {
    const found = { recordId: 'a'.repeat(32), commitment: 'b'.repeat(64), blockId: 'blk_1', hotel: 'SHA01' };
    const { scope } = freezeScope([found]);
    expect(scope).toEqual({
      version: 1,
      records: [{ recordId: found.recordId, commitment: found.commitment }],
    });
    expect(scopeSchema.safeParse(scope).success).toBe(true);
  });

  it('names the media of its records in their order, and is of version 2 then, which no reader of version 1 takes', () => {
    const own = { recordId: 'a'.repeat(32), commitment: 'b'.repeat(64) };
    const media = ['reference', `present:${'c'.repeat(64)}`];
    const { scope, digest } = freezeScope([{ ...own, media }]);
    expect(scope).toEqual({ version: 2, records: [{ ...own, media }] });
    expect(scopeSchema.safeParse(scope).success).toBe(true);
    expect(freezeScope([{ ...own, media: media.toReversed() }]).digest).not.toBe(digest);
    expect(freezeScope([own]).digest).not.toBe(digest);
    for (const no of [
      { ...scope, version: 1 },
      { version: 2, records: [own] },
      { version: 3, records: [] },
    ]) {
      expect(scopeSchema.safeParse(no).success).toBe(false);
    }
    expect(freezeScope([{ ...own, media: [] }])).toEqual(freezeScope([own]));
  });

  it('of no record has a digest too', () => {
    expect(freezeScope([]).scope.records).toEqual([]);
    expect(freezeScope([]).digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});
