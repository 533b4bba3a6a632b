import { canonicalJson } from '../domain/canonical-json.ts';
import { digestOf } from '../domain/digest.ts';
import { type Scope, scopeSchema } from '../domain/scope.ts';
import type { ObjectStore } from '../ports/objects.ts';

/** The frozen scope is not in the evidence bucket where its digest says. */
export class ScopeMissingError extends Error {
  override name = 'ScopeMissingError';
}

/** The object is not the scope that its name says. */
export class ScopeAlteredError extends Error {
  override name = 'ScopeAlteredError';
}

/** Puts the scope into the evidence bucket under its digest; the same scope is there once. */
export async function writeScope(evidence: ObjectStore, scope: Scope, digest: string): Promise<void> {
  await evidence.putOnce(objectKey(digest), Buffer.from(canonicalJson(scope)), {
    contentType: 'application/json',
  });
}

/** The scope under this digest, hashed again. Throws ScopeMissingError, ScopeAlteredError. */
export async function readScope(evidence: ObjectStore, digest: string): Promise<Scope> {
  const bytes = await evidence.get(objectKey(digest));
  if (bytes === null) throw new ScopeMissingError(`The scope ${digest} is not in the evidence bucket`);
  const parsed = scopeSchema.safeParse(json(bytes));
  if (!parsed.success || digestOf(parsed.data) !== digest) {
    throw new ScopeAlteredError(`The object of scope ${digest} is not the one that was frozen`);
  }
  return parsed.data;
}

function objectKey(digest: string): string {
  return `scopes/${digest.slice('sha256:'.length)}.json`;
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
