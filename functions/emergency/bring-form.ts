import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { isFollowedUp } from '../../shared/domain/break-glass.ts';
import type { Person } from '../../shared/domain/person.ts';
import { deny } from '../../shared/domain/verdict.ts';
import { frozenScopeFacts } from '../../shared/facts/gather-facts.ts';
import { ruleSetsFor } from '../../shared/facts/rule-sets-in-force.ts';
import {
  moveAsItStands,
  RequestMissingError,
  RowKeepsChangingError,
} from '../../shared/loop/move-as-it-stands.ts';
import { decideForm } from '../../shared/policy/decide-emergency.ts';
import { decideUnder } from '../../shared/policy/decide-under.ts';
import type { GrantStore, MoveResult } from '../../shared/ports/grant-store.ts';
import { conflict, done, type HttpResult, notFound, ok } from '../../shared/runtime/http-result.ts';
import { refusalOf } from '../../shared/runtime/refusal-of.ts';
import { type EmergencyFactSources, emergencyFacts } from './emergency-facts.ts';

export type BringFormDependencies = EmergencyFactSources & { store: Pick<GrantStore, 'read' | 'move'> };

type FormCall = { requestId: string; actor: Person; number: string; now: Date };
type Answer = { grant: AccessGrant } | { refusal: HttpResult };

/**
 * The paper form's number comes to the break-glass that it is of (L4, L5). The number stays in the row: people write names
 * into references, and events hold none. Brought again with the same number nothing changes.
 */
export async function bringForm(call: FormCall, dependencies: BringFormDependencies): Promise<HttpResult> {
  try {
    const result = await moveAsItStands<Answer>(dependencies.store, call.requestId, (grant) =>
      bring(grant, call, dependencies),
    );
    const answer = result.outcome === 'stop' ? result.answer : { grant: result.grant };
    if ('refusal' in answer) return answer.refusal;
    const { requestId, state, breakGlass, deadline } = answer.grant;
    const answered = result.outcome === 'moved' ? done : ok;
    return answered({
      ...{ requestId, state, deadline },
      form: breakGlass?.form ?? null,
      followedUp: isFollowedUp(answer.grant),
    });
  } catch (error) {
    if (error instanceof RequestMissingError)
      return notFound({ zh: '没有这份紧急调阅', en: 'no such break-glass' }, 'path.id');
    if (error instanceof RowKeepsChangingError) return conflict('A7', 'row-keeps-changing');
    throw error;
  }
}

async function bring(
  grant: AccessGrant,
  { actor, number, now }: FormCall,
  dependencies: BringFormDependencies,
): Promise<MoveResult | { outcome: 'stop'; answer: Answer }> {
  const stop = (answer: Answer) => ({ outcome: 'stop' as const, answer });
  if (!grant.emergency)
    return stop({ refusal: notFound({ zh: '没有这份紧急调阅', en: 'no such break-glass' }, 'path.id') });
  const [sets, facts] = await Promise.all([
    ruleSetsFor(dependencies.ruleSets, grant),
    emergencyFacts(grant, actor, frozenScopeFacts(grant), dependencies, now),
  ]);
  const verdict = decideUnder(sets, decideForm, facts);
  if (verdict.outcome === 'deny') return stop({ refusal: refusalOf(verdict) });
  const { breakGlass } = grant;
  if (breakGlass === undefined) return stop({ refusal: refusalOf(deny('L5', 'break-glass-not-in-use')) });
  if (breakGlass.form?.number === number) return stop({ grant });
  if (breakGlass.form !== null) return stop({ refusal: conflict('L5', 'form-is-there-already') });
  const form = { number, at: now.toISOString(), by: actor.personId };
  return dependencies.store.move(
    grant,
    'follow',
    { breakGlass: { ...breakGlass, form } },
    { at: now, actor: actor.personId, data: { form: true } },
  );
}
