import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../../../shared/domain/digest.ts';
import { evaluate } from '../../../shared/policy/evaluate.ts';
import { type FloorRow, floorTable } from '../../../shared/policy/floor-table.ts';
import { refuseLoosening } from '../../../shared/policy/refuse-loosening.ts';
import { bundledRuleSet, type RuleSet, readyRuleSet } from '../../../shared/policy/rule-set.ts';
import { RuleSetInvalidError } from '../../../shared/policy/rule-set-invalid-error.ts';
import { smallRulebook } from './small-rulebook.ts';
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
    const asked = /^request: asked by ([^;]+);/.exec(row.name.en)?.[1];
    if (NAMED.includes(row.name.en)) found.push(row);
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

function refusal(ruleSet: RuleSet, ask?: typeof evaluate): string {
  try {
    refuseLoosening(ruleSet, supposition, few, ask);
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
      /^R6\.own 准许任何规则都不准许的事,例如 request: 由前台提出;/,
    );
    expect(
      said(
        'forbid (principal, action == Action::"request", resource) when { context has scope && (context.scope.records + 9223372036854775807) > 0 };',
      ),
    ).toMatch(/^R6\.own 无法评估:整数溢出\(Cedar:“R6\.own: .*overflow.*”\),例如 request: 由前台提出;/);
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

describe('were a chain’s policies asked as the rulebook’s own are, the rows would show that they', () => {
  /** The same policies, of which none counts as a chain's. */
  const unguarded: typeof evaluate = (ruleSet, question) => {
    const { document } = ruleSet;
    const policies = document.policies.map(({ file, text }) => ({ file: file.replace('chain/', ''), text }));
    const plain = { ...document, policies };
    return evaluate(readyRuleSet({ digest: digestOf(plain), document: plain }), question);
  };
  const said = (policy: string) => refusal(withOwn(policy), unguarded);
  const by = (act: string) => `when { action == Action::"${act}" }`;

  it('permit what nothing in the rulebook speaks of', () => {
    const small = smallRulebook().document;
    const text = `${OWN}\npermit (principal, action == Action::"see", resource);`;
    const document = { ...small, policies: [...small.policies, { file: 'chain/own.cedar', text }] };
    const ruleSet = readyRuleSet({ digest: digestOf(document), document });
    const [row] = few;
    if (row === undefined) throw new Error('there are rows');
    const seeing = {
      name: { zh: 'see: 任何人', en: 'see: anybody' },
      question: { ...row.question, act: 'see', context: {} },
    };
    const found = (ask?: typeof evaluate) => {
      try {
        refuseLoosening(ruleSet, supposition, [seeing], ask);
        return 'none';
      } catch (error) {
        return error instanceof RuleSetInvalidError ? `${error.zh} / ${error.reason}` : 'another error';
      }
    };
    expect(found(unguarded)).toBe(
      'R6.own 准许规则所不准的事,例如 see: 任何人 / R6.own allows what the rulebook refuses, as with see: anybody',
    );
    expect(found()).toBe(
      'R6.own 准许任何规则都不准许的事,例如 see: 任何人 / R6.own permits what no policy of the rulebook permits, as with see: anybody',
    );
  });

  it.each(['deny', 'revoke', 'route'])('bar somebody from %s without naming it', (act) => {
    expect(said(`forbid (principal, action, resource) ${by(act)};`)).toMatch(
      new RegExp(
        `^chain/own\\.cedar:1 R6\\.own refuses what protects a guest or a right \\(${act}\\), as with `,
      ),
    );
    expect(refusal(withOwn(`forbid (principal, action, resource) ${by(act)};`))).toBe('none');
  });

  it('refuse more, which they may, and add roles', () => {
    expect(said(`forbid (principal, action, resource) ${by('request')};`)).toBe('none');
    expect(said(`forbid (principal, action, resource) ${by('open')};`)).toBe('none');
    expect(said('permit (principal, action == Action::"route", resource);')).toBe('none');
  });
});

describe('of several policies of a chain, the one at fault is named', () => {
  const HARMLESS = '@id("R4.own") @reason("harmless") @zh("理由") @en("reason")';
  const forbids = `${HARMLESS}\nforbid (principal, action == Action::"open", resource) when { resource.opens > 19 };`;
  const permits =
    `${HARMLESS}\npermit (principal, action == Action::"request", resource) ` +
    'when { resource.requesterRole == "legal" && principal.roles.contains("legal") && resource has matter };';
  const everybody = `${OWN}\npermit (principal, action == Action::"request", resource);`;
  const failing = `${OWN}\nforbid (principal, action == Action::"request", resource) when { context has scope && (context.scope.records + 9223372036854775807) > 0 };`;

  it.each([
    ['a forbid before it', forbids, everybody, 'permits what no policy'],
    ['a permit before it', permits, everybody, 'permits what no policy'],
    ['a forbid before one that fails', forbids, failing, "can't be evaluated"],
    ['a permit before one that fails', permits, failing, "can't be evaluated"],
  ])('with %s', (_, harmless, wrong, what) => {
    expect(refusal(withOwn(`${wrong}`, harmless))).toContain(`chain/own.cedar:3 R6.own ${what}`);
    expect(refusal(withOwn(`${harmless}`, wrong))).toContain(`chain/own.cedar:1 R6.own ${what}`);
  });

  it('and none where none is', () => {
    expect(
      refusal(withOwn(forbids, permits.replaceAll('R4.own', 'R4.too').replace('"harmless"', '"too"'))),
    ).toBe('none');
  });
});

it('an error that is not the rulebook’s is no refusal', () => {
  const broken = () => {
    throw new TypeError('not about policies');
  };
  expect(() => refusal(withOwn('forbid (principal, action == Action::"open", resource);'), broken)).toThrow(
    TypeError,
  );
});
