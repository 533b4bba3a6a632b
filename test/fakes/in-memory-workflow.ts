import type { Workflow } from '../../shared/ports/workflow.ts';

/** The state machine as a list of what was asked of it. A token is released once; after that it is gone. */
export function inMemoryWorkflow(): Workflow & {
  started: string[];
  released: string[];
  givenUp: string[];
} {
  const started: string[] = [];
  const released: string[] = [];
  const givenUp: string[] = [];
  return {
    started,
    released,
    givenUp,
    async start(requestId) {
      if (!started.includes(requestId)) started.push(requestId);
    },
    async release(token) {
      if (released.includes(token)) return 'gone';
      released.push(token);
      return 'released';
    },
    async giveUp(token) {
      givenUp.push(token);
    },
  };
}
