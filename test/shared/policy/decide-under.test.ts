import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../../shared/domain/verdict.ts';
import { decideOpening } from '../../../shared/policy/decide-opening.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { decideUnder } from '../../../shared/policy/decide-under.ts';
import { bundledRuleSet, loadRuleSet } from '../../../shared/policy/rule-set.ts';
import { openingFacts, requestFacts } from './staff.ts';

const base = bundledRuleSet();
const stricterOne = loadRuleSet({
  ...base.document,
  policies: [
    ...base.document.policies,
    {
      file: 'chain/own.cedar',
      text: `@id("R11.paused") @reason("openings-paused") @zh("暂停打开") @en("openings are paused")
        forbid (principal, action == Action::"open", resource);
        @id("T5.audit") @reason("audit-approves") @zh("内部审计审批") @en("internal audit approves") @route("internal-audit")
        permit (principal, action == Action::"route", resource);`,
    },
  ],
});

describe('under the pinned and the current rule set', () => {
  it('the stricter wins, whichever it is', () => {
    for (const ruleSets of [
      [base, stricterOne],
      [stricterOne, base],
    ] as const) {
      expect(decideUnder(ruleSets, decideOpening, openingFacts())).toMatchObject({
        outcome: 'deny',
        reasons: expect.arrayContaining(['openings-paused']),
      });
    }
    expect(decideUnder([base], decideOpening, openingFacts()).outcome).toBe('allow');
  });

  it('a denial is told in the words of the set that denies, and an approval needs none', () => {
    const { words } = decideUnder([base, stricterOne], decideOpening, openingFacts());
    expect(words).toMatchObject({
      'openings-paused': { rule: 'R11', zh: '暂停打开', en: 'openings are paused' },
      'route-incomplete': { rule: 'A1' },
    });
    expect(decideUnder([base, stricterOne], decideRequest, requestFacts())).not.toHaveProperty('words');
    expect(decideUnder([stricterOne], decideOpening, openingFacts())).not.toHaveProperty('words');
  });

  it('where both deny for one code, it reads as the first of them says, which is in force', () => {
    const reworded = loadRuleSet({
      ...stricterOne.document,
      policies: stricterOne.document.policies.map(({ file, text }) => ({
        file,
        text: text.replace('openings are paused', 'openings were paused'),
      })),
    });
    for (const [first, second] of [
      [stricterOne, reworded],
      [reworded, stricterOne],
    ] as const) {
      const { words } = decideUnder([first, second], decideOpening, openingFacts());
      const spoken = [...first.notes.values()].find(({ reason }) => reason === 'openings-paused');
      expect(words?.['openings-paused']?.en).toBe(spoken?.en);
    }
  });

  it('the roles of both must approve', () => {
    const { route } = decideUnder([base, stricterOne], decideRequest, requestFacts());
    expect([...route].sort()).toEqual(['infosec-director', 'internal-audit', 'privacy-officer']);
  });

  it('a role that the current one adds is missing from approvals given before', () => {
    expect(decideUnder([base, stricterOne], decideOpening, openingFacts()).reasons).toContain(
      'route-incomplete',
    );
  });

  it('one that stands twice is asked once', () => {
    let asked = 0;
    const decide = (): Verdict => {
      asked += 1;
      return { outcome: 'allow', reasons: [], rules: [], route: [] };
    };
    decideUnder([base, base], decide, null);
    expect(asked).toBe(1);
  });
});
