import type { AccessGrant } from '../domain/access-grant.ts';
import { nobody, type Person } from '../domain/person.ts';
import type { Category } from '../domain/record.ts';
import type { Role } from '../domain/roles.ts';
import { isSensitive } from '../domain/sensitive-categories.ts';
import type { RegionFacts, RequestFacts } from './facts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Where and when requests are supposed to be made. */
export type Supposition = { region: RegionFacts; now: Date };

/** The people, all at the region's first hotel, who are supposed to ask, approve and answer for what is asked. */
export function supposedPerson(name: string, roles: readonly Role[], { region, now }: Supposition): Person {
  return {
    ...nobody(`p_${name}`),
    username: name,
    displayName: name,
    department: 'front-office',
    hotel: region.hotels[0] ?? '',
    active: true,
    roles: roles.map((role) => ({
      role,
      hotels: '*',
      grantedBy: 'p_hr',
      since: before(now, 300 * DAY_MS).toISOString(),
    })),
    training: {
      system: before(now, 300 * DAY_MS).toISOString(),
      exam: before(now, HOUR_MS).toISOString(),
    },
    secondments: [
      {
        department: 'front-office',
        hotel: region.hotels[0] ?? '',
        from: before(now, 300 * DAY_MS).toISOString(),
        to: now.toISOString(),
      },
    ],
  };
}

const DE_IDENTIFIED: readonly Role[] = ['trainer', 'analyst', 'marketing'];

/**
 * A request in this role for records of these categories, of the two days before now, at the own hotel, with every fact
 * as that role's rule asks for it: on shift, within a secondment, the matter, complaint, incident, instrument and
 * agreement on file, twelve records of one guest who consented. What is refused of it is not the role's to ask for.
 */
export function supposedRequest(
  role: Role,
  categories: readonly Category[],
  supposition: Supposition,
): RequestFacts {
  const { region, now } = supposition;
  const requester = supposedPerson('requester', [role], supposition);
  const deIdentified = DE_IDENTIFIED.includes(role);
  const around = { from: before(now, 2 * DAY_MS), to: before(now, HOUR_MS) };
  const validity = { validFrom: before(now, DAY_MS), validUntil: before(now, -DAY_MS) };
  const hotels = region.hotels.slice(0, 1);
  const grant: AccessGrant = {
    requestId: 'req_supposed',
    version: 1,
    state: 'requested',
    chain: { sequence: 1, digest: null },
    requestedAt: before(now, HOUR_MS / 2).toISOString(),
    requester: requester.personId,
    requesterRole: role,
    recipient: requester.personId,
    purpose: deIdentified ? 'training' : role === 'liaison' ? 'law-enforcement' : 'dispute',
    basis: role === 'liaison' ? 'legal-obligation' : 'legal-claim',
    matter: 'M-1',
    ticket: 'T-1',
    subjectKind: deIdentified
      ? 'cohort'
      : role === 'it-ops'
        ? 'system'
        : onlyEmployees(categories)
          ? 'employee'
          : 'phone',
    subject: '',
    remarks: '',
    paperForm: null,
    instrument: role === 'liaison',
    emergency: false,
    necessity: '',
    impactAssessment: 'IA-1',
    ...(role === 'partner' ? { agreement: 'AG-1' } : {}),
    platforms: onlyEmployees(categories) ? ['workgroup'] : ['wecom'],
    hotels,
    categories: [...categories],
    from: around.from.toISOString(),
    to: around.to.toISOString(),
    masking: deIdentified ? 'pseudonymised' : 'masked',
    windowHours: 24,
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
  };
  return {
    now,
    region,
    grant,
    requester,
    recipient: requester,
    scope: {
      guests: 1,
      conversations: 1,
      records: 12,
      sensitive: categories.some(isSensitive) ? 12 : 0,
      categories: [...categories],
      withoutConsent: [],
      unpublishedPlans: false,
      disputeElsewhere: false,
      disputeUnknown: false,
      disputeOrMajorComplaint: categories.includes('dispute'),
      ofNamedComplaint: true,
      ownClients: true,
      departments: ['front-office'],
      withoutMarketingConsent: false,
      withoutSeparateConsent: false,
      broughtBy: [],
    },
    cases: {
      matter: { open: true },
      complaint: { open: true, major: false, hotels },
      incident: { open: true, hotels, ...around },
      instrument:
        role === 'liaison'
          ? {
              reference: 'I-1',
              foreign: false,
              chineseApproval: false,
              treaty: false,
              covers: true,
              officer: true,
              ...validity,
            }
          : null,
      agreement: role === 'partner' ? { covers: true, ...validity } : null,
      assessment: true,
      broughtBy: [],
    },
    standing: { shift: { from: before(now, 3 * HOUR_MS), to: before(now, -5 * HOUR_MS) } },
    retrievals: 0,
    transferOnFile: false,
  };
}

function onlyEmployees(categories: readonly Category[]): boolean {
  return categories.every((category) => category === 'employee');
}

function before(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() - milliseconds);
}
