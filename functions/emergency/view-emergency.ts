import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { sha256 } from '../../shared/domain/digest.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { StepUpBody } from '../../shared/domain/step-up.ts';
import { deny } from '../../shared/domain/verdict.ts';
import { type FoundInScope, findAgain } from '../../shared/facts/find-again.ts';
import { approvalsOnRecord, type SignedApprovals } from '../../shared/facts/gather-facts.ts';
import { ruleSetsFor } from '../../shared/facts/rule-sets-in-force.ts';
import { decideEmergencyView } from '../../shared/policy/decide-emergency.ts';
import { decideUnder } from '../../shared/policy/decide-under.ts';
import type { StepUpOutcome } from '../../shared/policy/facts.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import { conflict, done, type HttpResult, notFound } from '../../shared/runtime/http-result.ts';
import { refusalOf } from '../../shared/runtime/refusal-of.ts';
import { checkStepUp, keepStepUp, type StepUpSources } from '../../shared/step-up/take-step-up.ts';
import type { ActToSign } from '../../shared/step-up/verify-step-up.ts';
import { BlockMissingError, type DecryptDependencies } from '../../shared/view/decrypt-scope.ts';
import { type MaskedRecords, maskedRecords } from '../../shared/view/masked-records.ts';
import { viewWatermark } from '../../shared/view/view-watermark.ts';
import { type EmergencyFactSources, emergencyFacts } from './emergency-facts.ts';

const ATTEMPTS = 4;

export type ViewCall = {
  requestId: string;
  actor: Person;
  /** What the session says of the browser or command that looks; no word on who signs. */
  device: string;
  /** What the own device signed (A6): each look needs one of its own. */
  stepUp?: StepUpBody | undefined;
};

export type ViewEmergencyDependencies = EmergencyFactSources &
  DecryptDependencies & {
    store: Pick<GrantStore, 'read' | 'move'>;
    signed: SignedApprovals;
    stepUps: StepUpSources;
    clock: Clock;
  };

/**
 * What break-glass shows to whoever started it (L5): masked, on screen, the newest of the frozen scope up to the region's
 * cap. Everything that allowed it is asked again, and the viewer's own device signs each look (A6, R5); then decrypt, mask,
 * record, show: what can't be recorded is not shown, and where anything changed meanwhile, the device's revocation included,
 * all of it is asked once more. The step-up is used up in the transaction that counts the look. Nothing is written that
 * could be read: there is no package and no link. The approvals count as at an opening: their signatures are checked again
 * from what was kept of them. What became of the records' media is said as it was when the scope was frozen.
 * Throws what reading blocks throws.
 */
export async function viewEmergency(
  { requestId, actor, device, stepUp: given }: ViewCall,
  dependencies: ViewEmergencyDependencies,
): Promise<HttpResult> {
  const { store, clock, region, stepUps } = dependencies;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const grant = await store.read(requestId);
    if (grant === null || !grant.emergency)
      return notFound({ zh: '没有这份紧急调阅', en: 'no such break-glass' }, 'path.id');
    const now = clock();
    const stepUp = await checkStepUp(given, lookAt(grant, actor, now), stepUps);
    const asked = await ask(grant, actor, stepUp.outcome, now, dependencies);
    if ('refused' in asked) return asked.refused;
    // Whatever a rule set allows: nothing is seen that nobody signed.
    if (stepUp.outcome !== 'verified') return refusalOf(deny('A6', 'step-up-missing'));
    const content = await shownOf(
      asked.found,
      capOver(asked.found, region.rules.emergencyRecords),
      dependencies,
    );
    if (content === 'look-again') continue;
    if ('unreadable' in content) return conflict('A7', 'records-changed');
    const { evidence } = await keepStepUp(stepUp.evidence, stepUps);
    // Its hours may have ended while the records were read: then it is asked again.
    if (grant.windowEnds === null || clock() >= new Date(grant.windowEnds)) continue;
    const { records, more } = content;
    const viewId = newId('view', now);
    const views = (grant.breakGlass?.views ?? 0) + 1;
    const event = {
      at: now,
      actor: actor.personId,
      data: {
        view: viewId,
        views,
        device,
        stepUp: evidence,
        rules: asked.rules,
        records: records.length,
        more,
        missing: asked.found.missing,
        newer: asked.found.newer.length,
        mediaLater: asked.found.mediaLater,
        shown: sha256(JSON.stringify(records)),
      },
    };
    const moved = await store.move(grant, 'view', changesOf(grant, views), event, stepUp.use);
    if (moved.outcome === 'stale') continue;
    const watermark = viewWatermark(actor, { viewId, at: now, hotel: grant.hotels.join(', ') });
    return done({
      ...{ requestId, viewId, views, records, more, watermark },
      newer: asked.found.newer.length,
      mediaLater: asked.found.mediaLater,
      atMost: region.rules.emergencyRecords,
      windowEnds: grant.windowEnds,
    });
  }
  return conflict('A7', 'row-keeps-changing');
}

/** What the viewer's device must have signed: this act, on exactly this request. */
function lookAt({ requestId, requestDigest }: AccessGrant, { personId }: Person, now: Date): ActToSign {
  return {
    action: 'view-emergency',
    subject: requestId,
    digest: requestDigest ?? '',
    role: null,
    reason: null,
    person: personId,
    now,
  };
}

async function ask(
  grant: AccessGrant,
  actor: Person,
  stepUp: StepUpOutcome,
  now: Date,
  sources: ViewEmergencyDependencies,
): Promise<{ found: FoundInScope; rules: string[] } | { refused: HttpResult }> {
  const sets = await ruleSetsFor(sources.ruleSets, grant);
  // Before anything is looked for: whoever may not look learns nothing, and what was never checked has nothing to find.
  const known = { ...(await emergencyFacts(grant, actor, null, sources, now)), stepUp };
  const may = decideUnder(sets, decideEmergencyView, { ...known, onRecord: null });
  if (may.outcome === 'deny') return { refused: refusalOf(may) };
  const [found, onRecord] = await Promise.all([
    findAgain(grant, sources, now),
    approvalsOnRecord(sources, known),
  ]);
  const verdict = decideUnder(sets, decideEmergencyView, { ...known, onRecord, scope: found.facts.scope });
  if (verdict.outcome === 'deny') return { refused: refusalOf(verdict) };
  return { found, rules: verdict.rules };
}

/**
 * The cap is that of the whole access (L5), however often somebody looks. Whatever of the frozen scope isn't found any more
 * counts as shown: else an older record would come up in its place, and the looks together would show more. So every look
 * stays among the same newest records of the scope as it was frozen, and nobody has to count what was seen.
 */
function capOver({ missing }: FoundInScope, records: number): number {
  return Math.max(0, records - missing);
}

/** A block may be merged into another between its row and its object: the rows are read again. */
async function shownOf(
  { blocks, frozen }: FoundInScope,
  cap: number,
  dependencies: ViewEmergencyDependencies,
): Promise<MaskedRecords | 'look-again'> {
  try {
    return await maskedRecords(blocks, cap, dependencies, frozen);
  } catch (error) {
    if (error instanceof BlockMissingError) return 'look-again';
    throw error;
  }
}

function changesOf({ breakGlass }: AccessGrant, views: number): Partial<AccessGrant> {
  return breakGlass === undefined ? {} : { breakGlass: { ...breakGlass, views } };
}
