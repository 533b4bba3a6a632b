import type { Person } from '../../shared/domain/person.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import { type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { HoldDependencies } from './place-hold.ts';

/** The holds of the hotels that this person may see holds of; those released too. Reasons stay sealed. */
export async function listHolds(
  { actor }: { actor: Person },
  { region, ruleSets, holds }: Pick<HoldDependencies, 'region' | 'ruleSets' | 'holds'>,
): Promise<HttpResult> {
  const ruleSet = await currentRuleSet(ruleSets);
  const verdictFor = (hotels: string[]) =>
    decideDuty(ruleSet, { region: regionFacts(region), actor, duty: 'see-holds', hotels });
  const verdict = verdictFor([]);
  if (verdict.outcome === 'deny') return refused(verdict);
  const seen = (await holds.list({ released: true })).filter(
    ({ hotel }) => verdictFor([hotel]).outcome === 'allow',
  );
  return ok({
    holds: seen.map(({ holdId, matter, hotel, subjectKind, guests, state, placed, release }) => ({
      holdId,
      matter,
      hotel,
      subjectKind,
      guests: guests.length,
      state,
      placed,
      released: release === null ? null : { by: release.by, at: release.at },
    })),
  });
}
