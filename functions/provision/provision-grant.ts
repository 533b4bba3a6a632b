import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import type { StartInput, StepOutput } from '../../shared/domain/step-input.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { type FoundInScope, findAgain } from '../../shared/facts/find-again.ts';
import { provisionFacts, type SignedApprovals } from '../../shared/facts/gather-facts.ts';
import { isStillThen, type RetrievalFacts, retrievalFacts } from '../../shared/facts/retrieval-facts.ts';
import { ruleSetsFor } from '../../shared/facts/rule-sets-in-force.ts';
import { clearGrant } from '../../shared/loop/clear-grant.ts';
import { moveAsItStands } from '../../shared/loop/move-as-it-stands.ts';
import {
  type CommitmentFacts,
  type Completeness,
  completenessOf,
  suppliersOf,
} from '../../shared/package/completeness.ts';
import type { Masking } from '../../shared/package/mask.ts';
import { encodeStaged } from '../../shared/package/staged-package.ts';
import { type StagedRecord, stageRecords } from '../../shared/package/staged-records.ts';
import { decideProvision } from '../../shared/policy/decide-provision.ts';
import { decideUnder } from '../../shared/policy/decide-under.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import type { BatchCounts, BatchCountsReader } from '../../shared/ports/batch-counts.ts';
import type { Cases } from '../../shared/ports/cases.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ConsentStore } from '../../shared/ports/consent-store.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { GrantStore, MoveResult } from '../../shared/ports/grant-store.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { RecordsIndex } from '../../shared/ports/records-index.ts';
import type { RetrievalCounts } from '../../shared/ports/retrieval-counts.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import {
  BlockMissingError,
  type DecryptDependencies,
  type DecryptedRecord,
  decryptScope,
} from '../../shared/view/decrypt-scope.ts';
import { mediaAsApproved } from '../../shared/view/media-as-approved.ts';
import { compareCommitments } from './compare-commitments.ts';
import { type StagedObject, stageGrant } from './stage-grant.ts';
import {
  isTooLarge,
  type MediumToStage,
  mediaToStage,
  type StageMediaDependencies,
  stageMedia,
} from './stage-media.ts';

export type ProvisionDependencies = DecryptDependencies &
  Pick<StageMediaDependencies, 'vaultMedia' | 'deliveryMedia'> & {
    clock: Clock;
    region: RegionFacts;
    /** The region's hotels with their zones. */
    places: readonly { code: string; zone: string }[];
    counts: RetrievalCounts;
    cases: Cases;
    store: GrantStore;
    directory: Directory;
    signed: SignedApprovals;
    ruleSets: RuleSets;
    records: RecordsIndex;
    consents: Pick<ConsentStore, 'ofGuests'>;
    batchCounts: BatchCountsReader;
    requestKeys: RequestKeys;
    evidence: ObjectStore;
    delivery: ObjectStore;
    /** Records that a batch committed to are gone, and no retention run deleted them. */
    recordsLost(records: number): void;
  };

const ACTOR = 'function:provision';
const HOUR_MS = 3_600_000;

/**
 * Makes an approved request ready to be opened. Everything is asked again on the facts of now; what is then decrypted is
 * exactly what was approved; it lies in the delivery bucket under a key of this grant before the row says `open`.
 * What the rulebook no longer allows ends as `failed`; what is broken throws, for the workflow to compensate. A second
 * run goes on where the first was cut off.
 */
export async function provisionGrant(
  { version, requestId }: StartInput,
  dependencies: ProvisionDependencies,
): Promise<StepOutput> {
  const result = await moveAsItStands<AccessGrant>(dependencies.store, requestId, async (grant) =>
    grant.state === 'provisioning' ? provision(grant, dependencies) : { outcome: 'stop', answer: grant },
  );
  const grant = result.outcome === 'moved' ? result.grant : result.answer;
  // Revoked or failed meanwhile: whatever this run or one before it staged goes, whoever else clears too.
  if (grant.state === 'revoked' || grant.state === 'failed') await clear(requestId, dependencies);
  return { version, requestId, state: grant.state, route: grant.route };
}

/** `lookAgain`: false where a block was missing once already, and its rows were read anew since. */
async function provision(
  grant: AccessGrant,
  dependencies: ProvisionDependencies,
  lookAgain = true,
): Promise<MoveResult> {
  const asked = await askAgain(grant, dependencies);
  const { found, verdict } = asked;
  if (verdict.outcome === 'deny') return end(grant, found, verdict, dependencies);
  const { masking } = grant;
  // Whatever a rule set allows: there is no package yet that could carry originals unseen.
  if (masking === 'original') {
    return end(grant, found, refusedBy('E1', 'sealed-package-not-available', verdict), dependencies);
  }

  const decrypted = await decryptFound(found, lookAgain, dependencies);
  if (decrypted === 'look-again') return provision(grant, dependencies, false);
  if ('unreadable' in decrypted) {
    // The rows are still there and the keys are not: retention is at work on them.
    const missing = found.missing + decrypted.unreadable;
    return end(grant, { ...found, missing }, refusedBy('A7', 'records-changed', verdict), dependencies);
  }

  const contents = await contentsOf({ grant, found, masking, decrypted: decrypted.records }, dependencies);
  if (isTooLarge(contents.plaintext.length, contents.media)) {
    return end(grant, found, refusedBy('R6', 'package-too-large', verdict), dependencies);
  }
  await stageMedia(grant.requestId, contents.media, dependencies);
  const staged = await stageGrant(grant.requestId, contents.plaintext, dependencies);
  return makeOpen(grant, { asked, contents, staged }, dependencies);
}

/** What there is in scope now, how often its guests were retrieved, and what the rulebook says to both. */
type Asked = { found: FoundInScope; counted: RetrievalFacts; verdict: Verdict };

async function askAgain(grant: AccessGrant, dependencies: ProvisionDependencies): Promise<Asked> {
  const now = dependencies.clock();
  const found = await findAgain(grant, dependencies, now);
  const counted = await retrievalFacts(grant, found.people, { ...dependencies, now });
  return { found, counted, verdict: await decide(grant, found, counted, dependencies) };
}

async function decide(
  grant: AccessGrant,
  found: FoundInScope,
  { retrievals }: RetrievalFacts,
  { clock, region, directory, cases, signed, ruleSets }: ProvisionDependencies,
): Promise<Verdict> {
  const [sets, facts] = await Promise.all([
    ruleSetsFor(ruleSets, grant),
    provisionFacts({ directory, cases, region, signed, now: clock() }, grant, { ...found.facts, retrievals }),
  ]);
  return decideUnder(sets, decideProvision, facts);
}

/** What the rulebook allows and something else stands against. */
function refusedBy(rule: string, reason: string, allowed: Verdict): Verdict {
  return { ...allowed, outcome: 'deny', reasons: [reason], rules: [rule] };
}

/** `look-again`: a block is gone that may have been merged into another since its row was read. */
async function decryptFound(
  found: FoundInScope,
  lookAgain: boolean,
  dependencies: ProvisionDependencies,
): Promise<Awaited<ReturnType<typeof decryptScope>> | 'look-again'> {
  try {
    return await decryptScope(found.blocks, dependencies);
  } catch (error) {
    if (!(error instanceof BlockMissingError)) throw error;
    if (lookAgain) return 'look-again';
    dependencies.blockRefused();
    throw error;
  }
}

/** What a package of this grant is made of: its records and what is said of them, as they are staged, and its media. */
type Contents = {
  records: StagedRecord[];
  completeness: Completeness;
  commitments: ReadonlyMap<string, CommitmentFacts>;
  plaintext: Uint8Array;
  media: MediumToStage[];
  /** Media that came into custody after the scope was frozen. */
  mediaLater: number;
};

async function contentsOf(
  retrieval: { grant: AccessGrant; found: FoundInScope; masking: Masking; decrypted: DecryptedRecord[] },
  dependencies: ProvisionDependencies,
): Promise<Contents> {
  const { grant, found, masking, decrypted } = retrieval;
  const { records: approved, later: mediaLater } = mediaAsApproved(decrypted, found.frozen);
  const records = stageRecords(approved, masking);
  const batches = await dependencies.batchCounts(batchesBehind(records));
  const commitments = await compareCommitments(approved, digestsOf(batches), dependencies);
  const lost = sum(commitments, 'lost');
  // Said whatever becomes of this retrieval: records are gone either way.
  if (lost > 0) dependencies.recordsLost(lost);
  const completeness = completenessOf({
    scope: found.frozen,
    scopeDigest: found.facts.scopeDigestNow,
    records,
    newer: found.newer,
    batches,
    commitments,
    hotelsElsewhere: grant.hotelsElsewhere ?? [],
    mediaLater,
  });
  const plaintext = encodeStaged(records, completeness);
  return {
    records,
    completeness,
    commitments,
    plaintext,
    media: mediaToStage(records, approved),
    mediaLater,
  };
}

/** The row says `open` and counts the retrieval, where it counts now as it was decided. */
async function makeOpen(
  grant: AccessGrant,
  { asked, contents, staged }: { asked: Asked; contents: Contents; staged: StagedObject },
  dependencies: ProvisionDependencies,
): Promise<MoveResult> {
  const now = dependencies.clock();
  const windowEnds = new Date(now.getTime() + grant.windowHours * HOUR_MS).toISOString();
  // Another month has begun since: what was counted is decided again.
  if (!isStillThen(asked.counted, grant, { ...dependencies, now })) return { outcome: 'stale' };
  const { records } = contents;
  const { conversations } = contents.completeness.found;
  return dependencies.store.provision(
    grant,
    {
      provisionedAt: now.toISOString(),
      windowEnds,
      staged: { ...staged, records: records.length, conversations },
    },
    {
      at: now,
      actor: ACTOR,
      data: { ...provisionedData(asked, contents), staged: staged.digest, windowEnds },
    },
    asked.counted.reservation,
  );
}

/** What the event says of a provision besides where it was staged and until when it stands. */
function provisionedData({ found, counted, verdict }: Asked, contents: Contents) {
  const { records, completeness, commitments, media, mediaLater } = contents;
  const { batches } = completeness;
  return {
    rules: verdict.rules,
    scope: found.facts.scopeDigestNow,
    records: records.length,
    conversations: completeness.found.conversations,
    missing: completeness.missing.length,
    newer: found.newer.length,
    batches: batches.length,
    duplicates: total(batches.map(({ duplicates }) => duplicates)),
    conflicts: completeness.conflicts.length,
    rejected: total(batches.map(({ rejected }) => rejected)),
    committed: sum(commitments, 'committed'),
    deleted: sum(commitments, 'deleted'),
    lost: sum(commitments, 'lost'),
    unproven: batches.filter(({ commitment }) => commitment?.state !== 'read').length,
    media: media.length,
    mediaLater,
    withheld: completeness.attachments.withheld,
    retrievals: counted.retrievals,
  };
}

/** Refused on current facts: cleared before the row says so, so that no crash leaves something behind an end. */
async function end(
  grant: AccessGrant,
  found: FoundInScope,
  verdict: Verdict,
  dependencies: ProvisionDependencies,
): Promise<MoveResult> {
  await clear(grant.requestId, dependencies);
  const endReason = found.missing > 0 ? 'scope-changed' : (verdict.reasons[0] ?? 'refused');
  return dependencies.store.move(
    grant,
    'fail',
    { endReason },
    {
      at: dependencies.clock(),
      actor: ACTOR,
      data: {
        code: endReason,
        from: grant.state,
        rules: verdict.rules,
        reasons: verdict.reasons,
        scopeNow: found.facts.scopeDigestNow,
        missing: found.missing,
        newer: found.newer.length,
      },
    },
  );
}

async function clear(requestId: string, dependencies: ProvisionDependencies): Promise<void> {
  const { clock, store, requestKeys, delivery } = dependencies;
  await clearGrant(requestId, { at: clock(), actor: ACTOR }, { store, keys: requestKeys, delivery });
}

/** Those that brought records of a package, and those that brought media for them later. */
function batchesBehind(records: readonly StagedRecord[]): string[] {
  const suppliers = suppliersOf(records, []).map(({ batchId }) => batchId);
  return [...new Set([...records.map(({ source }) => source.batchId), ...suppliers])];
}

/** Of those that say what they committed to. */
function digestsOf(batches: readonly BatchCounts[]): Map<string, string> {
  return new Map(
    batches.flatMap(({ batchId, commitment }) => (commitment === null ? [] : [[batchId, commitment]])),
  );
}

function sum(
  commitments: ReadonlyMap<string, CommitmentFacts>,
  count: 'committed' | 'deleted' | 'lost',
): number {
  return [...commitments.values()].reduce((all, facts) => all + facts[count], 0);
}

/** Null where a batch behind the package says nothing: an unknown sum is no sum. */
function total(counts: (number | null)[]): number | null {
  return counts.reduce<number | null>(
    (sum, count) => (sum === null || count === null ? null : sum + count),
    0,
  );
}
