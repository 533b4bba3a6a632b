import { canProviderMove } from '../../shared/domain/provider-request.ts';
import { badInput, conflict, done, type HttpResult, ok } from '../../shared/runtime/http-result.ts';
import { changeAsItStands, type ProviderCall, type Step, stop } from './change-as-it-stands.ts';
import type { RefusedBody, SentBody } from './provider-body.ts';
import type { ProviderDependencies } from './provider-dependencies.ts';
import { sealing } from './sealing.ts';
import { shownProviderRequest } from './shown-provider-request.ts';

type Dependencies = Pick<ProviderDependencies, 'region' | 'ruleSets' | 'store' | 'providers' | 'keys'>;
type Moved = Awaited<ReturnType<typeof changeAsItStands>>;

/** The letter was sent: from now on its answer is awaited, by the date that the letter names. */
export async function recordSent(
  call: ProviderCall & { body: SentBody },
  dependencies: Dependencies,
): Promise<HttpResult> {
  const { actor, now, body } = call;
  const at = new Date(body.at ?? now);
  const moved = await changeAsItStands(call, 'ask-provider', dependencies, async (row): Promise<Step> => {
    const repeated = row.sent !== null && row.sent.by === actor.personId && isSaid(body.at, row.sent.at);
    if (repeated) return stop(ok(await shown({ outcome: 'moved', row }, dependencies)));
    if (!canProviderMove(row.state, 'send')) return stop(notInState());
    const letter = row.letters.at(-1);
    if (letter === undefined || row.answerBy === null || at >= new Date(row.answerBy)) {
      return stop(conflict('L8', 'no-letter-to-send'));
    }
    if (at > now || at < startOfMinute(letter.at)) {
      return stop(
        badInput(
          { zh: '寄出时间须在出函之后、现在之前', en: 'the letter is sent between its issue and now' },
          'body.at',
          {
            zh: '写明寄出时间;之后出具的是另一份函',
            en: 'state when it was sent; a letter that was issued since is another',
          },
        ),
      );
    }
    const seal = await sealing(row, dependencies);
    const reference = seal('sent', body.reference);
    return dependencies.providers.move(
      row,
      'send',
      {
        sent: {
          by: actor.personId,
          recordedAt: now.toISOString(),
          at: at.toISOString(),
          reference: reference.sealed,
          referenceCommitment: reference.commitment,
        },
      },
      {
        at: now,
        actor: actor.personId,
        data: {
          requestId: row.requestId,
          sentAt: at.toISOString(),
          letter: letter.digest,
          answerBy: row.answerBy,
          referenceCommitment: reference.commitment,
        },
      },
    );
  });
  return answered(moved, dependencies);
}

/** The provider won't answer: its reason is sealed. */
export async function recordRefused(
  call: ProviderCall & { body: RefusedBody },
  dependencies: Dependencies,
): Promise<HttpResult> {
  const { actor, now, body } = call;
  const at = new Date(body.at ?? now);
  const moved = await changeAsItStands(call, 'settle-provider-request', dependencies, async (row) => {
    const { requestId, refusal } = row;
    if (refusal !== null && refusal.by === actor.personId && isSaid(body.at, refusal.at)) {
      return stop(ok(await shown({ outcome: 'moved', row }, dependencies)));
    }
    if (!canProviderMove(row.state, 'refuse')) return stop(notInState());
    if (at > now || at < new Date(row.sent?.at ?? at)) return stop(notWhenItCame());
    const seal = await sealing(row, dependencies);
    const reason = seal('refusal', body.reason);
    return dependencies.providers.move(
      row,
      'refuse',
      {
        refusal: {
          by: actor.personId,
          recordedAt: now.toISOString(),
          at: at.toISOString(),
          reference: body.reference === undefined ? null : seal('refused', body.reference).sealed,
          reason: reason.sealed,
          reasonCommitment: reason.commitment,
        },
      },
      {
        at: now,
        actor: actor.personId,
        data: { requestId, refusedAt: at.toISOString(), reasonCommitment: reason.commitment },
      },
    );
  });
  return answered(moved, dependencies);
}

/** Nothing is asked any more: whatever the provider still sends is not awaited. */
export async function withdrawProviderRequest(
  call: ProviderCall,
  dependencies: Dependencies,
): Promise<HttpResult> {
  const { actor, now } = call;
  const moved = await changeAsItStands(call, 'settle-provider-request', dependencies, async (row) => {
    if (row.withdrawal?.by === actor.personId) {
      return stop(ok(await shown({ outcome: 'moved', row }, dependencies)));
    }
    if (!canProviderMove(row.state, 'withdraw')) return stop(notInState());
    return dependencies.providers.move(
      row,
      'withdraw',
      { withdrawal: { by: actor.personId, at: now.toISOString() } },
      { at: now, actor: actor.personId, data: { requestId: row.requestId, was: row.state } },
    );
  });
  return answered(moved, dependencies);
}

/** Whether a repeated call says the same time, or none. */
function isSaid(at: string | undefined, recorded: string): boolean {
  return at === undefined || new Date(at).toISOString() === recorded;
}

export function notInState(): HttpResult {
  return conflict('L8', 'provider-request-not-in-state');
}

export function notWhenItCame(): HttpResult {
  return badInput(
    { zh: '答复时间须在寄出之后、现在之前', en: 'the answer came between the sending of the letter and now' },
    'body.at',
    { zh: '写明收到时间', en: 'state when it came' },
  );
}

/** People state a time by the minute; a letter is issued at a second. */
function startOfMinute(at: string): Date {
  return new Date(Math.floor(new Date(at).getTime() / 60_000) * 60_000);
}

async function answered(moved: Moved, dependencies: Dependencies): Promise<HttpResult> {
  return moved.outcome === 'stop' ? moved.answer : done(await shown(moved, dependencies));
}

async function shown({ row }: Extract<Moved, { outcome: 'moved' }>, { keys }: Dependencies) {
  return shownProviderRequest(row, await keys.read('evidence', row.requestId));
}
