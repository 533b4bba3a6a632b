import { setTimeout as pause } from 'node:timers/promises';

/** Asks until `done`, at most `seconds`; the last answer is in the error, so that a failure says what stood instead. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  done: (answer: Answer) => boolean,
  seconds = 60,
): Promise<Answer> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (done(answer)) return answer;
    if (Date.now() > end) throw new Error(`still not there: ${JSON.stringify(answer)?.slice(0, 500)}`);
    await pause(200);
  }
}
