import { setTimeout as pause } from 'node:timers/promises';
import type { Words } from '../shared/domain/words.ts';
import { FailedError } from './failure.ts';

/**
 * Asks again until `done` answers, waiting longer each time (0.1 s to 2 s). Gives up after `minutes` with a message
 * that says how to go on.
 */
export async function poll<Answer>(
  ask: () => Promise<Answer>,
  done: (answer: Answer) => boolean,
  { minutes, what }: { minutes: number; what: Words },
): Promise<Answer> {
  const end = Date.now() + minutes * 60_000;
  let wait = 100;
  for (;;) {
    const answer = await ask();
    if (done(answer)) return answer;
    if (Date.now() > end)
      throw new FailedError({
        zh: `${what.zh}在 ${minutes} 分钟后仍未完成;处理仍在继续,请稍后再查`,
        en: `${what.en} isn't done after ${minutes} minutes; it goes on, ask again later`,
      });
    await pause(wait);
    wait = Math.min(wait * 1.5, 2_000);
  }
}
