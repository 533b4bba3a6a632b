import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keptDrafts } from '../../../shared/custody-in/kept-drafts.ts';
import { IDENTIFIER_KINDS } from '../../../shared/domain/record.ts';
import { BEGINNING, type DraftRecord, PLAIN_DRAFT } from '../../../shared/sources/importer.ts';

type Said = Pick<DraftRecord, 'from' | 'placements' | 'staff'>;

const PLACE = { source: 'wecom', hotel: 'SHA01' } as const;
const indexKey = createSecretKey(Buffer.alloc(32, 7));

// Words that a separator between them would confuse.
const word = fc.oneof(
  fc.string(),
  fc
    .array(fc.constantFrom('A', '1', ' ', '\n', '\t', ',', '"', '\\', 'null', 'phone'), { maxLength: 4 })
    .map((pieces) => pieces.join('')),
);
const placement = fc.record({
  conversation: word,
  identifiers: fc.array(
    fc.record(
      { kind: fc.constantFrom(...IDENTIFIER_KINDS), value: word, issuer: word },
      { requiredKeys: ['kind', 'value'] },
    ),
    {
      maxLength: 3,
    },
  ),
});
const said = fc.record({
  from: fc.record({
    role: fc.constantFrom('guest' as const, 'staff' as const, 'robot' as const, 'system' as const),
    id: fc.option(word),
    name: fc.option(word),
  }),
  placements: fc
    .tuple(placement, fc.array(placement, { maxLength: 1 }))
    .map(([first, others]): DraftRecord['placements'] => [first, ...others]),
  staff: fc.array(word, { maxLength: 3 }),
});

function draftOf(line: number, { from, placements, staff }: Said): DraftRecord {
  return {
    ...PLAIN_DRAFT,
    kind: 'record',
    line,
    end: BEGINNING,
    sourceMessageId: String(line),
    attachments: [],
    placements,
    staff,
    from,
    at: new Date(0),
    text: '',
    sourceType: 'text',
    content: '',
    original: new Uint8Array(),
  };
}

function keptOf(all: readonly Said[]): Said[] {
  const kept = keptDrafts(indexKey, PLACE);
  for (const [line, one] of all.entries()) kept.keep(draftOf(line, one));
  return kept.drafts.map(({ from, placements, staff }) => ({ from, placements, staff }));
}

const plain = (changes: Partial<Said>): Said => ({
  from: { role: 'guest', id: null, name: null },
  placements: [{ conversation: 'c', identifiers: [] }],
  staff: [],
  ...changes,
});

describe('drafts that wait for the end of their segment', () => {
  it('keep author, conversations and staff as they were read, whatever the others say', () => {
    fc.assert(fc.property(fc.array(said, { maxLength: 12 }), (all) => expect(keptOf(all)).toEqual(all)));
  });

  it.each<[string, Said[]]>([
    [
      'whose ids and names are the same words cut elsewhere',
      [
        plain({ from: { role: 'guest', id: 'A 1', name: 'B' } }),
        plain({ from: { role: 'guest', id: 'A', name: '1 B' } }),
      ],
    ],
    [
      'one without a name and one called null',
      [
        plain({ from: { role: 'guest', id: 'A', name: null } }),
        plain({ from: { role: 'guest', id: 'A', name: 'null' } }),
      ],
    ],
    [
      'of a conversation whose key has a line break',
      [
        plain({ placements: [{ conversation: 'a', identifiers: [{ kind: 'phone', value: '1' }] }] }),
        plain({ placements: [{ conversation: 'a\nphone 1', identifiers: [] }] }),
      ],
    ],
    [
      'with an employee whose account has a line break',
      [plain({ staff: ['wecom:a', 'wecom:b'] }), plain({ staff: ['wecom:a\nwecom:b'] })],
    ],
  ])('are told apart: %s', (_, all) => {
    expect(keptOf(all)).toEqual(all);
  });

  it('keep what their importer knew as it came to them, so that they can be read again', () => {
    const kept = keptDrafts(indexKey, PLACE);
    for (const [line, state] of [null, 'a header', 'a header', 'another'].entries()) {
      kept.keep(draftOf(line, plain({})), { state });
    }
    expect(kept.drafts.map(({ end }) => end.state)).toEqual([null, 'a header', 'a header', 'another']);
  });

  it('hold once what many of them say alike', () => {
    const kept = keptDrafts(indexKey, PLACE);
    for (const line of [1, 2]) kept.keep(draftOf(line, plain({ staff: ['wecom:a'] })));
    const [first, second] = kept.drafts;
    expect(second?.from).toBe(first?.from);
    expect(second?.placements).toBe(first?.placements);
    expect(second?.staff).toBe(first?.staff);
  });
});
