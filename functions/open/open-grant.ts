import type { AccessGrant, Opening } from '../../shared/domain/access-grant.ts';
import { derivedId } from '../../shared/domain/identifiers.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { StepUpBody } from '../../shared/domain/step-up.ts';
import { deny, type Verdict } from '../../shared/domain/verdict.ts';
import { copyDeletedData } from '../../shared/loop/clear-grant.ts';
import type { StepUpOutcome } from '../../shared/policy/facts.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CopyRenderer } from '../../shared/ports/copy-renderer.ts';
import type { DeviceStore } from '../../shared/ports/device-store.ts';
import type { GrantStore, PrepareResult } from '../../shared/ports/grant-store.ts';
import type { LinkSigner } from '../../shared/ports/link-signer.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import {
  accepted,
  conflict,
  done,
  type HttpResult,
  notFound,
  ok,
  refused,
} from '../../shared/runtime/http-result.ts';
import { checkStepUp, keepStepUp, type StepUpSources } from '../../shared/step-up/take-step-up.ts';
import type { CheckedStepUp } from '../../shared/step-up/verify-step-up.ts';

/** Up to this many records a copy is rendered while the caller waits; the API answers within 30 s or not at all. */
export const RECORDS_RENDERED_AT_ONCE = 2_000;
const ATTEMPTS = 8;

export type OpenCall = {
  requestId: string;
  actor: Person;
  /** The caller's idempotency key: the same key is the same opening. */
  key: string;
  /** What the own device signed (A6). An opening that is there already needs no further one. */
  stepUp?: StepUpBody | undefined;
};

export type OpenDependencies = {
  clock: Clock;
  /** Seconds that a link lives, and minutes that its copy does. */
  limits: { linkSeconds: number; copyMinutes: number };
  grants: GrantStore;
  delivery: ObjectStore;
  renderer: CopyRenderer;
  links: LinkSigner;
  /** Gathers the facts of now and asks the rulebook: pinned and current rule set, the stricter wins. */
  decide(grant: AccessGrant, actor: Person, now: Date, stepUp: StepUpOutcome): Promise<Verdict>;
  stepUps: StepUpSources & { devices: Pick<DeviceStore, 'read'> };
  /** An opening was counted. */
  counted(): void;
};

/**
 * One opening: decide, render, decide again, count it with its event in one transaction, and only then sign a link.
 * Each pass reads what stands, decides on that, and does the one thing that comes next, so that a call which was cut
 * off anywhere is finished by the next call with the same key. No event, no link.
 */
export async function openGrant(call: OpenCall, dependencies: OpenDependencies): Promise<HttpResult> {
  const { grants, clock } = dependencies;
  const openingId = derivedId('opn', call.requestId, call.actor.personId, call.key);
  let rendering: Rendering | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // The grant first: an opening that is read afterwards can only be further than the grant says, never less far.
    const grant = await grants.read(call.requestId);
    if (grant === null) return notFound({ zh: '没有这份申请', en: 'no such request' }, 'path.id');
    const opening = await grants.opening(call.requestId, openingId);
    const now = clock();
    const stepUp = await stepUpFor(opening, grant, call, now, dependencies);
    const verdict = await dependencies.decide(
      withoutThisOpening(grant, opening),
      call.actor,
      now,
      stepUp.outcome,
    );
    if (verdict.outcome === 'deny') {
      if (opening?.state === 'preparing') await discard(opening, dependencies);
      return refused(verdict);
    }
    if (opening?.state === 'issued') return link(grant, opening, dependencies);
    if (opening !== null && isOver(opening, now)) return spent();
    if (opening === null) {
      // Whatever a rule set allows: nothing opens that nobody signed.
      if (stepUp.outcome !== 'verified' || !('use' in stepUp)) return refused(deny('A6', 'step-up-missing'));
      const outcome = await prepare(grant, openingId, stepUp, now, dependencies);
      if (outcome === 'none-left') return noneLeft();
      continue;
    }
    if (opening.copyKey === null) {
      // What fails is looked at again first: the grant may have ended meanwhile, or another have had it rendered.
      if (rendering?.outcome === 'failed') throw rendering.error;
      // A copy rendered in the background is repeated by the platform; where that fails too, its time runs out.
      if (!rendersAtOnce(grant) || rendering !== null) return accepted({ state: 'preparing', openingId });
      rendering = await render(opening, dependencies);
      continue;
    }
    const issued = await issue(grant, opening, now, dependencies);
    if (issued !== 'stale') return issued;
  }
  return conflict('A7', 'row-keeps-changing');
}

/** The grant as this opening's decision sees it: an opening that was counted already needs no further one. */
function withoutThisOpening(grant: AccessGrant, opening: Opening | null): AccessGrant {
  const counted = opening !== null && opening.number !== null;
  return counted ? { ...grant, opened: grant.opened - 1 } : grant;
}

/**
 * The step-up of a new opening; of one that is there, whether it may still rest on its own: not once the device that it was
 * asked for with is revoked.
 */
async function stepUpFor(
  opening: Opening | null,
  grant: AccessGrant,
  { actor, stepUp }: OpenCall,
  now: Date,
  { stepUps }: OpenDependencies,
): Promise<CheckedStepUp | { outcome: StepUpOutcome }> {
  if (opening === null) {
    const act = {
      action: 'open',
      subject: grant.requestId,
      digest: grant.requestDigest ?? '',
      role: null,
      reason: null,
      person: actor.personId,
      now,
    } as const;
    return checkStepUp(stepUp, act, stepUps);
  }
  if (opening.stepUp === undefined) return { outcome: 'missing' };
  const device = await stepUps.devices.read(opening.by, opening.stepUp.credentialId);
  if (device === null) return { outcome: 'device-not-enrolled' };
  return { outcome: device.state === 'enrolled' ? 'verified' : 'device-revoked' };
}

async function prepare(
  grant: AccessGrant,
  openingId: string,
  stepUp: Extract<CheckedStepUp, { outcome: 'verified' }>,
  now: Date,
  { grants, renderer, limits, stepUps }: OpenDependencies,
): Promise<PrepareResult['outcome']> {
  const opening: Opening = {
    openingId,
    requestId: grant.requestId,
    state: 'preparing',
    number: null,
    by: stepUp.use.person,
    stepUp: await keepStepUp(stepUp.evidence, stepUps),
    copyKey: null,
    copyDigest: null,
    createdAt: now.toISOString(),
    issuedAt: null,
    expiresAt: null,
    deleteAt: later(now, limits.copyMinutes * 60),
  };
  const result = await grants.prepare(grant, opening, stepUp.use);
  // Only whoever made the row has it rendered.
  if (result.outcome === 'prepared' && !rendersAtOnce(grant)) await renderer.renderLater(result.opening);
  return result.outcome;
}

type Rendering = { outcome: 'rendered' } | { outcome: 'failed'; error: unknown };

async function render(copy: Opening, { renderer }: OpenDependencies): Promise<Rendering> {
  try {
    await renderer.render(copy);
    return { outcome: 'rendered' };
  } catch (error) {
    return { outcome: 'failed', error };
  }
}

async function issue(
  grant: AccessGrant,
  opening: Opening,
  now: Date,
  dependencies: OpenDependencies,
): Promise<HttpResult | 'stale'> {
  const { grants, limits } = dependencies;
  const issued: Opening = {
    ...opening,
    state: 'issued',
    number: grant.opened + 1,
    issuedAt: now.toISOString(),
    expiresAt: earlier(later(now, limits.linkSeconds), grant.windowEnds),
    deleteAt: later(now, limits.copyMinutes * 60),
  };
  const result = await grants.issue(grant, issued, {
    at: now,
    actor: opening.by,
    data: {
      openingId: opening.openingId,
      opening: issued.number,
      copyDigest: issued.copyDigest,
      records: grant.staged?.records ?? null,
      linkExpires: issued.expiresAt,
      stepUp: issued.stepUp?.evidence ?? null,
    },
  });
  if (result.outcome === 'stale') return 'stale';
  dependencies.counted();
  const linked = await link(result.grant, issued, dependencies);
  return linked.status === 200 ? done(linked.body) : linked;
}

/** A link for what is left of the opening's time: the first one, or a fresh one for the same key. */
async function link(
  grant: AccessGrant,
  { openingId, copyKey, expiresAt }: Opening,
  { clock, links }: OpenDependencies,
): Promise<HttpResult> {
  const seconds = expiresAt === null ? 0 : Math.floor((Date.parse(expiresAt) - clock().getTime()) / 1000);
  if (copyKey === null || seconds < 1) return spent();
  const url = await links.sign({ key: copyKey, seconds, session: openingId });
  return ok({ url, expiresAt, opensLeft: grant.opens - grant.opened, openingId });
}

/** R11: this key's opening is over. Another opening needs another key. */
function spent(): HttpResult {
  return refusedWith(
    deny('R11', 'link-expired'),
    '本次打开已结束,请用新的幂等键 · this opening is over: open again with a new key',
  );
}

/** R11: what is left is being prepared already. An opening that is never finished gives its place back. */
function noneLeft(): HttpResult {
  return refusedWith(
    deny('R11', 'no-openings-left'),
    '剩余的打开正在准备中,请用原幂等键,或待其结束 · the openings left are being prepared: use their keys, or wait until they end',
  );
}

function refusedWith(verdict: Verdict, remedy: string): HttpResult {
  const { status, body } = refused(verdict);
  return { status, body: { ...body, remedy } };
}

/** It will not be issued: its copy goes, and it ends with an event. */
async function discard(opening: Opening, { grants, delivery, clock }: OpenDependencies): Promise<void> {
  if (opening.copyKey !== null) await delivery.delete(opening.copyKey);
  await grants.copyDeleted(opening, { at: clock(), actor: opening.by, data: copyDeletedData(opening) });
}

/** Its copy is gone, or may be swept at any moment. */
function isOver(opening: Opening, now: Date): boolean {
  return opening.state === 'deleted' || opening.deleteAt <= now.toISOString();
}

function rendersAtOnce(grant: AccessGrant): boolean {
  return (grant.staged?.records ?? 0) <= RECORDS_RENDERED_AT_ONCE;
}

function later(from: Date, seconds: number): string {
  return new Date(from.getTime() + seconds * 1000).toISOString();
}

function earlier(one: string, other: string | null): string {
  return other !== null && other < one ? other : one;
}
