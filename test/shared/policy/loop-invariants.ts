import { type HistoryEntry, isFinal, type LoopWorld, managersAbove } from './loop-world.ts';

/** What must hold after any sequence of actions. Each looks at the history and the rows alone, never at a decision. */

type Opened = Extract<HistoryEntry, { what: 'opened' }>;
type Approved = Extract<HistoryEntry, { what: 'approved' }>;

export function openingsOf(world: LoopWorld): Opened[] {
  return world.history.filter((entry) => entry.what === 'opened');
}

/** Approvals that were given to this request on exactly the statement that was opened, by others than the requester. */
function agreed(world: LoopWorld, opening: Opened): Approved[] {
  return world.history.filter(
    (entry): entry is Approved =>
      entry.what === 'approved' &&
      entry.requestId === opening.requestId &&
      entry.statement === opening.statement &&
      entry.by !== opening.row.requester,
  );
}

function twoApprovals(world: LoopWorld, opening: Opened): string | null {
  const approvals = agreed(world, opening);
  const people = new Set(approvals.map(({ by }) => by));
  const roles = new Set(approvals.map(({ role }) => role));
  const pair = approvals.some((one) =>
    approvals.some((other) => one.by !== other.by && one.role !== other.role),
  );
  return pair ? null : `opened with ${people.size} people in ${roles.size} roles on its digest`;
}

function scopeNeverGrows(world: LoopWorld, opening: Opened): string | null {
  const grown = agreed(world, opening).some(
    ({ scope }) => !opening.records.every((record) => scope.includes(record)),
  );
  return grown ? 'opened a record that an approver did not agree to' : null;
}

function onlyWhileOpen(_world: LoopWorld, opening: Opened): string | null {
  return opening.stateBefore === 'open' ? null : `opened while ${opening.stateBefore}`;
}

function withinTheWindow(_world: LoopWorld, { row, at }: Opened): string | null {
  const ends = Date.parse(row.provisionedAt ?? '') + row.windowHours * 3_600_000;
  return at < ends ? null : 'opened after the window';
}

function neverMoreThanGranted(world: LoopWorld, { requestId, row }: Opened): string | null {
  const count = openingsOf(world).filter((each) => each.requestId === requestId).length;
  return count <= row.opens ? null : `opened ${count} times of ${row.opens}`;
}

function neverAfterADenial(world: LoopWorld, { requestId }: Opened): string | null {
  const ended = world.history.some(
    (entry) =>
      entry.what === 'moved' &&
      entry.requestId === requestId &&
      ['denied', 'lapsed', 'withdrawn', 'refused'].includes(entry.to),
  );
  return ended ? 'opened what was denied, lapsed, withdrawn or refused' : null;
}

/**
 * By the directory as it was when the opening was decided, nobody whose approval counted was under a party's thumb: a
 * party is the requester or the recipient.
 */
function noApproverOfAParty(_world: LoopWorld, { row, people }: Opened): string | null {
  const parties = [row.requester, row.recipient];
  for (const { by, role } of row.approvals) {
    if (parties.includes(by)) return 'a party approved';
    if (managersAbove(people, by).some((superior) => parties.includes(superior))) {
      return 'a subordinate of a party approved';
    }
    const relied = (people.get(by)?.roles ?? []).filter(
      (held) => held.role === role && held.since <= row.requestedAt && !parties.includes(held.grantedBy),
    );
    if (relied.length === 0) return 'approved in a role that a party gave, or given after the request';
    const gave = parties.some((party) =>
      (people.get(party)?.roles ?? []).some(
        (held) => held.role === row.requesterRole && held.grantedBy === by,
      ),
    );
    if (gave) return 'whoever gave a party the role approved';
  }
  return null;
}

/** What no rule set can loosen. */
const FLOOR = [twoApprovals, scopeNeverGrows, onlyWhileOpen, neverAfterADenial];
const ALL = [...FLOOR, withinTheWindow, neverMoreThanGranted, noApproverOfAParty];

/** The first invariant that is broken, in words; null where all hold. */
export function broken(world: LoopWorld, which: 'all' | 'floor' = 'all'): string | null {
  for (const opening of openingsOf(world)) {
    for (const invariant of which === 'all' ? ALL : FLOOR) {
      const fault = invariant(world, opening);
      if (fault !== null) return fault;
    }
  }
  const left = world.history.find((entry) => entry.what === 'moved' && isFinal(entry.from));
  return left ? 'left a final state' : null;
}
