import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../../../shared/domain/digest.ts';
import { type FloorRow, floorTable } from '../../../shared/policy/floor-table.ts';
import { refuseLoosening } from '../../../shared/policy/refuse-loosening.ts';
import { bundledRuleSet, type RuleSet, readyRuleSet } from '../../../shared/policy/rule-set.ts';
import { RuleSetInvalidError } from '../../../shared/policy/rule-set-invalid-error.ts';
import { NOON, REGION } from './staff.ts';

/** On a few rows of the floor table; on all of them: refuse-loosening.table.test.ts. */
const base = bundledRuleSet();
const supposition = { region: REGION, now: NOON };
const OWN = '@id("R6.own") @reason("own-reason") @zh("理由") @en("reason")';

const NAMED = [
  'approve: step-up verified',
  'approve: the requester decides',
  'deny: step-up verified',
  'open: a request of legal; as approved',
  'open: a request of legal; somebody else',
  'revoke: privacy-officer, of a request that is open',
];
const few: readonly FloorRow[] = fewRows();

function fewRows(): FloorRow[] {
  const found: FloorRow[] = [];
  const asking = new Set<string>();
  for (const row of floorTable(supposition, base.document.schema)) {
    const asked = /^request: asked by ([^;]+);/.exec(row.name)?.[1];
    if (NAMED.includes(row.name)) found.push(row);
    if (asked === undefined || asking.has(asked)) continue;
    asking.add(asked);
    found.push(row);
    if (asking.has('sales')) return found;
  }
  throw new Error('sales asks for something');
}

/** The rulebook with a chain's own policy on line 1 of its file. */
function withOwn(policy: string, annotations = OWN): RuleSet {
  const text = `${annotations}\n${policy}\n`;
  const document = {
    ...base.document,
    policies: [...base.document.policies, { file: 'chain/own.cedar', text }],
  };
  return readyRuleSet({ digest: digestOf(document), document });
}

function refusal(ruleSet: RuleSet): string {
  try {
    refuseLoosening(ruleSet, supposition, few);
    return 'none';
  } catch (error) {
    if (!(error instanceof RuleSetInvalidError)) throw error;
    return `${error.file}:${error.line} ${error.reason}`;
  }
}

describe('a chain’s own policies are refused on the row that shows it, where they', () => {
  const loosening: [string, string, RegExp][] = [
    [
      'permit everybody’s requests',
      'permit (principal, action == Action::"request", resource);',
      /^chain\/own\.cedar:1 R6\.own permits what no policy of the rulebook permits, as with request: asked by front desk; /,
    ],
    [
      'permit whoever asks to approve the own request',
      'permit (principal, action == Action::"approve", resource) when { principal == resource.requester };',
      /^chain\/own\.cedar:1 R6\.own permits what no policy of the rulebook permits, as with approve: the requester decides/,
    ],
    [
      'keep approvers from denying',
      'forbid (principal, action == Action::"deny", resource) when { context.role == "legal" };',
      /^chain\/own\.cedar:1 R6\.own refuses what protects a guest or a right \(deny\)$/,
    ],
    [
      'keep people from revoking and closing, named together',
      'forbid (principal, action in [Action::"revoke", Action::"close"], resource);',
      /^chain\/own\.cedar:1 R6\.own refuses what protects a guest or a right \((revoke, close|close, revoke)\)$/,
    ],
    [
      'take roles off the route',
      'forbid (principal is Person, action == Action::"route", resource is Request);',
      /^chain\/own\.cedar:1 R6\.own takes roles off the route: a chain adds roles, by permits on route$/,
    ],
    [
      'fail, so that what they forbid would be allowed',
      'forbid (principal, action == Action::"request", resource) when { context has scope && (context.scope.records + 9223372036854775807) > 0 };',
      /^chain\/own\.cedar:1 R6\.own can't be evaluated \(.*overflow.*\), as with request: asked by /,
    ],
  ];
  for (const [what, policy, reason] of loosening) {
    it(what, () => expect(refusal(withOwn(policy))).toMatch(reason));
  }

  it('in Chinese too', () => {
    const said = (policy: string) => {
      try {
        refuseLoosening(withOwn(policy), supposition, few);
        return null;
      } catch (error) {
        return error instanceof RuleSetInvalidError ? error.zh : null;
      }
    };
    expect(said('permit (principal, action == Action::"request", resource);')).toMatch(
      /R6\.own 准许任何规则都不准许的事,例如 request: asked by front desk/,
    );
    expect(said('forbid (principal, action == Action::"deny", resource);')).toMatch(
      /R6\.own 会阻止保护客人或权利的操作 \(deny\)/,
    );
    expect(said('forbid (principal, action == Action::"route", resource);')).toMatch(
      /会从审批路线上去掉角色/,
    );
    expect(
      said(
        'forbid (principal, action == Action::"request", resource) when { context has scope && (context.scope.records + 9223372036854775807) > 0 };',
      ),
    ).toMatch(/R6\.own 无法评估/);
  });
});

describe('a chain’s own policies pass where they', () => {
  const tightening: [string, string][] = [
    ['forbid more', 'forbid (principal, action == Action::"request", resource);'],
    ['forbid what no act is named for', 'forbid (principal, action, resource) when { resource is Request };'],
    [
      'permit again what the rulebook permits',
      'permit (principal, action == Action::"request", resource) when { resource.requesterRole == "legal" && principal.roles.contains("legal") && resource has matter };',
    ],
  ];
  for (const [what, policy] of tightening) {
    it(what, () => expect(refusal(withOwn(policy))).toBe('none'));
  }

  it('add roles to a route', () => {
    const route = withOwn(
      'permit (principal, action == Action::"route", resource);',
      '@id("T3.own") @reason("own-audit") @zh("增加内部审计") @en("audit too") @route("internal-audit")',
    );
    expect(refusal(route)).toBe('none');
  });

  it('are not there', () => expect(refusal(base)).toBe('none'));
});
