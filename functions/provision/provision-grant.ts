import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import type { StartInput, StepOutput } from '../../shared/domain/step-input.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { type FoundInScope, findAgain } from '../../shared/facts/find-again.ts';
import { provisionFacts, type SignedApprovals } from '../../shared/facts/gather-facts.ts';
import { isStillThen, type RetrievalFacts, retrievalFacts } from '../../shared/facts/retrieval-facts.ts';
import { ruleSetsFor } from '../../shared/facts/rule-sets-in-force.ts';
import { clearGrant } from '../../shared/loop/clear-grant.ts';
import { moveAsItStands } from '../../shared/loop/move-as-it-stands.ts';
import { type CommitmentFacts, completenessOf, suppliersOf } from '../../shared/package/completeness.ts';
import { encodeStaged } from '../../shared/package/staged-package.ts';
import { type StagedRecord, stageRecords } from '../../shared/package/staged-records.ts';
import { decideProvision } from '../../shared/policy/decide-provision.ts';
import { decideUnder } from '../../shared/policy/decide-under.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import type { BatchCountsReader } from '../../shared/ports/batch-counts.ts';
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
  decryptScope,
} from '../../shared/view/decrypt-scope.ts';
import { mediaAsApproved } from '../../shared/view/media-as-approved.ts';
import { compareCommitments } from './compare-commitments.ts';
import { stageGrant } from './stage-grant.ts';
import { isTooLarge, mediaToStage, type StageMediaDependencies, stageMedia } from './stage-media.ts';

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

async function provision(
  grant: AccessGrant,
  dependencies: ProvisionDependencies,
  lookAgain = true,
): Promise<MoveResult> {
  const decidedAt = dependencies.clock();
  const found = await findAgain(grant, dependencies, decidedAt);
  const counted = await retrievalFacts(grant, found.people, { ...dependencies, now: decidedAt });
  const verdict = await decide(grant, found, counted, dependencies);
  if (verdict.outcome === 'deny') return end(grant, found, verdict, dependencies);
  const { masking } = grant;
  // Whatever a rule set allows: there is no package yet that could carry originals unseen.
  if (masking === 'original') {
    const unsealed: Verdict = {
      ...verdict,
      outcome: 'deny',
      reasons: ['sealed-package-not-available'],
      rules: ['E1'],
    };
    return end(grant, found, unsealed, dependencies);
  }

  let decrypted: Awaited<ReturnType<typeof decryptScope>>;
  try {
    decrypted = await decryptScope(found.blocks, dependencies);
  } catch (error) {
    if (!(error instanceof BlockMissingError)) throw error;
    // The block may have been merged into another since its row was read.
    if (lookAgain) return provision(grant, dependencies, false);
    dependencies.blockRefused();
    throw error;
  }
  if ('unreadable' in decrypted) {
    // The rows are still there and the keys are not: retention is at work on them.
    const missing = found.missing + decrypted.unreadable;
    const changed: Verdict = { ...verdict, outcome: 'deny', reasons: ['records-changed'], rules: ['A7'] };
    return end(grant, { ...found, missing }, changed, dependencies);
  }

  const { records: approved, later: mediaLater } = mediaAsApproved(decrypted.records, found.frozen);
  const records = stageRecords(approved, masking);
  const batches = await dependencies.batchCounts(batchesBehind(records));
  const commitments = await compareCommitments(
    approved,
    new Map(
      batches.flatMap(({ batchId, commitment }) => (commitment === null ? [] : [[batchId, commitment]])),
    ),
    dependencies,
  );
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
  const media = mediaToStage(records, approved);
  if (isTooLarge(plaintext.length, media)) {
    const tooLarge: Verdict = { ...verdict, outcome: 'deny', reasons: ['package-too-large'], rules: ['R6'] };
    return end(grant, found, tooLarge, dependencies);
  }
  await stageMedia(grant.requestId, media, dependencies);
  const staged = await stageGrant(grant.requestId, plaintext, dependencies);

  const now = dependencies.clock();
  const windowEnds = new Date(now.getTime() + grant.windowHours * HOUR_MS).toISOString();
  const { conversations } = completeness.found;
  // Another month has begun since: what was counted is decided again.
  if (!isStillThen(counted, grant, { ...dependencies, now })) return { outcome: 'stale' };
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
      data: {
        rules: verdict.rules,
        scope: found.facts.scopeDigestNow,
        staged: staged.digest,
        records: records.length,
        conversations,
        missing: completeness.missing.length,
        newer: found.newer.length,
        batches: completeness.batches.length,
        duplicates: total(completeness.batches.map(({ duplicates }) => duplicates)),
        conflicts: completeness.conflicts.length,
        rejected: total(completeness.batches.map(({ rejected }) => rejected)),
        committed: sum(commitments, 'committed'),
        deleted: sum(commitments, 'deleted'),
        lost,
        unproven: completeness.batches.filter(({ commitment }) => commitment?.state !== 'read').length,
        media: media.length,
        mediaLater,
        withheld: completeness.attachments.withheld,
        windowEnds,
        retrievals: counted.retrievals,
      },
    },
    counted.reservation,
  );
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
