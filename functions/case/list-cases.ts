import { CASE_KINDS, type Case, type CaseKind, guestsOfCase } from '../../shared/domain/case.ts';
import type { ChangeSet } from '../../shared/domain/change-set.ts';
import type { Person } from '../../shared/domain/person.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import { badInput, type HttpResult, notFound, ok, refused } from '../../shared/runtime/http-result.ts';
import { type CaseDependencies, decideEach, dutyFacts, type WaitingCase } from './case-dependencies.ts';

export type ListCall = { actor: Person; query: Record<string, string>; now: Date };

type Looking = Pick<CaseDependencies, 'region' | 'ruleSets' | 'cases'>;

/** The cases of a kind, or of every kind, that this person may see; one alone by kind and number. Guests as a count. */
export async function listCases(
  { actor, query, now }: ListCall,
  { region, ruleSets, cases }: Looking,
): Promise<HttpResult> {
  const kind = CASE_KINDS.find((known) => known === query['kind']);
  if (kind === undefined && query['kind'] !== undefined) {
    return badInput({ zh: '未知的种类', en: 'no such kind of case' }, 'query.kind', {
      zh: `写下列之一:${CASE_KINDS.join(', ')}`,
      en: `name one of ${CASE_KINDS.join(', ')}`,
    });
  }
  const ruleSet = await currentRuleSet(ruleSets);
  const may = (one: CaseKind, hotels: readonly string[]) =>
    decideDuty(ruleSet, dutyFacts({ actor, now }, 'see-cases', { kind: one, hotels }, region));
  const { reference } = query;
  if (kind !== undefined && reference !== undefined) {
    const found = await cases.read(kind, reference);
    const verdict = may(kind, found?.hotels ?? []);
    if (verdict.outcome === 'deny') return refused(verdict);
    return found === null
      ? notFound({ zh: '没有这个登记事项', en: 'no such case' }, 'query.reference')
      : ok(shown(found));
  }
  const wanted = kind === undefined ? CASE_KINDS : [kind];
  const verdicts = wanted.map((one) => ({ one, verdict: may(one, []) }));
  const [first] = verdicts;
  if (first !== undefined && verdicts.every(({ verdict }) => verdict.outcome === 'deny')) {
    return refused(first.verdict);
  }
  const lists = await Promise.all(
    verdicts.filter(({ verdict }) => verdict.outcome === 'allow').map(({ one }) => cases.list(one)),
  );
  const seen = lists.flat().filter((found) => may(found.kind, found.hotels).outcome === 'allow');
  return ok({ cases: seen.map(shown) });
}

/** Changes that wait for a second person, of cases that this person may see, each with what it takes the place of. */
export async function listCaseChanges(
  { actor, now }: Omit<ListCall, 'query'>,
  { region, ruleSets, cases, caseChanges }: Looking & Pick<CaseDependencies, 'caseChanges'>,
): Promise<HttpResult> {
  const ruleSet = await currentRuleSet(ruleSets);
  const found = await Promise.all(
    (await caseChanges.waiting())
      .filter(({ about }) => about === 'cases')
      .map(({ changeId }) => caseChanges.read(changeId)),
  );
  const changes = found
    .flatMap((one) => (one === null ? [] : [one]))
    .filter(
      ({ items }) =>
        decideEach(
          ruleSet,
          { actor, now },
          'see-cases',
          items.map(({ next }) => next),
          region,
        ) === null,
    );
  const maySee = (one: Case) => decideEach(ruleSet, { actor, now }, 'see-cases', [one], region) === null;
  return ok({
    changes: await Promise.all(
      changes.map(async ({ change, items }) => ({
        ...shownChange(change),
        cases: await Promise.all(items.map((item) => shownItem(item, cases, maySee))),
      })),
    ),
  });
}

function shownChange({ changeId, state, hotels, gives, proposed }: ChangeSet) {
  return { changeId, state, hotels, gives, proposed: { by: proposed.by, at: proposed.at } };
}

/**
 * A proposed case with what is on file now (`before`; null where nothing is, or where this person may not see that), and
 * how many of its guests that one doesn't name: as many guests needn't be the same ones.
 */
async function shownItem(
  { next, version }: WaitingCase,
  cases: Pick<CaseDependencies['cases'], 'read'>,
  maySee: (one: Case) => boolean,
): Promise<object> {
  const prior = await cases.read(next.kind, next.reference);
  const before = prior !== null && maySee(prior) ? prior : null;
  const named = new Set(before === null ? [] : guestsOfCase(before));
  return {
    ...shown(next),
    onFile: version > 0,
    before: before === null ? null : shown(before),
    ...('guests' in next ? { newGuests: next.guests.filter((guest) => !named.has(guest)).length } : {}),
  };
}

/** Without guests' ids: whoever keeps cases knows whom they are about. */
function shown(found: Case): object {
  const { guests, hotels } = found.formerly;
  const formerly = { guests: guests.length, hotels };
  return 'guests' in found ? { ...found, guests: found.guests.length, formerly } : { ...found, formerly };
}
