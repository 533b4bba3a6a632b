import type { AccessGrant } from '../domain/access-grant.ts';
import type { Person } from '../domain/person.ts';
import type { Source } from '../domain/record.ts';
import type { Role } from '../domain/roles.ts';

/** The region as policy sees it. */
export type RegionFacts = {
  region: string;
  hotels: string[];
  minimumApprovals: number;
  /** Sources that rest on the guest's consent (R8). */
  consentSources: readonly Source[];
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
  } | null;
};

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
  /** The managers above each earlier approver, by person id. */
  approverManagers: Record<string, string[]>;
  /** Who gave the requester the role that this request rests on, and who gave it to the recipient. */
  enabledBy: string[];
  recipientEnabledBy: string[];
};

/** Facts about provisioning: approvals as they stand, their people as the directory has them now. */
export type ProvisionFacts = RequestFacts & {
  approvers: { role: Role; person: Person | null; managers: string[]; requestDigest: string }[];
  requesterManagers: string[];
  enabledBy: string[];
  recipientEnabledBy: string[];
  /** The digest of the scope as found again now, and of the request with it. */
  scopeDigestNow: string;
  requestDigestNow: string;
};

/** Facts about one opening. */
export type OpeningFacts = ProvisionFacts & { actor: Person };

/** Facts about ending a request or grant ahead of time. */
export type EndingFacts = {
  now: Date;
  region: RegionFacts;
  grant: AccessGrant;
  actor: Person;
  ending: 'withdraw' | 'close' | 'revoke';
};

/** Facts about somebody who wants to see a request's metadata (T18). */
export type ShowingFacts = { region: RegionFacts; grant: AccessGrant; actor: Person };

export type ProviderAct = 'ask-provider' | 'settle-provider-request' | 'see-provider-requests';

/** Facts about a letter to a platform's provider, made from this request. */
export type ProviderFacts = {
  region: RegionFacts;
  grant: AccessGrant;
  actor: Person;
  act: ProviderAct;
  platform: Source;
  hotels: string[];
};

export type Duty =
  | 'place-hold'
  | 'release-hold'
  | 'see-holds'
  | 'run-retention'
  | 'see-certificates'
  | 'record-consent'
  | 'see-consents'
  | 'authorise-collection'
  | 'unlink-identifiers';

/** Facts about a duty beside the loop. `hotels` are those concerned; empty where a role at any hotel is enough. */
export type DutyFacts = { region: RegionFacts; actor: Person; duty: Duty; hotels: string[] };
