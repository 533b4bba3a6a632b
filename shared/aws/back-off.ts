import { setTimeout as sleep } from 'node:timers/promises';

/** How a caller waits: `pause` takes milliseconds; `random` gives 0 to 1, so that those who met part. */
export type Waiting = { pause: (milliseconds: number) => Promise<unknown>; random: () => number };

export const REAL_WAITING: Waiting = { pause: (milliseconds) => sleep(milliseconds), random: Math.random };

const SHORTEST_MS = 20;
const LONGEST_MS = 640;

/**
 * Waits before the attempt after `attempt` (counted from 1): anywhere from nothing up to twice as long each time, at most
 * 640 ms ("full jitter", AWS Architecture Blog, Exponential Backoff And Jitter).
 */
export async function backOff(attempt: number, { pause, random }: Waiting): Promise<void> {
  await pause(random() * Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (attempt - 1)));
}
