import type { AccessGrant } from '../domain/access-grant.ts';
import { sha256 } from '../domain/digest.ts';
import { requestDigest } from '../domain/request-digest.ts';
import { type Scope, scopeSchema } from '../domain/scope.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { RecordsIndex } from '../ports/records-index.ts';
import { type FoundBlock, findRecords, scopeOf, withinScope } from './find-records.ts';
import type { FoundAgain } from './gather-facts.ts';

/** The frozen scope of a request isn't in the evidence bucket, or the object there isn't what its name says. */
export class ScopeAlteredError extends Error {
  override name = 'ScopeAlteredError';
}

/** What stands now of what was approved. `missing`: records of the frozen scope that are gone or were changed. */
export type FoundInScope = {
  frozen: Scope;
  blocks: FoundBlock[];
  missing: number;
  /** Records that match the request and came after it was checked: out of scope (A7). */
  newer: number;
  facts: FoundAgain;
};

/**
 * Finds the records of a request again: the frozen scope by its digest, re-hashed, and what of it is still there. The
 * guests are those that check found; what they wrote since, and whoever was linked since, is out of scope.
 * Throws ScopeAlteredError.
 */
export async function findAgain(
  grant: AccessGrant,
  { records, evidence }: { records: RecordsIndex; evidence: ObjectStore },
): Promise<FoundInScope> {
  if (grant.scope === null) throw new ScopeAlteredError('The request has no scope');
  const [frozen, found] = await Promise.all([
    frozenScope(grant.scope.digest, evidence),
    findRecords(records, grant, grant.scope.guests),
  ]);
  const blocks = withinScope(found, frozen);
  const { scope, digest, facts } = scopeOf(blocks);
  const commitments = new Map(scope.records.map((entry) => [entry.recordId, entry.commitment]));
  return {
    frozen,
    blocks,
    missing: frozen.records.filter((entry) => commitments.get(entry.recordId) !== entry.commitment).length,
    newer: scopeOf(found).scope.records.length - scope.records.length,
    facts: {
      scope: facts,
      scopeDigestNow: digest,
      requestDigestNow: requestDigest({ ...grant, scope: { ...grant.scope, digest } }),
    },
  };
}

/** The scope object of this digest: it is what its name says, byte for byte. */
export async function frozenScope(digest: string, evidence: ObjectStore): Promise<Scope> {
  const bytes = await evidence.get(`scopes/${digest.slice('sha256:'.length)}.json`);
  if (bytes === null) throw new ScopeAlteredError('The scope is not where check put it');
  if (sha256(bytes) !== digest) throw new ScopeAlteredError('The scope is not the one that was approved');
  return scopeSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}
