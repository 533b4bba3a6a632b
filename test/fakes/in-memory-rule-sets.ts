import { bundledRuleSet, loadRuleSet } from '../../shared/policy/rule-set.ts';
import type { PublishedRuleSet, RuleSets } from '../../shared/ports/rule-sets.ts';

/** Published rule sets in memory; the one that lies beside the code is in force until another is published. */
export function inMemoryRuleSets(): RuleSets & {
  /** Brings the rule set into force that has this policy file besides, as a chain's own. */
  tighten(file: string, text: string): void;
  /** Brings the rule set into force that lacks this policy file of a chain's own: looser than the one before. */
  loosen(file: string): void;
} {
  const { digest, document } = bundledRuleSet();
  let current: PublishedRuleSet = { digest, document };
  const published = new Map([[digest, current]]);
  const bringIntoForce = (policies: PublishedRuleSet['document']['policies']) => {
    const changed = loadRuleSet({ ...current.document, policies });
    current = { digest: changed.digest, document: changed.document };
    published.set(changed.digest, current);
  };
  return {
    tighten(file, text) {
      const { policies } = current.document;
      bringIntoForce(
        [...policies, { file: `chain/${file}`, text }].sort((a, b) => (a.file < b.file ? -1 : 1)),
      );
    },
    loosen(file) {
      const { policies } = current.document;
      const left = policies.filter((policy) => policy.file !== `chain/${file}`);
      if (left.length === policies.length) throw new Error(`The rule set in force has no chain/${file}`);
      bringIntoForce(left);
    },
    async current() {
      return current;
    },
    async byDigest(wanted) {
      const found = [...published.values()].find((ruleSet) => ruleSet.digest === wanted);
      if (found === undefined) throw new Error('There is no such rule set');
      return found;
    },
  };
}
