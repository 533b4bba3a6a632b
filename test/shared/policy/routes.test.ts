import { describe, expect, it } from '@jest/globals';
import type { Role } from '../../../shared/domain/roles.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { NO_CASES, type RequestFacts } from '../../../shared/policy/facts.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';
import { ASKED, askedBy } from './cases/reach.ts';
import { director, request, requestFacts, scopeFacts } from './staff.ts';

const ruleSet = bundledRuleSet();

function answer(facts: Partial<RequestFacts>) {
  const { outcome, route, rules } = decideRequest(ruleSet, requestFacts(facts));
  return { outcome, route, rules };
}

/** RULES "Who may reach what". */
const ROUTES: Record<string, Role[]> = {
  supervisor: ['department-head', 'privacy-officer'],
  'duty-manager': ['department-head', 'privacy-officer'],
  gm: ['internal-audit', 'privacy-officer'],
  security: ['gm', 'privacy-officer'],
  'account-manager': ['department-head', 'privacy-officer'],
  sales: ['department-head', 'privacy-officer'],
  trainer: ['department-head', 'privacy-officer'],
  analyst: ['department-head', 'privacy-officer'],
  marketing: ['department-head', 'privacy-officer'],
  seconded: ['department-head', 'privacy-officer'],
  liaison: ['legal', 'privacy-officer'],
  partner: ['legal', 'privacy-officer'],
};
const legal: Partial<RequestFacts> = { grant: request() };
const infosec = askedBy('infosec-director', {}, { requester: director });

describe('the route of a request', () => {
  it.each(Object.entries(ROUTES))('in the role %s is %j', (role, route) => {
    expect(answer(ASKED[role] ?? {})).toMatchObject({ outcome: 'allow', route });
  });

  it('of legal is the privacy officer and the infosec director, of the infosec director legal and the privacy officer', () => {
    expect(answer(legal)).toEqual({
      outcome: 'allow',
      route: ['infosec-director', 'privacy-officer'],
      rules: ['T7'],
    });
    expect(answer(infosec).route).toEqual(['legal', 'privacy-officer']);
  });

  it('has a second lawyer where a dispute or a major complaint is in scope, and says so', () => {
    expect(answer({ ...legal, scope: scopeFacts({ disputeOrMajorComplaint: true }) })).toEqual({
      outcome: 'allow',
      route: ['infosec-director', 'legal', 'privacy-officer'],
      rules: expect.arrayContaining(['A2', 'T7']),
    });
  });

  it('has legal where a supervisor reaches further back for a complaint, and not else', () => {
    const week = { from: '2026-06-09T08:00:00.000Z', to: '2026-06-15T08:00:00.000Z', ticket: 'C-9' };
    const cases = { ...NO_CASES, complaint: { open: true, major: false, hotels: ['SHA01'] } };
    const scope = scopeFacts({ ofNamedComplaint: true });
    expect(answer(askedBy('supervisor', week, { cases, scope })).route).toContain('legal');
    const near = { ...week, from: '2026-06-12T08:00:00.000Z' };
    expect(answer(askedBy('supervisor', near, { cases })).route).not.toContain('legal');
  });

  it('has headquarters where a hotel of another region is asked for', () => {
    const both = { grant: request({ hotels: ['SHA01', 'FRA01'] }) };
    expect(answer(both)).toMatchObject({ outcome: 'allow', route: expect.arrayContaining(['hq-approver']) });
  });

  it('has the infosec director from fifty sensitive records, or the second guest', () => {
    const grant = askedBy('gm', { necessity: 'sealed', impactAssessment: 'P-1' });
    const routeOf = (scope: Parameters<typeof scopeFacts>[0]) =>
      answer({ ...grant, scope: scopeFacts(scope) }).route;
    expect(routeOf({ sensitive: 49 })).toEqual(['internal-audit', 'privacy-officer']);
    expect(routeOf({ sensitive: 50 })).toEqual(['infosec-director', 'internal-audit', 'privacy-officer']);
    expect(routeOf({ guests: 2 })).toEqual(['infosec-director', 'internal-audit', 'privacy-officer']);
  });

  it('of originals for a court is three', () => {
    const cases = { ...NO_CASES, matter: { open: true } };
    expect(answer({ grant: request({ masking: 'original' }), cases }).route).toEqual([
      'infosec-director',
      'legal',
      'privacy-officer',
    ]);
  });
});
