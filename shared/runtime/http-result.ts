import { deny, type Verdict } from '../domain/verdict.ts';
import { inBoth, type Words } from '../domain/words.ts';

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
export function badInput(what: Words, where: string, remedy: Words): HttpResult {
  return { status: 400, body: faultBody(what, where, remedy) };
}

export function notFound(what: Words, where: string): HttpResult {
  return { status: 404, body: faultBody(what, where, { zh: '检查编号', en: 'check the id' }) };
}

/** The call broke off; `where` is what operations finds it by. */
export function broken(where: string): HttpResult {
  const what = { zh: '请求未能完成', en: 'the request failed' };
  const remedy = {
    zh: '请重试;若仍不成功,将此编号告知运维',
    en: 'try again; tell operations this id if it stays',
  };
  return { status: 500, body: faultBody(what, where, remedy) };
}

/** In both languages as one text, and by themselves for whoever reads one of them. */
function faultBody(what: Words, where: string, remedy: Words) {
  const { zh, en } = { zh: { what: what.zh, remedy: remedy.zh }, en: { what: what.en, remedy: remedy.en } };
  return { error: { what: inBoth(what), where, remedy: inBoth(remedy), zh, en } };
}
