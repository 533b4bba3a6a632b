import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { notedPolicies } from '../../../shared/policy/policy-notes.ts';
import { UNWRITTEN_REASON } from '../../../shared/policy/reasons.ts';
import { RuleSetInvalidError } from '../../../shared/policy/rule-set-invalid-error.ts';

const FORBID = 'forbid (principal, action, resource);';

/** Annotations as they should be, with some otherwise; null leaves one out. */
function annotated(changes: Record<string, string | null> = {}, head = FORBID): string {
  const annotations = { id: 'R6.own', reason: 'own-reason', zh: '理由', en: 'why', ...changes };
  const written = Object.entries(annotations).flatMap(([name, value]) =>
    value === null ? [] : [`@${name}("${value}")`],
  );
  return [...written, head].join('\n');
}

const document = (files: Record<string, string>) => ({
  version: 1 as const,
  schema: '',
  policies: Object.entries(files).map(([file, text]) => ({ file, text })),
});
const noted = (files: Record<string, string>) => notedPolicies(document(files)).map(({ note }) => note);

function fault(files: Record<string, string>) {
  try {
    noted(files);
  } catch (error) {
    if (!(error instanceof RuleSetInvalidError)) throw error;
    const { file, line, zh, reason, other } = error;
    return { at: `${file}:${line}`, zh, en: reason, other: other && `${other.file}:${other.line}` };
  }
  return null;
}

describe('what a policy’s annotations say of it', () => {
  it('is its id and rule, reason, texts, roles, effect, and where it is written', () => {
    const permit = annotated(
      { id: 'A12.own.second-1', reason: 'own-2', route: 'gm,legal', slip: 'true' },
      'permit (principal, action, resource);',
    );
    expect(noted({ 'own.cedar': `// 开头\n\n${permit}` })).toEqual([
      {
        id: 'A12.own.second-1',
        rule: 'A12',
        reason: 'own-2',
        zh: '理由',
        en: 'why',
        route: ['gm', 'legal'],
        effect: 'permit',
        slip: true,
        file: 'own.cedar',
        line: 3,
        chain: false,
      },
    ]);
  });

  it('adds no roles and is no slip where that is not said; the chain’s own are those of its folder', () => {
    expect(noted({ 'chain/own.cedar': annotated({ id: 'R6' }) })).toMatchObject([
      { id: 'R6', rule: 'R6', route: [], slip: false, effect: 'forbid', chain: true },
    ]);
    expect(noted({ 'own-chain/own.cedar': annotated() })).toMatchObject([{ chain: false }]);
    expect(noted({ 'own.cedar': annotated({ route: 'gm,,legal,' }) })).toMatchObject([
      { route: ['gm', 'legal'] },
    ]);
  });

  const wrong: [annotation: string, values: (string | null)[], zh: string, en: RegExp][] = [
    [
      'id',
      [null, '', 'R', '6', 'r6', 'RR6', ' R6', 'R6 ', 'R6x', 'R6.', 'R6..own', 'R6.Own', 'R6.own_2'],
      '须为规则编号,如 A1 或 A1.same-person',
      /must be a rule id such as A1 or A1\.same-person|is missing/,
    ],
    [
      'reason',
      [null, '', 'Own', '-own', 'own-', 'own--2', 'own 2', ' own', 'own_2'],
      '须为以短横线连接的小写代码',
      /must be a code in kebab case|is missing/,
    ],
    ['zh', [null, ''], '须写明中文理由', /is missing|is empty/],
    ['en', [null, ''], '须写明英文理由', /is missing|is empty/],
    ['route', ['emperor', 'gm, legal', 'GM'], '须为角色名,以逗号分隔', /expected one of "front-desk"\|/],
    ['slip', ['', 'yes', 'false'], '须为 "true",或不写', /must be "true", or left out/],
  ];
  for (const [annotation, values, zh, en] of wrong) {
    for (const value of values) {
      it(`is refused where @${annotation} is ${value === null ? 'left out' : `"${value}"`}`, () => {
        const found = fault({ 'own.cedar': `\n${annotated({ [annotation]: value })}` });
        expect(found).toMatchObject({ at: 'own.cedar:2', zh: `注解 @${annotation}:${zh}`, other: null });
        expect(found?.en).toMatch(
          annotation === 'route' ? /^annotation @route\.\d: / : `annotation @${annotation}: `,
        );
        expect(found?.en).toMatch(en);
        expect(found?.en.endsWith(': is missing')).toBe(value === null);
        expect(found?.en).not.toContain('undefined');
      });
    }
  }

  it('is refused where a code is the product’s own', () => {
    expect(fault({ 'own.cedar': annotated({ reason: UNWRITTEN_REASON }) })).toEqual({
      at: 'own.cedar:1',
      zh: `理由代码 ${UNWRITTEN_REASON} 为产品自有,请另取`,
      en: `reason ${UNWRITTEN_REASON} is the product's own: take another`,
      other: null,
    });
  });

  it('is refused where a policy can’t be read, at the line where reading ends', () => {
    expect(
      fault({ 'own.cedar': `${annotated()}\n\n${annotated({ id: 'R6.b', en: 'a \\"reason\\"' })}` }),
    ).toEqual({
      at: 'own.cedar:10',
      zh: '每条规则以注解开头,各写一次,为不含转义的文字:@id("R6.own")',
      en: 'policies begin with their annotations, each once and a plain string without escapes: @id("R6.own")',
      other: null,
    });
  });
});

describe('an id or a reason that stands twice', () => {
  const first = annotated();
  const sameId = annotated({ reason: 'other-reason' });
  const sameReason = annotated({ id: 'R6.other' });

  it('is refused at the second, which names the first', () => {
    expect(fault({ 'a.cedar': first, 'b.cedar': `\n${sameId}` })).toEqual({
      at: 'b.cedar:2',
      zh: '编号 R6.own 重复使用,a.cedar:1 已用',
      en: 'id R6.own is used twice, first at a.cedar:1',
      other: 'a.cedar:1',
    });
    expect(fault({ 'a.cedar': `${first}\n${sameReason}` })).toEqual({
      at: 'a.cedar:6',
      zh: '理由代码 own-reason 重复使用,a.cedar:1 已用',
      en: 'reason own-reason is used twice, first at a.cedar:1',
      other: 'a.cedar:1',
    });
  });

  it('is the chain’s fault where one of them is a chain’s, whichever comes first', () => {
    const chainFirst = fault({ 'chain/a.cedar': first, 'z.cedar': sameId });
    expect(chainFirst).toMatchObject({ at: 'chain/a.cedar:1', other: 'z.cedar:1' });
    expect(chainFirst?.en).toBe('id R6.own is used twice, also at z.cedar:1');
    expect(fault({ 'a.cedar': first, 'chain/z.cedar': sameId })).toMatchObject({
      at: 'chain/z.cedar:1',
      en: 'id R6.own is used twice, first at a.cedar:1',
    });
    expect(fault({ 'chain/a.cedar': first, 'chain/z.cedar': sameId })).toMatchObject({
      at: 'chain/z.cedar:1',
      en: 'id R6.own is used twice, first at chain/a.cedar:1',
    });
  });

  it('is none where both differ', () => {
    expect(fault({ 'a.cedar': first, 'b.cedar': annotated({ id: 'R6.b', reason: 'b' }) })).toBeNull();
  });
});

it('a rule set has as many policies as the limit says, over all its files, and not one more', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => annotated({ id: `R6.p${index}`, reason: `p${index}` })).join(
      '\n',
    );
  const full = { 'a.cedar': many(LIMITS.ruleSetPolicies) };
  expect(noted(full)).toHaveLength(LIMITS.ruleSetPolicies);
  expect(fault({ ...full, 'b.cedar': annotated() })).toEqual({
    at: 'b.cedar:1',
    zh: `一套规则最多 ${LIMITS.ruleSetPolicies} 条`,
    en: `more than ${LIMITS.ruleSetPolicies} policies in one rule set`,
    other: null,
  });
});
