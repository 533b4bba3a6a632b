import { describe, expect, it } from '@jest/globals';
import { collectionDoor } from '../../../shared/custody-in/collection-door.ts';
import type { CollectionBasis } from '../../../shared/domain/collection-basis.ts';
import { BEGINNING, type DraftRecord, PLAIN_DRAFT } from '../../../shared/sources/importer.ts';

const PEOPLE = [
  { personId: 'p_zhang', accounts: ['workgroup:zhang'] },
  { personId: 'p_li', accounts: ['workgroup:li'] },
];

function said(id: string | null, at: string): DraftRecord {
  return {
    ...PLAIN_DRAFT,
    kind: 'record',
    line: 1,
    end: BEGINNING,
    sourceMessageId: null,
    placements: [{ conversation: 'group', identifiers: [] }],
    at: new Date(at),
    from: { role: 'staff', id, name: null },
    text: '',
    sourceType: 'message',
    content: '{}',
    original: new Uint8Array(0),
  };
}

function basis(changes: Partial<CollectionBasis>): CollectionBasis {
  return {
    basisId: 'bas_1',
    kind: 'notice',
    hotel: 'SHA01',
    personId: null,
    reference: 'N-1',
    from: '2026-05-01T00:00:00.000Z',
    until: null,
    placed: { by: 'p_officer', at: '2026-05-01T00:00:00.000Z' },
    withdrawn: null,
    ...changes,
  };
}

const authorised = basis({ kind: 'authorisation', personId: 'p_zhang', until: '2026-06-01T00:00:00.000Z' });

describe('the door to employees’ talk (R7)', () => {
  it.each([
    ['nothing is on record', [], 'zhang', '2026-05-02T00:00:00Z', 'employee-not-authorised'],
    ['a notice was given before', [basis({})], 'zhang', '2026-05-01T00:00:00Z', null],
    ['the notice was given later', [basis({})], 'zhang', '2026-04-30T23:59:59Z', 'employee-not-authorised'],
    [
      'the notice was withdrawn',
      [basis({ withdrawn: { by: 'p_officer', at: '2026-05-03T00:00:00.000Z' } })],
      'zhang',
      '2026-05-02T00:00:00Z',
      'employee-not-authorised',
    ],
    ['the writer authorised it', [authorised], 'zhang', '2026-05-31T23:59:59Z', null],
    ['the authorisation is over', [authorised], 'zhang', '2026-06-01T00:00:00Z', 'employee-not-authorised'],
    ['somebody else authorised it', [authorised], 'li', '2026-05-02T00:00:00Z', 'employee-not-authorised'],
    ['nobody knows the writer', [authorised], 'wang', '2026-05-02T00:00:00Z', 'employee-not-authorised'],
    ['the writer is not named', [authorised], null, '2026-05-02T00:00:00Z', 'employee-not-authorised'],
  ] as const)('where %s', (_name, bases, id, at, reason) => {
    expect(collectionDoor('workgroup', bases, PEOPLE)(said(id, at))).toBe(reason);
  });

  it('stands open for what guests and the hotel say to each other', () => {
    expect(collectionDoor('wecom', [], PEOPLE)(said('zhang', '2026-05-02T00:00:00Z'))).toBeNull();
  });
});
