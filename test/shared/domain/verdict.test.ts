import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROLE_NAMES } from '../../../shared/domain/roles.ts';
import { deny, stricter, type Verdict, verdictSchema } from '../../../shared/domain/verdict.ts';

const allow = (reason: string, rule: string, ...route: Verdict['route']): Verdict => ({
  outcome: 'allow',
  reasons: [reason],
  rules: [rule],
  route,
});

const anyVerdict = fc.record<Verdict>({
  outcome: fc.constantFrom('allow', 'deny'),
  reasons: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
  rules: fc.array(fc.constantFrom('A1', 'T7', 'R6'), { maxLength: 3 }),
  route: fc.subarray([...ROLE_NAMES], { maxLength: 3 }),
});
const asSets = ({ outcome, reasons, rules, route }: Verdict) => ({
  outcome,
  reasons: new Set(reasons),
  rules: new Set(rules),
  route: new Set(route),
});

describe('the stricter of two verdicts', () => {
  it('allows only where both do, and then needs the roles of both', () => {
    expect(stricter(allow('x', 'T7', 'legal'), allow('y', 'T3', 'legal', 'privacy-officer'))).toEqual({
      outcome: 'allow',
      reasons: ['x', 'y'],
      rules: ['T7', 'T3'],
      route: ['legal', 'privacy-officer'],
    });
  });

  it('denies where either does, with the denial’s words alone', () => {
    expect(stricter(allow('x', 'T7', 'legal'), deny('A4', 'late'))).toMatchObject({
      outcome: 'deny',
      reasons: ['late'],
      rules: ['A4'],
    });
    expect(stricter(deny('A4', 'late'), deny('A5', 'denied'))).toMatchObject({
      reasons: ['late', 'denied'],
      rules: ['A4', 'A5'],
    });
  });

  it('is the same whichever comes first, however they are grouped', () => {
    fc.assert(
      fc.property(anyVerdict, anyVerdict, anyVerdict, (one, two, three) => {
        expect(asSets(stricter(one, two))).toEqual(asSets(stricter(two, one)));
        expect(asSets(stricter(stricter(one, two), three))).toEqual(
          asSets(stricter(one, stricter(two, three))),
        );
        expect(asSets(stricter(one, one))).toEqual(asSets(one));
      }),
    );
  });

  it('is never milder than either, and never drops a role', () => {
    fc.assert(
      fc.property(anyVerdict, anyVerdict, (one, two) => {
        const both = stricter(one, two);
        expect(both.outcome === 'allow').toBe(one.outcome === 'allow' && two.outcome === 'allow');
        expect(both.route).toEqual(expect.arrayContaining([...one.route, ...two.route]));
      }),
    );
  });
});

describe('a verdict', () => {
  it('names only roles that there are', () => {
    expect(verdictSchema.safeParse(deny('A1', 'x')).success).toBe(true);
    expect(verdictSchema.safeParse({ ...deny('A1', 'x'), route: ['emperor'] }).success).toBe(false);
    expect(verdictSchema.safeParse({ ...deny('A1', 'x'), outcome: 'perhaps' }).success).toBe(false);
  });
});
