import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatPolicies } from '@cedar-policy/cedar-wasm/nodejs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digestOf } from '../../../shared/domain/digest.ts';
import type { RuleSetDocument } from '../../../shared/domain/rule-set-document.ts';
import { ruleSetDocumentSchema } from '../../../shared/domain/rule-set-document.ts';
import {
  bundledRuleSet,
  loadRuleSet,
  readyRuleSet,
  ruleSetDocumentFrom,
} from '../../../shared/policy/rule-set.ts';
import { RuleSetInvalidError } from '../../../shared/policy/rule-set-invalid-error.ts';

const base = bundledRuleSet().document;
const RULES = new URL('../../../shared/policy/rules/', import.meta.url);

function withPolicy(text: string, file = 'own.cedar'): RuleSetDocument {
  return { ...base, policies: [...base.policies, { file, text }] };
}

function policy(
  head: string,
  annotations = '@id("R6.own") @reason("own-reason") @zh("理由") @en("reason")',
): string {
  return `// 自己的规则\n\n${annotations}\n${head}`;
}

function refusal(document: RuleSetDocument): { file: string; line: number; reason: string } {
  try {
    loadRuleSet(document);
  } catch (error) {
    if (error instanceof RuleSetInvalidError) return error;
    throw error;
  }
  throw new Error('the rule set was accepted');
}

describe('a rule set document', () => {
  it('is named by the digest of its schema and policies', () => {
    const ruleSet = loadRuleSet(base);
    expect(ruleSet.digest).toBe(digestOf(base));
    const changed = loadRuleSet(
      withPolicy(
        policy('forbid (principal, action == Action::"see", resource) when { resource.emergency };'),
      ),
    );
    expect(changed.digest).not.toBe(ruleSet.digest);
  });

  it('is checked once and then known by its digest', () => {
    expect(loadRuleSet(structuredClone(base))).toBe(loadRuleSet(base));
  });

  it('comes whole out of JSON', () => {
    const sent: unknown = JSON.parse(JSON.stringify(base));
    expect(loadRuleSet(ruleSetDocumentSchema.parse(sent))).toBe(loadRuleSet(base));
  });

  it('gives every policy its rule, reason, texts and place', () => {
    const note = loadRuleSet(base).notes.get('A1.same-person');
    expect(note).toMatchObject({
      rule: 'A1',
      reason: 'person-decided-already',
      effect: 'forbid',
      file: 'a1-two-people.cedar',
      route: [],
    });
    const text = base.policies.find(({ file }) => file === note?.file)?.text ?? '';
    expect(text.split('\n')[(note?.line ?? 0) - 1]).toBe('@id("A1.same-person")');
  });
});

describe('the policy files', () => {
  for (const { file, text } of base.policies) {
    it(`${file} is written as Cedar’s formatter writes it`, () => {
      const answer = formatPolicies({ policyText: text, lineWidth: 80, indentWidth: 2 });
      if (answer.type === 'failure') throw new Error(answer.errors[0]?.message);
      // The formatter glues a file's heading to its first policy.
      const unglued = answer.formatted_policy.trim().replace(/^((?:\/\/[^\n]*\n)+)(?=@)/, '$1\n');
      expect(text.trim()).toBe(unglued);
    });
  }
});

describe('a rule set is refused whole, with file, line and reason, for', () => {
  const cases: { what: string; document: RuleSetDocument; file?: string; line: number; reason: RegExp }[] = [
    {
      what: 'a syntax error',
      document: withPolicy(policy('forbid (principal, action resource);')),
      line: 4,
      reason: /unexpected token/,
    },
    {
      what: 'an attribute that the schema does not know',
      document: withPolicy(
        policy('forbid (principal, action == Action::"open", resource)\nwhen { resource.colour == "red" };'),
      ),
      line: 5,
      reason: /colour.*not found/,
    },
    {
      what: 'an optional attribute that may be absent',
      document: withPolicy(
        policy('forbid (principal, action == Action::"open", resource)\nwhen { resource.matter == "M" };'),
      ),
      line: 5,
      reason: /matter/,
    },
    {
      what: 'an action that the schema does not know',
      document: withPolicy(policy('forbid (principal, action == Action::"peek", resource);')),
      line: 4,
      reason: /peek/,
    },
    {
      what: 'a policy that can never apply',
      document: withPolicy(policy('forbid (principal, action == Action::"open", resource) when { false };')),
      line: 3,
      reason: /impossible/,
    },
    {
      what: 'an id used twice',
      document: withPolicy(
        policy(
          'forbid (principal, action == Action::"open", resource);',
          '@id("R11.opens") @reason("own-reason") @zh("理由") @en("reason")',
        ),
      ),
      line: 3,
      reason: /id R11\.opens is used twice, first at r11-bounds\.cedar:\d+/,
    },
    {
      what: 'a reason used twice',
      document: withPolicy(
        policy(
          'forbid (principal, action == Action::"open", resource);',
          '@id("R11.own") @reason("no-openings-left") @zh("理由") @en("reason")',
        ),
      ),
      line: 3,
      reason: /reason no-openings-left is used twice/,
    },
    {
      what: 'a policy without an id',
      document: withPolicy(
        policy(
          'forbid (principal, action == Action::"open", resource);',
          '@reason("x") @zh("理由") @en("reason")',
        ),
      ),
      line: 3,
      reason: /@id/,
    },
    {
      what: 'a policy without a Chinese text',
      document: withPolicy(
        policy(
          'forbid (principal, action == Action::"open", resource);',
          '@id("R6.x") @reason("x") @en("reason")',
        ),
      ),
      line: 3,
      reason: /@zh/,
    },
    {
      what: 'a role that is none',
      document: withPolicy(
        policy(
          'permit (principal, action == Action::"route", resource);',
          '@id("R6.x") @reason("x") @zh("理由") @en("reason") @route("emperor")',
        ),
      ),
      line: 3,
      reason: /@route/,
    },
    {
      what: 'a template',
      document: withPolicy(policy('forbid (principal == ?principal, action, resource);')),
      line: 3,
      reason: /templates/,
    },
    {
      what: 'a schema with a syntax error',
      document: { ...base, schema: '// 注释\nentity Person = { active: Bool ;' },
      file: 'schema.cedarschema',
      line: 2,
      reason: /schema/,
    },
    {
      what: 'an annotation with an escape, which only Cedar would read',
      document: withPolicy(
        policy(
          'forbid (principal, action == Action::"open", resource);',
          '@id("R6.x") @reason("x") @zh("理由") @en("a \\"reason\\"")',
        ),
      ),
      line: 3,
      reason: /plain string without escapes/,
    },
    {
      what: 'a policy behind another one without a semicolon',
      document: withPolicy(
        `${policy('forbid (principal, action == Action::"open", resource)')}\nforbid (principal, action, resource);`,
      ),
      line: 5,
      reason: /unexpected token/,
    },
    {
      what: 'more text than a file may have',
      document: withPolicy('// 长\n'.repeat(100_000)),
      line: 1,
      reason: /bytes, and a file may have 262144/,
    },
    {
      what: 'more policies than a set may have',
      document: withPolicy(
        Array.from(
          { length: 2_001 },
          (_, index) =>
            `@id("R6.o${index}")@reason("o${index}")@zh("理")@en("x")forbid(principal,action==Action::"open",resource)when{resource.opens>1};`,
        ).join('\n'),
      ),
      line: 1,
      reason: /more than 2000 policies/,
    },
    {
      what: 'a file whose name is none of a policy',
      document: withPolicy('', 'Own Rules.cedar'),
      file: 'Own Rules.cedar',
      line: 1,
      reason: /named in small letters/,
    },
  ];
  for (const { what, document, file, line, reason } of cases) {
    it(what, () => {
      const error = refusal(document);
      expect({ file: error.file, line: error.line }).toEqual({ file: file ?? 'own.cedar', line });
      expect(error.reason).toMatch(reason);
    });
  }
});

it('a set that was published is refused where its schema can’t be read', () => {
  const document = { ...base, schema: 'entity Person = {' };
  expect(() => readyRuleSet({ digest: digestOf(document), document })).toThrow(
    expect.objectContaining({ name: 'RuleSetInvalidError', file: 'schema.cedarschema' }),
  );
});

describe('a chain’s own folder', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dualkey-rules-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('adds to the rule set, and changes its digest', () => {
    const chain = join(folder, 'chain');
    mkdirSync(chain);
    writeFileSync(
      join(chain, 'quiet-hours.cedar'),
      policy('forbid (principal, action == Action::"open", resource) when { resource.opened >= 1 };'),
    );
    const ruleSet = loadRuleSet(ruleSetDocumentFrom(RULES, pathToFileURL(`${chain}/`)));
    expect(ruleSet.notes.get('R6.own')).toMatchObject({ file: 'chain/quiet-hours.cedar' });
    expect(ruleSet.digest).not.toBe(bundledRuleSet().digest);
  });

  it('is the one of a region, where the policies of several lie side by side', () => {
    const policies = join(folder, 'regions');
    mkdirSync(join(policies, 'cn-north-1'), { recursive: true });
    for (const name of ['zz-late', 'aa-early']) {
      writeFileSync(
        join(policies, 'cn-north-1', `${name}.cedar`),
        policy(
          'forbid (principal, action == Action::"open", resource) when { resource.opened >= 2 };',
          `@id("R6.${name}") @reason("${name}") @zh("理由") @en("reason")`,
        ),
      );
    }
    const of = (region?: string) => bundledRuleSet(region, pathToFileURL(`${policies}/`));
    const files = of('cn-north-1').document.policies.map(({ file }) => file);
    expect(files).toEqual(expect.arrayContaining(['chain/aa-early.cedar', 'chain/zz-late.cedar']));
    expect(files).toEqual([...files].sort());
    expect(of('eu-central-1').digest).toBe(bundledRuleSet().digest);
    expect(of().digest).toBe(bundledRuleSet().digest);
  });

  it('is not needed', () => {
    expect(bundledRuleSet('no-such-region-1').digest).toBe(bundledRuleSet().digest);
  });
});
