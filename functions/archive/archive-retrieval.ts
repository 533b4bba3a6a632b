import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { canMove } from '../../shared/domain/request-states.ts';
import type { StartInput, StepOutput } from '../../shared/domain/step-input.ts';
import { type ClearingParts, clearGrant } from '../../shared/loop/clear-grant.ts';
import { deliveryKeys } from '../../shared/loop/delivery-keys.ts';
import { moveAsItStands } from '../../shared/loop/move-as-it-stands.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { MoveResult } from '../../shared/ports/grant-store.ts';
import type { PrintStore } from '../../shared/ports/print-store.ts';
import type { ProviderStore } from '../../shared/ports/provider-store.ts';
import { archiveOf } from './archive-document.ts';
import { type SealDependencies, sealArchive } from './seal-archive.ts';

/** Something of the retrieval is still in the delivery bucket after it was deleted. */
export class NotClearedError extends Error {
  override name = 'NotClearedError';
}

export type ArchiveDependencies = ClearingParts &
  SealDependencies & {
    clock: Clock;
    region: string;
    providers: Pick<ProviderStore, 'ofRequest'>;
    prints: Pick<PrintStore, 'ofRequest'>;
  };

const ACTOR = 'function:archive';

/**
 * Closes the books on a grant that has ended: nothing of it is left in the delivery bucket, its key is shredded, and
 * what happened is sealed under Object Lock. A second run finishes what a first one began; any other state is returned
 * as it is.
 */
export async function archiveRetrieval(
  { version, requestId }: StartInput,
  dependencies: ArchiveDependencies,
): Promise<StepOutput> {
  const result = await moveAsItStands<AccessGrant>(dependencies.store, requestId, async (grant) =>
    canMove(grant.state, 'archive') ? archive(grant, dependencies) : { outcome: 'stop', answer: grant },
  );
  const grant = result.outcome === 'moved' ? result.grant : result.answer;
  return { version, requestId, state: grant.state, route: grant.route };
}

async function archive(grant: AccessGrant, dependencies: ArchiveDependencies): Promise<MoveResult> {
  const { store, keys, clock, region, providers, prints } = dependencies;
  const { requestId } = grant;
  const leftBehind = await clear(requestId, dependencies);
  const [openings, events, evidenceKey, providerRequests, printed] = await Promise.all([
    store.openings(requestId),
    store.events(requestId),
    keys.read('evidence', requestId),
    providers.ofRequest(requestId),
    prints.ofRequest(requestId),
  ]);
  const document = archiveOf({
    ...{ region, grant, openings, events },
    ...{ providerRequests, prints: printed, evidenceKey },
  });
  const sealed = await sealArchive(document, evidenceKey, dependencies);
  return store.move(
    grant,
    'archive',
    { archive: sealed },
    {
      at: clock(),
      actor: ACTOR,
      data: {
        archive: sealed.digest,
        openings: document.openings.length,
        events: events.length,
        ...(grant.breakGlass === undefined
          ? {}
          : { views: grant.breakGlass.views, told: ['internal-audit'] }),
        ...(providerRequests.length === 0 ? {} : { providerRequests: providerRequests.length }),
        ...(document.openPrints === undefined ? {} : { openPrints: document.openPrints.length }),
        // What ending the grant should have removed and hadn't, removed now.
        leftBehind,
      },
    },
  );
}

/** How many objects had been left behind. Throws NotClearedError where any still is. */
async function clear(requestId: string, dependencies: ArchiveDependencies): Promise<number> {
  const left = await leftovers(requestId, dependencies);
  await clearGrant(requestId, { at: dependencies.clock(), actor: ACTOR }, dependencies);
  if (left.length > 0 && (await leftovers(requestId, dependencies)).length > 0) {
    throw new NotClearedError(`Request ${requestId} has objects in the delivery bucket that do not go`);
  }
  return left.length;
}

async function leftovers(requestId: string, { delivery }: ArchiveDependencies): Promise<string[]> {
  const [staged, copies] = await Promise.all([
    delivery.list(deliveryKeys.staged(requestId)),
    delivery.list(deliveryKeys.copies(requestId)),
  ]);
  return [...staged, ...copies];
}
