import { digestOf } from '../../../shared/domain/digest.ts';
import type { RuleSetDocument } from '../../../shared/domain/rule-set-document.ts';
import { type RuleSet, readyRuleSet } from '../../../shared/policy/rule-set.ts';

const known = new WeakMap<RuleSet, RuleSet>();

/** The rule set without a policy that forbids: what its permits alone let in. */
export function permitsAlone(ruleSet: RuleSet): RuleSet {
  const ready = known.get(ruleSet) ?? withoutForbids(ruleSet);
  known.set(ruleSet, ready);
  return ready;
}

function withoutForbids({ policies, document: { schema } }: RuleSet): RuleSet {
  const permits = policies.filter(({ effect }) => effect === 'permit');
  const document: RuleSetDocument = {
    version: 1,
    schema,
    policies: [{ file: 'permits.cedar', text: permits.map(({ text }) => text).join('\n') }],
  };
  return readyRuleSet({ digest: digestOf(document), document });
}
