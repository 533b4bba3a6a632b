import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../../../shared/domain/digest.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { RulebookFailedError } from '../../../shared/policy/evaluate.ts';
import { singleChanges } from '../../../shared/policy/fact-changes.ts';
import { sliceFor } from '../../../shared/policy/policy-slices.ts';
import { bundledRuleSet, loadRuleSet, type RuleSet, readyRuleSet } from '../../../shared/policy/rule-set.ts';
import { request, requestFacts } from './staff.ts';

const base = bundledRuleSet();

/** Many of a chain's own on one act, of two scopes, and one that adds a role. */
function withMany(count: number, extra = ''): RuleSet {
  const text = Array.from(
    { length: count },
    (_, index) => `@id("R6.own-${index}") @reason("own-${index}") @zh("自定") @en("own")
forbid (principal${index % 2 === 0 ? ' is Person' : ''}, action == Action::"request", resource)
when { resource.opens == ${index + 1_004} } unless { resource.windowHours == ${index} };`,
  ).join('\n');
  return loadRuleSet({
    ...base.document,
    policies: [...base.document.policies, { file: 'chain/own.cedar', text: text + extra }],
  });
}

describe('many policies of a chain on one act', () => {
  const many = withMany(40);

  it('are joined into a few, and asked one by one only where one of those speaks', () => {
    expect(sliceFor(many, 'request').screen).toMatch(/screen$/);
    expect(sliceFor(many, 'open').screen).toBeNull();
    expect(sliceFor(withMany(15), 'request').screen).toBeNull();
    expect(sliceFor(withMany(16), 'request').screen).not.toBeNull();
    expect(sliceFor(base, 'request').screen).toBeNull();
  });

  it('are readied once for each act', () => {
    expect(sliceFor(many, 'request')).toBe(sliceFor(many, 'request'));
  });

  it('speak as they would one by one', () => {
    for (let opens = 1_001; opens <= 1_050; opens += 1) {
      for (const windowHours of [1, opens - 1_004, 72]) {
        const facts = requestFacts({ grant: request({ opens, windowHours }) });
        const index = opens - 1_004;
        const speaks = index >= 0 && index < 40 && windowHours !== index;
        expect([opens, windowHours, decideRequest(many, facts).reasons]).toEqual([
          opens,
          windowHours,
          speaks ? [`own-${index}`] : ['legal-asks-for-a-named-matter'],
        ]);
      }
    }
  });

  it('change nothing of what the rulebook says where none of them speaks', () => {
    for (const { what, facts } of singleChanges(requestFacts())) {
      expect([what, decideRequest(many, facts)]).toEqual([what, decideRequest(base, facts)]);
    }
  });

  it('name the one of them that fails', () => {
    const failing = withMany(
      40,
      '\n@id("R6.fails") @reason("fails") @zh("自定") @en("own")\nforbid (principal, action == Action::"request", resource) when { resource.opens * 9223372036854775807 > 1 };',
    );
    expect(() => decideRequest(failing, requestFacts())).toThrow(RulebookFailedError);
    expect(() => decideRequest(failing, requestFacts())).toThrow(/"request": R6\.fails: .*overflow/);
  });
});

it('a set that nobody checked, whose policies Cedar can’t parse, is refused by its file', () => {
  const text =
    '@id("T7") @reason("t7") @zh("理由") @en("why")\npermit (principal, action == Action::"see", resource) when { ) };';
  const document = { ...base.document, policies: [{ file: 'own.cedar', text }] };
  const ruleSet = readyRuleSet({ digest: digestOf(document), document });
  expect(() => sliceFor(ruleSet, 'see').whole()).toThrow(
    expect.objectContaining({ name: 'RuleSetInvalidError', file: 'own.cedar', line: 1 }),
  );
  expect(() => sliceFor(ruleSet, 'open').whole()).not.toThrow();
});
