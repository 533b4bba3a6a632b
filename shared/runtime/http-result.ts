import { deny, type Verdict } from '../domain/verdict.ts';

/**
 * What an API call answers, before it becomes an HTTP response. `attempted` is for the event of a refused attempt alone
 * (L2): counts of the scope, the device that signed; ids, codes and numbers, never sent to the caller.
 */
export type HttpResult = {
  status: number;
  body: object;
  attempted?: Attempted;
  /** A rule allowed an act, and it was done just now: that alone ends a row of misoperations (R9). */
  done?: true;
};
export type Attempted = Record<string, string | number | null>;

/** What was asked for, or what stands already: it says nothing of anybody's conduct. */
export function ok(body: object): HttpResult {
  return { status: 200, body };
}

/** What the rulebook allowed was done by this very call (R9). */
export function done(body: object): HttpResult {
  return { status: 200, body, done: true };
}

export function accepted(body: object): HttpResult {
  return { status: 202, body };
}

/** Refused by the rulebook. */
export function refused(verdict: Verdict, attempted?: Attempted): HttpResult {
  return { status: 403, body: { verdict }, ...(attempted === undefined ? {} : { attempted }) };
}

/** The state moved on while the caller decided: decide again on what stands now. */
export function conflict(rule: string, reason: string): HttpResult {
  return { status: 409, body: { verdict: deny(rule, reason) } };
}

/** `what` is wrong, `where` it is (a path in the input), and what to do. No value of the input is repeated. */
export function badInput(what: string, where: string, remedy: string): HttpResult {
  return { status: 400, body: { error: { what, where, remedy } } };
}

export function notFound(what: string, where: string): HttpResult {
  return { status: 404, body: { error: { what, where, remedy: '检查编号 check the id' } } };
}
