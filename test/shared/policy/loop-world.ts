import { keepConduct } from '../../../shared/conduct/keep-conduct.ts';
import type { AccessGrant, Approval } from '../../../shared/domain/access-grant.ts';
import { barOf, unlocked } from '../../../shared/domain/conduct.ts';
import { type Person, standsInFor } from '../../../shared/domain/person.ts';
import { requestDigest } from '../../../shared/domain/request-digest.ts';
import { canMove, FINAL_STATES } from '../../../shared/domain/request-states.ts';
import type { Role } from '../../../shared/domain/roles.ts';
import type { Scope } from '../../../shared/domain/scope.ts';
import { deny, type Verdict } from '../../../shared/domain/verdict.ts';
import { type FoundBlock, scopeOf, withinScope } from '../../../shared/facts/find-records.ts';
import {
  approvalFacts,
  openingFacts,
  provisionFacts,
  requestFacts,
} from '../../../shared/facts/gather-facts.ts';
import { isStillThen, type RetrievalSources, retrievalFacts } from '../../../shared/facts/retrieval-facts.ts';
import { type ScopeFacts, scopeFacts } from '../../../shared/facts/scope-facts.ts';
import { decideApproval } from '../../../shared/policy/decide-approval.ts';
import { decideEnding } from '../../../shared/policy/decide-ending.ts';
import { decideOpening } from '../../../shared/policy/decide-opening.ts';
import { decideProvision } from '../../../shared/policy/decide-provision.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { decideUnder } from '../../../shared/policy/decide-under.ts';
import { decideUnlocking } from '../../../shared/policy/decide-unlocking.ts';
import type { RegionFacts, StepUpOutcome } from '../../../shared/policy/facts.ts';
import { isMisoperation } from '../../../shared/policy/misoperation.ts';
import type { RuleSet } from '../../../shared/policy/rule-set.ts';
import type { ConductStore } from '../../../shared/ports/conduct.ts';
import { refusalOf } from '../../../shared/runtime/refusal-of.ts';
import {
  ALL_CONDITIONS,
  type Changes,
  type Conditions,
  LoopStore,
  type Pending,
  type Signed,
} from './loop-store.ts';
import { Surroundings } from './loop-surroundings.ts';
import { REGION, request } from './staff.ts';

/**
 * The loop as a pure model: the product's own decisions, facts, transition table, digests, counters and conduct over rows
 * in memory. Every change is decided on what was read and committed later, so that others can come between, and a commit
 * can be lost or come twice.
 */

export type Decisions = {
  request: typeof decideRequest;
  approval: typeof decideApproval;
  provision: typeof decideProvision;
  opening: typeof decideOpening;
  ending: typeof decideEnding;
};

/** What the model is made of: the product's own parts, or one of them broken. */
export type Parts = {
  decisions: Decisions;
  /** What the API asks before anything else (R9). */
  gate: typeof barOf;
  conditions: Conditions;
  /** What R4 counts by. */
  retrievals: typeof retrievalFacts;
  /** Beside the conduct that it changes, a refused call's own event. */
  eventsOfARefusal: number;
};

export const PRODUCT: Parts = {
  decisions: {
    request: decideRequest,
    approval: decideApproval,
    provision: decideProvision,
    opening: decideOpening,
    ending: decideEnding,
  },
  gate: barOf,
  conditions: ALL_CONDITIONS,
  retrievals: retrievalFacts,
  eventsOfARefusal: 1,
};

/** Only what was signed is on a row here; what is forged is for tests of the signatures. */
const asSigned = async () => 'verified' as const;

/** One call of the API: who, whether the account was locked then, and what came of it. */
export type Call = {
  who: string;
  what: string;
  lockedThen: boolean;
  refused: Verdict | null;
  events: number;
};

export type SignedBy = { outcome: StepUpOutcome; again: boolean };
export const SIGNED: SignedBy = { outcome: 'verified', again: false };

const HOUR_MS = 3_600_000;
const DEADLINE_HOURS = 24;
const PLACES = [
  { code: 'SHA01', zone: 'Asia/Shanghai' },
  { code: 'HGH02', zone: 'Asia/Shanghai' },
];

export class LoopWorld {
  now = Date.parse('2026-06-15T12:00:00.000Z');
  readonly around: Surroundings;
  readonly store: LoopStore;
  readonly scopes = new Map<string, Scope>();
  readonly pending: Pending[] = [];
  readonly calls: Call[] = [];
  /** Refusals by rule and by reason, so that a test can tell what the model reached. */
  readonly refusals = new Map<string, number>();
  readonly reasons = new Set<string>();
  readonly checks: { requestId: string; refused: boolean }[] = [];
  current: RuleSet;
  readonly ruleSets: Map<string, RuleSet>;
  readonly parts: Parts;
  readonly region: RegionFacts = REGION;
  /** Under way at the same time, so that sequences go deep rather than wide. */
  readonly mostRequests: number;
  /** How often the next writes of conduct meet another one. */
  conductInTheWay = 0;
  private readonly signedIn = new Map<string, Date>();
  private readonly lastNonce = new Map<string, string>();
  private nonces = 0;

  constructor(
    people: readonly Person[],
    ruleSets: readonly [RuleSet, ...RuleSet[]],
    parts: Parts = PRODUCT,
    mostRequests = 3,
  ) {
    this.around = new Surroundings(people);
    this.parts = parts;
    this.mostRequests = mostRequests;
    this.current = ruleSets[0];
    this.ruleSets = new Map(ruleSets.map((ruleSet) => [ruleSet.digest, ruleSet]));
    this.store = new LoopStore(this.around, parts.conditions, (row) => this.recordsOf(row));
    for (const { personId } of people) this.signIn(personId);
  }

  get people(): Map<string, Person> {
    return this.around.people;
  }

  get rows(): ReadonlyMap<string, AccessGrant> {
    return this.store.rows;
  }

  /** Requests of which something may yet come. */
  unfinished(): AccessGrant[] {
    return [...this.rows.values()].filter(
      ({ state, opened, opens }) => !isFinal(state) && !(state === 'open' && opened >= opens),
    );
  }

  signIn(personId: string): void {
    this.signedIn.set(personId, new Date(this.now));
  }

  // What people do: each is one call of the API.

  request(
    requester: Person,
    asked: Partial<AccessGrant> & Pick<AccessGrant, 'requesterRole'>,
  ): Promise<void> {
    return this.call(requester.personId, 'request', async () => {
      if (this.unfinished().length >= this.mostRequests) return null;
      const requestId = `req_${this.rows.size + 1}`;
      this.store.create({ ...usualRequest(requestId, requester.personId, this.time()), ...asked });
      return null;
    });
  }

  decide(
    read: AccessGrant,
    by: Person,
    role: Role,
    decision: 'approve' | 'deny',
    seenDigest: string,
    signedBy: SignedBy = SIGNED,
  ): Promise<void> {
    return this.call(by.personId, decision, async (actor) => {
      const signed = this.sign(actor.personId, signedBy);
      const facts = await approvalFacts(this.sources(), read, {
        actor,
        role,
        decision,
        seenDigest,
        stepUp: signed.outcome,
      });
      const verdict = decideUnder(this.inForce(read), this.parts.decisions.approval, facts);
      if (verdict.outcome === 'deny') return verdict;
      const [asDeputyOf] = standsInFor(actor, role, read.hotels, new Date(this.now));
      const approval: Approval = {
        role,
        by: actor.personId,
        at: this.time(),
        requestDigest: seenDigest,
        decision,
        reason: '',
        reasonCommitment: '',
        ...(asDeputyOf === undefined ? {} : { asDeputyOf }),
      };
      const approvals = [...read.approvals, approval];
      const complete = read.route.every((needed) =>
        approvals.some((each) => each.role === needed && each.decision === 'approve'),
      );
      const transition = decision === 'deny' ? 'deny' : complete ? 'complete' : 'approve';
      this.hold(actor.personId, { row: read, transition, changes: { approvals }, signed });
      return null;
    });
  }

  open(read: AccessGrant, by: Person, key: string, signedBy: SignedBy = SIGNED): Promise<void> {
    return this.call(by.personId, 'open', async (actor) => {
      const opening = `${read.requestId}/${key}`;
      if (this.store.issued.has(opening)) return null; // answered again, and nothing is counted
      const signed = this.sign(actor.personId, signedBy);
      if (read.scope === null) return deny('R11', 'grant-not-open');
      const again = await this.findAgain(read);
      const facts = await openingFacts(
        { ...this.sources(), signed: asSigned },
        read,
        { ...again.facts, retrievals: 0 },
        { actor, stepUp: signed.outcome },
      );
      const verdict = decideUnder(this.inForce(read), this.parts.decisions.opening, facts);
      if (verdict.outcome === 'deny') return verdict;
      const changes = { opened: read.opened + 1 };
      this.hold(actor.personId, { row: read, transition: 'open', changes, opening, signed, facts });
      return null;
    });
  }

  end(row: AccessGrant, by: Person, ending: 'withdraw' | 'close' | 'revoke'): Promise<void> {
    return this.call(by.personId, ending, async (actor) => {
      const now = new Date(this.now);
      // Whoever may end it under the rules of now may end it.
      const verdict = this.parts.decisions.ending(this.current, {
        now,
        region: this.region,
        grant: row,
        actor,
        ending,
      });
      if (verdict.outcome === 'deny') return verdict;
      this.hold(actor.personId, { row, transition: ending, changes: {} });
      return null;
    });
  }

  unlock(by: Person, lockedId: string, signedBy: SignedBy = SIGNED): Promise<void> {
    return this.call(by.personId, 'unlock', async (actor) => {
      const locked = this.around.person(lockedId);
      if (locked === null || !locked.lock.account) return null;
      const signed = this.sign(actor.personId, signedBy);
      const now = new Date(this.now);
      const verdict = decideUnlocking(this.current, {
        now,
        region: this.region,
        actor,
        locked,
        stepUp: signed.outcome,
      });
      if (verdict.outcome === 'deny') return verdict;
      const before = this.around.conductOf(lockedId);
      const stepUp = { credentialId: '', evidence: '' };
      const unlocking = { by: actor.personId, at: this.time(), reason: '', reasonCommitment: '', stepUp };
      this.around.conduct.set(lockedId, { ...unlocked(before, unlocking), version: before.version + 1 });
      return null;
    });
  }

  // What the workflow does.

  async check(row: AccessGrant): Promise<void> {
    const sources = this.sources();
    const decide = this.parts.decisions.request;
    const asked = decide(this.current, await requestFacts(sources, row, null));
    if (asked.outcome === 'deny') return this.refuse(row, asked);
    const blocks = this.around.found(row, [row.subject ?? '']);
    const participants = this.around.participants(blocks);
    const { digest, scope, guests } = scopeOf(blocks);
    const { facts, people } = await this.scopeFacts(row, blocks);
    const { retrievals } = await this.parts.retrievals(row, people, this.retrievalSources());
    const verdict = decide(this.current, await requestFacts(sources, row, facts, retrievals));
    if (verdict.outcome === 'deny') return this.refuse(row, verdict);
    this.scopes.set(digest, scope);
    const { conversations, records, sensitive } = facts;
    const changes: Changes = {
      verdict,
      route: verdict.route,
      ruleSet: this.current.digest,
      scope: { digest, conversations, records, guests, sensitive, found: { ...facts, retrievals } },
      participants,
      deadline: new Date(this.now + DEADLINE_HOURS * HOUR_MS).toISOString(),
    };
    const checked = { ...changes, requestDigest: requestDigest({ ...row, ...changes }) };
    this.checks.push({ requestId: row.requestId, refused: false });
    this.hold('function:check', { row, transition: 'submit', changes: checked });
  }

  private refuse(row: AccessGrant, verdict: Verdict): void {
    this.tally(verdict);
    this.checks.push({ requestId: row.requestId, refused: true });
    this.hold('function:check', { row, transition: 'refuse', changes: { verdict } });
  }

  async provision(row: AccessGrant): Promise<void> {
    if (row.scope === null) return;
    const again = await this.findAgain(row);
    const counted = await this.parts.retrievals(row, again.people, this.retrievalSources());
    const facts = await provisionFacts({ ...this.sources(), signed: asSigned }, row, {
      ...again.facts,
      retrievals: counted.retrievals,
    });
    const verdict = decideUnder(this.inForce(row), this.parts.decisions.provision, facts);
    if (verdict.outcome === 'deny') {
      this.tally(verdict);
      this.hold('function:provision', { row, transition: 'fail', changes: {} });
      return;
    }
    this.hold('function:provision', {
      row,
      transition: 'provision',
      reservation: counted.reservation,
      isStillThen: (now) => isStillThen(counted, row, { places: PLACES, now }),
      changes: {
        provisionedAt: this.time(),
        windowEnds: new Date(this.now + row.windowHours * HOUR_MS).toISOString(),
        staged: { key: 'staged', digest: '', records: 0, conversations: 0, bytes: 0 },
      },
    });
  }

  /** The reconciler: what is overdue lapses or expires, what has ended is archived. */
  sweep(row: AccessGrant): void {
    const by = 'function:reconcile';
    if (row.deadline !== null && Date.parse(row.deadline) <= this.now) {
      this.hold(by, { row, transition: 'lapse', changes: {} });
    }
    if (row.windowEnds !== null && Date.parse(row.windowEnds) <= this.now) {
      this.hold(by, { row, transition: 'expire', changes: {} });
    }
    if (canMove(row.state, 'archive')) this.hold(by, { row, transition: 'archive', changes: {} });
  }

  async commit(pending: Pending): Promise<void> {
    if (!this.store.commit(pending, this.now)) return;
    const row = this.rows.get(pending.row.requestId);
    // R9: a refused request is counted once by its id, an allowed one ends the row.
    if (row?.state === 'refused' && row.verdict !== null && isMisoperation(row.verdict)) {
      const requester = this.around.person(row.requester);
      if (requester) await this.keeping().requestRefused(requester, row.requestId, new Date(this.now));
    }
  }

  /** Somebody changes the stored request between two steps, with or without taking its digest anew. Approvals stay on the row. */
  change(row: AccessGrant, changes: Changes, redigest: boolean): void {
    const changed = { ...row, ...changes, version: row.version + 1 };
    this.store.rows.set(
      row.requestId,
      redigest ? { ...changed, requestDigest: requestDigest(changed) } : changed,
    );
  }

  // How calls are taken.

  /** Who is locked or gone is turned away before anything else; a refusal leaves its event and counts where it counts. */
  private async call(
    who: string,
    what: string,
    act: (person: Person) => Promise<Verdict | null>,
  ): Promise<void> {
    const person = this.around.person(who);
    if (person === null) return;
    const now = new Date(this.now);
    const bar = this.parts.gate(person.lock, now, this.signedIn.get(who) ?? new Date(0));
    const refused = !person.active
      ? deny('L2', 'not-in-directory')
      : bar !== null
        ? deny('R9', bar)
        : await act(person);
    const call: Call = { who, what, lockedThen: person.lock.account, refused, events: 0 };
    this.calls.push(call);
    if (refused === null) {
      if (person.lock.inARow !== undefined && what !== 'request') await this.keeping().allowed(who);
      return;
    }
    this.tally(refused);
    const counts = refusalOf(refused).status === 403 && isMisoperation(refused);
    const draft = { at: now, actor: who, data: { rules: refused.rules } };
    await this.keeping(() => {
      call.events += this.parts.eventsOfARefusal;
    }).refused(person, { subject: `attempts/${who}`, event: draft }, counts && person.active);
  }

  /** The product's own keeping of conduct (R9), on rows of the model; others write in between now and then. */
  private keeping(noted: () => void = () => {}) {
    const { conduct } = this.around;
    const store: ConductStore = {
      read: async (personId) => this.around.conductOf(personId),
      change: async (from, to, _events, { attempt } = {}) => {
        if (this.conductInTheWay > 0) {
          this.conductInTheWay -= 1;
          return 'stale';
        }
        if (this.around.conductOf(from.personId).version !== from.version) return 'stale';
        conduct.set(from.personId, { ...to, version: from.version + 1 });
        if (attempt !== undefined) noted();
        return 'changed';
      },
      note: async () => noted(),
    };
    const hotels = PLACES.map((place) => ({ ...place, name: '', country: 'CN' as const }));
    return keepConduct(store, { rules: this.region.rules, hotels });
  }

  /** What the person's own device would say of this signature now. */
  private sign(person: string, { outcome, again }: SignedBy): Signed {
    this.nonces += 1;
    const nonce = (again ? this.lastNonce.get(person) : undefined) ?? `nonce_${this.nonces}`;
    this.lastNonce.set(person, nonce);
    const device = this.around.devices.get(person);
    if (outcome !== 'verified') return { person, nonce, outcome };
    if (device === 'revoked') return { person, nonce, outcome: 'device-revoked' };
    if (device === 'pending') return { person, nonce, outcome: 'device-not-confirmed' };
    if (device === undefined) return { person, nonce, outcome: 'device-not-enrolled' };
    const used = this.store.usedNonces.has(nonce);
    return { person, nonce, outcome: used ? 'challenge-used' : 'verified' };
  }

  // Facts, as the functions gather them.

  private sources() {
    const { withLocks: directory, cases } = this.around;
    return { directory, cases, region: this.region, now: new Date(this.now) };
  }

  private retrievalSources(): RetrievalSources {
    const { counts } = this.around;
    return {
      now: new Date(this.now),
      places: PLACES,
      counts: {
        read: async (requester, guestIds, months) =>
          months.flatMap((month) =>
            [...new Set(guestIds)].map(
              (guestId) =>
                counts.get(`${requester} ${month} ${guestId}`) ?? { guestId, month, keys: [], version: 0 },
            ),
          ),
      },
    };
  }

  private scopeFacts(row: AccessGrant, blocks: readonly FoundBlock[]) {
    const { withLocks: directory, cases } = this.around;
    const requester = this.around.person(row.requester);
    if (requester === null) throw new Error(`no ${row.requester} in the model`);
    return scopeFacts(
      blocks,
      { grant: row, requester, departments: ['d'], broughtBy: [] },
      {
        records: this.around,
        consents: this.around,
        cases,
        directory,
        consentSources: this.region.consentSources,
        now: new Date(this.now),
      },
    );
  }

  /** What stands now of what was frozen, and what is known of it now. */
  private async findAgain(row: AccessGrant): Promise<{
    people: Parameters<typeof retrievalFacts>[1];
    facts: { scope: ScopeFacts; scopeDigestNow: string; requestDigestNow: string };
  }> {
    const frozen = this.scopes.get(row.scope?.digest ?? '') ?? { version: 1, records: [] };
    const blocks = withinScope(this.around.found(row, row.scope?.guests ?? []), frozen);
    const { facts, people } = await this.scopeFacts(row, blocks);
    const { digest } = scopeOf(blocks);
    return {
      people,
      facts: {
        scope: facts,
        scopeDigestNow: digest,
        requestDigestNow: requestDigest({ ...row, scope: row.scope && { ...row.scope, digest } }),
      },
    };
  }

  private inForce(row: AccessGrant): [RuleSet, ...RuleSet[]] {
    const pinned = this.ruleSets.get(row.ruleSet ?? '');
    return pinned ? [pinned, this.current] : [this.current];
  }

  private recordsOf(row: AccessGrant): string[] {
    const scope = this.scopes.get(row.scope?.digest ?? '');
    return (scope?.records ?? []).map(({ recordId, commitment }) => `${recordId}:${commitment}`);
  }

  private tally({ rules, reasons }: Verdict): void {
    for (const rule of rules) this.refusals.set(rule, (this.refusals.get(rule) ?? 0) + 1);
    for (const reason of reasons) this.reasons.add(reason);
  }

  private hold(actor: string, pending: Omit<Pending, 'people' | 'decidedAt' | 'actor'>): void {
    this.pending.push({ ...pending, actor, decidedAt: this.now, people: new Map(this.people) });
  }

  private time(): string {
    return new Date(this.now).toISOString();
  }
}

/** A lawyer's usual request in the model, as it lies before check. */
function usualRequest(requestId: string, requester: string, at: string): AccessGrant {
  return request({
    requestId,
    requestedAt: at,
    requester,
    recipient: requester,
    matter: 'M-1',
    subject: 'gst_1',
    remarks: '',
    categories: ['enquiry'],
    to: at,
    opens: 2,
    registerNumber: requestId,
  });
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
