import type { Workflow } from '../../shared/ports/workflow.ts';

/** The state machine as a list of what was asked of it. A token is released once; after that it is gone. */
export function inMemoryWorkflow(): Workflow & { started: string[]; released: string[] } {
  const started: string[] = [];
  const released: string[] = [];
  return {
    started,
    released,
    async start(requestId) {
      if (!started.includes(requestId)) started.push(requestId);
    },
    async release(token) {
      if (released.includes(token)) return 'gone';
      released.push(token);
      return 'released';
    },
  };
}
