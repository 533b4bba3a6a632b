import { describe, expect, it } from '@jest/globals';
import { actionGroups, actsOf, conditionOf, readPolicies } from '../../../shared/policy/policy-text.ts';

const FORBID = `// 一条规则; with a semicolon
@id("R6.own") // 说明 @id("no")
@en("a ; b // c } @ \u{7406}")
forbid (
  principal is Person, // who
  action == Action::"open",
  resource
)
when { resource.hotels.contains("a } b") }
unless { context.x == "when { }" };`;

function only(text: string) {
  const read = readPolicies(text);
  if ('unreadableAt' in read) throw new Error(`unreadable at ${read.unreadableAt}`);
  const [policy] = read;
  if (policy === undefined || read.length !== 1) throw new Error(`${read.length} policies`);
  return policy;
}

describe('a policy’s text', () => {
  it('is read with its annotations, effect, scope and conditions, without its comments', () => {
    expect(only(FORBID)).toEqual({
      line: 2,
      text: FORBID.slice(FORBID.indexOf('\n') + 1),
      annotations: { id: 'R6.own', en: 'a ; b // c } @ \u{7406}' },
      effect: 'forbid',
      scope: 'principal is Person, action == Action::"open", resource',
      conditions: [
        { kind: 'when', body: 'resource.hotels.contains("a } b")' },
        { kind: 'unless', body: 'context.x == "when { }"' },
      ],
    });
  });

  it('counts lines from the first of the file, policy by policy', () => {
    const read = readPolicies(
      `\n\n${FORBID}\n\npermit(principal,action,resource);permit(principal,action,resource);`,
    );
    expect('unreadableAt' in read ? read : read.map(({ line, effect }) => [line, effect])).toEqual([
      [4, 'forbid'],
      [14, 'permit'],
      [14, 'permit'],
    ]);
  });

  it('of an empty file has no policy', () => {
    expect(readPolicies('')).toEqual([]);
    expect(readPolicies(' // nothing\n')).toEqual([]);
  });

  const unreadable: [string, string, number][] = [
    ['no effect', 'allow (principal, action, resource);', 0],
    ['no scope', 'permit when { true };', 0],
    ['a scope that never closes', 'permit (principal, action', 0],
    ['a scope that is cut off', 'permit', 0],
    ['a condition that never closes', 'permit (principal) when { true', 19],
    ['a condition without braces', 'permit (principal) when true;', 19],
    ['no semicolon', 'permit (principal)', 18],
    ['another word for the semicolon', 'permit (principal) forbid (principal);', 19],
    ['an annotation without a value', '@id permit (principal);', 0],
    ['an annotation without parentheses', '@id["x") permit (principal);', 0],
    ['an annotation that never closes', '@id("x" permit (principal);', 0],
    ['an annotation that is no string', '@id(x) permit (principal);', 0],
    ['an annotation with an escape', '@id("\\n") permit (principal);', 0],
    ['an annotation twice', '@id("x") @id("y") permit (principal);', 9],
    ['a second policy that can’t be read', 'permit (principal); @id', 20],
  ];
  for (const [what, text, unreadableAt] of unreadable) {
    it(`with ${what} can’t be read, from there`, () => {
      expect(readPolicies(text)).toEqual({ unreadableAt });
    });
  }

  it('with braces inside braces ends at its own', () => {
    const { conditions } = only(
      'permit (principal) when { if true then { a: 1 }.a == 1 else false } unless { false };',
    );
    expect(conditions.map(({ body }) => body)).toEqual(['if true then { a: 1 }.a == 1 else false', 'false']);
  });
});

describe('one expression for a policy’s conditions', () => {
  it('is true where all of when and none of unless is', () => {
    expect(conditionOf(only('permit (principal) when { a } unless { b } when { c };'))).toBe(
      '((a) && !(b) && (c))',
    );
    expect(conditionOf(only('permit (principal) when { a };'))).toBe('((a))');
    expect(conditionOf(only('permit (principal);'))).toBe('true');
  });
});

describe('the acts that a policy can speak on', () => {
  const groups = actionGroups(`// action not, these in [comment]
    action approving;
    action approve, deny in [approving, "signed off"] appliesTo { principal: Person };
    action "read-text" in ["signed off"];
    action see appliesTo { principal: Person };`);

  it('are those of groups too, as the schema has them', () => {
    expect(Object.fromEntries(groups)).toEqual({
      approving: ['approve', 'deny'],
      'signed off': ['approve', 'deny', 'read-text'],
    });
  });

  const cases: [string, string[] | null][] = [
    ['principal, action, resource', null],
    ['principal, action == Action::"see", resource', ['see']],
    ['principal, action == Action :: "approving", resource', ['approving']],
    ['principal, action in Action::"approving", resource', ['approving', 'approve', 'deny']],
    [
      'principal, action in [Action::"see", Action::"approving"], resource',
      ['see', 'approving', 'approve', 'deny'],
    ],
    ['principal, action in [], resource', []],
  ];
  for (const [scope, acts] of cases) {
    it(`of (${scope}) are ${acts === null ? 'all' : acts.join(', ') || 'none'}`, () => {
      const found = actsOf({ scope }, groups);
      expect(found && [...found]).toEqual(acts);
    });
  }
});
