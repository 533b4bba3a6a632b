import { guestsOfCase } from '../../../shared/domain/case.ts';
import { heldFor, rolesFor } from '../../../shared/domain/person.ts';
import type { Role } from '../../../shared/domain/roles.ts';
import { redLinesCrossed } from './loop-red-lines.ts';
import type { HistoryEntry, Opened } from './loop-store.ts';
import { isFinal, type LoopWorld, managersAbove } from './loop-world.ts';

/**
 * What must hold after any sequence of actions, each by its name. They look at what was written down at the commits and at
 * the rows, never at a decision; each answers in words what is broken, or null.
 */

type Approved = Extract<HistoryEntry, { what: 'approved' }>;
type Retrieved = Extract<HistoryEntry, { what: 'retrieved' }>;
type Invariant = (world: LoopWorld) => string | null;

export function openingsOf({ store }: LoopWorld): Opened[] {
  return store.history.filter((entry) => entry.what === 'opened');
}

function approvalsOf({ store }: LoopWorld): Approved[] {
  return store.history.filter((entry) => entry.what === 'approved');
}

/** Approvals that were given to this request by others than the requester. */
function givenTo(world: LoopWorld, { requestId, row }: Opened): Approved[] {
  return approvalsOf(world).filter((each) => each.requestId === requestId && each.by !== row.requester);
}

/** Those of them on exactly the statement that was opened. */
function agreedTo(world: LoopWorld, opening: Opened): Approved[] {
  return givenTo(world, opening).filter(({ statement }) => statement === opening.statement);
}

/** The first opening of which something is broken. */
function ofEachOpening(fault: (world: LoopWorld, opening: Opened) => string | null): Invariant {
  return (world) => {
    for (const opening of openingsOf(world)) {
      const words = fault(world, opening);
      if (words !== null) return words;
    }
    return null;
  };
}

const twoApprovers = ofEachOpening((world, opening) => {
  const approvals = givenTo(world, opening);
  const pair = approvals.some((one) =>
    approvals.some((other) => one.by !== other.by && one.role !== other.role),
  );
  return pair ? null : `opened with ${approvals.length} approvals of others`;
});

const boundToTheDigest = ofEachOpening((world, opening) => {
  const people = new Set(agreedTo(world, opening).map(({ by }) => by));
  return people.size >= 2 ? null : `opened what ${people.size} people agreed to`;
});

const scopeNeverGrows = ofEachOpening((world, opening) => {
  const grown = givenTo(world, opening).some(
    ({ scope }) => !opening.records.every((record) => scope.includes(record)),
  );
  return grown ? 'opened a record that an approver did not agree to' : null;
});

const onlyWhileOpen = ofEachOpening((_, { stateBefore }) =>
  stateBefore === 'open' ? null : `opened while ${stateBefore}`,
);

const withinTheLimit = ofEachOpening((world, { requestId, row }) => {
  const count = openingsOf(world).filter((each) => each.requestId === requestId).length;
  return count <= row.opens ? null : `opened ${count} times of ${row.opens}`;
});

const withinTheWindow = ofEachOpening((_, { row, at }) => {
  const ends = Date.parse(row.provisionedAt ?? '') + row.windowHours * 3_600_000;
  return at < ends ? null : 'opened after the window';
});

/** Everything signed by a device that was enrolled at the commit, with a nonce that nothing had used. */
function byTheOwnDevice(world: LoopWorld): string | null {
  for (const { signed, deviceThen, nonceUsedBefore, what } of [...approvalsOf(world), ...openingsOf(world)]) {
    if (signed?.outcome !== 'verified') return `${what} with a step-up that is ${signed?.outcome}`;
    if (deviceThen !== 'enrolled') return `${what} by a device that was ${deviceThen}`;
    if (nonceUsedBefore) return `${what} with a signature that had been used`;
  }
  return null;
}

/** Ended is ended; and whoever opens, asked or agreed still is who they were, as the directory had it at the decision. */
const notPastARevocation = ofEachOpening((world, opening) => {
  const { requestId, people, row } = opening;
  const before = world.store.history.slice(0, world.store.history.indexOf(opening));
  const ended = before.find(
    (entry) =>
      entry.what === 'moved' &&
      entry.requestId === requestId &&
      !['awaiting-approval', 'provisioning', 'open'].includes(entry.to),
  );
  if (ended !== undefined) return 'opened what had ended';
  const recipient = people.get(row.recipient);
  if (recipient?.active !== true) return 'opened by somebody who had left';
  const at = new Date(opening.at);
  for (const party of [row.requester, row.recipient]) {
    const person = people.get(party);
    // Whom an instrument or an agreement names receives by that, in whatever role.
    if (party === row.recipient && party !== row.requester && isNamedOnPaper(row.requesterRole)) continue;
    if (person === undefined || !rolesFor(person, row.hotels, at).includes(row.requesterRole)) {
      return 'opened for somebody whose role had been taken';
    }
  }
  for (const { by, role, at: given } of row.approvals) {
    const person = people.get(by);
    // A deputyship that has ended still covers what was decided in it.
    if (person === undefined || !rolesFor(person, row.hotels, new Date(given)).includes(role)) {
      return 'opened on the approval of somebody whose role had been taken';
    }
  }
  return null;
});

function isNamedOnPaper(role: Role): boolean {
  return role === 'liaison' || role === 'partner';
}

const redLinesHold = ofEachOpening((_, { facts }) => {
  const crossed = redLinesCrossed(facts);
  return crossed.length === 0 ? null : `opened across ${crossed.join(', ')}`;
});

/** One event for each opening, and as many for what was refused as refusals; none for what was neither. */
function oneEventEach({ store, calls, rows }: LoopWorld): string | null {
  for (const opening of new Set(openingsIn(store.history))) {
    const events = store.events.filter((event) => event.type === 'grant-opened' && event.opening === opening);
    if (events.length !== 1) return `an opening has ${events.length} events`;
  }
  const wrong = calls.find(({ refused, events }) => events !== (refused === null ? 0 : 1));
  if (wrong)
    return `a ${wrong.refused === null ? 'call' : 'refusal'} (${wrong.what}) has ${wrong.events} events`;
  for (const { requestId, state } of rows.values()) {
    const refusals = store.events.filter(
      (event) => event.requestId === requestId && event.type === 'request-refused',
    );
    if (refusals.length !== (state === 'refused' ? 1 : 0)) {
      return `a request that is ${state} has ${refusals.length} events of its refusal`;
    }
  }
  return null;
}

function openingsIn(history: readonly HistoryEntry[]): string[] {
  return history.flatMap((entry) => (entry.what === 'opened' ? [entry.opening] : []));
}

function lockedDoNothing({ calls, store, around }: LoopWorld): string | null {
  const done = calls.find(({ lockedThen, refused }) => lockedThen && refused === null);
  if (done) return `somebody whose account was locked did: ${done.what}`;
  const opening = openingsIn(store.history).length > 0 ? store.history : [];
  const opened = opening.find((entry) => entry.what === 'opened' && entry.facts.actor.lock.account);
  if (opened) return 'somebody whose account was locked opened';
  const own = [...around.conduct.values()].find(({ personId, unlocking }) => unlocking?.by === personId);
  return own ? 'somebody unlocked the own account' : null;
}

/** In no month more keys than there may be of one guest's linked ids, by what stood in the counters at each grant. */
function retrievalsHold({ store, region, rows }: LoopWorld): string | null {
  const granted = store.history.filter((entry): entry is Retrieved => entry.what === 'retrieved');
  for (const [position, { requester, month, ids }] of granted.entries()) {
    const same = granted
      .slice(0, position + 1)
      .filter(
        (other) =>
          other.requester === requester && other.month === month && other.ids.some((id) => ids.includes(id)),
      );
    const keys = new Set(same.map(({ key }) => key));
    if (keys.size > region.rules.retrievalsPerMonth)
      return `${keys.size} retrievals of one guest in ${month}`;
  }
  const uncounted = [...rows.values()].find(
    ({ requestId, provisionedAt, subjectKind }) =>
      provisionedAt !== null &&
      subjectKind !== 'cohort' &&
      !granted.some((entry) => entry.requestId === requestId),
  );
  return uncounted ? 'a retrieval was granted and not counted' : null;
}

/**
 * By the directory as it was when the opening was decided, nobody whose approval counted was under a party's thumb: a
 * party is the requester or the recipient.
 */
const noApproverOfAParty = ofEachOpening(({ around }, { row, people }) => {
  const parties = [row.requester, row.recipient];
  const brought = [...around.cases.rows.values()]
    .filter(({ filed }) => guestsOfCase(filed).some((guestId) => row.scope?.guests.includes(guestId)))
    .flatMap(({ filed }) => (filed.kind === 'dispute' ? filed.broughtBy : []));
  for (const { by, role, at } of row.approvals) {
    if (parties.includes(by)) return 'a party approved';
    if (brought.includes(by)) return 'whoever brought the dispute on file approved';
    if (managersAbove(people, by).some((superior) => parties.includes(superior))) {
      return 'a subordinate of a party approved';
    }
    const person = people.get(by);
    const lost = Object.values(person?.lostSuperiors ?? {}).flat();
    if (lost.some((time) => time > row.requestedAt && time <= at)) {
      return 'whoever was moved out of a line approved what had been asked for before';
    }
    const sinceRequest = (time: string) => time > row.requestedAt && time <= at;
    if (parties.some((party) => person?.enablers[party]?.some(sinceRequest))) {
      return 'whom a party had let act approved';
    }
    const held = person === undefined ? [] : heldFor(person, row.hotels, new Date(at));
    const relied = held.filter(
      (each) => each.role === role && each.since <= row.requestedAt && !parties.includes(each.grantedBy),
    );
    if (relied.length === 0) return 'approved in a role that a party gave, or given after the request';
    const gave = parties.some((party) =>
      (people.get(party)?.roles ?? []).some(
        (each) => each.role === row.requesterRole && each.grantedBy === by,
      ),
    );
    if (gave) return 'whoever gave a party the role approved';
  }
  return null;
});

/** Nobody approved beside somebody whom they stood above, or whom they had let act, since the request was made (A1). */
const noApproverOfAnother = ofEachOpening((_, { row, people }) => {
  for (const { by, at } of row.approvals) {
    for (const other of row.approvals.filter((one) => one.by !== by)) {
      const person = people.get(other.by);
      const between = (until: string) => (time: string) => time > row.requestedAt && time <= until;
      if (person?.lostSuperiors[by]?.some(between(at))) {
        return 'whoever had been above another approver approved';
      }
      if (person?.enablers[by]?.some(between(other.at))) {
        return 'whoever had let another approver act approved';
      }
    }
  }
  return null;
});

/** A8: nobody counts twice, as themselves and through a deputy, or through two. */
const nobodyTwiceByDeputy = ofEachOpening((_, { row }) => {
  const stoodInFor = row.approvals.flatMap(({ asDeputyOf }) =>
    asDeputyOf === undefined ? [] : [asDeputyOf],
  );
  const counted = [...row.approvals.map(({ by }) => by), ...stoodInFor];
  if (stoodInFor.some((person) => [row.requester, row.recipient].includes(person))) {
    return 'a party’s deputy approved';
  }
  return new Set(counted).size === counted.length ? null : 'somebody counted twice through a deputy';
});

function finalStatesAreFinal({ store }: LoopWorld): string | null {
  const left = store.history.find((entry) => entry.what === 'moved' && isFinal(entry.from));
  return left ? 'left a final state' : null;
}

export const INVARIANTS = {
  'nothing opens without two distinct approvers in two roles': twoApprovers,
  'approvals bind to the digest': boundToTheDigest,
  'scope never grows': scopeNeverGrows,
  'nothing is readable outside open': onlyWhileOpen,
  'nothing opens past the limit': withinTheLimit,
  'nothing opens past the window': withinTheWindow,
  'nothing is approved or opened without the own enrolled device, each signature once': byTheOwnDevice,
  'nothing opens past a revocation': notPastARevocation,
  'red lines hold whatever the approvals': redLinesHold,
  'every refusal and every access has exactly one custody event': oneEventEach,
  'an account that is locked does nothing': lockedDoNothing,
  'R4 is never exceeded, and every grant is counted': retrievalsHold,
  'nobody under the thumb of a party approves': noApproverOfAParty,
  'nobody approves beside whom they stood above or let act meanwhile': noApproverOfAnother,
  'nobody counts twice through a deputy': nobodyTwiceByDeputy,
  'a final state is final': finalStatesAreFinal,
} as const satisfies Record<string, Invariant>;
export type InvariantName = keyof typeof INVARIANTS;

/** What no rule set can loosen. */
export const FLOOR = [
  'nothing opens without two distinct approvers in two roles',
  'approvals bind to the digest',
  'scope never grows',
  'nothing is readable outside open',
  'every refusal and every access has exactly one custody event',
  'an account that is locked does nothing',
  'a final state is final',
] as const satisfies InvariantName[];

export function isInvariant(name: string): name is InvariantName {
  return Object.hasOwn(INVARIANTS, name);
}

/** The first invariant that is broken, in words; null where all hold. */
export function broken(
  world: LoopWorld,
  which: readonly InvariantName[] = Object.keys(INVARIANTS).filter(isInvariant),
): string | null {
  for (const name of which) {
    const fault = INVARIANTS[name](world);
    if (fault !== null) return fault;
  }
  return null;
}
