import type { IdentifierIndex } from '../../shared/aws/identifier-index.ts';
import type { Case, CaseKind } from '../../shared/domain/case.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { Duty } from '../../shared/policy/facts.ts';
import type { RuleSet } from '../../shared/policy/rule-set.ts';
import type { CaseStore } from '../../shared/ports/cases.ts';
import type { ChangeStore } from '../../shared/ports/change-store.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { IndexKey } from '../../shared/ports/keys.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { regionFacts } from '../../shared/runtime/region.ts';

/** A case as it waits for a second person: in the place of which version it is to come. */
export type WaitingCase = { next: Case; version: number };

export type CaseDependencies = {
  region: RegionConfig;
  ruleSets: RuleSets;
  cases: CaseStore;
  caseChanges: ChangeStore<WaitingCase>;
  directory: Pick<Directory, 'byId'>;
  indexKey: Pick<IndexKey, 'forIngest'>;
  identifiers: Pick<IdentifierIndex, 'guestsOf' | 'members' | 'create'>;
};

export type CaseDuty = Extract<Duty, 'keep-cases' | 'confirm-case-change' | 'see-cases'>;

/** The facts of a duty about cases of one kind at these hotels. */
export function dutyFacts(
  { actor, now }: { actor: Person; now: Date },
  duty: CaseDuty,
  { kind, hotels }: { kind: CaseKind; hotels: readonly string[] },
  region: RegionConfig,
) {
  return { now, region: regionFacts(region), actor, duty, caseKind: kind, hotels: [...new Set(hotels)] };
}

/** Whether this person has the duty of each of these; the first refusal otherwise. */
export function decideEach(
  ruleSet: RuleSet,
  who: { actor: Person; now: Date },
  duty: CaseDuty,
  concerned: readonly { kind: CaseKind; hotels: readonly string[] }[],
  region: RegionConfig,
): Verdict | null {
  for (const one of concerned) {
    const verdict = decideDuty(ruleSet, dutyFacts(who, duty, one, region));
    if (verdict.outcome === 'deny') return verdict;
  }
  return null;
}
