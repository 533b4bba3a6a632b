import type { AccessGrant } from '../domain/access-grant.ts';
import type { CaseKind } from '../domain/case.ts';
import type { Jurisdiction } from '../domain/jurisdiction.ts';
import type { Person } from '../domain/person.ts';
import type { Source } from '../domain/record.ts';
import type { RegionConfig } from '../domain/region-config.ts';
import type { Role } from '../domain/roles.ts';

/** The region as policy sees it. */
export type RegionFacts = {
  region: string;
  hotels: string[];
  minimumApprovals: number;
  /** Sources that rest on the guest's consent (R8). */
  consentSources: readonly Source[];
  jurisdiction: Jurisdiction;
  /** Every hotel of the chain, in whichever region (A3). */
  chainHotels: string[];
  rules: RuleNumbers;
};

/** The numbers that the rulebook's rules name, as the region's configuration has them. */
export type RuleNumbers = RegionConfig['rules'];

/** Cases on file that a request names, as far as they bear on it; null where it names none, or none is on file. */
export type NamedCases = {
  /** T7: the matter is on file and not closed. */
  matter: { open: boolean } | null;
  /** T2, A2. */
  complaint: { open: boolean; major: boolean; hotels: string[] } | null;
  /** T16. */
  incident: { open: boolean; hotels: string[]; from: Date; to: Date } | null;
  /** T12, R12, E1. */
  instrument: {
    reference: string;
    foreign: boolean;
    chineseApproval: boolean;
    treaty: boolean;
    validFrom: Date;
    validUntil: Date;
    /** The request stays within what it names: platforms, categories, hotels, times. */
    covers: boolean;
    /** The recipient is one of its officers, or the hotel's own legal. */
    officer: boolean;
    /** When the answer is due: approvals are due no later (A4). */
    dueAt?: Date | null;
  } | null;
  /** T13. */
  agreement: { validFrom: Date; validUntil: Date; covers: boolean } | null;
  /** R14: an impact assessment covers purpose and categories, and is valid. */
  assessment: boolean;
  /** Whoever brought these, and a transfer mechanism for the recipient, on file (A1). */
  broughtBy: string[];
};

export const NO_CASES: NamedCases = {
  matter: null,
  complaint: null,
  incident: null,
  instrument: null,
  agreement: null,
  assessment: false,
  broughtBy: [],
};

/** Somebody's part in the request beyond the roles held. */
export type Standing = {
  /** On shift now at a hotel of the request; null where the directory has no shift of now. */
  shift: { from: Date; to: Date } | null;
};

/** Facts about a request, gathered before the rulebook is asked (check, and again at provision and open). */
export type RequestFacts = {
  now: Date;
  region: RegionFacts;
  grant: AccessGrant;
  requester: Person;
  recipient: Person;
  /** What was found in scope; null before the search. */
  scope: {
    guests: number;
    conversations: number;
    records: number;
    sensitive: number;
    categories: string[];
    /** Platforms in scope that rest on consent, where somebody's consent doesn't stand (R8). */
    withoutConsent: string[];
    /** A complaint plan among them isn't published, or no plan is on file for it (R2). */
    unpublishedPlans: boolean;
    /**
     * A dispute about one of the guests is in progress in another department than the requester's, and isn't of the matter
     * that legal names (R3).
     */
    disputeElsewhere: boolean;
    /** Records of the category dispute, of a guest of whom no dispute is on file: its state is unknown (R3). */
    disputeUnknown: boolean;
    /** A2: a dispute, or a major complaint, is in scope: by category, or by a case on file about one of the guests. */
    disputeOrMajorComplaint: boolean;
    /**
     * T2: somebody put on file that every person in scope is concerned by an open complaint, of every hotel asked for, that
     * the request names.
     */
    ofNamedComplaint: boolean;
    /** Every guest is one of the requester's own accounts (T6). */
    ownClients: boolean;
    /** The department of somebody in every conversation of scope; empty where there is none in common (T11). */
    departments: string[];
    /** Somebody of them consented to no use for marketing (T9). */
    withoutMarketingConsent: boolean;
    /** R14: somebody's separate (or a guardian's) consent to the use of sensitive records is not on file. */
    withoutSeparateConsent: boolean;
    /** Whoever brought the cases on file that open this scope: disputes, plans, and the ticket that led to it (A1). */
    broughtBy: string[];
  } | null;
  cases: NamedCases;
  /** About the requester. */
  standing: Standing;
  /** R4: retrievals of a guest in scope by this requester granted this month, the highest of all; this one not counted. */
  retrievals: number;
  /** A3: a transfer mechanism is on file for the recipient, valid now. */
  transferOnFile: boolean;
};

/** How a step-up went (A6, R5): what the assertion showed when it was checked. Only `verified` lets anything pass. */
export const STEP_UPS = [
  'verified',
  'missing',
  'malformed',
  'challenge-unknown',
  'challenge-used',
  'challenge-expired',
  'other-statement',
  'other-request',
  'reason-changed',
  'other-origin',
  'other-relying-party',
  'user-not-verified',
  'signature-invalid',
  'counter-went-back',
  'device-not-enrolled',
  'device-revoked',
  'device-not-confirmed',
  'software-device-refused',
] as const;
export type StepUpOutcome = (typeof STEP_UPS)[number];

/** Facts about one decision on a request. */
export type ApprovalFacts = RequestFacts & {
  actor: Person;
  /** The role in which the actor decides. */
  role: Role;
  decision: 'approve' | 'deny';
  /** The request digest that the actor saw. */
  seenDigest: string;
  requesterManagers: string[];
  actorManagers: string[];
  /** Each earlier approver as the directory has them now, and the managers above them, by person id. */
  approverPeople: Record<string, Person>;
  approverManagers: Record<string, string[]>;
  /** Who gave the requester, and the recipient, what of the directory this request rests on: the role, training … */
  enabledBy: string[];
  recipientEnabledBy: string[];
  stepUp: StepUpOutcome;
};

/** Approvals as they stand on record, their people as the directory has them now, and what A1 asks about beside them. */
export type ApprovalsOnRecord = {
  approvers: {
    role: Role;
    person: Person | null;
    managers: string[];
    requestDigest: string;
    /** How what the approver's device signed looks now, from the evidence that was kept of it (A6). */
    stepUp: StepUpOutcome;
  }[];
  requesterManagers: string[];
  enabledBy: string[];
  recipientEnabledBy: string[];
};

/** Facts about whether the approvals on record still count. */
export type RelianceFacts = RequestFacts & ApprovalsOnRecord;

/** Facts about provisioning. */
export type ProvisionFacts = RelianceFacts & {
  /** The digest of the scope as found again now, and of the request with it. */
  scopeDigestNow: string;
  requestDigestNow: string;
};

/** Facts about one opening. */
export type OpeningFacts = ProvisionFacts & { actor: Person; stepUp: StepUpOutcome };

/** Acts about break-glass (L5) besides the approvers' own decisions, which are those about any approval. */
export type EmergencyAct = 'ask-emergency' | 'answer-emergency' | 'view-emergency' | 'bring-form';

/** Facts about such an act. */
export type EmergencyFacts = RequestFacts & {
  actor: Person;
  role: Role;
  /** How often the actor has used, or opened, break-glass this month in the hotel's zone, this one not counted. */
  uses: number;
};

/** Facts about a look at what break-glass shows; ask it once without the approvals and the scope, and again with both. */
export type EmergencyViewFacts = EmergencyFacts & {
  /** How the step-up of whoever looks went (A6, R5). */
  stepUp: StepUpOutcome;
  onRecord: ApprovalsOnRecord | null;
};

/** Facts about ending a request or grant ahead of time. */
export type EndingFacts = {
  now: Date;
  region: RegionFacts;
  grant: AccessGrant;
  actor: Person;
  ending: 'withdraw' | 'close' | 'revoke';
};

/** Facts about somebody who wants to see a request's metadata (T18). */
export type ShowingFacts = { now?: Date; region: RegionFacts; grant: AccessGrant; actor: Person };

export type ProviderAct = 'ask-provider' | 'settle-provider-request' | 'see-provider-requests';

/** Facts about a letter to a platform's provider, made from this request. */
export type ProviderFacts = {
  now?: Date;
  region: RegionFacts;
  grant: AccessGrant;
  actor: Person;
  act: ProviderAct;
  platform: Source;
  hotels: string[];
};

/** Acts about a person's devices (A6, R5). */
export type DeviceAct = 'confirm-device' | 'revoke-device' | 'see-devices';

/** Facts about such an act: who acts, and whose device it is. */
export type DeviceFacts = { now: Date; region: RegionFacts; actor: Person; owner: Person; act: DeviceAct };

/** Facts about somebody who would open another's locked account (R9). `stepUp`: how the signature looked (A6). */
export type UnlockingFacts = {
  now: Date;
  region: RegionFacts;
  actor: Person;
  locked: Person;
  stepUp: StepUpOutcome;
};

export type PrintAct = 'number-print' | 'end-print';

/** Facts about somebody who puts a print on record, or its end (R13). */
export type PrintFacts = { now: Date; region: RegionFacts; grant: AccessGrant; actor: Person; act: PrintAct };

export type Duty =
  | 'place-hold'
  | 'release-hold'
  | 'see-holds'
  | 'run-retention'
  | 'see-certificates'
  | 'record-consent'
  | 'see-consents'
  | 'authorise-collection'
  | 'unlink-identifiers'
  | 'keep-directory'
  | 'confirm-directory-change'
  | 'see-directory'
  | 'keep-cases'
  | 'confirm-case-change'
  | 'see-cases';

/** Facts about a duty beside the loop. `hotels` are those concerned; empty where a role at any hotel is enough. */
export type DutyFacts = {
  /** Deputies have duties only where it is known when. */
  now?: Date;
  region: RegionFacts;
  actor: Person;
  duty: Duty;
  hotels: string[];
  /** Whom it is about, where it is about a person. */
  about?: Person;
  /** Of a duty about cases: of which kind. */
  caseKind?: CaseKind;
  /** Of a duty that is signed (A6). */
  stepUp?: StepUpOutcome;
};

/** What a routine view looks for: a guest, a ticket, system logs, simulated conversations, a mentor's view, counts alone. */
export const VIEW_KINDS = ['guest', 'ticket', 'system', 'simulated', 'shared', 'aggregates'] as const;
export type ViewKind = (typeof VIEW_KINDS)[number];

export type Span = { from: Date; to: Date };

/** Facts about a routine view. Ask it once without the scope, and again with what was found. */
export type ViewFacts = {
  now: Date;
  region: RegionFacts;
  viewer: Person;
  /** The role that is looked in. */
  role: Role;
  hotel: string;
  kind: ViewKind;
  /** The viewer's shift of now at the hotel; null off shift. */
  shift: Span | null;
  businessDay: Span;
  /** The ticket that is named; null where there is none on file of this hotel. */
  ticket: { open: boolean; assigned: boolean; handedOver: boolean } | null;
  /** The view that a trainee looks into; null where there is none. */
  mentor: { own: boolean; open: boolean } | null;
  transferOnFile: boolean;
  /** What was found, with the times of its first and last record; null before the search. */
  found: { scope: NonNullable<RequestFacts['scope']>; span: Span | null } | null;
};

/** What guests may do with their own records (T14). */
export const GUEST_RIGHTS = [
  'see',
  'accesses',
  'export',
  'correct',
  'restrict',
  'erase',
  'complain',
] as const;
export type GuestRight = (typeof GUEST_RIGHTS)[number];

/** Facts about a guest who uses a right of the own. */
export type GuestRightFacts = {
  right: GuestRight;
  /** Whoever asks has proven to be this guest. */
  identityProven: boolean;
  /** Every record concerned is this guest's own. */
  own: boolean;
};
