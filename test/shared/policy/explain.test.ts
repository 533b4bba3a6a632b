import { describe, expect, it } from '@jest/globals';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { explain } from '../../../shared/policy/explain.ts';
import { singleChanges } from '../../../shared/policy/fact-changes.ts';
import { PRODUCT_REASONS } from '../../../shared/policy/product-reasons.ts';
import { UNWRITTEN_REASON } from '../../../shared/policy/reasons.ts';
import { bundledRuleSet, loadRuleSet } from '../../../shared/policy/rule-set.ts';
import { supposedRequest } from '../../../shared/policy/supposed-request.ts';
import { smallRulebook } from './small-rulebook.ts';
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
    expect(told).toEqual(expect.arrayContaining(['matter-closed', 'untrained', 'role:sales', 'no-purpose']));
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

describe('an explanation by a small rulebook', () => {
  const SPENT = { id: 'R4', when: 'context.retrievals >= context.numbers.retrievalsPerMonth' };
  const purposes = (...names: string[]) =>
    names.map((name) => `resource has purpose && resource.purpose == "${name}"`).join(' || ');
  const legal = supposedRequest('legal', ['enquiry'], supposition);

  it('says what else would be decided, whole, for each change and for no other', () => {
    const { judgedAs, verdict, changes } = explain(smallRulebook(SPENT), legal);
    expect(judgedAs).toBe('retrieval');
    expect(verdict).toMatchObject({ outcome: 'allow', route: ['infosec-director', 'privacy-officer'] });
    const limit = REGION.rules.retrievalsPerMonth;
    const spent = (retrievals: number) => ({
      what: [`retrievals:${retrievals}`],
      zh: `本月已获准调阅该客人 ${retrievals} 次`,
      en: `${retrievals} retrievals of the guest granted this month`,
      outcome: 'deny',
      route: [],
      rules: ['R4'],
      reasons: ['r4-says'],
    });
    expect(changes.filter(({ what }) => what[0] !== 'emergency')).toEqual([spent(limit), spent(limit + 1)]);
  });

  it('tells another route from the same one, in whatever order its roles stand', () => {
    const routed = (route: string) =>
      explain(smallRulebook({ id: 'A9', route, when: SPENT.when }), legal).changes.flatMap(
        ({ what }) => what,
      );
    expect(routed('gm')).toContain(`retrievals:${REGION.rules.retrievalsPerMonth}`);
    expect(routed('infosec-director,privacy-officer')).not.toContain(
      `retrievals:${REGION.rules.retrievalsPerMonth}`,
    );
  });

  it('takes up to four changes together, the one first that leaves the fewest reasons, and gives up beyond', () => {
    const wrong = [
      SPENT,
      { id: 'R6', when: '!(resource has purpose)' },
      { id: 'R10', when: '!principal.trained' },
      { id: 'R11', when: 'resource.opens > 3' },
      { id: 'T2', when: 'context.cases has matter && !context.cases.matter.open' },
    ];
    const untrained = { ...legal.requester, training: { system: null, exam: null } };
    const facts = {
      ...legal,
      retrievals: REGION.rules.retrievalsPerMonth,
      cases: { ...legal.cases, matter: { open: false } },
      requester: untrained,
      recipient: untrained,
      grant: { ...legal.grant, purpose: null, opens: 1 },
    };
    const four = explain(smallRulebook(...wrong), facts).changes;
    expect(four).toEqual([
      {
        what: expect.arrayContaining(['trained', 'retrievals:0', 'matter-not-on-file']),
        zh: expect.stringMatching(/^([^;]+;){3}[^;]+$/),
        en: expect.stringMatching(/^([^;]+; ){3}[^;]+$/),
        outcome: 'allow',
        route: ['infosec-director', 'privacy-officer'],
        rules: ['T7'],
        reasons: ['asks'],
      },
    ]);
    expect(four[0]?.what).toHaveLength(4);
    const five = [...wrong, { id: 'R12', when: 'resource.hotels.contains("SHA01")' }];
    expect(explain(smallRulebook(...five), facts).changes).toEqual([]);
  });

  it('looks for several changes only where none alone allows it', () => {
    const facts = { ...legal, retrievals: REGION.rules.retrievalsPerMonth };
    const allowed = explain(smallRulebook(SPENT), facts).changes.filter(({ outcome }) => outcome === 'allow');
    expect(allowed.map(({ what }) => what)).toEqual([['retrievals:0']]);
  });

  it('gives up at once where no change takes a reason away', () => {
    const never = { id: 'R1', when: purposes('dispute', 'none') };
    const always = { id: 'R3', when: 'true' };
    expect(explain(smallRulebook(always), legal).changes).toEqual([]);
    expect(explain(smallRulebook(always, never), legal).changes).toEqual([]);
  });

  it('names what the product says by itself, which stands in no policy', () => {
    const forbidding = smallRulebook(SPENT).document;
    const [, text = ''] = forbidding.policies[0]?.text.split(/^(?=@id\("R4"\))/m) ?? [];
    const nothing = loadRuleSet({ ...forbidding, policies: [{ file: 'small.cedar', text }] });
    const { verdict, spoke } = explain(nothing, legal);
    expect(verdict).toMatchObject({ outcome: 'deny', rules: [] });
    expect(spoke).toEqual([
      {
        rule: PRODUCT_REASONS[UNWRITTEN_REASON].rule,
        policy: null,
        effect: 'forbid',
        reason: UNWRITTEN_REASON,
        zh: PRODUCT_REASONS[UNWRITTEN_REASON].zh,
        en: PRODUCT_REASONS[UNWRITTEN_REASON].en,
        route: [],
        file: null,
        line: null,
      },
    ]);
  });

  it('judges an emergency that is cited as break-glass, with what the requester used of it this month', () => {
    const emergency = { ...legal, grant: { ...legal.grant, emergency: true } };
    const used = explain(ruleSet, emergency, 99);
    expect(used.judgedAs).toBe('break-glass');
    expect(used.verdict.rules).toContain('L5');
    expect(used.verdict.reasons).not.toEqual(explain(ruleSet, emergency).verdict.reasons);
  });
});
