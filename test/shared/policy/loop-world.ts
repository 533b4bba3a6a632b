import type { AccessGrant, Approval } from '../../../shared/domain/access-grant.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { requestDigest } from '../../../shared/domain/request-digest.ts';
import {
  canMove,
  FINAL_STATES,
  TRANSITIONS,
  type Transition,
} from '../../../shared/domain/request-states.ts';
import type { Role } from '../../../shared/domain/roles.ts';
import { freezeScope, type Scope } from '../../../shared/domain/scope.ts';
import type { Verdict } from '../../../shared/domain/verdict.ts';
import { decideApproval } from '../../../shared/policy/decide-approval.ts';
import { decideEnding } from '../../../shared/policy/decide-ending.ts';
import { decideOpening } from '../../../shared/policy/decide-opening.ts';
import { decideProvision } from '../../../shared/policy/decide-provision.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { decideUnder } from '../../../shared/policy/decide-under.ts';
import {
  NO_CASES,
  type ProvisionFacts,
  type RegionFacts,
  type RequestFacts,
} from '../../../shared/policy/facts.ts';
import type { RuleSet } from '../../../shared/policy/rule-set.ts';
import { REGION, scopeFacts } from './staff.ts';

/**
 * The loop as a pure model: the product's own decisions, transition table, scope and request digest over rows in
 * memory. Every change is decided on a row as it was read and committed later, conditional on the row's version and
 * state, so that others can come between, and a commit can be lost or come twice. Everything that the invariants look
 * at is written down at the commit, in a history that no decision reads.
 */

type Changes = Partial<Omit<AccessGrant, 'requestId' | 'version' | 'chain' | 'state'>>;

/** A decision that was taken and not yet committed. */
export type Pending = {
  row: AccessGrant;
  transition: Transition;
  changes: Changes;
  opening?: string;
  /** The directory as it was when this was decided. */
  people: ReadonlyMap<string, Person>;
};

export type HistoryEntry =
  | { what: 'approved'; requestId: string; by: string; role: Role; statement: string; scope: string[] }
  | {
      what: 'opened';
      requestId: string;
      at: number;
      by: string;
      stateBefore: string;
      statement: string;
      row: AccessGrant;
      records: string[];
      people: ReadonlyMap<string, Person>;
    }
  | { what: 'moved'; requestId: string; from: string; to: string };

export type Decisions = {
  request: typeof decideRequest;
  approval: typeof decideApproval;
  provision: typeof decideProvision;
  opening: typeof decideOpening;
  ending: typeof decideEnding;
};

export const PRODUCT: Decisions = {
  request: decideRequest,
  approval: decideApproval,
  provision: decideProvision,
  opening: decideOpening,
  ending: decideEnding,
};

const HOUR_MS = 3_600_000;
const DEADLINE_HOURS = 24;
/** So that sequences go deep rather than wide. */
const MOST_REQUESTS = 3;

export class LoopWorld {
  now = Date.parse('2026-06-15T12:00:00.000Z');
  readonly people: Map<string, Person>;
  /** Record id → what it says now (its commitment) and which staff take part. */
  readonly records = new Map<string, { commitment: string; staff: string[] }>();
  readonly rows = new Map<string, AccessGrant>();
  /** Keys of openings that were counted. */
  readonly issued = new Set<string>();
  readonly scopes = new Map<string, Scope>();
  readonly pending: Pending[] = [];
  readonly history: HistoryEntry[] = [];
  readonly refusals = new Map<string, number>();
  current: RuleSet;
  readonly region: RegionFacts = {
    ...REGION,
    consentSources: [],
  };
  readonly ruleSets: Map<string, RuleSet>;
  readonly decisions: Decisions;

  constructor(people: Person[], ruleSets: [RuleSet, ...RuleSet[]], decisions: Decisions) {
    this.people = new Map(people.map((person) => [person.personId, person]));
    this.current = ruleSets[0];
    this.ruleSets = new Map(ruleSets.map((ruleSet) => [ruleSet.digest, ruleSet]));
    this.decisions = decisions;
    for (let index = 0; index < 3; index += 1)
      this.records.set(hex(index), { commitment: hex(index), staff: [] });
  }

  // The steps of the loop, each on the row as it stands when it is read.

  request(requester: Person, asked: Partial<AccessGrant>): void {
    if (this.rows.size === MOST_REQUESTS) return;
    const requestId = `req_${this.rows.size + 1}`;
    this.rows.set(requestId, {
      requestId,
      version: 1,
      state: 'requested',
      chain: { sequence: 1, digest: null },
      requestedAt: this.time(),
      requester: requester.personId,
      requesterRole: requester.roles[0]?.role ?? 'agent',
      recipient: requester.personId,
      purpose: 'dispute',
      basis: 'legal-claim',
      matter: 'M-1',
      ticket: null,
      subjectKind: 'phone',
      subject: null,
      remarks: '',
      paperForm: null,
      instrument: false,
      emergency: false,
      platforms: ['wecom'],
      hotels: ['SHA01'],
      categories: ['enquiry'],
      from: '2026-05-01T00:00:00.000Z',
      to: '2026-05-31T00:00:00.000Z',
      masking: 'masked',
      windowHours: 72,
      opens: 2,
      registerNumber: requestId,
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
      ...asked,
    });
  }

  check(row: AccessGrant): void {
    const ruleSet = this.current;
    const { scope, digest } = freezeScope(
      [...this.records].map(([recordId, { commitment }]) => ({ recordId, commitment })),
    );
    const verdict = this.decisions.request(ruleSet, {
      ...this.requestFacts(row),
      scope: scopeFacts({ records: scope.records.length }),
    });
    if (this.refusedBy(verdict)) {
      this.hold({ row, transition: 'refuse', changes: { verdict } });
      return;
    }
    this.scopes.set(digest, scope);
    const changes: Changes = {
      verdict,
      route: verdict.route,
      ruleSet: ruleSet.digest,
      scope: { digest, conversations: 1, records: scope.records.length, guests: ['gst_1'], sensitive: 0 },
      participants: [...new Set([...this.records.values()].flatMap(({ staff }) => staff))],
      deadline: new Date(this.now + DEADLINE_HOURS * HOUR_MS).toISOString(),
    };
    this.hold({
      row,
      transition: 'submit',
      changes: { ...changes, requestDigest: requestDigest({ ...row, ...changes }) },
    });
  }

  decide(
    row: AccessGrant,
    actor: Person,
    role: Role,
    decision: 'approve' | 'deny',
    seenDigest: string,
  ): void {
    const verdict = decideUnder(this.inForce(row), this.decisions.approval, {
      ...this.requestFacts(row),
      actor,
      role,
      decision,
      seenDigest,
      stepUp: 'verified',
      requesterManagers: this.managersAbove(row.requester),
      actorManagers: this.managersAbove(actor.personId),
      approverManagers: Object.fromEntries(row.approvals.map(({ by }) => [by, this.managersAbove(by)])),
      enabledBy: this.enabledBy(row, row.requester),
      recipientEnabledBy: this.enabledBy(row, row.recipient),
    });
    if (this.refusedBy(verdict)) return;
    const approval: Approval = {
      role,
      by: actor.personId,
      at: this.time(),
      requestDigest: seenDigest,
      decision,
      reason: '',
      reasonCommitment: '',
    };
    const approvals = [...row.approvals, approval];
    const complete = row.route.every((needed) =>
      approvals.some((each) => each.role === needed && each.decision === 'approve'),
    );
    const transition = decision === 'deny' ? 'deny' : complete ? 'complete' : 'approve';
    this.hold({ row, transition, changes: { approvals } });
  }

  provision(row: AccessGrant): void {
    const verdict = decideUnder(this.inForce(row), this.decisions.provision, this.provisionFacts(row));
    if (this.refusedBy(verdict)) {
      this.hold({ row, transition: 'fail', changes: {} });
      return;
    }
    this.hold({
      row,
      transition: 'provision',
      changes: {
        provisionedAt: this.time(),
        windowEnds: new Date(this.now + row.windowHours * HOUR_MS).toISOString(),
        staged: { key: 'staged', digest: '', records: 0, conversations: 0, bytes: 0 },
      },
    });
  }

  open(row: AccessGrant, actor: Person, key: string): void {
    const opening = `${row.requestId}/${key}`;
    if (this.issued.has(opening)) return; // the same opening is answered again, and nothing is counted
    const verdict = decideUnder(this.inForce(row), this.decisions.opening, {
      ...this.provisionFacts(row),
      actor,
      stepUp: 'verified',
    });
    if (this.refusedBy(verdict)) return;
    this.hold({ row, transition: 'open', changes: { opened: row.opened + 1 }, opening });
  }

  end(row: AccessGrant, actor: Person, ending: 'withdraw' | 'close' | 'revoke'): void {
    const verdict = decideUnder(this.inForce(row), this.decisions.ending, {
      now: new Date(this.now),
      region: this.region,
      grant: row,
      actor,
      ending,
    });
    if (!this.refusedBy(verdict)) this.hold({ row, transition: ending, changes: {} });
  }

  /** The reconciler: what is overdue lapses or expires, what has ended is archived. */
  sweep(row: AccessGrant): void {
    if (row.deadline !== null && Date.parse(row.deadline) <= this.now) {
      this.hold({ row, transition: 'lapse', changes: {} });
    }
    if (row.windowEnds !== null && Date.parse(row.windowEnds) <= this.now) {
      this.hold({ row, transition: 'expire', changes: {} });
    }
    if (canMove(row.state, 'archive')) this.hold({ row, transition: 'archive', changes: {} });
  }

  // What goes wrong.

  /** Somebody changes the stored request between two steps, with or without taking its digest anew. Approvals stay on the row. */
  change(row: AccessGrant, changes: Changes, redigest: boolean): void {
    const changed = { ...row, ...changes, version: row.version + 1 };
    this.rows.set(row.requestId, redigest ? { ...changed, requestDigest: requestDigest(changed) } : changed);
  }

  /** Commits a decision, if the row is still the one that it was taken on. A second commit finds another version. */
  commit({ row: read, transition, changes, opening, people }: Pending): void {
    const row = this.rows.get(read.requestId);
    if (row === undefined || row.version !== read.version || !canMove(row.state, transition)) return;
    if (opening !== undefined && this.issued.has(opening)) return;
    const to = TRANSITIONS[transition].to;
    const moved = { ...row, ...changes, state: to, version: row.version + 1 };
    this.rows.set(row.requestId, moved);
    this.record(row, moved, transition, people, opening);
  }

  private record(
    row: AccessGrant,
    moved: AccessGrant,
    transition: Transition,
    people: ReadonlyMap<string, Person>,
    opening?: string,
  ): void {
    const { requestId } = row;
    this.history.push({ what: 'moved', requestId, from: row.state, to: moved.state });
    const approval = moved.approvals.at(-1);
    if ((transition === 'approve' || transition === 'complete') && approval) {
      this.history.push({
        what: 'approved',
        requestId,
        by: approval.by,
        role: approval.role,
        statement: approval.requestDigest,
        scope: this.recordsOf(moved),
      });
    }
    if (transition === 'open' && opening !== undefined) {
      this.issued.add(opening);
      this.history.push({
        what: 'opened',
        requestId,
        at: this.now,
        by: moved.recipient,
        stateBefore: row.state,
        statement: requestDigest(moved),
        row: moved,
        records: this.recordsOf(moved),
        people,
      });
    }
  }

  // Facts, as the functions gather them.

  private requestFacts(row: AccessGrant): RequestFacts {
    return {
      now: new Date(this.now),
      region: this.region,
      grant: row,
      requester: this.person(row.requester),
      recipient: this.person(row.recipient),
      scope: null,
      cases: NO_CASES,
      standing: { shift: null },
      retrievals: 0,
      transferOnFile: false,
    };
  }

  private provisionFacts(row: AccessGrant): ProvisionFacts {
    const frozen = this.scopes.get(row.scope?.digest ?? '')?.records ?? [];
    const found = frozen.flatMap(({ recordId }) => {
      const record = this.records.get(recordId);
      return record ? [{ recordId, commitment: record.commitment }] : [];
    });
    const scopeDigestNow = freezeScope(found).digest;
    return {
      ...this.requestFacts(row),
      approvers: row.approvals.map(({ role, by, requestDigest: digest }) => ({
        role,
        person: this.people.get(by) ?? null,
        managers: this.managersAbove(by),
        requestDigest: digest,
      })),
      requesterManagers: this.managersAbove(row.requester),
      enabledBy: this.enabledBy(row, row.requester),
      recipientEnabledBy: this.enabledBy(row, row.recipient),
      scopeDigestNow,
      requestDigestNow: requestDigest({
        ...row,
        scope: row.scope && { ...row.scope, digest: scopeDigestNow },
      }),
    };
  }

  private inForce(row: AccessGrant): [RuleSet, ...RuleSet[]] {
    const pinned = this.ruleSets.get(row.ruleSet ?? '');
    return pinned ? [pinned, this.current] : [this.current];
  }

  private managersAbove(personId: string): string[] {
    return managersAbove(this.people, personId);
  }

  private enabledBy(row: AccessGrant, personId: string): string[] {
    const held = this.people.get(personId)?.roles ?? [];
    return held.filter(({ role }) => role === row.requesterRole).map(({ grantedBy }) => grantedBy);
  }

  private recordsOf(row: AccessGrant): string[] {
    const scope = this.scopes.get(row.scope?.digest ?? '');
    return (scope?.records ?? []).map(({ recordId, commitment }) => `${recordId}:${commitment}`);
  }

  private person(personId: string): Person {
    const person = this.people.get(personId);
    if (!person) throw new Error(`no ${personId} in the model`);
    return person;
  }

  private refusedBy(verdict: Verdict): boolean {
    if (verdict.outcome === 'allow') return false;
    for (const rule of verdict.rules) this.refusals.set(rule, (this.refusals.get(rule) ?? 0) + 1);
    return true;
  }

  private hold(pending: Omit<Pending, 'people'>): void {
    this.pending.push({ ...pending, people: new Map(this.people) });
  }

  private time(): string {
    return new Date(this.now).toISOString();
  }
}

export function managersAbove(people: ReadonlyMap<string, Person>, personId: string): string[] {
  const above: string[] = [];
  let manager = people.get(personId)?.manager ?? null;
  while (manager !== null && !above.includes(manager)) {
    above.push(manager);
    manager = people.get(manager)?.manager ?? null;
  }
  return above;
}

export function isFinal(state: string): boolean {
  return FINAL_STATES.some((final) => final === state);
}

function hex(index: number): string {
  return index.toString(16).padStart(32, '0').repeat(2).slice(-32);
}
