import { describe, expect, it } from '@jest/globals';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { caseDiffers } from './case-differs.ts';
import { permitsAlone } from './permits-alone.ts';
import { RULE_CASES } from './rule-cases.ts';

const ruleSet = bundledRuleSet();

describe('each rule', () => {
  for (const one of RULE_CASES) {
    it(`${one.policy} ${one.outcome === 'allow' ? 'allows' : 'refuses'}: ${one.name}`, () => {
      expect(caseDiffers(one, one.decide(ruleSet), ruleSet)).toBeNull();
    });
  }
});

describe('what no permit lets in', () => {
  const permits = permitsAlone(ruleSet);
  for (const { policy, name, decide } of RULE_CASES.filter((one) => one.unpermitted)) {
    it(`is refused without ${policy} too: ${name}`, () => {
      expect(decide(permits)).toMatchObject({ outcome: 'deny' });
    });
  }
});

describe('the schema', () => {
  it('knows every fact that is gathered: nothing has to be left out before the rulebook can be asked', () => {
    // Of a schema without contexts all facts would be left out, so that what Cedar doesn't take at once it takes never.
    const schema = ruleSet.document.schema.replace(/context: \w+/g, 'context: {}');
    const strict = { ...ruleSet, document: { ...ruleSet.document, schema } };
    for (const { name, outcome, decide } of RULE_CASES) {
      expect({ name, outcome: decide(strict).outcome }).toEqual({ name, outcome });
    }
  });
});

describe('the case table', () => {
  const idsOf = (outcome: 'allow' | 'deny') =>
    new Set(RULE_CASES.filter((each) => each.outcome === outcome).map(({ policy }) => policy));
  const ruleOf = (id: string) => id.replace(/\..*$/, '');

  it('has an allowed and a refused case for every rule', () => {
    const rules = [...new Set([...ruleSet.notes.values()].map(({ rule }) => rule))].sort();
    const withCases = (outcome: 'allow' | 'deny') => [...new Set([...idsOf(outcome)].map(ruleOf))].sort();
    expect(withCases('deny')).toEqual(rules);
    expect(withCases('allow')).toEqual(rules);
  });

  it('has a refused case for every policy that forbids, and an allowed one for every policy that permits', () => {
    const policies = [...ruleSet.notes.values()];
    const refused = policies.filter(({ id }) => idsOf('deny').has(id));
    expect(refused.filter(({ effect }) => effect === 'forbid')).toEqual(
      policies.filter(({ effect }) => effect === 'forbid'),
    );
    expect([...idsOf('allow')]).toEqual(
      expect.arrayContaining(policies.filter(({ effect }) => effect === 'permit').map(({ id }) => id)),
    );
  });
});
