import type { AccessGrant } from '../domain/access-grant.ts';
import { nobody } from '../domain/person.ts';
import { requestDigest } from '../domain/request-digest.ts';
import { freezeScope, type Scope } from '../domain/scope.ts';
import type { RegionFacts } from '../policy/facts.ts';
import type { Cases } from '../ports/cases.ts';
import type { Directory } from '../ports/directory.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { RecordsIndex } from '../ports/records-index.ts';
import type { ConsentSources } from './consent-facts.ts';
import { asFrozen, type FoundBlock, findRecords, isAsFrozen, scopeOf, withinScope } from './find-records.ts';
import type { FoundAgain } from './gather-facts.ts';
import type { PersonInScope } from './people-in-scope.ts';
import { scopeFacts } from './scope-facts.ts';
import { readScope, ScopeMissingError } from './scope-object.ts';

/** What stands now of what was approved. */
export type FoundInScope = {
  frozen: Scope;
  blocks: FoundBlock[];
  /** The persons in it, with every guest id that stands for each now. */
  people: PersonInScope[];
  /** Records of the frozen scope that are gone or were changed, or of whose media one is gone or was changed. */
  missing: number;
  /** Media of its records that came into custody after it was frozen: out of scope (A7), as far as rows tell. */
  mediaLater: number;
  /** Ids of records that match the request and came after it was checked: out of scope (A7). */
  newer: string[];
  /** All but how often the guests were retrieved, which is asked of what is granted alone. */
  facts: Omit<FoundAgain, 'retrievals'>;
};

export type AgainSources = {
  records: RecordsIndex;
  evidence: ObjectStore;
  consents: ConsentSources['consents'];
  cases: Pick<Cases, 'ofGuests'>;
  directory: Pick<Directory, 'byId' | 'clientsOf'>;
  region: RegionFacts;
};

/**
 * Finds the records of a request again: the frozen scope by its digest, hashed anew, and what of it is still there. The
 * guests are those that check found; whoever was linked since is out of scope, as is what came since. Departments are those
 * of check, which alone can tell who takes part.
 * Throws ScopeMissingError, ScopeAlteredError.
 */
export async function findAgain(
  grant: AccessGrant,
  { records, evidence, consents, cases, directory, region }: AgainSources,
  at: Date,
): Promise<FoundInScope> {
  if (grant.scope === null) throw new ScopeMissingError(`Request ${grant.requestId} was never checked`);
  const [frozen, found, requester] = await Promise.all([
    readScope(evidence, grant.scope.digest),
    findRecords(records, grant, grant.scope.guests),
    directory.byId(grant.requester),
  ]);
  const blocks = withinScope(found, frozen);
  const named = new Set(frozen.records.map(({ recordId }) => recordId));
  const standing = new Map(scopeOf(blocks).scope.records.map((entry) => [entry.recordId, entry]));
  const compared = frozen.records.flatMap((entry) => {
    const now = standing.get(entry.recordId);
    return now === undefined ? [] : [{ frozen: entry, ...asFrozen(entry, now) }];
  });
  const { digest: scopeDigestNow } = freezeScope(compared.map(({ entry }) => entry));
  const intact = compared.filter(({ frozen: before, entry }) => isAsFrozen(before, entry)).length;
  const { facts, people } = await scopeFacts(
    blocks,
    {
      grant,
      requester: requester ?? nobody(grant.requester),
      departments: grant.scope.found?.departments ?? [],
      broughtBy: grant.scope.found?.broughtBy ?? [],
    },
    { records, consents, cases, directory, consentSources: region.consentSources, now: at },
  );
  return {
    frozen,
    blocks,
    people,
    missing: frozen.records.length - intact,
    mediaLater: compared.reduce((sum, { mediaLater }) => sum + mediaLater, 0),
    newer: scopeOf(found)
      .scope.records.map(({ recordId }) => recordId)
      .filter((recordId) => !named.has(recordId)),
    facts: {
      scope: facts,
      scopeDigestNow,
      requestDigestNow: requestDigest({ ...grant, scope: { ...grant.scope, digest: scopeDigestNow } }),
    },
  };
}
