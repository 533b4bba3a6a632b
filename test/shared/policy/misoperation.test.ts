import { describe, expect, it } from '@jest/globals';
import { isMisoperation } from '../../../shared/policy/misoperation.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';

const notes = [...bundledRuleSet().notes.values()];
const refused = (reasons: string[], rules: string[] = []) =>
  isMisoperation({ outcome: 'deny', reasons, rules, route: [] });

/** A reason of the rule set by a rule, that is a slip or not. */
function reasonOf(rule: RegExp, slip: boolean): string {
  const note = notes.find((one) => rule.test(one.rule) && one.effect === 'forbid' && one.slip === slip);
  if (note === undefined) throw new Error(`no such reason: ${rule}`);
  return note.reason;
}

describe('a refusal is a misoperation (R9)', () => {
  it('under a rule about reach or a red line', () => {
    expect(refused([reasonOf(/^T\d+$/, false)])).toBe(true);
    expect(refused([reasonOf(/^R(?!9$)\d+$/, false)])).toBe(true);
  });

  it('not under another rule, and not for what a lock itself refuses', () => {
    expect(refused([reasonOf(/^A\d+$/, false)])).toBe(false);
    expect(refused([reasonOf(/^R9$/, false)])).toBe(false);
    expect(refused(['a-chains-own'], ['R9'])).toBe(false);
  });

  it('not for a slip, unless another reason beside it counts', () => {
    const slip = reasonOf(/^[TR]\d+$/, true);
    expect(refused([slip])).toBe(false);
    expect(refused([slip, reasonOf(/^T\d+$/, false)])).toBe(true);
  });

  it('by the rules that the verdict names, where no loaded rule set has the reason', () => {
    expect(refused(['a-chains-own'], ['T3'])).toBe(true);
    expect(refused(['a-chains-own'], ['A1', 'R12'])).toBe(true);
    expect(refused(['a-chains-own'], ['A1'])).toBe(false);
    expect(refused(['a-chains-own'], ['XT3'])).toBe(false);
    expect(refused(['a-chains-own'], ['T3x'])).toBe(false);
    expect(refused(['a-chains-own'], ['T'])).toBe(false);
  });

  it('by what the product says by itself, before what a rule set does', () => {
    expect(refused(['role-may-not-ingest'], ['T15'])).toBe(true);
    expect(refused(['too-few-approvals'], ['T1'])).toBe(false);
  });

  it('never of what is allowed', () => {
    expect(
      isMisoperation({ outcome: 'allow', reasons: [reasonOf(/^T\d+$/, false)], rules: ['T1'], route: [] }),
    ).toBe(false);
  });
});
