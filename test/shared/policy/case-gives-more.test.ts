import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Case, type CaseKind, type CaseOf, caseSchema } from '../../../shared/domain/case.ts';
import { givesMore } from '../../../shared/policy/case-gives-more.ts';
import { aCase } from './sample-cases.ts';

const JUNE = '2026-06-01T00:00:00.000Z';
const JULY = '2026-07-01T00:00:00.000Z';

function changed<Kind extends CaseKind>(
  kind: Kind,
  before: Partial<CaseOf<Kind>> | null,
  after: Partial<CaseOf<Kind>>,
) {
  return givesMore(before === null ? null : aCase(kind, before), aCase(kind, after));
}

describe('a change of a case gives somebody more', () => {
  it('where a plan is published, or is earlier', () => {
    expect(changed('plan', null, { publishedAt: null })).toEqual([]);
    expect(changed('plan', { publishedAt: null }, { publishedAt: JUNE })).toEqual(['plan-published']);
    expect(changed('plan', { publishedAt: JULY }, { publishedAt: JUNE })).toEqual(['plan-published']);
    expect(changed('plan', { publishedAt: JUNE }, { publishedAt: null })).toEqual([]);
    expect(changed('plan', { guests: ['gst_1', 'gst_2'] }, { guests: ['gst_1'] })).toEqual([
      'guests-taken-off',
    ]);
  });

  it('where a dispute is over, or in another department’s hands', () => {
    expect(changed('dispute', null, { closedAt: null })).toEqual([]);
    expect(changed('dispute', null, { closedAt: JUNE })).toEqual(['dispute-closed']);
    expect(changed('dispute', { closedAt: null }, { closedAt: JUNE })).toEqual(['dispute-closed']);
    expect(changed('dispute', { closedAt: JUNE }, { closedAt: null })).toEqual([]);
    expect(changed('dispute', {}, { department: 'spa' })).toEqual(['dispute-moved']);
    expect(changed('dispute', { hotels: ['SHA01', 'HGH02'] }, { hotels: ['SHA01'] })).toEqual([
      'hotels-taken-off',
    ]);
  });

  it('where a matter is open again, and not where it is filed or closed', () => {
    expect(changed('matter', null, { closedAt: null })).toEqual([]);
    expect(changed('matter', { closedAt: null }, { closedAt: JUNE })).toEqual([]);
    expect(changed('matter', { closedAt: JUNE }, { closedAt: null })).toEqual(['matter-reopened']);
    expect(changed('matter', { closedAt: JUNE }, { closedAt: JULY })).toEqual(['matter-reopened']);
  });

  it('where a complaint is no longer major, or open again', () => {
    expect(changed('complaint', null, { major: true })).toEqual([]);
    expect(changed('complaint', { major: true }, { major: false })).toEqual(['complaint-no-longer-major']);
    expect(changed('complaint', { closedAt: JUNE }, { closedAt: null })).toEqual(['complaint-reopened']);
  });

  it('where a ticket goes to somebody, or to another shift', () => {
    expect(changed('ticket', null, { assignee: null })).toEqual([]);
    expect(changed('ticket', null, { assignee: 'p_1' })).toEqual(['ticket-assigned']);
    expect(changed('ticket', { assignee: 'p_1' }, { assignee: null })).toEqual([]);
    expect(changed('ticket', {}, { handedOver: { to: 'p_2', at: JUNE } })).toEqual(['ticket-handed-over']);
    expect(changed('ticket', {}, { guests: ['gst_1', 'gst_9'] })).toEqual(['guests-added']);
  });

  it('where an instrument, agreement, transfer or assessment is added or reaches further', () => {
    for (const kind of ['instrument', 'agreement', 'transfer', 'assessment'] as const) {
      expect(givesMore(null, aCase(kind))).toEqual([`${kind}-added`]);
      expect(givesMore(aCase(kind), aCase(kind))).toEqual([]);
      expect(givesMore(aCase(kind), later(aCase(kind)))).toEqual([`${kind}-extended`]);
      expect(givesMore(later(aCase(kind)), aCase(kind))).toEqual([]);
    }
    expect(changed('instrument', { categories: ['enquiry'] }, { categories: null })).toEqual([
      'instrument-extended',
    ]);
    expect(changed('instrument', { categories: null }, { categories: ['enquiry'] })).toEqual([]);
    expect(changed('agreement', {}, { recipient: 'p_other' })).toEqual(['agreement-extended']);
  });

  it('where an incident is added, or reaches further', () => {
    expect(givesMore(null, aCase('incident'))).toEqual(['incident-added']);
    expect(changed('incident', { to: JUNE }, { to: JULY })).toEqual(['incident-extended']);
    expect(changed('incident', { to: JULY }, { to: JUNE })).toEqual([]);
  });

  it('never where nothing changes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...caseSchema.options.map((one) => one.shape.kind.value)), (kind) => {
        expect(givesMore(aCase(kind), aCase(kind))).toEqual([]);
      }),
    );
  });
});

function later(filed: Case): Case {
  return 'validUntil' in filed ? { ...filed, validUntil: '2030-01-01T00:00:00.000Z' } : filed;
}
