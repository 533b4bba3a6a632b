import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PRODUCT_REASONS } from '../../../shared/policy/product-reasons.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { RULE_CASES } from './rule-cases.ts';

const numbered = (letter: string, last: number) =>
  Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);

/** Rules about reach, routes, red lines and the loop's duties that a policy states. */
const RULES = [...numbered('T', 18), ...numbered('A', 9), ...numbered('R', 14), 'E1', 'L1', 'L2', 'L5'];

/** L2 is a duty of the product and no policy: each attempt is recorded, allowed or refused. Its cases are those of the API. */
const NO_POLICY: readonly string[] = ['L2'];

const ruleOf = (policy: string) => policy.replace(/\..*$/, '');

describe('every rule of the rulebook', () => {
  const stated = new Set([...bundledRuleSet().notes.values()].map(({ rule }) => rule));

  for (const rule of RULES.filter((one) => !NO_POLICY.includes(one))) {
    it(`${rule} is stated by a policy, and has an allowed and a refused case by its name`, () => {
      const outcomes = RULE_CASES.filter(({ policy }) => ruleOf(policy) === rule).map(
        ({ outcome }) => outcome,
      );
      expect({ rule, stated: stated.has(rule) }).toEqual({ rule, stated: true });
      expect({ rule, outcomes: [...new Set(outcomes)].sort() }).toEqual({
        rule,
        outcomes: ['allow', 'deny'],
      });
    });
  }

  it('L2 has its allowed and its refused case where attempts are recorded', () => {
    const cases = readFileSync(new URL('../runtime/api-handler.test.ts', import.meta.url), 'utf8');
    expect(cases).toMatch(/it\('L2 records what is refused .* what is allowed/);
    expect(Object.values(PRODUCT_REASONS).map(({ rule }) => rule)).toContain('L2');
  });
});
