import { broughtBy } from '../../shared/domain/case.ts';
import type { Person } from '../../shared/domain/person.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { givesMore } from '../../shared/policy/case-gives-more.ts';
import { rolesThatMay } from '../../shared/policy/roles-that-may.ts';
import { twoPeople } from '../../shared/policy/two-people.ts';
import { conflict, done, type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { type CaseDependencies, decideEach, dutyFacts, type WaitingCase } from './case-dependencies.ts';
import { caseEvent, isSame } from './import-cases.ts';

export type SettleCall = { actor: Person; changeId: string; now: Date };

/**
 * A second person, in another role, puts what waits in force (A1): the decision with its event first, then each case with
 * its own. Confirmed again by the same person it goes on where it was cut off.
 */
export async function confirmCaseChange(
  { actor, changeId, now }: SettleCall,
  dependencies: CaseDependencies,
): Promise<HttpResult> {
  const { region, ruleSets, caseChanges } = dependencies;
  const found = await caseChanges.read(changeId);
  if (found === null || found.change.about !== 'cases')
    return notFound({ zh: '没有这项变更', en: 'no such change' }, 'path.id');
  const { change, items } = found;
  const ruleSet = await currentRuleSet(ruleSets);
  const who = { actor, now };
  const concerned = items.map(({ next }) => next);
  const refusal = decideEach(ruleSet, who, 'confirm-case-change', concerned, region);
  if (refusal !== null) return refused(refusal);
  const roles = concerned
    .map((next) => rolesThatMay(ruleSet, dutyFacts(who, 'confirm-case-change', next, region)))
    .reduce((some, own) => some.filter((role) => own.includes(role)));
  const second = twoPeople({ proposed: change.proposed, settling: { by: actor.personId, roles } });
  if ('refused' in second) return refused(second.refused);

  const isOwn = change.settled?.by === actor.personId;
  if (change.state === 'confirmed' && isOwn) return ok({ changeId, state: 'confirmed', overtaken: 0 });
  if (change.state === 'proposed') {
    const standing = await Promise.all(items.map((item) => stands(item, dependencies)));
    if (!standing.every((one) => one)) return conflict('A1', 'what-it-changes-has-changed');
    const settled = { by: actor.personId, role: second.role, at: now.toISOString() };
    const outcome = await caseChanges.settle(change, 'confirming', settled, {
      at: now,
      actor: actor.personId,
      data: {
        about: 'cases',
        digest: change.digest,
        gives: change.gives,
        proposedBy: change.proposed.by,
        role: second.role,
      },
    });
    if (outcome === 'stale') return conflict('A1', 'change-settled-already');
  } else if (change.state !== 'confirming' || !isOwn) {
    return conflict('A1', 'change-settled-already');
  }
  let overtaken = 0;
  for (const item of items) {
    if ((await putInForce(item, { ...who, change }, dependencies)) === 'overtaken') overtaken += 1;
  }
  await caseChanges.inForce(changeId);
  return done({ changeId, state: 'confirmed', overtaken });
}

/** What waits comes to nothing. Its proposer may say so too. */
export async function rejectCaseChange(
  { actor, changeId, now }: SettleCall,
  { region, ruleSets, caseChanges }: CaseDependencies,
): Promise<HttpResult> {
  const found = await caseChanges.read(changeId);
  if (found === null || found.change.about !== 'cases')
    return notFound({ zh: '没有这项变更', en: 'no such change' }, 'path.id');
  const { change, items } = found;
  const ruleSet = await currentRuleSet(ruleSets);
  const duty = change.proposed.by === actor.personId ? 'keep-cases' : 'confirm-case-change';
  const concerned = items.map(({ next }) => next);
  const refusal = decideEach(ruleSet, { actor, now }, duty, concerned, region);
  if (refusal !== null) return refused(refusal);
  if (change.state === 'rejected' && change.settled?.by === actor.personId) {
    return ok({ changeId, state: 'rejected' });
  }
  if (change.state !== 'proposed') return conflict('A1', 'change-settled-already');
  const [first] = concerned;
  const [role = null] =
    first === undefined ? [] : rolesThatMay(ruleSet, dutyFacts({ actor, now }, duty, first, region));
  const settled = { by: actor.personId, role, at: now.toISOString() };
  const outcome = await caseChanges.settle(change, 'rejected', settled, {
    at: now,
    actor: actor.personId,
    data: { about: 'cases', digest: change.digest, proposedBy: change.proposed.by, role },
  });
  if (outcome === 'stale') return conflict('A1', 'change-settled-already');
  return done({ changeId, state: 'rejected' });
}

async function stands({ next, version }: WaitingCase, { cases }: CaseDependencies): Promise<boolean> {
  return ((await cases.filed(next.kind, next.reference))?.version ?? 0) === version;
}

/** Exactly what was confirmed, in the place of what stood when it was proposed. */
async function putInForce(
  { next, version }: WaitingCase,
  {
    actor,
    now,
    change,
  }: { actor: Person; now: Date; change: { changeId: string; proposed: { by: string } } },
  { cases }: CaseDependencies,
): Promise<'filed' | 'overtaken'> {
  const standing = await cases.filed(next.kind, next.reference);
  // Written by an earlier run that was cut off.
  if (standing !== null && isSame(standing.filed, next)) return 'filed';
  if ((standing?.version ?? 0) !== version) return 'overtaken';
  const event = caseEvent(standing, next, {
    at: now,
    actor: actor.personId,
    data: {
      change: change.changeId,
      proposedBy: change.proposed.by,
      gives: givesMore(standing?.filed ?? null, next),
    },
  });
  const brought = broughtBy(next, [...next.broughtBy, actor.personId]);
  return (await cases.file(brought, standing, event)) === 'filed' ? 'filed' : 'overtaken';
}
