import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import { isDigest } from '../../../shared/domain/digest.ts';
import { requestDigest, requestStatement } from '../../../shared/domain/request-digest.ts';
import { checked } from '../policy/staff.ts';

const grant = checked({ platforms: ['wecom', 'internal'], hotels: ['SHA01', 'HGH02'] });

/** One other value for each thing that the statement says. */
const CHANGES: Record<string, Partial<AccessGrant>> = {
  requestId: { requestId: 'req_2' },
  requester: { requester: 'p_other' },
  requesterRole: { requesterRole: 'infosec-director' },
  recipient: { recipient: 'p_other' },
  purpose: { purpose: 'complaint' },
  basis: { basis: 'consent' },
  matter: { matter: 'M-2026-015' },
  ticket: { ticket: 'T-1' },
  subjectKind: { subjectKind: 'email' },
  subject: { subject: 'another sealed text' },
  remarks: { remarks: 'another sealed text' },
  paperForm: { paperForm: 'F-1' },
  necessity: { necessity: 'another sealed text' },
  impactAssessment: { impactAssessment: 'DPIA-1' },
  agreement: { agreement: 'AG-1' },
  instrumentNumber: { instrumentNumber: 'JING-2026-15' },
  instrumentTerms: {
    instrumentTerms: {
      type: 'police',
      validFrom: '2026-01-01T00:00:00.000Z',
      validUntil: '2026-12-31T00:00:00.000Z',
      officers: ['p_officer'],
      foreign: false,
      approved: false,
      treaty: false,
      dueAt: null,
      secret: false,
      platforms: null,
      categories: null,
      from: null,
      to: null,
    },
  },
  citations: { citations: 'another sealed text' },
  platforms: { platforms: ['wecom'] },
  hotels: { hotels: ['SHA01'] },
  categories: { categories: ['enquiry'] },
  from: { from: '2026-04-30T00:00:00.000Z' },
  to: { to: null },
  masking: { masking: 'named' },
  windowHours: { windowHours: 73 },
  opens: { opens: 4 },
  route: { route: ['infosec-director', 'legal', 'privacy-officer'] },
  ruleSet: { ruleSet: `sha256:${'1'.repeat(64)}` },
  scope: { scope: grant.scope && { ...grant.scope, digest: `sha256:${'6'.repeat(64)}` } },
};

describe('the request digest', () => {
  it('changes with each thing that approvals bind to', () => {
    const digests = Object.values(CHANGES).map((change) => requestDigest({ ...grant, ...change }));
    expect(new Set([requestDigest(grant), ...digests]).size).toBe(digests.length + 1);
  });

  it('covers everything that the statement says', () => {
    expect(Object.keys(requestStatement(grant)).sort()).toEqual(['version', ...Object.keys(CHANGES)].sort());
  });

  it('is the same in whatever order lists were written', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(grant.platforms, { minLength: 2 }),
        fc.shuffledSubarray(grant.hotels, { minLength: 2 }),
        fc.shuffledSubarray(grant.route, { minLength: 2 }),
        (platforms, hotels, route) => {
          expect(requestDigest({ ...grant, platforms, hotels, route })).toBe(requestDigest(grant));
        },
      ),
    );
  });

  it('does not depend on where the request stands', () => {
    const later: AccessGrant = { ...grant, version: 9, state: 'open', opened: 2, endReason: 'x' };
    expect(requestDigest(later)).toBe(requestDigest(grant));
    expect(isDigest(requestDigest(grant))).toBe(true);
  });
});
