import { describe, expect, it } from '@jest/globals';
import { decideAsked } from '../../../shared/policy/decide-asked.ts';
import { decideEmergency } from '../../../shared/policy/decide-emergency.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { REGION, request, requestFacts } from './staff.ts';

const ruleSet = bundledRuleSet();
const ordinary = requestFacts();
const emergency = requestFacts({ grant: request({ emergency: true }) });
const uses = REGION.rules.emergenciesPerMonth;

describe('what check answers', () => {
  it('to an ordinary request is what the rules of requests say, however often break-glass was used', () => {
    const said = decideRequest(ruleSet, ordinary);
    expect(said.outcome).toBe('allow');
    expect(decideAsked(ruleSet, ordinary)).toEqual(said);
    expect(decideAsked(ruleSet, ordinary, uses)).toEqual(said);
  });

  it('to a request that cites an emergency is what L5 says of whoever asks, in the role asked in', () => {
    const asking = { ...emergency, actor: emergency.requester, role: emergency.grant.requesterRole };
    const first = decideAsked(ruleSet, emergency);
    expect(first).toEqual(decideEmergency(ruleSet, { ...asking, uses: 0 }));
    expect(first.rules).toContain('L5');
    expect(decideAsked(ruleSet, emergency, uses)).toEqual(decideEmergency(ruleSet, { ...asking, uses }));
    expect(decideAsked(ruleSet, emergency, uses).outcome).toBe('deny');
  });
});
