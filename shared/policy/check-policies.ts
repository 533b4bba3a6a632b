import { isDeepStrictEqual } from 'node:util';
import {
  type DetailedError,
  type PolicyJson,
  policySetTextToParts,
  policyToJson,
  schemaToJson,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { z } from 'zod';
import { LIMITS } from '../domain/limits.ts';
import { POLICY_FILE, type RuleSetDocument } from '../domain/rule-set-document.ts';
import { type NotedPolicy, notedPolicies } from './policy-notes.ts';
import { actionGroups, actsOf } from './policy-text.ts';
import { faultOf, RuleSetInvalidError } from './rule-set-invalid-error.ts';

export const SCHEMA_FILE = 'schema.cedarschema';

/**
 * All that Cedar itself can say of a document before it is published: every policy parses, names only what the schema
 * has (strict validation; a policy that can never apply is refused too), and is read by this code as Cedar reads it.
 * @throws RuleSetInvalidError naming the first fault.
 */
export function checkPolicies(document: RuleSetDocument): NotedPolicy[] {
  for (const { file, text } of document.policies) parses(file, text);
  const policies = notedPolicies(document);
  readAsCedarReads(document, policies);
  validated(document.schema, policies);
  return policies;
}

function parses(file: string, text: string): void {
  if (!POLICY_FILE.test(file)) {
    throw new RuleSetInvalidError(file, 1, {
      zh: '规则文件名只用小写字母、数字与短横线,如 own-rules.cedar',
      en: 'a policy file is named in small letters, digits and hyphens: own-rules.cedar',
    });
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > LIMITS.policyFileBytes) {
    throw new RuleSetInvalidError(file, 1, {
      zh: `${bytes} 字节,一个文件最多 ${LIMITS.policyFileBytes} 字节`,
      en: `${bytes} bytes, and a file may have ${LIMITS.policyFileBytes}`,
    });
  }
  const parts = policySetTextToParts(text);
  if (parts.type === 'failure') throw faultOf(file, text, parts.errors);
  const [template] = parts.policy_templates;
  if (template !== undefined) {
    const line = text.slice(0, Math.max(0, text.indexOf(template))).split('\n').length;
    throw new RuleSetInvalidError(file, line, {
      zh: '此处不用规则模板',
      en: 'policy templates are not used here',
    });
  }
}

/**
 * Deciding reads policies by itself (shared/policy/policy-text.ts), so that a function that starts needs no parser for
 * that: whatever it would read otherwise than Cedar is not published.
 */
function readAsCedarReads({ schema }: RuleSetDocument, policies: readonly NotedPolicy[]): void {
  const members = membersOf(schema);
  const groups = actionGroups(schema);
  for (const policy of policies) {
    const { note, text, annotations, effect, scope, conditions } = policy;
    const whole = jsonOf(note.file, note.line, text);
    const written = `${effect} (${scope}) ${conditions.map(({ kind, body }) => `${kind} {${body}}`).join(' ')};`;
    const bare = jsonOf(note.file, note.line, written);
    const acts = actsOf(policy, groups);
    const same =
      isDeepStrictEqual({ ...whole, annotations: {} }, { ...bare, annotations: {} }) &&
      isDeepStrictEqual({ ...whole.annotations }, { ...annotations }) &&
      isDeepStrictEqual(acts && [...acts].sort(), actsInJson(whole, members));
    if (!same) {
      throw new RuleSetInvalidError(note.file, note.line, {
        zh: `${note.id} 写法不明:注解、范围、when 与 unless 请照其他规则书写`,
        en: `${note.id} can't be read plainly: write annotations, scope, when and unless as the other policies have them`,
      });
    }
  }
}

function jsonOf(file: string, line: number, text: string): PolicyJson {
  const answer = policyToJson(text);
  if (answer.type === 'failure') throw faultOf(file, text, answer.errors, line);
  return answer.json;
}

const entity = z.object({ type: z.literal('Action'), id: z.string() });
const actionConstraint = z.union([
  z.object({ op: z.literal('All') }).transform(() => null),
  z.object({ op: z.literal('=='), entity }).transform(({ entity: { id } }) => ({ exact: true, ids: [id] })),
  z.object({ op: z.literal('in'), entity }).transform(({ entity: { id } }) => ({ exact: false, ids: [id] })),
  z
    .object({ op: z.literal('in'), entities: z.array(entity) })
    .transform(({ entities }) => ({ exact: false, ids: entities.map(({ id }) => id) })),
]);

function actsInJson(
  { action }: PolicyJson,
  members: ReadonlyMap<string, readonly string[]>,
): string[] | null {
  const constraint = actionConstraint.parse(action);
  if (constraint === null) return null;
  const { exact, ids } = constraint;
  return [...new Set(exact ? ids : ids.flatMap((id) => [id, ...(members.get(id) ?? [])]))].sort();
}

/** Every action in each group, at any depth, as Cedar reads the schema. */
function membersOf(schema: string): ReadonlyMap<string, readonly string[]> {
  const answer = schemaToJson(schema);
  if (answer.type === 'failure') throw faultOf(SCHEMA_FILE, schema, answer.errors);
  const parents = Object.values(answer.json).flatMap(({ actions }) =>
    Object.entries(actions).map(([name, { memberOf = [] }]) => [name, memberOf.map(({ id }) => id)] as const),
  );
  const within = (group: string): string[] =>
    parents.filter(([, of]) => of.includes(group)).flatMap(([name]) => [name, ...within(name)]);
  return new Map(parents.map(([name]) => [name, within(name)]));
}

function validated(schema: string, policies: readonly NotedPolicy[]): void {
  const answer = validate({
    schema,
    policies: { staticPolicies: Object.fromEntries(policies.map(({ note, text }) => [note.id, text])) },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') throw faultOf('rule set', '', answer.errors);
  const [first] = [...answer.validationErrors, ...answer.validationWarnings];
  if (first) throw foundIn(policies, first);
}

function foundIn(
  policies: readonly NotedPolicy[],
  { policyId, error }: { policyId: string; error: DetailedError },
): RuleSetInvalidError {
  const policy = policies.find(({ note }) => note.id === policyId);
  return faultOf(policy?.note.file ?? 'rule set', policy?.text ?? '', [error], policy?.line ?? 1);
}
