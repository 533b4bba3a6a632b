import { lockOf } from '../../shared/domain/conduct.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import { decideUnlocking } from '../../shared/policy/decide-unlocking.ts';
import type { ConductStore } from '../../shared/ports/conduct.ts';
import { badInput, type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { StaffDependencies } from './staff-dependencies.ts';

const PERSON_ID = /^p_[a-z0-9]{1,40}$/;

type ShowDependencies = Pick<StaffDependencies, 'region' | 'ruleSets' | 'changes' | 'waiting'> & {
  conduct: Pick<ConductStore, 'read'>;
};

/**
 * What the directory says of somebody, by username or id: to themselves, and to whoever may see the directory;
 * which locks stand, and since when (R9). `to`: `unlock` where the account is looked at to be unlocked, so that whoever may
 * not is told so.
 */
export async function showPerson(
  { actor, user, to, now }: { actor: Person; user: string | undefined; to?: string | undefined; now: Date },
  { region, ruleSets, changes, waiting, conduct }: ShowDependencies,
): Promise<HttpResult> {
  if (user === undefined || user === '' || user.length > 100) {
    return badInput({ zh: '须指明人员', en: 'who is meant?' }, 'query.user', {
      zh: '写用户名或人员编号',
      en: 'give a username or a person id',
    });
  }
  const own = user === actor.username || user === actor.personId;
  if (!own) {
    const verdict = decideDuty(await currentRuleSet(ruleSets), {
      region: regionFacts(region),
      actor,
      duty: 'see-directory',
      hotels: [],
      now,
    });
    if (verdict.outcome === 'deny')
      return refused(
        (to === 'unlock' ? await mayNotUnlock(actor, now, { region, ruleSets }) : null) ?? verdict,
      );
  }
  const personId = PERSON_ID.test(user) ? user : (await changes.byUsername([user])).get(user);
  const [kept] = personId === undefined ? [] : (await changes.entries([personId])).values();
  if (kept === undefined)
    return notFound({ zh: '人员目录中无此人', en: 'the directory has nobody of this name' }, 'query.user');
  const { person, superiors, shifts, clients, login } = kept.entry;
  const row = await conduct.read(person.personId);
  const awaits = person.active ? null : await changeThatActivates(person.personId, waiting);
  return ok({
    ...person,
    awaits,
    lock: lockOf(row),
    lockedSince: { session: row.session?.since ?? null, account: row.account?.since ?? null },
    superiors,
    shifts: shifts.filter(({ to }) => Date.parse(to) >= now.getTime()),
    // Whose clients they are is the directory's; who they are is not.
    clients: clients.length,
    signsIn: login !== null,
  });
}

/**
 * What R9 says to somebody who wants to unlock another's account; null where it refuses nothing. Asked of a stand-in at the
 * own hotel: the answer tells nobody whether the directory has somebody of a name.
 */
async function mayNotUnlock(
  actor: Person,
  now: Date,
  { region, ruleSets }: Pick<ShowDependencies, 'region' | 'ruleSets'>,
): Promise<Verdict | null> {
  const verdict = decideUnlocking(await currentRuleSet(ruleSets), {
    now,
    region: regionFacts(region),
    actor,
    locked: { ...actor, personId: 'p_somebody' },
    stepUp: 'verified',
  });
  return verdict.outcome === 'deny' ? verdict : null;
}

async function changeThatActivates(
  personId: string,
  waiting: Pick<StaffDependencies['waiting'], 'waiting' | 'read'>,
): Promise<string | null> {
  const all = (await waiting.waiting()).filter(({ about }) => about === 'staff');
  const found = await Promise.all(all.map(({ changeId }) => waiting.read(changeId)));
  const of = found.find((one) =>
    one?.items.some(({ patch, fields }) => patch.personId === personId && fields.includes('active')),
  );
  return of?.change.changeId ?? null;
}
