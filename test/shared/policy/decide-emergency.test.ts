import { describe, expect, it } from '@jest/globals';
import { decideEmergency, decideEmergencyView } from '../../../shared/policy/decide-emergency.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { asked, emergencyViewFacts, emergencyFacts as facts, manager } from './cases/break-glass.ts';
import { request, scopeFacts } from './staff.ts';

const rules = bundledRuleSet();

describe('break-glass beside the rules of an ordinary request', () => {
  it('is allowed with its own route alone, in order, also where an ordinary one would have another', () => {
    expect(decideEmergency(rules, facts())).toMatchObject({
      outcome: 'allow',
      route: ['infosec-director', 'legal', 'privacy-officer'],
    });
  });

  it('is not held by the reach of roles, which is lifted: no other rule of that speaks', () => {
    // Months back, and without a shift: T17 would refuse it as an ordinary request.
    const verdict = decideEmergency(rules, facts({ standing: { shift: null } }));
    expect(verdict.outcome).toBe('allow');
    expect(verdict.rules.filter((rule) => rule.startsWith('T'))).toEqual([]);
  });

  it('is not held by R4, which counts escalated retrievals alone', () => {
    expect(decideEmergency(rules, facts({ retrievals: 9 })).outcome).toBe('allow');
  });

  it.each([
    ['R2', { scope: scopeFacts({ unpublishedPlans: true }) }],
    ['R3', { scope: scopeFacts({ disputeElsewhere: true }) }],
    ['R10', { requester: { ...manager, training: { system: null, exam: null } } }],
  ] as const)('is held by the red line %s, that rule alone, with no route', (rule, changes) => {
    const verdict = decideEmergency(rules, facts(changes));
    expect(verdict).toMatchObject({ outcome: 'deny', route: [] });
    expect(verdict.rules).toContain(rule);
    expect(verdict.rules.filter((one) => !/^(R\d+|A3|E1|L5)$/.test(one))).toEqual([]);
  });

  it('is held by A3 and E1 too', () => {
    const abroad = { ...manager, jurisdiction: 'SG' as const };
    const elsewhere = decideEmergency(rules, facts({ requester: abroad, recipient: abroad, actor: abroad }));
    expect(elsewhere.rules).toContain('A3');
    const original = decideEmergency(rules, facts({ grant: request({ ...asked, masking: 'original' }) }));
    expect(original.outcome).toBe('deny');
    expect(original.rules).toContain('E1');
  });

  it('says both where it is refused as break-glass and by a red line', () => {
    const verdict = decideEmergency(
      rules,
      facts({ uses: 99, scope: scopeFacts({ unpublishedPlans: true }) }),
    );
    expect(verdict.rules).toEqual(expect.arrayContaining(['L5', 'R2']));
    expect(verdict.route).toEqual([]);
  });
});

describe('a look under break-glass', () => {
  it('asks the red lines again, and has no route', () => {
    expect(decideEmergencyView(rules, emergencyViewFacts())).toMatchObject({
      outcome: 'allow',
      route: [],
    });
    const held = decideEmergencyView(
      rules,
      emergencyViewFacts({ scope: scopeFacts({ disputeElsewhere: true }) }),
    );
    expect(held).toMatchObject({ outcome: 'deny', route: [] });
    expect(held.rules).toContain('R3');
  });
});
