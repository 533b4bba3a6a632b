import { describe, expect, it } from '@jest/globals';
import { decideOpening } from '../../../shared/policy/decide-opening.ts';
import { decideProvision } from '../../../shared/policy/decide-provision.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import { dualControl, tooFewApprovals } from '../../../shared/policy/dual-control.ts';
import { type ProvisionFacts, STEP_UPS } from '../../../shared/policy/facts.ts';
import { bundledRuleSet, loadRuleSet, type RuleSet } from '../../../shared/policy/rule-set.ts';
import {
  approval,
  approved,
  director,
  lawyer,
  officer,
  openingFacts,
  person,
  provisionFacts,
  REGION,
  requestFacts,
  secondOfficer,
} from './staff.ts';

/** A rule set that allows everything, with this route. */
function lawless(route: string): RuleSet {
  return loadRuleSet({
    version: 1,
    schema: bundledRuleSet().document.schema,
    policies: [
      {
        file: 'lawless.cedar',
        text: `@id("T3") @reason("anything-goes") @zh("无") @en("none") @route("${route}") permit (principal, action, resource);`,
      },
    ],
  });
}
const anything = lawless('infosec-director,privacy-officer');

function approvedBy(...approvals: ReturnType<typeof approval>[]): ProvisionFacts {
  const grant = approved({ approvals });
  return provisionFacts({ grant });
}

describe('under a rule set that allows everything', () => {
  it('a request still needs a route of two roles', () => {
    expect(decideRequest(anything, requestFacts()).outcome).toBe('allow');
    for (const route of ['', 'privacy-officer', 'privacy-officer,privacy-officer']) {
      expect(decideRequest(lawless(route), requestFacts())).toMatchObject({
        outcome: 'deny',
        reasons: ['too-few-approvals'],
        rules: ['A1'],
      });
    }
  });

  it('a region may ask for more than two, and never for fewer', () => {
    const facts = (minimumApprovals: number) => requestFacts({ region: { ...REGION, minimumApprovals } });
    expect(decideRequest(anything, facts(3)).outcome).toBe('deny');
    expect(decideRequest(lawless('privacy-officer'), facts(1)).outcome).toBe('deny');
  });

  it('two approvals by two others in two roles release', () => {
    expect(decideProvision(anything, provisionFacts()).outcome).toBe('allow');
    expect(decideOpening(anything, openingFacts()).outcome).toBe('allow');
  });

  const grant = approved();
  const twoHats = person('officer', 'infosec-director', 'privacy-officer');
  const refusals: [string, ProvisionFacts][] = [
    ['no approval', approvedBy()],
    ['one approval', approvedBy(approval(grant, director, 'infosec-director'))],
    [
      'one person in two roles',
      approvedBy(approval(grant, twoHats, 'infosec-director'), approval(grant, twoHats, 'privacy-officer')),
    ],
    [
      'two people in one role',
      approvedBy(
        approval(grant, officer, 'privacy-officer'),
        approval(grant, secondOfficer, 'privacy-officer'),
      ),
    ],
    [
      'the requester as one of two',
      approvedBy(approval(grant, lawyer, 'infosec-director'), approval(grant, officer, 'privacy-officer')),
    ],
    [
      'a denial as one of two',
      approvedBy(
        approval(grant, director, 'infosec-director', 'deny'),
        approval(grant, officer, 'privacy-officer'),
      ),
    ],
    [
      'an approval of another digest as one of two',
      approvedBy(
        { ...approval(grant, director, 'infosec-director'), requestDigest: 'sha256:other' },
        approval(grant, officer, 'privacy-officer'),
      ),
    ],
    [
      'an approver whom the directory no longer knows',
      {
        ...provisionFacts(),
        approvers: provisionFacts().approvers.map((each) => ({ ...each, person: null })),
      },
    ],
    ['approvers who are on no row', { ...provisionFacts(), grant: approved({ approvals: [] }) }],
  ];
  for (const [name, facts] of refusals) {
    it(`${name} releases nothing`, () => {
      for (const verdict of [
        decideProvision(anything, facts),
        decideOpening(anything, { ...facts, actor: lawyer, stepUp: 'verified' }),
      ]) {
        expect(verdict).toMatchObject({ outcome: 'deny', rules: ['A1'], reasons: ['too-few-approvals'] });
      }
    });
  }

  it('a row that differs from its digest releases nothing', () => {
    const changed = { ...approved(), opens: 9 };
    expect(decideProvision(anything, provisionFacts({ grant: changed }))).toMatchObject({
      outcome: 'deny',
      rules: ['A7'],
    });
  });

  it('a scope that changed releases nothing', () => {
    expect(decideProvision(anything, provisionFacts({ scopeDigestNow: 'sha256:other' }))).toMatchObject({
      outcome: 'deny',
      rules: ['A7'],
    });
  });
});

describe('the floor under every rule set', () => {
  const tooFew = { outcome: 'deny', reasons: ['too-few-approvals'], rules: ['A1'] };
  const facts = provisionFacts();

  /** The usual facts, with something else about the approver who stands first. */
  function withFirst(changes: Partial<ProvisionFacts['approvers'][number]>): ProvisionFacts {
    const [first, ...others] = facts.approvers;
    if (first === undefined) throw new Error('two people approved');
    return { ...facts, approvers: [{ ...first, ...changes }, ...others] };
  }

  it('is met by two people in two roles whose devices signed this digest', () => {
    expect(dualControl(facts)).toBeNull();
  });

  it('is not met where an approver’s signature does not stand', () => {
    for (const stepUp of STEP_UPS.filter((one) => one !== 'verified')) {
      expect(dualControl(withFirst({ stepUp }))).toMatchObject(tooFew);
    }
  });

  it('is not met by somebody else than the row names, or in another role than the row names', () => {
    expect(dualControl(withFirst({ person: secondOfficer }))).toMatchObject(tooFew);
    expect(dualControl(withFirst({ role: 'legal' }))).toMatchObject(tooFew);
    expect(dualControl(withFirst({ role: 'privacy-officer' }))).toMatchObject(tooFew);
    expect(dualControl(withFirst({ person: null }))).toMatchObject(tooFew);
  });

  it('says which of row and records is no longer what was approved', () => {
    expect(dualControl({ ...facts, grant: { ...facts.grant, opens: 9 } })).toMatchObject({
      reasons: ['request-row-differs-from-its-digest'],
      rules: ['A7'],
    });
    expect(dualControl({ ...facts, scopeDigestNow: 'sha256:other' })).toMatchObject({
      reasons: ['records-changed'],
      rules: ['A7'],
    });
    expect(dualControl(provisionFacts({ grant: approved({ scope: null }) }))?.reasons).toEqual([
      'records-changed',
    ]);
  });

  it('needs two roles and two people at least, and more where a region asks for more', () => {
    expect(tooFewApprovals(2, 2)).toBeNull();
    expect(tooFewApprovals(1, 1)).toMatchObject(tooFew);
    expect(tooFewApprovals(2, 3)).toMatchObject(tooFew);
    expect(tooFewApprovals(3, 3)).toBeNull();
  });
});
