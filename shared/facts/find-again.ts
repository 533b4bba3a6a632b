import type { AccessGrant } from '../domain/access-grant.ts';
import { requestDigest } from '../domain/request-digest.ts';
import type { Scope } from '../domain/scope.ts';
import type { RegionFacts } from '../policy/facts.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { RecordsIndex } from '../ports/records-index.ts';
import { type ConsentSources, platformsWithoutConsent } from './consent-facts.ts';
import { type FoundBlock, findRecords, scopeOf, withinScope } from './find-records.ts';
import { type FoundAgain, UNKNOWN } from './gather-facts.ts';
import { readScope, ScopeMissingError } from './scope-object.ts';

/** What stands now of what was approved. */
export type FoundInScope = {
  frozen: Scope;
  blocks: FoundBlock[];
  /** Records of the frozen scope that are gone or were changed. */
  missing: number;
  /** Ids of records that match the request and came after it was checked: out of scope (A7). */
  newer: string[];
  facts: FoundAgain;
};

/**
 * Finds the records of a request again: the frozen scope by its digest, hashed anew, and what of it is still there. The
 * guests are those that check found; whoever was linked since is out of scope, as is what came since.
 * Throws ScopeMissingError, ScopeAlteredError.
 */
export async function findAgain(
  grant: AccessGrant,
  {
    records,
    evidence,
    consents,
    region,
  }: {
    records: RecordsIndex;
    evidence: ObjectStore;
    consents: ConsentSources['consents'];
    region: RegionFacts;
  },
  at: Date,
): Promise<FoundInScope> {
  if (grant.scope === null) throw new ScopeMissingError(`Request ${grant.requestId} was never checked`);
  const [frozen, found] = await Promise.all([
    readScope(evidence, grant.scope.digest),
    findRecords(records, grant, grant.scope.guests),
  ]);
  const blocks = withinScope(found, frozen);
  const named = new Set(frozen.records.map(({ recordId }) => recordId));
  const now = scopeOf(blocks);
  const commitments = new Map(now.scope.records.map((entry) => [entry.recordId, entry.commitment]));
  return {
    frozen,
    blocks,
    missing: frozen.records.filter((entry) => commitments.get(entry.recordId) !== entry.commitment).length,
    newer: scopeOf(found)
      .scope.records.map(({ recordId }) => recordId)
      .filter((recordId) => !named.has(recordId)),
    facts: {
      scope: {
        ...now.facts,
        ...UNKNOWN,
        withoutConsent: await platformsWithoutConsent(blocks, {
          consents,
          records,
          consentSources: region.consentSources,
          now: at,
        }),
      },
      scopeDigestNow: now.digest,
      requestDigestNow: requestDigest({ ...grant, scope: { ...grant.scope, digest: now.digest } }),
    },
  };
}
