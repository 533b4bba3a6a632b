import { z } from 'zod';
import { type Verdict, verdictSchema } from '../shared/domain/verdict.ts';
import { inBoth, inLanguages, type Languages, type Words } from '../shared/domain/words.ts';

/** Exit codes: 0 done, 1 refused by the rulebook, 2 bad input, 3 not reachable or failed. */
export const EXIT = { done: 0, refused: 1, badInput: 2, failed: 3 } as const;

/** A lock (R9), until when where it is a session's; null where somebody must lift it. */
export const lockSchema = verdictSchema.extend({ until: z.string().nullish() });
export type LockTold = z.infer<typeof lockSchema>;

/** An own request that was refused, as somebody who is locked meanwhile is still told of it (R9). */
export const refusedRequest = z.looseObject({
  requestId: z.string(),
  state: z.literal('refused'),
  verdict: verdictSchema,
});

/** The rulebook refused; the verdict is what the command prints. `result` where the refusal is a request's own state. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly verdict: Verdict;
  readonly result: object;
  /** The lock that stands beside it (R9), which is told too. */
  readonly lock: LockTold | null;
  /** Until when, where the refusal is a session's lock itself. */
  readonly until: string | null;
  /** The earlier refusal on which it rests: of the request that was to be approved. */
  readonly earlier: Verdict | null;
  constructor(
    verdict: Verdict,
    result: object = { verdict },
    {
      lock = null,
      until = null,
      earlier = null,
    }: { lock?: LockTold | null; until?: string | null; earlier?: Verdict | null } = {},
  ) {
    super(`refused: ${verdict.rules.join(', ')}`);
    this.verdict = verdict;
    this.result = result;
    this.lock = lock;
    this.until = until;
    this.earlier = earlier;
  }

  /** A refusal that led to a lock: the lock is told with it. */
  static thatLocked(verdict: Verdict, lock: LockTold): RefusedError {
    return new RefusedError(verdict, { verdict, lock }, { lock });
  }

  /** What a lock answered; where it names an own request that was refused, it is that refusal, and the lock beside it. */
  static whileLocked(lock: LockTold, request: z.infer<typeof refusedRequest>): RefusedError {
    return new RefusedError(request.verdict, { ...request, lock }, { lock });
  }
}

/** Words in the languages that were asked for. */
export function inWords(words: Words, languages: Languages): string {
  return inLanguages(languages, words.zh, words.en);
}

/** What is wrong with the input, where, and what to do. */
export class BadInputError extends Error {
  override name = 'BadInputError';
  readonly what: Words;
  /** A file, a line of it, an option: the same in either language. */
  readonly where: string;
  readonly remedy: Words;
  constructor(what: Words, where: string, remedy: Words, options?: ErrorOptions) {
    super(`${inWords(what, 'both')} (${where}): ${inWords(remedy, 'both')}`, options);
    this.what = what;
    this.where = where;
    this.remedy = remedy;
  }

  /** As it is told and as `--json` gives it, in the languages that were asked for. */
  toldIn(languages: Languages): { what: string; where: string; remedy: string } {
    const { what, where, remedy } = this;
    return { what: inWords(what, languages), where, remedy: inWords(remedy, languages) };
  }
}

/** Bad input that the deployment found: its places are those of the call (`body.hotels.0`, `path.id`, `query.user`). */
export class RejectedCallError extends BadInputError {
  override name = 'RejectedCallError';
}

/** The deployment couldn't be reached, or it failed: what happened, and what to do. */
export class FailedError extends Error {
  override name = 'FailedError';
  readonly words: Words;
  constructor(words: Words, options?: ErrorOptions) {
    super(inBoth(words), options);
    this.words = words;
  }
}
