import { CHANNELS } from '../../shared/domain/channel.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Source } from '../../shared/domain/record.ts';
import { inParallel } from '../../shared/loop/in-parallel.ts';
import type { GatherInput } from './gather-input.ts';
import { type GatherDependencies, type Gathered, gatherPush } from './gather-push.ts';
import { isDue, type SealDependencies, type Sealed, sealWaitingOf } from './seal-waiting.ts';

export type RunDependencies = GatherDependencies &
  SealDependencies & {
    gatheredPush(gathered: Gathered | 'failed'): void;
    broke(error: unknown): void;
  };

/** What SQS is told (partial batch failures), or what a sealing came to. */
export type GatherAnswer =
  | { batchItemFailures: { itemIdentifier: string }[] }
  | Sealed
  | { readAgain: number; stillUnread: number };

/** Pushes of one delivery that are gathered side by side. */
const AT_ONCE = 4;
const DAY_MS = 24 * 60 * 60 * 1000;

export async function runGather(input: GatherInput, dependencies: RunDependencies): Promise<GatherAnswer> {
  switch (input.kind) {
    case 'pushes':
      return takePushes(input.pushes, dependencies);
    case 'guests':
      return sealGuests(input.guests, dependencies);
    case 'read-again':
      return readAgain(dependencies);
    case 'due':
      await forgetUnread(dependencies);
      return sealDue(dependencies);
  }
}

/** Those that break go back into the queue, and at last into its dead letters; the others are done. */
async function takePushes(
  pushes: readonly { messageId: string; body: string }[],
  dependencies: RunDependencies,
): Promise<GatherAnswer> {
  const failures: { itemIdentifier: string }[] = [];
  await inParallel(pushes, AT_ONCE, async ({ messageId, body }) => {
    try {
      dependencies.gatheredPush(await gatherPush(body, dependencies));
    } catch (error) {
      dependencies.broke(error);
      dependencies.gatheredPush('failed');
      failures.push({ itemIdentifier: messageId });
    }
  });
  return { batchItemFailures: failures };
}

/** Whatever waits of these guests, so that who searches them finds it. */
async function sealGuests(guests: readonly string[], dependencies: RunDependencies): Promise<Sealed> {
  const wanted = new Set(guests);
  const places = new Map<string, { hotel: string; source: Source }>();
  for (const { hotel, source } of await dependencies.waiting.ofGuests(guests)) {
    places.set(`${hotel} ${source}`, { hotel, source });
  }
  const total: Sealed = { batches: 0, accepted: 0, left: 0 };
  for (const place of places.values()) {
    add(total, await sealWaitingOf(place, ({ guestId }) => wanted.has(guestId), dependencies));
  }
  return total;
}

/** Every conversation that is large or old enough. What breaks for one source doesn't stop the others. */
async function sealDue(dependencies: RunDependencies): Promise<Sealed> {
  const total: Sealed = { batches: 0, accepted: 0, left: 0 };
  const now = dependencies.clock();
  const errors: unknown[] = [];
  for (const place of placesOf(dependencies)) {
    try {
      add(total, await sealWaitingOf(place, (one) => isDue(one, now), dependencies));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'Some conversations could not be sealed');
  return total;
}

/** Pushes that could not be read are tried again: after an importer was mended, say. */
async function readAgain(dependencies: RunDependencies): Promise<{ readAgain: number; stillUnread: number }> {
  const { waiting } = dependencies;
  const result = { readAgain: 0, stillUnread: 0 };
  for (const { hotel, source } of placesOf(dependencies)) {
    for (const { id, message } of await waiting.unread(hotel, source)) {
      const gathered = await gatherPush(message, dependencies);
      dependencies.gatheredPush(gathered);
      if (gathered.unread > 0) {
        result.stillUnread += 1;
      } else {
        await waiting.dropUnread(hotel, source, id);
        result.readAgain += 1;
      }
    }
  }
  return result;
}

/** Nobody mended what can't be read: it isn't kept for ever. */
async function forgetUnread(dependencies: RunDependencies): Promise<void> {
  const { waiting, clock } = dependencies;
  const before = new Date(clock().getTime() - LIMITS.unreadPushDays * DAY_MS).toISOString();
  for (const { hotel, source } of placesOf(dependencies)) {
    for (const { id, receivedAt } of await waiting.unread(hotel, source)) {
      if (receivedAt < before) await waiting.dropUnread(hotel, source, id);
    }
  }
}

function* placesOf({ region }: RunDependencies): Generator<{ hotel: string; source: Source }> {
  for (const { code } of region.hotels) {
    for (const source of CHANNELS) yield { hotel: code, source };
  }
}

function add(total: Sealed, one: Sealed): void {
  total.batches += one.batches;
  total.accepted += one.accepted;
  total.left += one.left;
}
