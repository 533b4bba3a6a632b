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

  it('where a published plan speaks of one more guest or hotel (R2), and not where it is unpublished', () => {
    const guests = { guests: ['gst_1', 'gst_2'] };
    const hotels = { hotels: ['SHA01', 'HGH02'] };
    const published = { publishedAt: JUNE };
    expect(changed('plan', published, { ...published, ...guests })).toEqual(['guests-added']);
    expect(changed('plan', published, { ...published, ...hotels })).toEqual(['hotels-added']);
    expect(changed('plan', {}, published)).toEqual(['plan-published']);
    expect(changed('plan', {}, { ...guests, ...hotels })).toEqual([]);
    expect(changed('plan', published, { publishedAt: null, ...guests })).toEqual([]);
  });

  it('where a dispute that is over speaks of one more guest, or any of one more hotel (R3)', () => {
    const guests = { guests: ['gst_1', 'gst_2'] };
    const over = { closedAt: JUNE };
    expect(changed('dispute', over, { ...over, ...guests })).toEqual(['guests-added']);
    expect(changed('dispute', over, { ...over, hotels: ['SHA01', 'HGH02'] })).toEqual(['hotels-added']);
    expect(changed('dispute', {}, guests)).toEqual([]);
    // People of that hotel and department no longer see it as another's.
    expect(changed('dispute', {}, { hotels: ['SHA01', 'HGH02'] })).toEqual(['hotels-added']);
  });

  it('where a dispute is over, or in another department’s hands', () => {
    expect(changed('dispute', null, { closedAt: null })).toEqual([]);
    expect(changed('dispute', null, { closedAt: JUNE })).toEqual(['dispute-closed']);
    expect(changed('dispute', { closedAt: null }, { closedAt: JUNE })).toEqual(['dispute-closed']);
    expect(changed('dispute', { closedAt: JUNE }, { closedAt: null })).toEqual([]);
    expect(changed('dispute', {}, { department: 'spa' })).toEqual(['dispute-moved']);
    expect(changed('dispute', { matter: 'M-1' }, { matter: 'M-2' })).toEqual(['dispute-moved']);
    expect(changed('dispute', { matter: 'M-1' }, { matter: null })).toEqual(['dispute-moved']);
    expect(changed('dispute', { matter: null }, { matter: 'M-1' })).toEqual([]);
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

  it('where a complaint is filed, by which a supervisor reaches seven days (T2), or speaks of more', () => {
    expect(changed('complaint', null, { guests: [] })).toEqual(['complaint-added']);
    expect(changed('complaint', null, { major: true })).toEqual(['complaint-added']);
    expect(changed('complaint', { guests: [] }, { guests: ['gst_1'] })).toEqual(['guests-added']);
    expect(changed('complaint', {}, { hotels: ['SHA01', 'HGH02'] })).toEqual(['hotels-added']);
    expect(changed('complaint', {}, { major: true })).toEqual([]);
    expect(changed('complaint', {}, { closedAt: JUNE })).toEqual([]);
  });

  it('where a complaint is no longer major, or open again', () => {
    expect(changed('complaint', { major: true }, { major: false })).toEqual(['complaint-no-longer-major']);
    expect(changed('complaint', { closedAt: JUNE }, { closedAt: null })).toEqual(['complaint-reopened']);
  });

  it('where a ticket goes to somebody, or to another shift', () => {
    expect(changed('ticket', null, { assignee: null })).toEqual([]);
    expect(changed('ticket', null, { assignee: 'p_1' })).toEqual(['ticket-assigned']);
    expect(changed('ticket', { assignee: 'p_1' }, { assignee: null })).toEqual([]);
    expect(changed('ticket', {}, { handedOver: { to: 'p_2', at: JUNE } })).toEqual(['ticket-handed-over']);
    expect(changed('ticket', {}, { guests: ['gst_1', 'gst_9'] })).toEqual(['guests-added']);
    expect(changed('ticket', {}, { guests: ['gst_9'] })).toEqual(['guests-added']);
  });

  it('where a new ticket leads to more than one guest', () => {
    expect(changed('ticket', null, { guests: [] })).toEqual([]);
    expect(changed('ticket', null, { guests: ['gst_1', 'gst_1'] })).toEqual([]);
    expect(changed('ticket', null, { guests: ['gst_1', 'gst_9'] })).toEqual(['guests-added']);
    expect(changed('ticket', { guests: ['gst_1', 'gst_9'] }, { guests: ['gst_1'] })).toEqual([]);
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

  const JUNE_ON = { from: JUNE, to: JULY };
  const FURTHER: [CaseKind, object, object][] = [
    ['instrument', {}, { type: 'court' }],
    ['instrument', {}, { authority: 'PSB-HZ' }],
    ['instrument', {}, { secret: true }],
    ['instrument', { secret: true }, { secret: false }],
    ['instrument', { foreign: true }, { foreign: false }],
    ['instrument', {}, { approvalNumber: 'MOJ-1' }],
    ['instrument', { approvalNumber: 'MOJ-1' }, { approvalNumber: 'MOJ-2' }],
    ['instrument', {}, { treaty: 'T-1' }],
    ['instrument', { treaty: 'T-1' }, { treaty: 'T-2' }],
    ['instrument', {}, { officers: ['p_officer_of_police', 'p_other'] }],
    ['instrument', { platforms: ['wecom'] }, { platforms: ['wecom', 'line'] }],
    ['instrument', { platforms: ['wecom'] }, { platforms: null }],
    ['instrument', {}, { categories: ['enquiry', 'complaint', 'stay'] }],
    ['instrument', JUNE_ON, { ...JUNE_ON, from: null }],
    ['instrument', JUNE_ON, { ...JUNE_ON, from: '2026-05-31T23:59:59.999Z' }],
    ['instrument', JUNE_ON, { ...JUNE_ON, to: null }],
    ['instrument', JUNE_ON, { ...JUNE_ON, to: '2026-07-01T00:00:00.001Z' }],
    ['agreement', {}, { role: 'joint-controller' }],
    ['agreement', {}, { purposes: ['dispute', 'training'] }],
    ['agreement', {}, { bases: ['legal-claim', 'consent'] }],
    ['agreement', {}, { categories: ['enquiry', 'complaint', 'stay'] }],
    ['transfer', {}, { recipient: 'p_other' }],
    ['transfer', {}, { mechanism: 'assessment' }],
    ['assessment', {}, { purposes: ['dispute', 'training'] }],
    ['assessment', {}, { categories: ['enquiry', 'complaint', 'stay'] }],
    ['incident', {}, { from: '2026-05-09T23:59:59.000Z' }],
    ['incident', { closedAt: JUNE }, { closedAt: null }],
    ['incident', {}, { hotels: ['SHA01', 'HGH02'] }],
    ['instrument', {}, { hotels: ['SHA01', 'HGH02'] }],
    ['instrument', {}, { validFrom: '2025-12-31T00:00:00.000Z' }],
  ];
  for (const [kind, before, after] of FURTHER) {
    it(`where of ${kind} ${JSON.stringify(before)} becomes ${JSON.stringify(after)}`, () => {
      expect(changed(kind, before, after)).toEqual([`${kind}-extended`]);
    });
  }

  const NARROWER: [CaseKind, object, object][] = [
    ['instrument', {}, { foreign: true }],
    ['instrument', { approvalNumber: 'MOJ-1' }, { approvalNumber: 'MOJ-1' }],
    ['instrument', { approvalNumber: 'MOJ-1' }, { approvalNumber: null }],
    ['instrument', { treaty: 'T-1' }, { treaty: 'T-1' }],
    ['instrument', { treaty: 'T-1' }, { treaty: null }],
    ['instrument', {}, { officers: [] }],
    ['instrument', {}, { platforms: ['wecom'] }],
    ['instrument', {}, { ...JUNE_ON }],
    ['instrument', JUNE_ON, { from: '2026-06-01T00:00:00.001Z', to: '2026-06-30T00:00:00.000Z' }],
    ['instrument', JUNE_ON, JUNE_ON],
    ['agreement', {}, { purposes: [], bases: [], categories: [] }],
    ['assessment', {}, { purposes: [], categories: [] }],
    ['incident', {}, { from: '2026-05-10T00:00:00.001Z', closedAt: JUNE }],
  ];
  for (const [kind, before, after] of NARROWER) {
    it(`and not where of ${kind} ${JSON.stringify(before)} becomes ${JSON.stringify(after)}`, () => {
      expect(changed(kind, before, after)).toEqual([]);
    });
  }

  it('where a ticket goes on to somebody else, is handed over again, or is open again', () => {
    const handedOver = { to: 'p_2', at: JUNE };
    expect(changed('ticket', { assignee: 'p_1' }, { assignee: 'p_1' })).toEqual([]);
    expect(changed('ticket', { assignee: 'p_1' }, { assignee: 'p_2' })).toEqual(['ticket-assigned']);
    expect(changed('ticket', null, { handedOver })).toEqual(['ticket-handed-over']);
    expect(changed('ticket', { handedOver }, { handedOver })).toEqual([]);
    // The same time, said in another zone.
    const inShanghai = { ...handedOver, at: '2026-06-01T08:00:00.000+08:00' };
    expect(changed('ticket', { handedOver }, { handedOver: inShanghai })).toEqual([]);
    expect(changed('ticket', { handedOver }, { handedOver: { ...handedOver, to: 'p_3' } })).toEqual([
      'ticket-handed-over',
    ]);
    expect(changed('ticket', { handedOver }, { handedOver: { ...handedOver, at: JULY } })).toEqual([
      'ticket-handed-over',
    ]);
    expect(changed('ticket', { handedOver }, { handedOver: null })).toEqual([]);
    expect(changed('ticket', { closedAt: JUNE }, { closedAt: null })).toEqual(['ticket-reopened']);
    expect(changed('ticket', { closedAt: JUNE }, { closedAt: JUNE })).toEqual([]);
    expect(changed('ticket', {}, { hotels: ['SHA01', 'HGH02'] })).toEqual(['hotels-added']);
  });

  it('where a case is put in the place of one of another kind, as where nothing was on file', () => {
    expect(givesMore(aCase('matter'), aCase('complaint'))).toEqual(['complaint-added']);
    expect(givesMore(aCase('complaint'), aCase('incident'))).toEqual(['incident-added']);
  });

  it('where a plan is filed as published, and where a dispute leaves its matter, not where it keeps it', () => {
    expect(changed('plan', null, { publishedAt: JUNE })).toEqual(['plan-published']);
    expect(changed('plan', { publishedAt: JUNE }, { publishedAt: JUNE })).toEqual([]);
    expect(changed('dispute', { matter: 'M-1' }, { matter: 'M-1' })).toEqual([]);
    expect(changed('dispute', { closedAt: JULY }, { closedAt: JUNE })).toEqual(['dispute-closed']);
    expect(changed('dispute', { closedAt: JUNE }, { closedAt: JULY })).toEqual([]);
    expect(changed('matter', { closedAt: JULY }, { closedAt: JUNE })).toEqual([]);
    expect(changed('matter', { closedAt: JULY }, { closedAt: JULY })).toEqual([]);
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
