import { randomBytes } from 'node:crypto';
import type { ChangeSet } from '../../shared/domain/change-set.ts';
import { sha256 } from '../../shared/domain/digest.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { WaitingPatch } from '../../shared/domain/staff-import.ts';
import { deny } from '../../shared/domain/verdict.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { DutyFacts } from '../../shared/policy/facts.ts';
import { rolesThatMay } from '../../shared/policy/roles-that-may.ts';
import { twoPeople } from '../../shared/policy/two-people.ts';
import {
  accepted,
  conflict,
  done,
  type HttpResult,
  notFound,
  ok,
  refused,
} from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import { shownFailure } from './shown-failure.ts';
import type { SettleBody } from './staff-body.ts';
import type { StaffDependencies } from './staff-dependencies.ts';

export type SettleCall = { actor: Person; changeId: string; body: SettleBody; now: Date };

/**
 * A second person, in another role and not concerned, puts what waits in force (A1). Everything is written by the
 * function's next run; confirmed again by the same person it answers what stands.
 */
export async function confirmChange(call: SettleCall, dependencies: StaffDependencies): Promise<HttpResult> {
  const { actor, changeId, now } = call;
  const { region, ruleSets, waiting, changes, wake } = dependencies;
  const found = await waiting.read(changeId);
  if (found === null) return notFound({ zh: '没有这项变更', en: 'no such change' }, 'path.id');
  const { change, items } = found;
  const ruleSet = await currentRuleSet(ruleSets);
  const facts: DutyFacts = {
    region: regionFacts(region),
    actor,
    duty: 'confirm-directory-change',
    hotels: change.hotels,
    now,
  };
  const verdict = decideDuty(ruleSet, facts);
  if (verdict.outcome === 'deny') return refused(verdict);
  if (items.some(({ patch }) => patch.personId === actor.personId)) {
    return refused(deny('A1', 'directory-change-about-oneself'));
  }
  const settling = { by: actor.personId, roles: rolesThatMay(ruleSet, facts) };
  const second = twoPeople({ proposed: change.proposed, settling });
  if ('refused' in second) return refused(second.refused);
  const isOwn = change.settled?.by === actor.personId;
  if (change.state === 'confirmed' && isOwn) return ok(shownChange(change));
  if (change.state === 'proposed') {
    const outcome = await settle(call, change, 'confirming', second.role, dependencies);
    if (outcome === 'stale') return conflict('A1', 'change-settled-already');
  } else if (change.state !== 'confirming' || !isOwn) {
    return conflict('A1', 'change-settled-already');
  }
  // Also where an earlier call ended between the decision and this.
  const at = change.settled?.at ?? now.toISOString();
  await changes.addJob({ kind: 'change', id: changeId, at });
  await wake();
  return accepted({ changeId, state: 'confirming' });
}

/** What waits comes to nothing. Its proposer may say so too. */
export async function rejectChange(call: SettleCall, dependencies: StaffDependencies): Promise<HttpResult> {
  const { actor, changeId, now } = call;
  const { region, ruleSets, waiting } = dependencies;
  const found = await waiting.read(changeId);
  if (found === null) return notFound({ zh: '没有这项变更', en: 'no such change' }, 'path.id');
  const { change } = found;
  const ruleSet = await currentRuleSet(ruleSets);
  const facts = { region: regionFacts(region), actor, hotels: change.hotels, now };
  const isOwn = change.proposed.by === actor.personId;
  const duty = isOwn ? 'keep-directory' : 'confirm-directory-change';
  const verdict = decideDuty(ruleSet, { ...facts, duty });
  if (verdict.outcome === 'deny') return refused(verdict);
  const [role = null] = rolesThatMay(ruleSet, { ...facts, duty });
  if (change.state === 'rejected' && change.settled?.by === actor.personId) return ok(shownChange(change));
  if (change.state !== 'proposed') return conflict('A1', 'change-settled-already');
  const outcome = await settle(call, change, 'rejected', role, dependencies);
  if (outcome === 'stale') return conflict('A1', 'change-settled-already');
  return done({ changeId, state: 'rejected' });
}

/** The reason stays in the directory; its event commits to it. */
function settle(
  { actor, body, now }: SettleCall,
  change: ChangeSet,
  to: 'confirming' | 'rejected',
  role: NonNullable<ChangeSet['settled']>['role'],
  { waiting }: StaffDependencies,
): Promise<'settled' | 'stale'> {
  const salt = randomBytes(16).toString('hex');
  return waiting.settle(
    change,
    to,
    { by: actor.personId, role, at: now.toISOString(), reason: body.reason, salt },
    {
      at: now,
      actor: actor.personId,
      data: {
        about: change.about,
        digest: change.digest,
        proposedBy: change.proposed.by,
        role,
        reasonCommitment: sha256(`${salt}\n${body.reason}`),
      },
    },
  );
}

/** What waits, to whoever keeps the directory or confirms changes of it. */
export async function listChanges(
  { actor, now }: { actor: Person; now: Date },
  { region, ruleSets, waiting, wake }: StaffDependencies,
): Promise<HttpResult> {
  const verdict = decideDuty(await currentRuleSet(ruleSets), {
    region: regionFacts(region),
    actor,
    duty: 'see-directory',
    hotels: [],
    now,
  });
  if (verdict.outcome === 'deny') return refused(verdict);
  const all = (await waiting.waiting()).filter(({ about }) => about === 'staff');
  if (all.some(({ state }) => state === 'confirming')) await wake();
  return ok({ changes: all.map(shownChange) });
}

/** One change with the people and fields that it is about. */
export async function showChange(
  { actor, changeId, now }: { actor: Person; changeId: string; now: Date },
  { region, ruleSets, waiting, changes, wake }: StaffDependencies,
): Promise<HttpResult> {
  const verdict = decideDuty(await currentRuleSet(ruleSets), {
    region: regionFacts(region),
    actor,
    duty: 'see-directory',
    hotels: [],
    now,
  });
  if (verdict.outcome === 'deny') return refused(verdict);
  const found = await waiting.read(changeId);
  if (found === null) return notFound({ zh: '没有这项变更', en: 'no such change' }, 'path.id');
  if (found.change.state === 'confirming') await wake();
  const names = await namesIn(found.change, found.items, changes);
  const failures = found.change.failed ? await changes.failures({ kind: 'change', id: changeId }) : [];
  return ok({
    ...shownChange(found.change),
    names,
    failures: failures.map(shownFailure),
    people: found.items.map(({ patch: { clients, ...patch } }) => ({
      ...patch,
      ...(clients === undefined ? {} : { clients: clients.length }),
    })),
  });
}

/** Who everybody is whom a change names, by id: whoever confirms it knows people by their names. Somebody new is missing. */
async function namesIn(
  { proposed, settled }: ChangeSet,
  items: readonly WaitingPatch[],
  changes: Pick<StaffDependencies['changes'], 'entries'>,
): Promise<Record<string, { username: string; displayName: string }>> {
  const ids = [
    proposed.by,
    settled?.by,
    ...items.flatMap(({ patch: { personId, manager, mentor, deputyships = [] } }) => [
      personId,
      manager,
      mentor,
      ...deputyships.map(({ deputyOf }) => deputyOf),
    ]),
  ].flatMap((id) => id ?? []);
  const entries = await changes.entries([...new Set(ids)]);
  return Object.fromEntries(
    [...entries].map(([id, { entry }]) => {
      const { username, displayName } = entry.person;
      return [id, { username, displayName }];
    }),
  );
}

function shownChange(change: ChangeSet) {
  const { changeId, state, hotels, gives, items, digest, proposed, settled, left = 0, failed = 0 } = change;
  return { changeId, state, hotels, gives, items, digest, proposed, settled, left, failed };
}
