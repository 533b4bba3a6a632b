import {
  type CedarValueJson,
  type Context,
  type EntityJson,
  schemaToJson,
} from '@cedar-policy/cedar-wasm/nodejs';
import { z } from 'zod';
import type { Question } from './evaluate.ts';

export type Shape = z.infer<typeof shapeSchema>;
const shapeSchema = z.object({
  type: z.string().optional(),
  name: z.string().optional(),
  required: z.boolean().optional(),
  get element() {
    return shapeSchema.optional();
  },
  get attributes() {
    return z.record(z.string(), shapeSchema).optional();
  },
});
const schemaSchema = z.object({
  commonTypes: z.record(z.string(), shapeSchema).default({}),
  entityTypes: z.record(z.string(), z.object({ shape: shapeSchema.optional() })),
  actions: z.record(
    z.string(),
    z.object({
      appliesTo: z
        .object({
          principalTypes: z.array(z.string()),
          resourceTypes: z.array(z.string()),
          context: shapeSchema.optional(),
        })
        .optional(),
    }),
  ),
});
export type Vocabulary = z.infer<typeof schemaSchema>;

const vocabularies = new Map<string, Vocabulary | null>();

/**
 * The question with those facts alone that a schema knows. A request stays under the rule set that it pinned, and that
 * set's policies speak of what its schema had: what was added to the facts since changes nothing for them, and Cedar
 * would refuse to be asked. A fact that the schema requires and the product no longer has stays missing, and the
 * rulebook can't be asked. Null where the text is no schema.
 */
export function knownFacts(schema: string, question: Question<string>): Question<string> | null {
  const vocabulary = vocabularyOf(schema);
  if (vocabulary === null) return null;
  const context = vocabulary.actions[question.act]?.appliesTo?.context;
  return {
    ...question,
    context: known(vocabulary, context, question.context),
    entities: question.entities.flatMap((entity): EntityJson[] => {
      const type = vocabulary.entityTypes['type' in entity.uid ? entity.uid.type : entity.uid.__entity.type];
      return type === undefined ? [] : [{ ...entity, attrs: known(vocabulary, type.shape, entity.attrs) }];
    }),
  };
}

/** What a schema declares; null where the text is no schema. */
export function vocabularyOf(schema: string): Vocabulary | null {
  const known = vocabularies.get(schema);
  if (known !== undefined) return known;
  const vocabulary = read(schema);
  vocabularies.set(schema, vocabulary);
  return vocabulary;
}

function read(schema: string): Vocabulary | null {
  const answer = schemaToJson(schema);
  const parsed = answer.type === 'success' ? schemaSchema.safeParse(answer.json['']) : null;
  return parsed?.success ? parsed.data : null;
}

function known(
  vocabulary: Vocabulary,
  shape: Shape | undefined,
  values: Context,
): Record<string, CedarValueJson> {
  const attributes = resolved(vocabulary, shape)?.attributes ?? {};
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      Object.hasOwn(attributes, name) ? [[name, knownValue(vocabulary, attributes[name], value)]] : [],
    ),
  );
}

function knownValue(vocabulary: Vocabulary, shape: Shape | undefined, value: CedarValueJson): CedarValueJson {
  const meant = resolved(vocabulary, shape);
  if (Array.isArray(value)) return value.map((item) => knownValue(vocabulary, meant?.element, item));
  if (meant?.attributes === undefined || typeof value !== 'object' || value === null) return value;
  return '__entity' in value || '__extn' in value ? value : known(vocabulary, meant, value);
}

/** A name of the schema's own types stands for what it names. */
export function resolved({ commonTypes }: Vocabulary, shape: Shape | undefined): Shape | undefined {
  const name = shape?.type === 'EntityOrCommon' ? shape.name : shape?.type;
  return name === undefined ? shape : (commonTypes[name] ?? shape);
}
