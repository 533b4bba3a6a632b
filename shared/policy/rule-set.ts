import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { preparseSchema } from '@cedar-policy/cedar-wasm/nodejs';
import { type Digest, digestOf } from '../domain/digest.ts';
import type { RuleSetDocument } from '../domain/rule-set-document.ts';
import { checkPolicies, SCHEMA_FILE } from './check-policies.ts';
import { CHAIN_FOLDER, type NotedPolicy, notedPolicies, type PolicyNote } from './policy-notes.ts';
import { faultOf } from './rule-set-invalid-error.ts';

/** A rule set that is ready to be asked. `notes` and `policies` are in the order of files and lines. */
export type RuleSet = {
  digest: Digest;
  document: RuleSetDocument;
  notes: ReadonlyMap<string, PolicyNote>;
  policies: readonly NotedPolicy[];
};

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
  const ruleSet = loadedByDigest.get(digest) ?? prepared(document, digest, checkPolicies);
  loadedByDocument.set(document, ruleSet);
  return ruleSet;
}

/**
 * Readies a rule set that was published: it was checked then, and its digest is compared wherever it is fetched
 * (shared/aws/rule-sets.ts), so that a function that starts spends no time on checking it again.
 */
export function readyRuleSet({ digest, document }: { digest: Digest; document: RuleSetDocument }): RuleSet {
  return loadedByDigest.get(digest) ?? prepared(document, digest, notedPolicies);
}

/** A policy by its reason code, of any rule set that this process has loaded; null for a reason that none of them has. */
export function loadedNote(reason: string): PolicyNote | null {
  for (const { notes } of loadedByDigest.values()) {
    for (const note of notes.values()) if (note.reason === reason) return note;
  }
  return null;
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

/** The schema is kept for this digest; policies are parsed when an act is first asked about (evaluate.ts). */
function prepared(
  document: RuleSetDocument,
  digest: Digest,
  read: (document: RuleSetDocument) => NotedPolicy[],
): RuleSet {
  const schema = preparseSchema(digest, document.schema);
  if (schema.type === 'failure') throw faultOf(SCHEMA_FILE, document.schema, schema.errors);
  const policies = read(document);
  const notes = new Map(policies.map(({ note }) => [note.id, note]));
  const ruleSet = { digest, document, notes, policies };
  loadedByDigest.set(digest, ruleSet);
  return ruleSet;
}
