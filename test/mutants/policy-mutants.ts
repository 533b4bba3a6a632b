import { type PolicyJson, policyToJson, policyToText, validate } from '@cedar-policy/cedar-wasm/nodejs';
import { z } from 'zod';
import type { RuleSet } from '../../shared/policy/rule-set.ts';

/** A policy changed in one place; `text` is null where it is gone altogether. */
export type PolicyMutant = { policy: string; what: string; text: string | null };

const FLIPPED: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
  containsAll: 'containsAny',
  containsAny: 'containsAll',
};

const operands = z.strictObject({ left: z.json(), right: z.json() });
const negated = z.strictObject({ '!': z.strictObject({ arg: z.json() }) });
const list = z.strictObject({ Set: z.array(z.json()) });
const number = z.strictObject({ Value: z.number() });
type Json = z.infer<ReturnType<typeof z.json>>;

/**
 * Every policy gone, without one of its clauses, and with one change in a clause: a comparison turned, a conjunct or
 * alternative gone, `and` for `or`, a negation gone, a number one higher, an element of a list gone; and without one
 * role of its route. What Cedar's strict validation refuses couldn't be published, and is none.
 */
export function policyMutants({ policies, document }: RuleSet, rule?: string): PolicyMutant[] {
  const named = policies.filter(({ note }) => rule === undefined || note.rule === rule);
  return named.flatMap(({ note, text }): PolicyMutant[] => {
    const answer = policyToJson(text);
    if (answer.type === 'failure') throw new Error(`${note.id} can't be read`);
    const { json } = answer;
    const changed = [...clauseMutants(json), ...routeMutants(json, note.route)];
    return [
      { policy: note.id, what: 'gone', text: null },
      ...changed
        .map(({ what, json: mutant }) => ({ policy: note.id, what, text: textOf(mutant) }))
        .filter((mutant) => isValid(mutant.text, document.schema)),
    ];
  });
}

type Changed = { what: string; json: PolicyJson };

function clauseMutants(json: PolicyJson): Changed[] {
  return json.conditions.flatMap((clause, index): Changed[] => [
    {
      what: `without its ${clause.kind}`,
      json: { ...json, conditions: json.conditions.filter((_, other) => other !== index) },
    },
    ...changesIn(z.json().parse(clause.body)).map(({ what, value }) => ({
      what,
      json: z.custom<PolicyJson>().parse({
        ...json,
        conditions: json.conditions.with(
          index,
          z.custom<typeof clause>().parse({ kind: clause.kind, body: value }),
        ),
      }),
    })),
  ]);
}

function routeMutants(json: PolicyJson, route: readonly string[]): Changed[] {
  return route.map((role) => ({
    what: `route without ${role}`,
    json: {
      ...json,
      annotations: { ...json.annotations, route: route.filter((other) => other !== role).join(',') },
    },
  }));
}

type Change = { what: string; value: Json };

/** The expression with one change, at each place in turn. */
function changesIn(node: Json): Change[] {
  if (Array.isArray(node)) {
    return node.flatMap((item, index) =>
      changesIn(item).map(({ what, value }) => ({ what, value: node.with(index, value) })),
    );
  }
  if (typeof node !== 'object' || node === null) return [];
  return [
    ...changesAt(node),
    ...Object.entries(node).flatMap(([name, child]) =>
      changesIn(child).map(({ what, value }) => ({ what, value: { ...node, [name]: value } })),
    ),
  ];
}

function changesAt(node: Record<string, Json>): Change[] {
  const [name = '', inside] = Object.entries(node)[0] ?? [];
  const both = operands.safeParse(inside);
  const flipped = FLIPPED[name];
  const not = negated.safeParse(node);
  const listed = list.safeParse(node);
  const counted = number.safeParse(node);
  const flips = both.success && flipped !== undefined && !isOfOne(name, both.data);
  return [
    ...(flips ? [{ what: `${name} as ${flipped}`, value: { [flipped]: both.data } }] : []),
    ...(both.success && (name === '&&' || name === '||')
      ? [
          { what: `${name} without its left`, value: both.data.right },
          { what: `${name} without its right`, value: both.data.left },
        ]
      : []),
    ...(not.success ? [{ what: 'without a negation', value: not.data['!'].arg }] : []),
    ...(listed.success && listed.data.Set.length > 1
      ? listed.data.Set.map((item, index) => ({
          what: `list without ${JSON.stringify(item)}`,
          value: { Set: listed.data.Set.toSpliced(index, 1) },
        }))
      : []),
    ...(counted.success
      ? [{ what: `${counted.data.Value} one higher`, value: { Value: counted.data.Value + 1 } }]
      : []),
  ];
}

/** `containsAll` and `containsAny` of a list of one say the same. */
function isOfOne(name: string, { right }: z.infer<typeof operands>): boolean {
  const of = list.safeParse(right);
  return name.startsWith('contains') && of.success && of.data.Set.length === 1;
}

/** Annotations as they stand in files: Cedar would write its own escapes. */
function textOf(json: PolicyJson): string {
  const { annotations = {}, ...bare } = json;
  const answer = policyToText(bare);
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message);
  const notes = Object.entries(annotations).map(([name, value]) => `@${name}("${value}")`);
  return `${notes.join('\n')}\n${answer.text}${answer.text.endsWith(';') ? '' : ';'}`;
}

function isValid(text: string, schema: string): boolean {
  const answer = validate({
    schema,
    policies: { staticPolicies: text },
    validationSettings: { mode: 'strict' },
  });
  return (
    answer.type === 'success' &&
    answer.validationErrors.length === 0 &&
    answer.validationWarnings.length === 0
  );
}
