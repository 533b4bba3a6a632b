import { lockOf } from '../../shared/domain/conduct.ts';
import type { Person } from '../../shared/domain/person.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { ConductStore } from '../../shared/ports/conduct.ts';
import { badInput, type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { StaffDependencies } from './staff-dependencies.ts';

const PERSON_ID = /^p_[a-z0-9]{1,40}$/;

type ShowDependencies = Pick<StaffDependencies, 'region' | 'ruleSets' | 'changes'> & {
  conduct: Pick<ConductStore, 'read'>;
};

/**
 * What the directory says of somebody, by username or id: to themselves, and to whoever may see the directory;
 * which locks stand, and since when (R9).
 */
export async function showPerson(
  { actor, user, now }: { actor: Person; user: string | undefined; now: Date },
  { region, ruleSets, changes, conduct }: ShowDependencies,
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
    if (verdict.outcome === 'deny') return refused(verdict);
  }
  const personId = PERSON_ID.test(user) ? user : (await changes.byUsername([user])).get(user);
  const [kept] = personId === undefined ? [] : (await changes.entries([personId])).values();
  if (kept === undefined)
    return notFound({ zh: '人员目录中无此人', en: 'the directory has nobody of this name' }, 'query.user');
  const { person, superiors, shifts, clients, login } = kept.entry;
  const row = await conduct.read(person.personId);
  return ok({
    ...person,
    lock: lockOf(row),
    lockedSince: { session: row.session?.since ?? null, account: row.account?.since ?? null },
    superiors,
    shifts: shifts.filter(({ to }) => Date.parse(to) >= now.getTime()),
    // Whose clients they are is the directory's; who they are is not.
    clients: clients.length,
    signsIn: login !== null,
  });
}
