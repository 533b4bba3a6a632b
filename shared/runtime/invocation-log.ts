import type { MiddlewareObj } from '@middy/core';
import { type CallCount, startCount } from './call-counter.ts';
import { log } from './log.ts';

/** Logs one line per invocation with what it called and how long it took (LOG_LINES.invocation). */
export function logInvocation(): MiddlewareObj {
  let begun: { count: CallCount; at: number } | undefined;
  const report = () => {
    if (begun !== undefined) {
      log('invocation', { ...begun.count, milliseconds: Math.round(performance.now() - begun.at) });
    }
  };
  return {
    before: () => {
      begun = { count: startCount(), at: performance.now() };
    },
    after: report,
    onError: report,
  };
}
