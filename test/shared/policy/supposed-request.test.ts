import { describe, expect, it } from '@jest/globals';
import { CATEGORIES } from '../../../shared/domain/record.ts';
import { ROLE_NAMES, type Role } from '../../../shared/domain/roles.ts';
import { supposedPerson, supposedRequest } from '../../../shared/policy/supposed-request.ts';
import { differencesOf } from './differences-of.ts';
import { NOON, REGION } from './staff.ts';

const supposition = { region: REGION, now: NOON };
const usual = supposedRequest('legal', ['enquiry'], supposition);

describe('a supposed person', () => {
  it('is active at the region’s first hotel, trained, with roles and a secondment for most of a year', () => {
    const since = '2025-08-19T12:00:00.000Z';
    expect(supposedPerson('one', ['legal', 'gm'], supposition)).toMatchObject({
      personId: 'p_one',
      username: 'one',
      displayName: 'one',
      department: 'front-office',
      hotel: 'SHA01',
      active: true,
      roles: [
        { role: 'legal', hotels: '*', grantedBy: 'p_hr', since },
        { role: 'gm', hotels: '*', grantedBy: 'p_hr', since },
      ],
      training: { system: since, exam: '2026-06-15T11:00:00.000Z' },
      secondments: [{ department: 'front-office', hotel: 'SHA01', from: since, to: NOON.toISOString() }],
      lock: { sessionUntil: null, account: false },
    });
  });

  it('is of no hotel where the region has none', () => {
    const nowhere = supposedPerson('one', [], { now: NOON, region: { ...REGION, hotels: [] } });
    expect(nowhere).toMatchObject({ hotel: '', roles: [], secondments: [{ hotel: '' }] });
  });
});

describe('a supposed request', () => {
  it('is of the two days before, at the own hotel, masked, of half an hour ago, and not yet checked', () => {
    expect(usual.grant).toMatchObject({
      requestId: 'req_supposed',
      version: 1,
      state: 'requested',
      chain: { sequence: 1, digest: null },
      requestedAt: '2026-06-15T11:30:00.000Z',
      requester: 'p_requester',
      requesterRole: 'legal',
      recipient: 'p_requester',
      purpose: 'dispute',
      basis: 'legal-claim',
      matter: 'M-1',
      ticket: 'T-1',
      subjectKind: 'phone',
      subject: '',
      remarks: '',
      instrument: false,
      emergency: false,
      necessity: '',
      impactAssessment: 'IA-1',
      platforms: ['wecom'],
      hotels: ['SHA01'],
      categories: ['enquiry'],
      from: '2026-06-13T12:00:00.000Z',
      to: '2026-06-15T11:00:00.000Z',
      masking: 'masked',
      windowHours: 24,
      opens: 3,
      opened: 0,
      registerNumber: '2026-000001',
      route: [],
      participants: [],
      approvals: [],
    });
    expect(usual.grant).not.toHaveProperty('agreement');
    expect(usual).toMatchObject({ now: NOON, region: REGION, retrievals: 0, transferOnFile: false });
    expect(usual.recipient).toBe(usual.requester);
    expect(usual.requester).toEqual(supposedPerson('requester', ['legal'], supposition));
  });

  it('finds twelve records of one guest who consented, with every case on file and the requester on shift', () => {
    const around = { from: new Date('2026-06-13T12:00:00.000Z'), to: new Date('2026-06-15T11:00:00.000Z') };
    expect(usual.scope).toMatchObject({
      guests: 1,
      conversations: 1,
      records: 12,
      sensitive: 0,
      categories: ['enquiry'],
      withoutConsent: [],
      unpublishedPlans: false,
      disputeElsewhere: false,
      disputeUnknown: false,
      disputeOrMajorComplaint: false,
      ofNamedComplaint: true,
      ownClients: true,
      departments: ['front-office'],
      withoutMarketingConsent: false,
      withoutSeparateConsent: false,
    });
    expect(usual.cases).toEqual({
      matter: { open: true },
      complaint: { open: true, major: false, hotels: ['SHA01'] },
      incident: { open: true, hotels: ['SHA01'], ...around },
      instrument: null,
      agreement: null,
      assessment: true,
      broughtBy: [],
    });
    expect(usual.standing.shift).toEqual({
      from: new Date('2026-06-15T09:00:00.000Z'),
      to: new Date('2026-06-15T17:00:00.000Z'),
    });
  });

  const VALID = { validFrom: '2026-06-14T12:00:00.000Z', validUntil: '2026-06-16T12:00:00.000Z' };
  const deIdentified = ['grant.masking=pseudonymised', 'grant.purpose=training', 'grant.subjectKind=cohort'];
  const OWN: Partial<Record<Role, readonly string[]>> = {
    trainer: deIdentified,
    analyst: deIdentified,
    marketing: deIdentified,
    'it-ops': ['grant.subjectKind=system'],
    liaison: [
      'cases.instrument',
      'cases.instrument.chineseApproval=false',
      'cases.instrument.covers=true',
      'cases.instrument.foreign=false',
      'cases.instrument.officer=true',
      'cases.instrument.reference=I-1',
      'cases.instrument.treaty=false',
      `cases.instrument.validFrom=${VALID.validFrom}`,
      `cases.instrument.validUntil=${VALID.validUntil}`,
      'grant.basis=legal-obligation',
      'grant.instrument=true',
      'grant.purpose=law-enforcement',
    ],
    partner: [
      'cases.agreement',
      'cases.agreement.covers=true',
      `cases.agreement.validFrom=${VALID.validFrom}`,
      `cases.agreement.validUntil=${VALID.validUntil}`,
      'grant.agreement=AG-1',
    ],
  };
  it('differs by role in what that role’s own rule asks for', () => {
    for (const role of ROLE_NAMES) {
      const differences = differencesOf(usual, supposedRequest(role, ['enquiry'], supposition)).filter(
        (difference) => !/\.roles=|requesterRole=/.test(difference),
      );
      expect([role, differences]).toEqual([role, OWN[role] ?? []]);
    }
  });

  it('differs by category in what kind of records these are', () => {
    const SENSITIVE = ['key-card', 'stay', 'cctv'];
    for (const category of CATEGORIES) {
      const differences = differencesOf(usual, supposedRequest('legal', [category], supposition)).filter(
        (difference) => !difference.includes('.categories='),
      );
      const expected = [
        ...(category === 'employee' ? ['grant.platforms=["workgroup"]', 'grant.subjectKind=employee'] : []),
        ...(category === 'dispute' ? ['scope.disputeOrMajorComplaint=true'] : []),
        ...(SENSITIVE.includes(category) ? ['scope.sensitive=12'] : []),
      ];
      expect([category, differences]).toEqual([category, expected]);
    }
    const mixed = supposedRequest('legal', ['employee', 'dispute', 'stay'], supposition);
    expect(mixed).toMatchObject({
      grant: { categories: ['employee', 'dispute', 'stay'], platforms: ['wecom'], subjectKind: 'phone' },
      scope: { disputeOrMajorComplaint: true, sensitive: 12 },
    });
  });
});
