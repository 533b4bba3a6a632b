import type { UnreadPushes } from '../../shared/aws/unread-pushes.ts';
import { CHANNELS } from '../../shared/domain/channel.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Source } from '../../shared/domain/record.ts';
import { tupleKey } from '../../shared/domain/tuple-key.ts';
import { inParallel } from '../../shared/loop/in-parallel.ts';
import type { GatherInput } from './gather-input.ts';
import { type GatherDependencies, type Gathered, gatherPush } from './gather-push.ts';
import { isDue, type SealDependencies, type Sealed, sealWaitingOf } from './seal-waiting.ts';

export type RunDependencies = GatherDependencies &
  SealDependencies & {
    unread: UnreadPushes;
    gatheredPush(gathered: Gathered | 'failed'): void;
    broke(error: unknown): void;
  };

/** What SQS is told (partial batch failures), or what a sealing came to. */
export type GatherAnswer = { batchItemFailures: { itemIdentifier: string }[] } | Sealed | ReadAgain;

/** What became of pushes that could not be read before. `broken` are tried the next time; `left`: the time ran out before the last. */
export type ReadAgain = { readAgain: number; stillUnread: number; broken: number; left: boolean };

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
      return readAgain(input.hotel, dependencies);
    case 'due':
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
    places.set(tupleKey(hotel, source), { hotel, source });
  }
  const total: Sealed = { batches: 0, accepted: 0, left: 0 };
  for (const place of places.values()) {
    add(total, await sealWaitingOf(place, ({ guestId }) => wanted.has(guestId), dependencies));
  }
  return total;
}

/**
 * Every conversation that is large or old enough; then what nobody mended in time is forgotten. What breaks for one source
 * stops neither the others nor the forgetting.
 */
async function sealDue(dependencies: RunDependencies): Promise<Sealed> {
  const { unread, clock, hasTime } = dependencies;
  const total: Sealed = { batches: 0, accepted: 0, left: 0 };
  const now = clock();
  const errors: unknown[] = [];
  for (const place of placesOf(dependencies)) {
    try {
      add(total, await sealWaitingOf(place, (one) => isDue(one, now), dependencies));
    } catch (error) {
      errors.push(error);
    }
  }
  const before = new Date(now.getTime() - LIMITS.unreadPushDays * DAY_MS);
  for (const place of placesOf(dependencies)) {
    try {
      await unread.forget(place, before, hasTime);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'Some of what was due could not be done');
  return total;
}

/** Pushes that could not be read are tried again: after an importer was mended, say. `hotel`: those of this one alone. */
async function readAgain(hotel: string | undefined, dependencies: RunDependencies): Promise<ReadAgain> {
  const { unread, hasTime, gatheredPush, broke } = dependencies;
  const result: ReadAgain = { readAgain: 0, stillUnread: 0, broken: 0, left: false };
  for (const place of placesOf(dependencies)) {
    if (hotel !== undefined && place.hotel !== hotel) continue;
    let last: string | null = null;
    for await (const { id, message } of unread.of(place)) {
      if (!hasTime()) {
        if (last !== null) await unread.stop(place, last);
        return { ...result, left: true };
      }
      last = id;
      try {
        const gathered = await gatherPush(message, dependencies);
        gatheredPush(gathered);
        if (gathered.unread > 0) {
          result.stillUnread += 1;
        } else {
          await unread.drop(place, id);
          result.readAgain += 1;
        }
      } catch (error) {
        // It stays where it is.
        broke(error);
        gatheredPush('failed');
        result.broken += 1;
      }
    }
    await unread.stop(place, null);
  }
  return result;
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
