import type { MiddlewareObj } from '@middy/core';
import { type CallCount, startCount } from './call-counter.ts';
import { log } from './log.ts';

/** Logs one line per invocation with what it called (LOG_LINES.invocation). */
export function logInvocation(): MiddlewareObj {
  let count: CallCount | undefined;
  return {
    before: () => {
      count = startCount();
    },
    after: () => report(count),
    onError: () => report(count),
  };
}

function report(count: CallCount | undefined): void {
  if (count !== undefined) log('invocation', { ...count });
}
