import { sealText, textCommitment } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import type { Person } from '../../shared/domain/person.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { evidenceKeyOf } from '../../shared/loop/evidence-key.ts';
import {
  moveAsItStands,
  RequestMissingError,
  RowKeepsChangingError,
} from '../../shared/loop/move-as-it-stands.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import { type SettlingParts, settle } from '../../shared/loop/settle.ts';
import { decideEnding } from '../../shared/policy/decide-ending.ts';
import type { EndingFacts, RegionFacts } from '../../shared/policy/facts.ts';
import type { MoveResult } from '../../shared/ports/grant-store.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { conflict, done, type HttpResult, notFound, ok } from '../../shared/runtime/http-result.ts';
import { refusalOf } from '../../shared/runtime/refusal-of.ts';

export type EndingCall = {
  requestId: string;
  actor: Person;
  ending: EndingFacts['ending'];
  reason: string | null;
  now: Date;
};

export type EndDependencies = SettlingParts & {
  ruleSets: RuleSets;
  region: RegionFacts;
  /** Something broke after the ending stood; the reconciler finishes it. */
  broke(error: unknown): void;
};

/** What is answered where nothing moves: the row says it already, or the rulebook refuses. */
type Answer = { is: 'standing'; grant: AccessGrant } | { is: 'refused'; refusal: HttpResult };

/**
 * Ends a request or grant ahead of time. The state first, with its event; from then on nothing opens. Then the copies,
 * the staged object and the grant's key go, and the workflow is told. Repeated by the same person it finishes what was
 * begun.
 */
export async function endRequest(call: EndingCall, dependencies: EndDependencies): Promise<HttpResult> {
  const { store, broke } = dependencies;
  try {
    const result = await moveAsItStands<Answer>(store, call.requestId, (grant) =>
      end(grant, call, dependencies),
    );
    const answer = result.outcome === 'stop' ? result.answer : { is: 'standing' as const, ...result };
    if (answer.is === 'refused') return answer.refusal;
    const { grant } = answer;
    await settle(grant, { at: call.now, actor: call.actor.personId }, dependencies).catch(broke);
    const answered = result.outcome === 'moved' ? done : ok;
    return answered({ requestId: grant.requestId, state: grant.state });
  } catch (error) {
    if (error instanceof RequestMissingError)
      return notFound({ zh: '没有这份申请', en: 'no such request' }, 'path.id');
    if (error instanceof RowKeepsChangingError) return conflict('A7', 'row-keeps-changing');
    throw error;
  }
}

async function end(
  grant: AccessGrant,
  { actor, ending, reason, now }: EndingCall,
  { store, keys, ruleSets, region }: EndDependencies,
): Promise<MoveResult | { outcome: 'stop'; answer: Answer }> {
  if (grant.ending?.kind === ending && grant.ending.by === actor.personId) {
    return { outcome: 'stop', answer: { is: 'standing', grant } };
  }
  // Whoever may end it under the rules of now may end it: a stricter rule set of earlier keeps nothing open.
  const verdict = decideEnding(await currentRuleSet(ruleSets), { now, region, grant, actor, ending });
  if (verdict.outcome === 'deny')
    return { outcome: 'stop', answer: { is: 'refused', refusal: refusalOf(verdict) } };
  const why = reason === null ? NO_REASON : await sealed(grant.requestId, reason, keys);
  return store.move(
    grant,
    ending,
    {
      ending: { kind: ending, by: actor.personId, at: now.toISOString(), ...why },
      ...(ending === 'revoke' ? { endReason: 'revoked' } : {}),
    },
    { at: now, actor: actor.personId, data: { reasonCommitment: why.reasonCommitment } },
  );
}

const NO_REASON = { reason: null, reasonCommitment: null };

async function sealed(
  requestId: string,
  reason: string,
  keys: EndDependencies['keys'],
): Promise<{ reason: string; reasonCommitment: string }> {
  const key = await evidenceKeyOf(keys, requestId);
  const place = requestTexts.endingReason(requestId);
  return { reason: sealText(key, place, reason), reasonCommitment: textCommitment(key, place, reason) };
}
