import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  type DetailedError,
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { z } from 'zod';
import { type Digest, digestOf } from '../domain/digest.ts';
import { ROLE_NAMES, type Role } from '../domain/roles.ts';
import type { RuleSetDocument } from '../domain/rule-set-document.ts';

/** What a policy's annotations say of it. */
export type PolicyNote = {
  /** `@id`: a rule id of RULES, with a suffix where several policies state one rule: `A1.same-person`. */
  id: string;
  /** The rule id alone: `A1`. */
  rule: string;
  /** Reason code in kebab case, of this policy alone. */
  reason: string;
  zh: string;
  en: string;
  /** Roles that must approve where this policy applies. */
  route: Role[];
  effect: 'permit' | 'forbid';
  file: string;
  line: number;
};

/** A rule set that was checked and is ready to be asked. `notes` are in the order of files and lines. */
export type RuleSet = { digest: Digest; document: RuleSetDocument; notes: ReadonlyMap<string, PolicyNote> };

/** A rule set document that can't be used; nothing of it comes into force. `file` and `line` say where (line 1 is the first). */
export class RuleSetInvalidError extends Error {
  override name = 'RuleSetInvalidError';
  readonly file: string;
  readonly line: number;
  readonly reason: string;

  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`);
    this.file = file;
    this.line = line;
    this.reason = reason;
  }
}

const SCHEMA_FILE = 'schema.cedarschema';
const CHAIN_FOLDER = 'chain/';

const loadedByDigest = new Map<Digest, RuleSet>();
/** Spares the canonical JSON of a document that was loaded before. */
const loadedByDocument = new WeakMap<RuleSetDocument, RuleSet>();

/**
 * Checks a rule set document and readies it for decisions: every policy parses, carries its annotations, names only
 * what the schema has (Cedar's strict validation; a policy that can never apply is refused too), and no id or reason
 * stands twice. Loaded sets are kept by digest for the life of the process.
 * @throws RuleSetInvalidError naming the first fault.
 */
export function loadRuleSet(document: RuleSetDocument): RuleSet {
  const known = loadedByDocument.get(document);
  if (known) return known;
  const digest = digestOf(document);
  const ruleSet = loadedByDigest.get(digest) ?? checked(document, digest);
  loadedByDigest.set(digest, ruleSet);
  loadedByDocument.set(document, ruleSet);
  return ruleSet;
}

/**
 * The rule set that lies beside this code: `rules/` in the tree, `policy/` beside a bundle; with the region's own files
 * of `policies/<region>/` (at the top of the repository, or beside the bundle; or of the folder given) where there are any.
 * @throws RuleSetInvalidError
 */
export function bundledRuleSet(region?: string, policies?: URL): RuleSet {
  const inTree = existsSync(new URL(`./rules/${SCHEMA_FILE}`, import.meta.url));
  const base = new URL(inTree ? './rules/' : './policy/', import.meta.url);
  const chains = policies ?? new URL(inTree ? '../../policies/' : './policies/', import.meta.url);
  const chain = region && new URL(`${region}/`, chains);
  return loadRuleSet(ruleSetDocumentFrom(base, chain && existsSync(chain) ? chain : undefined));
}

/** Reads a rule set from folders: the base (schema and policies) and, where given, a chain's own policies. */
export function ruleSetDocumentFrom(base: URL, chain?: URL): RuleSetDocument {
  return {
    version: 1,
    schema: readFileSync(new URL(SCHEMA_FILE, base), 'utf8'),
    policies: [...policyFiles(base, ''), ...(chain ? policyFiles(chain, CHAIN_FOLDER) : [])].sort((a, b) =>
      a.file < b.file ? -1 : 1,
    ),
  };
}

function policyFiles(folder: URL, prefix: string): RuleSetDocument['policies'] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cedar'))
    .map((name) => ({ file: prefix + name, text: readFileSync(new URL(name, folder), 'utf8') }));
}

const annotationsSchema = z.object({
  id: z.string().regex(/^[A-Z]\d+(\.[a-z0-9-]+)*$/, 'must be a rule id such as A1 or A1.same-person'),
  reason: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a code in kebab case'),
  zh: z.string().min(1),
  en: z.string().min(1),
  route: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((role) => role !== ''))
    .pipe(z.array(z.enum(ROLE_NAMES))),
});

function checked(document: RuleSetDocument, digest: Digest): RuleSet {
  const schema = preparseSchema(digest, document.schema);
  if (schema.type === 'failure') throw fault(SCHEMA_FILE, document.schema, schema.errors);
  const notes = new Map<string, PolicyNote>();
  const texts: Record<string, string> = {};
  for (const { file, text } of document.policies) {
    for (const policy of policiesOf(file, text)) {
      refuseDoubles(notes, policy.note);
      notes.set(policy.note.id, policy.note);
      texts[policy.note.id] = policy.text;
    }
  }
  validateAgainstSchema(document.schema, texts, notes);
  const policies = preparsePolicySet(digest, { staticPolicies: texts });
  if (policies.type === 'failure') throw fault('rule set', '', policies.errors);
  return { digest, document, notes };
}

function policiesOf(file: string, text: string): { text: string; note: PolicyNote }[] {
  const parts = policySetTextToParts(text);
  if (parts.type === 'failure') throw fault(file, text, parts.errors);
  const template = parts.policy_templates[0];
  if (template !== undefined) {
    throw new RuleSetInvalidError(file, lineOf(text, template), 'policy templates are not used here');
  }
  return parts.policies
    .map((policy) => ({ text: policy, note: noteOf(file, lineOf(text, policy), policy) }))
    .sort((a, b) => a.note.line - b.note.line);
}

function noteOf(file: string, line: number, text: string): PolicyNote {
  const answer = policyToJson(text);
  if (answer.type === 'failure') throw fault(file, text, answer.errors);
  const { annotations = {}, effect, action } = answer.json;
  const parsed = annotationsSchema.safeParse(annotations);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new RuleSetInvalidError(file, line, `annotation @${issue?.path.join('.')}: ${issue?.message}`);
  }
  if (file.startsWith(CHAIN_FOLDER) && effect === 'permit' && !isRouteOnly(action)) {
    throw new RuleSetInvalidError(
      file,
      line,
      `${parsed.data.id}: a chain's own policy may forbid, or add roles (action == Action::"route"); it may not permit`,
    );
  }
  const { id, reason, zh, en, route } = parsed.data;
  return { id, rule: id.replace(/\..*$/, ''), reason, zh, en, route, effect, file, line };
}

const routeOnlySchema = z.object({
  op: z.literal('=='),
  entity: z.object({ type: z.literal('Action'), id: z.literal('route') }),
});

function isRouteOnly(action: unknown): boolean {
  return routeOnlySchema.safeParse(action).success;
}

function refuseDoubles(notes: ReadonlyMap<string, PolicyNote>, note: PolicyNote): void {
  for (const other of notes.values()) {
    const twice =
      other.id === note.id ? `id ${note.id}` : other.reason === note.reason ? `reason ${note.reason}` : null;
    if (twice) {
      throw new RuleSetInvalidError(
        note.file,
        note.line,
        `${twice} is used twice, first at ${other.file}:${other.line}`,
      );
    }
  }
}

function validateAgainstSchema(
  schema: string,
  texts: Record<string, string>,
  notes: ReadonlyMap<string, PolicyNote>,
): void {
  const answer = validate({
    schema,
    policies: { staticPolicies: texts },
    validationSettings: { mode: 'strict' },
  });
  if (answer.type === 'failure') throw fault('rule set', '', answer.errors);
  const [first] = [...answer.validationErrors, ...answer.validationWarnings];
  if (!first) return;
  const note = notes.get(first.policyId);
  const text = texts[first.policyId] ?? '';
  const inPolicy = lineAt(text, first.error.sourceLocations?.[0]?.start ?? 0) - 1;
  throw new RuleSetInvalidError(
    note?.file ?? 'rule set',
    (note?.line ?? 1) + inPolicy,
    withHelp(first.error),
  );
}

function fault(file: string, text: string, errors: DetailedError[]): RuleSetInvalidError {
  const [first] = errors;
  if (!first) return new RuleSetInvalidError(file, 1, 'Cedar refused it without a reason');
  return new RuleSetInvalidError(file, lineAt(text, first.sourceLocations?.[0]?.start ?? 0), withHelp(first));
}

function withHelp(error: DetailedError): string {
  const hint = error.help ?? error.sourceLocations?.[0]?.label;
  return hint ? `${error.message} (${hint})` : error.message;
}

/** Cedar counts bytes of UTF-8, not characters. */
function lineAt(text: string, byteOffset: number): number {
  return Buffer.from(text, 'utf8').subarray(0, byteOffset).toString('utf8').split('\n').length;
}

function lineOf(text: string, part: string): number {
  return text.slice(0, Math.max(0, text.indexOf(part))).split('\n').length;
}
