import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { checkPolicies, SCHEMA_FILE } from '../../../shared/policy/check-policies.ts';
import { RuleSetInvalidError } from '../../../shared/policy/rule-set-invalid-error.ts';

/** A schema with a group of acts, and one that holds a group. */
const SCHEMA = `entity Person, Request = { opens: Long };
action whole;
action releasing in [whole];
action open, provision in [releasing] appliesTo { principal: Person, resource: Request, context: {} };
action see appliesTo { principal: Person, resource: Request, context: {} };
action "read text" in [releasing] appliesTo { principal: Person, resource: Request, context: {} };`;

const annotations = (id: string) => `@id("${id}") @reason("${id.toLowerCase()}-says") @zh("理由") @en("why")`;
const on = (acts: string, id = 'R6') =>
  `${annotations(id)}\nforbid (principal, ${acts}, resource) when { resource.opens > 1 };`;

const document = (files: Record<string, string>, schema = SCHEMA) => ({
  version: 1 as const,
  schema,
  policies: Object.entries(files).map(([file, text]) => ({ file, text })),
});

function fault(files: Record<string, string>, schema?: string) {
  try {
    checkPolicies(document(files, schema));
  } catch (error) {
    if (!(error instanceof RuleSetInvalidError)) throw error;
    return { at: `${error.file}:${error.line}`, zh: error.zh, en: error.reason };
  }
  return null;
}

describe('policies are as Cedar and this code both read them', () => {
  it.each([
    'action',
    'action == Action::"open"',
    'action == Action::"read text"',
    'action in Action::"releasing"',
    'action in [Action::"see", Action::"releasing"]',
    'action in [Action::"see"]',
  ])('with %s', (acts) => {
    expect(fault({ 'own.cedar': on(acts) })).toBeNull();
  });

  it('and come back with their notes', () => {
    const two = { 'a.cedar': on('action', 'R6'), 'b.cedar': on('action', 'R7') };
    expect(checkPolicies(document(two)).map(({ note }) => `${note.file} ${note.id}`)).toEqual([
      'a.cedar R6',
      'b.cedar R7',
    ]);
  });

  it('which a group that holds groups is not: it is refused', () => {
    expect(fault({ 'own.cedar': `\n${on('action in Action::"whole"')}` })).toEqual({
      at: 'own.cedar:2',
      zh: 'R6 写法不明:注解、范围、when 与 unless 请照其他规则书写',
      en: "R6 can't be read plainly: write annotations, scope, when and unless as the other policies have them",
    });
  });
});

describe('a rule set is refused', () => {
  it.each(['Own.cedar', 'own rules.cedar', 'own.txt'])('for a file named %s', (file) => {
    expect(fault({ [file]: on('action') })).toEqual({
      at: `${file}:1`,
      zh: '规则文件名只用小写字母、数字与短横线,如 own-rules.cedar',
      en: 'a policy file is named in small letters, digits and hyphens: own-rules.cedar',
    });
  });

  it('for more bytes than a file may have, counted as they are stored, and not for as many', () => {
    const policy = `${on('action')}\n`;
    const filled = (bytes: number) => {
      const left = bytes - Buffer.byteLength(policy) - '// '.length;
      return `${policy}// ${'理'.repeat(Math.floor(left / 3))}${'x'.repeat(left % 3)}`;
    };
    expect(fault({ 'own.cedar': filled(LIMITS.policyFileBytes) })).toBeNull();
    const bytes = LIMITS.policyFileBytes + 1;
    expect(fault({ 'own.cedar': filled(bytes) })).toEqual({
      at: 'own.cedar:1',
      zh: `${bytes} 字节,一个文件最多 ${LIMITS.policyFileBytes} 字节`,
      en: `${bytes} bytes, and a file may have ${LIMITS.policyFileBytes}`,
    });
  });

  it('for a template, where it stands', () => {
    const template = `${annotations('R7')}\nforbid (principal == ?principal, action, resource);`;
    expect(fault({ 'own.cedar': `${on('action')}\n\n${template}` })).toEqual({
      at: 'own.cedar:4',
      zh: '此处不用规则模板',
      en: 'policy templates are not used here',
    });
  });

  it('for a syntax error, in the file and line that has it', () => {
    const fine = { 'a.cedar': on('action') };
    expect(
      fault({ ...fine, 'b.cedar': `\n${annotations('R7')}\nforbid (principal, action resource);` }),
    ).toMatchObject({
      at: 'b.cedar:3',
      en: expect.stringMatching(/unexpected token/),
    });
  });

  it('for a schema that Cedar can’t read', () => {
    expect(fault({ 'own.cedar': on('action') }, `${SCHEMA}\nentity`)).toMatchObject({
      at: expect.stringMatching(new RegExp(`^${SCHEMA_FILE}:\\d+$`)),
    });
  });

  it('for what the schema doesn’t know, in the policy and line that names it', () => {
    const colour = `${annotations('R7')}\nforbid (principal, action == Action::"open", resource)\nwhen { resource.colour == "red" };`;
    expect(fault({ 'a.cedar': on('action'), 'b.cedar': `\n\n${colour}` })).toMatchObject({
      at: 'b.cedar:5',
      en: expect.stringMatching(/colour/),
    });
  });

  it('for a policy that can never apply, of which Cedar only warns', () => {
    const never = `${annotations('R7')}\nforbid (principal, action == Action::"open", resource) when { false };`;
    expect(fault({ 'a.cedar': on('action'), 'b.cedar': never })).toMatchObject({
      at: 'b.cedar:1',
      zh: expect.stringMatching(/^该规则永远不会适用/),
    });
  });
});
