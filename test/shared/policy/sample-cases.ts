import type { CaseKind, CaseOf } from '../../../shared/domain/case.ts';

const common = {
  reference: 'C-2026-1',
  hotels: ['SHA01'],
  recordedAt: '2026-05-01T00:00:00.000Z',
  recordedBy: 'p_lawyer',
  broughtBy: ['p_hr'],
  formerly: { guests: [], hotels: [] },
};
const validity = { validFrom: '2026-01-01T00:00:00.000Z', validUntil: '2027-01-01T00:00:00.000Z' };
const opened = { openedAt: '2026-05-01T00:00:00.000Z', closedAt: null };

const SAMPLES: { [Kind in CaseKind]: CaseOf<Kind> } = {
  complaint: { kind: 'complaint', ...common, guests: ['gst_1'], major: false, ...opened },
  dispute: { kind: 'dispute', ...common, guests: ['gst_1'], department: 'd', matter: null, ...opened },
  plan: { kind: 'plan', ...common, guests: ['gst_1'], complaint: 'C-1', publishedAt: null },
  matter: { kind: 'matter', ...common, ...opened },
  instrument: {
    kind: 'instrument',
    ...common,
    type: 'police',
    authority: 'PSB-SH',
    foreign: false,
    approvalNumber: null,
    treaty: null,
    ...validity,
    dueAt: null,
    platforms: null,
    categories: ['enquiry', 'complaint'],
    from: null,
    to: null,
    officers: ['p_officer_of_police'],
    secret: false,
  },
  agreement: {
    kind: 'agreement',
    ...common,
    recipient: 'p_lawyer',
    role: 'processor',
    purposes: ['dispute'],
    bases: ['legal-claim'],
    categories: ['enquiry', 'complaint'],
    ...validity,
  },
  incident: {
    kind: 'incident',
    ...common,
    from: '2026-05-10T00:00:00.000Z',
    to: '2026-05-11T00:00:00.000Z',
    closedAt: null,
  },
  ticket: { kind: 'ticket', ...common, guests: ['gst_1'], assignee: null, handedOver: null, closedAt: null },
  transfer: { kind: 'transfer', ...common, recipient: 'p_lawyer', mechanism: 'SCC', ...validity },
  assessment: {
    kind: 'assessment',
    ...common,
    purposes: ['dispute'],
    categories: ['enquiry', 'complaint'],
    ...validity,
  },
};

/** A case of the hotel SHA01, about gst_1 where its kind names guests, open or valid in June 2026. */
export function aCase<Kind extends CaseKind>(kind: Kind, changes: Partial<CaseOf<Kind>> = {}): CaseOf<Kind> {
  return { ...SAMPLES[kind], ...changes };
}
