import { bundledRuleSet, loadRuleSet, type RuleSet } from '../../../shared/policy/rule-set.ts';

/**
 * A rulebook as small as a question needs: whoever asks is permitted (T7; the privacy officer and the information
 * security director approve), and the policies given. `route`: one that adds these roles where `when` holds, instead of
 * one that refuses.
 */
export function smallRulebook(
  ...policies: { id: string; route?: string; slip?: true; when: string }[]
): RuleSet {
  const asks =
    '@id("T7") @reason("asks") @zh("可申请") @en("may ask") @route("privacy-officer,infosec-director")\n' +
    'permit (principal is Person, action in [Action::"request", Action::"route"], resource is Request);';
  const added = policies.map(({ id, route, slip, when }) => {
    const also = `${route === undefined ? '' : ` @route("${route}")`}${slip ? ' @slip("true")' : ''}`;
    const [effect, act] = route === undefined ? ['forbid', 'request'] : ['permit', 'route'];
    return (
      `@id("${id}") @reason("${id.toLowerCase()}-says") @zh("${id} 的理由") @en("why ${id}")${also}\n` +
      `${effect} (principal is Person, action == Action::"${act}", resource is Request) when { ${when} };`
    );
  });
  return loadRuleSet({
    version: 1,
    schema: bundledRuleSet().document.schema,
    policies: [{ file: 'small.cedar', text: [asks, ...added].join('\n') }],
  });
}
