import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { requestDigest } from '../../../shared/domain/request-digest.ts';
import { canMove, TRANSITIONS, type Transition } from '../../../shared/domain/request-states.ts';
import type { Role } from '../../../shared/domain/roles.ts';
import type { OpeningFacts } from '../../../shared/policy/facts.ts';
import type { RetrievalReservation } from '../../../shared/ports/retrieval-counts.ts';
import type { Surroundings } from './loop-surroundings.ts';

/**
 * What commits do in the model, as the product's transactions do it: a row changes with its event, its counters (R4) and
 * the step-up that it rests on, or nothing does. The invariants look at what is written down here, which no decision
 * reads.
 */

export type Changes = Partial<Omit<AccessGrant, 'requestId' | 'version' | 'chain' | 'state'>>;

/** What a signature was when it was checked: whose, and by which nonce. */
export type Signed = { person: string; nonce: string; outcome: OpeningFacts['stepUp'] };

/** A decision that was taken and not yet committed. */
export type Pending = {
  row: AccessGrant;
  transition: Transition;
  changes: Changes;
  decidedAt: number;
  actor: string;
  opening?: string;
  reservation?: RetrievalReservation | null;
  /** Whether it would still count in the same months (R4): asked right before the write. */
  isStillThen?: (now: Date) => boolean;
  signed?: Signed;
  /** Of an opening: what was known when it was decided. */
  facts?: OpeningFacts;
  /** The directory as it was then. */
  people: ReadonlyMap<string, Person>;
};

/** What each commit is conditional on; the model must notice where one is missing. */
export type Conditions = { version: boolean; state: boolean; retrievals: boolean; stepUp: boolean };
export const ALL_CONDITIONS: Conditions = { version: true, state: true, retrievals: true, stepUp: true };

export type Opened = {
  what: 'opened';
  requestId: string;
  opening: string;
  /** When it was decided. */
  at: number;
  stateBefore: string;
  /** Of the row as it was opened, and which records that were. */
  statement: string;
  row: AccessGrant;
  records: string[];
  people: ReadonlyMap<string, Person>;
  facts: OpeningFacts;
  signed: Signed | undefined;
  /** What had become of the opener's device, and of the nonce, at the commit. */
  deviceThen: string;
  nonceUsedBefore: boolean;
};

export type HistoryEntry =
  | Opened
  | {
      what: 'approved';
      requestId: string;
      by: string;
      asDeputyOf: string | undefined;
      role: Role;
      statement: string;
      scope: string[];
      signed: Signed | undefined;
      nonceUsedBefore: boolean;
      deviceThen: string;
    }
  | { what: 'moved'; requestId: string; transition: Transition; from: string; to: string; by: string }
  | { what: 'retrieved'; requestId: string; requester: string; key: string; month: string; ids: string[] };

export type CustodyEvent = { requestId: string; type: string; opening?: string };

/** A function's life ends then, whatever it was about to write (AWS Lambda's longest timeout). */
const LIFE_MS = 15 * 60_000;

export class LoopStore {
  readonly rows = new Map<string, AccessGrant>();
  /** Keys of openings that were counted. */
  readonly issued = new Set<string>();
  readonly history: HistoryEntry[] = [];
  readonly events: CustodyEvent[] = [];
  readonly usedNonces = new Set<string>();
  readonly around: Surroundings;
  readonly conditions: Conditions;
  readonly recordsOf: (row: AccessGrant) => string[];

  constructor(around: Surroundings, conditions: Conditions, recordsOf: (row: AccessGrant) => string[]) {
    this.around = around;
    this.conditions = conditions;
    this.recordsOf = recordsOf;
  }

  create(row: AccessGrant): void {
    this.rows.set(row.requestId, row);
    this.events.push({ requestId: row.requestId, type: 'request-made' });
  }

  /** Commits a decision, if everything that it rests on is still as it was read. A second commit finds another version. */
  commit(pending: Pending, now: number): boolean {
    const { row: read, transition, changes, opening, reservation, signed, decidedAt } = pending;
    const row = this.rows.get(read.requestId);
    if (row === undefined || now - decidedAt > LIFE_MS) return false;
    if (this.conditions.version && row.version !== read.version) return false;
    if (this.conditions.state && !canMove(row.state, transition)) return false;
    if (this.conditions.version && opening !== undefined && this.issued.has(opening)) return false;
    if (pending.isStillThen?.(new Date(now)) === false) return false;
    if (reservation && !this.reserve(row.requestId, reservation)) return false;
    const deviceThen = signed === undefined ? 'none' : (this.around.devices.get(signed.person) ?? 'none');
    const nonceUsedBefore = signed !== undefined && this.usedNonces.has(signed.nonce);
    if (signed !== undefined && this.conditions.stepUp) {
      if (nonceUsedBefore || deviceThen !== 'enrolled') return false;
    }
    if (signed !== undefined) this.usedNonces.add(signed.nonce);

    const to = TRANSITIONS[transition].to;
    const { requestId } = row;
    const moved = { ...row, ...changes, state: to, version: row.version + 1 };
    this.rows.set(requestId, moved);
    this.events.push({
      requestId,
      type: TRANSITIONS[transition].event,
      ...(opening === undefined ? {} : { opening }),
    });
    this.history.push({ what: 'moved', requestId, transition, from: row.state, to, by: pending.actor });
    const approval = moved.approvals.at(-1);
    if ((transition === 'approve' || transition === 'complete') && approval) {
      const { by, role, asDeputyOf, requestDigest: statement } = approval;
      this.history.push({
        what: 'approved',
        requestId,
        by,
        asDeputyOf,
        role,
        statement,
        scope: this.recordsOf(moved),
        signed,
        nonceUsedBefore,
        deviceThen,
      });
    }
    if (opening !== undefined && pending.facts !== undefined) {
      this.issued.add(opening);
      this.history.push({
        what: 'opened',
        requestId,
        opening,
        at: decidedAt,
        stateBefore: row.state,
        statement: requestDigest(moved),
        row: moved,
        records: this.recordsOf(moved),
        people: pending.people,
        facts: pending.facts,
        signed,
        deviceThen,
        nonceUsedBefore,
      });
    }
    return true;
  }

  /** R4's counters: each only while its row is as it was read, all of them or none. */
  private reserve(requestId: string, { requester, key, rows }: RetrievalReservation): boolean {
    const { counts } = this.around;
    const at = ({ month, guestId }: (typeof rows)[number]) => `${requester} ${month} ${guestId}`;
    const isStale = rows.some((row) => (counts.get(at(row))?.version ?? 0) !== row.version);
    if (isStale && this.conditions.retrievals) return false;
    for (const row of rows) {
      counts.set(at(row), {
        ...row,
        version: row.version + 1,
        keys: [...new Set([...row.keys, key])].sort(),
      });
    }
    for (const month of new Set(rows.map((row) => row.month))) {
      const ids = rows.filter((row) => row.month === month).map(({ guestId }) => guestId);
      this.history.push({ what: 'retrieved', requestId, requester, key, month, ids });
    }
    return true;
  }
}
