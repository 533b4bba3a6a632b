import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import { nobody, type Person } from '../../../shared/domain/person.ts';
import { regionSchema } from '../../../shared/domain/region-config.ts';
import { requestDigest } from '../../../shared/domain/request-digest.ts';
import type { Role } from '../../../shared/domain/roles.ts';
import {
  type ApprovalFacts,
  type EndingFacts,
  NO_CASES,
  type OpeningFacts,
  type ProvisionFacts,
  type RegionFacts,
  type RequestFacts,
} from '../../../shared/policy/facts.ts';

/** The people, the region and the requests of the rulebook's cases. Noon is when everything happens. */

export const NOON = new Date('2026-06-15T12:00:00.000Z');
export const REGION: RegionFacts = {
  region: 'cn-north-1',
  hotels: ['SHA01', 'HGH02'],
  minimumApprovals: 2,
  consentSources: ['wecom'],
  jurisdiction: 'CN',
  chainHotels: ['SHA01', 'HGH02', 'SIN01', 'FRA01'],
  rules: regionSchema.shape.rules.parse({}),
};

export function person(name: string, ...roles: Role[]): Person {
  return {
    ...nobody(`p_${name}`),
    username: name,
    displayName: name,
    department: 'd',
    hotel: 'SHA01',
    active: true,
    roles: roles.map((role) => ({ role, hotels: '*', grantedBy: 'p_hr', since: '2026-01-01T00:00:00.000Z' })),
    training: { system: '2026-01-05T00:00:00.000Z', exam: '2026-05-04T00:00:00.000Z' },
  };
}

export const lawyer = person('lawyer', 'legal');
export const secondLawyer = person('second-lawyer', 'legal');
export const director = person('director', 'infosec-director');
export const officer = person('officer', 'privacy-officer');
export const secondOfficer = person('second-officer', 'privacy-officer');
export const auditor = person('auditor', 'auditor');
export const clerk = person('clerk', 'front-desk');

const SCOPE = {
  digest: `sha256:${'5'.repeat(64)}`,
  conversations: 1,
  records: 12,
  guests: ['gst_1'],
  sensitive: 0,
};

/** A request of legal as it lies before check. */
export function request(changes: Partial<AccessGrant> = {}): AccessGrant {
  return {
    requestId: 'req_1',
    version: 1,
    state: 'requested',
    chain: { sequence: 1, digest: null },
    requestedAt: '2026-06-15T08:00:00.000Z',
    requester: lawyer.personId,
    requesterRole: 'legal',
    recipient: lawyer.personId,
    purpose: 'dispute',
    basis: 'legal-claim',
    matter: 'M-2026-014',
    ticket: null,
    subjectKind: 'phone',
    subject: 'sealed',
    remarks: 'sealed',
    paperForm: null,
    instrument: false,
    emergency: false,
    platforms: ['wecom'],
    hotels: ['SHA01'],
    categories: ['enquiry', 'complaint'],
    from: '2026-05-01T00:00:00.000Z',
    to: '2026-05-31T00:00:00.000Z',
    masking: 'masked',
    windowHours: 72,
    opens: 3,
    registerNumber: '2026-000001',
    verdict: null,
    route: [],
    ruleSet: null,
    scope: null,
    requestDigest: null,
    participants: [],
    deadline: null,
    approvals: [],
    provisionedAt: null,
    windowEnds: null,
    staged: null,
    opened: 0,
    endReason: null,
    archive: null,
    ...changes,
  };
}

/** The same after check: scope frozen, route computed, digest taken over all of it. */
export function checked(changes: Partial<AccessGrant> = {}): AccessGrant {
  const grant = request({
    state: 'awaiting-approval',
    route: ['infosec-director', 'privacy-officer'],
    ruleSet: `sha256:${'0'.repeat(64)}`,
    scope: SCOPE,
    deadline: '2026-06-16T08:00:00.000Z',
    ...changes,
  });
  return 'requestDigest' in changes ? grant : { ...grant, requestDigest: requestDigest(grant) };
}

export function approval(
  grant: AccessGrant,
  by: Person,
  role: Role,
  decision: 'approve' | 'deny' = 'approve',
): AccessGrant['approvals'][number] {
  return {
    role,
    by: by.personId,
    at: '2026-06-15T10:00:00.000Z',
    requestDigest: grant.requestDigest ?? '',
    decision,
    reason: 'sealed',
    reasonCommitment: 'sealed',
  };
}

/** The same with both approvals. */
export function approved(changes: Partial<AccessGrant> = {}): AccessGrant {
  const grant = checked({ state: 'provisioning', ...changes });
  return {
    ...grant,
    approvals: changes.approvals ?? [
      approval(grant, director, 'infosec-director'),
      approval(grant, officer, 'privacy-officer'),
    ],
  };
}

/** The same, provisioned two hours ago. */
export function opened(changes: Partial<AccessGrant> = {}): AccessGrant {
  return approved({
    state: 'open',
    provisionedAt: '2026-06-15T10:00:00.000Z',
    windowEnds: '2026-06-18T10:00:00.000Z',
    staged: { key: 'staged/req_1', digest: 'd', records: 12, conversations: 1, bytes: 100 },
    ...changes,
  });
}

/** Twelve enquiries of one guest, of whom nothing else is on file. */
export function scopeFacts(
  changes: Partial<NonNullable<RequestFacts['scope']>> = {},
): NonNullable<RequestFacts['scope']> {
  return {
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
    ofNamedComplaint: false,
    ownClients: false,
    departments: [],
    withoutMarketingConsent: false,
    withoutSeparateConsent: false,
    broughtBy: [],
    ...changes,
  };
}

export function requestFacts(changes: Partial<RequestFacts> = {}): RequestFacts {
  return {
    now: NOON,
    region: REGION,
    grant: request(),
    requester: lawyer,
    recipient: lawyer,
    scope: scopeFacts(),
    cases: NO_CASES,
    standing: { shift: null },
    retrievals: 0,
    transferOnFile: false,
    ...changes,
  };
}

export function approvalFacts(changes: Partial<ApprovalFacts> = {}): ApprovalFacts {
  const grant = changes.grant ?? checked();
  return {
    ...requestFacts({ grant }),
    actor: officer,
    role: 'privacy-officer',
    decision: 'approve',
    seenDigest: grant.requestDigest ?? '',
    requesterManagers: [],
    actorManagers: [],
    approverPeople: {},
    approverManagers: {},
    enabledBy: ['p_hr'],
    recipientEnabledBy: ['p_hr'],
    stepUp: 'verified',
    ...changes,
  };
}

export function provisionFacts(changes: Partial<ProvisionFacts> = {}): ProvisionFacts {
  const grant = changes.grant ?? approved();
  const known = [lawyer, secondLawyer, director, officer, secondOfficer, auditor];
  return {
    ...requestFacts({ grant }),
    approvers: grant.approvals.map(({ role, by, requestDigest: digest }) => ({
      role,
      person: known.find(({ personId }) => personId === by) ?? null,
      managers: [],
      requestDigest: digest,
      stepUp: 'verified' as const,
    })),
    requesterManagers: [],
    enabledBy: ['p_hr'],
    recipientEnabledBy: ['p_hr'],
    scopeDigestNow: grant.scope?.digest ?? '',
    requestDigestNow: requestDigest(grant),
    ...changes,
  };
}

export function openingFacts(changes: Partial<OpeningFacts> = {}): OpeningFacts {
  const grant = changes.grant ?? opened();
  return { ...provisionFacts({ grant }), actor: lawyer, stepUp: 'verified', ...changes };
}

export function endingFacts(changes: Partial<EndingFacts> = {}): EndingFacts {
  return { now: NOON, region: REGION, grant: checked(), actor: lawyer, ending: 'withdraw', ...changes };
}
