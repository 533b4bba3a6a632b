import type { CollectionBasis } from '../../shared/domain/collection-basis.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { Duty } from '../../shared/policy/facts.ts';
import type { ConsentStore } from '../../shared/ports/consent-store.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import {
  badInput,
  conflict,
  done,
  type HttpResult,
  notFound,
  ok,
  refused,
} from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { BasisBody } from './consent-body.ts';

export type BasisDependencies = {
  region: RegionConfig;
  ruleSets: RuleSets;
  consents: Pick<ConsentStore, 'place' | 'withdraw' | 'bases'>;
  directory: Pick<Directory, 'withAccounts'>;
};

/** Takes an employee's written authorisation, or a notice to all of a hotel's employees, on record (R7). */
export async function placeBasis(
  { actor, body, now }: { actor: Person; body: BasisBody; now: Date },
  dependencies: BasisDependencies,
): Promise<HttpResult> {
  const { consents, directory } = dependencies;
  const verdict = await decide('authorise-collection', actor, [body.hotel], dependencies);
  if (verdict.outcome === 'deny') return refused(verdict);
  const { kind, hotel, employee, reference, from, until } = body;
  // Prior notice: what was written before anybody could know isn't collected.
  if (kind === 'notice' && Date.parse(from) < now.getTime() - A_DAY_MS) {
    return badInput(
      { zh: '事先告知自告知之日起生效,不得早于该日', en: 'a notice begins when it is given, not before' },
      'body.from',
      {
        zh: '写明今日起的时间;此前的内容须有员工本人的授权',
        en: 'state a time from today on; what was written earlier needs each employee’s authorisation',
      },
    );
  }
  const people = employee === undefined ? [] : await directory.withAccounts();
  const person = people.find(({ accounts }) => employee !== undefined && accounts.includes(employee));
  if (employee !== undefined && person === undefined) {
    return badInput(
      { zh: '人员目录中无人使用此帐号', en: 'nobody in the directory has this account' },
      'body.employee',
      { zh: '请先在人员目录中登记该帐号', en: 'enter the account there first' },
    );
  }
  const basis: CollectionBasis = {
    basisId: newId('bas', now),
    kind,
    hotel,
    personId: person?.personId ?? null,
    reference,
    from: new Date(from).toISOString(),
    until: until === undefined ? null : new Date(until).toISOString(),
    placed: { by: actor.personId, at: now.toISOString() },
    withdrawn: null,
  };
  const employees = person === undefined ? [] : [person.personId];
  await consents.place(basis, { at: now, actor: actor.personId, data: { employees } });
  return done(basis);
}

/** Ends a basis at once: nothing more is collected on it. What was collected stays under its retention. */
export async function withdrawBasis(
  { actor, basisId, hotel, now }: { actor: Person; basisId: string; hotel: string; now: Date },
  dependencies: BasisDependencies,
): Promise<HttpResult> {
  const verdict = await decide('authorise-collection', actor, [hotel], dependencies);
  if (verdict.outcome === 'deny') return refused(verdict);
  const basis = (await dependencies.consents.bases(hotel)).find((one) => one.basisId === basisId);
  if (basis === undefined)
    return notFound({ zh: '该酒店没有这项采集依据', en: 'this hotel has no such basis' }, 'path.id');
  const withdrawn = { by: actor.personId, at: now.toISOString() };
  if (basis.withdrawn !== null) return ok(basis);
  const event = { at: now, actor: actor.personId, data: {} };
  if ((await dependencies.consents.withdraw(basis, withdrawn, event)) === 'stale') {
    return conflict('R7', 'basis-withdrawn-already');
  }
  return done({ ...basis, withdrawn });
}

/** The bases of those hotels of which this person may see them. */
export async function listBases(
  { actor }: { actor: Person },
  dependencies: BasisDependencies,
): Promise<HttpResult> {
  const any = await decide('see-consents', actor, [], dependencies);
  if (any.outcome === 'deny') return refused(any);
  const bases: CollectionBasis[] = [];
  for (const { code } of dependencies.region.hotels) {
    if ((await decide('see-consents', actor, [code], dependencies)).outcome === 'deny') continue;
    bases.push(...(await dependencies.consents.bases(code)));
  }
  return ok({ bases });
}

const A_DAY_MS = 24 * 60 * 60 * 1000;

async function decide(duty: Duty, actor: Person, hotels: string[], { region, ruleSets }: BasisDependencies) {
  return decideDuty(await currentRuleSet(ruleSets), { region: regionFacts(region), actor, duty, hotels });
}
