import { schemaToJson } from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, it } from '@jest/globals';
import { SUPPOSED_NOW } from '../../../shared/policy/admitted-rule-set.ts';
import { decideApproval } from '../../../shared/policy/decide-approval.ts';
import { decideOpening } from '../../../shared/policy/decide-opening.ts';
import { floorTable } from '../../../shared/policy/floor-table.ts';
import { refuseLoosening } from '../../../shared/policy/refuse-loosening.ts';
import { bundledRuleSet, loadRuleSet, type RuleSet } from '../../../shared/policy/rule-set.ts';
import { RuleSetInvalidError } from '../../../shared/policy/rule-set-invalid-error.ts';
import { approvalFacts, checked, clerk, openingFacts, REGION } from './staff.ts';

const base = bundledRuleSet();
const supposition = { region: REGION, now: SUPPOSED_NOW };
const OWN = '@id("R6.own") @reason("own-reason") @zh("理由") @en("reason")';

/** The rulebook with a chain's own file, in which the policy stands on line 3. */
function withOwn(policy: string, annotations = OWN): RuleSet {
  const text = `// 集团自定\n\n${annotations}\n${policy}\n`;
  return loadRuleSet({
    ...base.document,
    policies: [...base.document.policies, { file: 'chain/own.cedar', text }],
  });
}

function refusal(ruleSet: RuleSet): { file: string; line: number; reason: string } | null {
  try {
    refuseLoosening(ruleSet, supposition);
    return null;
  } catch (error) {
    if (!(error instanceof RuleSetInvalidError)) throw error;
    const { file, line, reason } = error;
    return { file, line, reason };
  }
}

describe('a chain’s own policies are refused, with file, line, policy and a request that shows it, where they', () => {
  const loosening: [string, string, RegExp][] = [
    ['permit everything', 'permit (principal, action, resource);', /permits what no policy .* as with /],
    [
      'permit everybody’s requests',
      'permit (principal, action == Action::"request", resource);',
      /permits what .* as with request: asked by front desk; \{"purpose":"dispute"/,
    ],
    [
      'permit requests beside routes, where the text names an action that is allowed',
      'permit (principal, action in [Action::"route", Action::"request"], resource);',
      /permits what .* as with request/,
    ],
    [
      'permit sales more than enquiries',
      'permit (principal, action == Action::"request", resource) when { resource.requesterRole == "sales" && resource.categories.contains("complaint") && !principal.roles.contains("sales") };',
      /permits what .* as with request: asked by sales/,
    ],
    [
      'permit whoever asks to approve the own request',
      'permit (principal, action == Action::"approve", resource) when { principal == resource.requester };',
      /permits what .* as with approve/,
    ],
    [
      'permit somebody else to open',
      'permit (principal, action == Action::"open", resource) when { principal != resource.recipient };',
      /permits what .* as with open/,
    ],
    [
      'keep approvers from denying',
      'forbid (principal, action == Action::"deny", resource) when { context.role == "legal" };',
      /refuses what protects a guest or a right \(deny\)/,
    ],
    [
      'take roles off the route, of one matter alone',
      'forbid (principal is Person, action == Action::"route", resource is Request) when { resource has matter && resource.matter == "M-EVIL" };',
      /takes roles off the route/,
    ],
    [
      'keep people from revoking',
      'forbid (principal, action == Action::"revoke", resource);',
      /refuses what protects .* \(revoke\)/,
    ],
    [
      'stop the deletion of what is due',
      'forbid (principal, action == Action::"run-retention", resource);',
      /\(run-retention\)/,
    ],
    [
      'refuse a guest the own records',
      'forbid (principal, action == Action::"guest-right", resource) when { context.right == "erase" };',
      /\(guest-right\)/,
    ],
    [
      'fail where much is found, so that what they forbid would be allowed',
      'forbid (principal, action == Action::"request", resource) when { context has scope && context.scope.records * 4096 > 40960000 };',
      /can't be evaluated .*overflow.* as with request/,
    ],
  ];
  for (const [what, policy, reason] of loosening) {
    it(what, () => {
      expect(refusal(withOwn(policy))).toEqual({
        file: 'chain/own.cedar',
        line: 3,
        reason: expect.stringMatching(reason),
      });
    });
  }
});

describe('a chain’s own policies', () => {
  it('may forbid more, add roles to routes, and permit again what the rulebook permits', () => {
    const stricter = `forbid (principal, action == Action::"request", resource) when { resource.windowHours > 48 };
@id("T3.own-audit") @reason("own-audit") @zh("增加内部审计") @en("internal audit too") @route("internal-audit")
permit (principal, action == Action::"route", resource);
@id("T7.own-again") @reason("own-again") @zh("重申") @en("again")
permit (principal, action == Action::"request", resource)
when { resource.requesterRole == "legal" && principal.roles.contains("legal") && resource has matter };`;
    expect(refusal(withOwn(stricter))).toBeNull();
  });

  it('need not be there', () => {
    expect(refusal(base)).toBeNull();
  });

  it('that no row of the table shows still allow nothing by themselves', () => {
    const sly = withOwn(
      'permit (principal, action == Action::"open", resource) when { principal != resource.recipient && resource.opens == 17 };',
    );
    const bare = loadRuleSet({
      ...base.document,
      policies: sly.document.policies.filter(({ file }) => file.startsWith('chain/')),
    });
    const grant = { ...openingFacts().grant, opens: 17 };
    for (const ruleSet of [sly, bare]) {
      expect(decideOpening(ruleSet, openingFacts({ actor: clerk, grant })).outcome).toBe('deny');
    }
  });
});

describe('the floor table', () => {
  const rows = [...floorTable(supposition, base.document.schema)];

  it('asks about every act of the schema', () => {
    const answer = schemaToJson(base.document.schema);
    if (answer.type === 'failure') throw new Error(answer.errors[0]?.message);
    const acts = Object.entries(answer.json['']?.actions ?? {}).flatMap(([name, { appliesTo }]) =>
      (appliesTo?.principalTypes ?? []).length === 0 ? [] : [name],
    );
    const asked = new Set<string>(
      rows.flatMap(({ question, next }) => [question.act, next?.act ?? question.act]),
    );
    expect(acts.filter((act) => !asked.has(act))).toEqual([]);
  });

  it('is the same each time', () => {
    expect([...floorTable(supposition, base.document.schema)].map(({ name }) => name)).toEqual(
      rows.map(({ name }) => name),
    );
  });
});

describe('a chain’s forbid that names no act', () => {
  const wide = withOwn(
    'forbid (principal, action, resource) when { resource is Request && resource has matter && resource.matter == "M-EVIL" };',
  );
  const grant = checked({ matter: 'M-EVIL' });

  it('refuses what gives access', () => {
    expect(decideApproval(wide, approvalFacts({ grant }))).toMatchObject({ reasons: ['own-reason'] });
  });

  it('keeps nobody from denying', () => {
    expect(decideApproval(wide, approvalFacts({ grant, decision: 'deny' })).outcome).toBe('allow');
  });
});
