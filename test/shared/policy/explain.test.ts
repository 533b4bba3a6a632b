import { describe, expect, it } from '@jest/globals';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { explain } from '../../../shared/policy/explain.ts';
import { singleChanges } from '../../../shared/policy/fact-changes.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { supposedRequest } from '../../../shared/policy/supposed-request.ts';
import { NOON, REGION, requestFacts } from './staff.ts';

const ruleSet = bundledRuleSet();
const supposition = { region: REGION, now: NOON };

describe('an explanation', () => {
  it('of an allowed request names the rule that allows it, where it is written, and the route', () => {
    const { verdict, spoke } = explain(ruleSet, requestFacts());
    expect(verdict).toMatchObject({ outcome: 'allow', route: ['infosec-director', 'privacy-officer'] });
    expect(spoke).toContainEqual({
      rule: 'T7',
      policy: 'T7',
      effect: 'permit',
      reason: 'legal-asks-for-a-named-matter',
      zh: expect.stringMatching(/法务/),
      en: expect.stringMatching(/^legal may ask/),
      route: ['privacy-officer', 'infosec-director'],
      file: 't-who-may-ask.cedar',
      line: expect.any(Number),
    });
  });

  it('says which single changes would refuse it or send it another way, and only those', () => {
    const facts = requestFacts();
    const { verdict, changes } = explain(ruleSet, facts);
    const told = changes.flatMap(({ what }) => what);
    expect(told).toEqual(
      expect.arrayContaining(
        ['matter-closed', 'untrained', 'two-guests', 'role:sales', 'no-purpose'].filter(
          (what) => what !== 'two-guests',
        ),
      ),
    );
    for (const change of singleChanges(facts)) {
      const other = decideRequest(ruleSet, change.facts);
      const same =
        other.outcome === verdict.outcome &&
        [...other.route].sort().join() === [...verdict.route].sort().join();
      expect([change.what, told.includes(change.what)]).toEqual([change.what, !same]);
    }
  });

  it('of a refused request says what alone would allow it', () => {
    const facts = supposedRequest('sales', ['enquiry', 'complaint'], supposition);
    const { verdict, changes } = explain(ruleSet, facts);
    expect(verdict).toMatchObject({ outcome: 'deny', rules: ['T8'] });
    expect(changes).toContainEqual(
      expect.objectContaining({
        what: ['category-complaint'],
        zh: '去掉类别 complaint',
        en: 'category complaint removed',
        outcome: 'allow',
        route: ['department-head', 'privacy-officer'],
      }),
    );
  });

  it('of a request that two things refuse says what together would allow it', () => {
    const usual = supposedRequest('legal', ['enquiry'], supposition);
    const facts = {
      ...usual,
      retrievals: REGION.rules.retrievalsPerMonth,
      grant: { ...usual.grant, purpose: null },
    };
    const { changes } = explain(ruleSet, facts);
    const together = changes.filter(({ outcome }) => outcome === 'allow');
    expect(together.map(({ what }) => what.length)).toEqual([2]);
    expect(together[0]?.what).toEqual(expect.arrayContaining(['retrievals:0']));
  });

  it('gives up where nothing allows it: a guest’s own right is no staff request', () => {
    const facts = supposedRequest('guest', ['enquiry'], supposition);
    const asGuest = explain(ruleSet, facts).changes.filter(
      ({ outcome, what }) => outcome === 'allow' && !what[0]?.startsWith('role:'),
    );
    expect(asGuest).toEqual([]);
  });
});
