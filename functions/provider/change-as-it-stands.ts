import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { ProviderRequest } from '../../shared/domain/provider-request.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideProvider } from '../../shared/policy/decide-provider.ts';
import type { ProviderAct } from '../../shared/policy/facts.ts';
import type { ProviderMoveResult } from '../../shared/ports/provider-store.ts';
import { conflict, type HttpResult, notFound } from '../../shared/runtime/http-result.ts';
import { refusalOf } from '../../shared/runtime/refusal-of.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { ProviderDependencies } from './provider-dependencies.ts';

const ATTEMPTS = 8;

/** A provider request whose access request is gone: rows are never deleted, so something else deleted it. */
export class RequestOfProviderMissingError extends Error {
  override name = 'RequestOfProviderMissingError';
}

export type ProviderCall = { providerRequestId: string; actor: Person; now: Date };

/** What a step makes of the row: a move, or an answer without one. */
export type Step = ProviderMoveResult | { outcome: 'stop'; answer: HttpResult };

/**
 * Reads the provider request and the access request that it is made from, asks the rulebook, and lets `step` move the
 * row; where another's write came first, all of it is read and decided again. The moved row, or what is answered instead.
 */
export async function changeAsItStands(
  { providerRequestId, actor }: ProviderCall,
  act: ProviderAct,
  dependencies: Pick<ProviderDependencies, 'region' | 'ruleSets' | 'store' | 'providers'>,
  step: (row: ProviderRequest, grant: AccessGrant) => Promise<Step>,
): Promise<{ outcome: 'moved'; row: ProviderRequest } | { outcome: 'stop'; answer: HttpResult }> {
  const { region, ruleSets, store, providers } = dependencies;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const row = await providers.read(providerRequestId);
    if (row === null)
      return {
        outcome: 'stop',
        answer: notFound({ zh: '没有此调取函', en: 'no such provider request' }, 'path.id'),
      };
    const grant = await store.read(row.requestId);
    if (grant === null)
      throw new RequestOfProviderMissingError(`${providerRequestId} has no access request any more`);
    const { platform, hotels } = row;
    const facts = { region: regionFacts(region), grant, actor, act, platform, hotels };
    const verdict = decideProvider(await currentRuleSet(ruleSets), facts);
    if (verdict.outcome === 'deny') return { outcome: 'stop', answer: refusalOf(verdict) };
    const result = await step(row, grant);
    if (result.outcome !== 'stale') return result;
  }
  return { outcome: 'stop', answer: conflict('L8', 'provider-request-not-in-state') };
}

export function stop(answer: HttpResult): Step {
  return { outcome: 'stop', answer };
}
