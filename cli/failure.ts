import type { Verdict } from '../shared/domain/verdict.ts';

/** Exit codes of CONTRACT: 0 done, 1 refused by the rulebook, 2 bad input, 3 not reachable or failed. */
export const EXIT = { done: 0, refused: 1, badInput: 2, failed: 3 } as const;

/** The rulebook refused; the verdict is what the command prints. `result` where the refusal is a request's own state. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly verdict: Verdict;
  readonly result: object;
  constructor(verdict: Verdict, result: object = { verdict }) {
    super(`refused: ${verdict.rules.join(', ')}`);
    this.verdict = verdict;
    this.result = result;
  }
}

/** What is wrong with the input, where, and what to do. */
export class BadInputError extends Error {
  override name = 'BadInputError';
  readonly what: string;
  readonly where: string;
  readonly remedy: string;
  constructor(what: string, where: string, remedy: string, options?: ErrorOptions) {
    super(`${what} (${where}): ${remedy}`, options);
    this.what = what;
    this.where = where;
    this.remedy = remedy;
  }
}

/** The deployment couldn't be reached, or it failed. */
export class FailedError extends Error {
  override name = 'FailedError';
}
