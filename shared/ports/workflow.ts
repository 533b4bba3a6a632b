/** The state machine as the product sees it. Completing a token grants nothing: the chain re-reads the row. */
export type Workflow = {
  /** Starts the execution of this request; a second start is harmless. */
  start(requestId: string): Promise<void>;
  /** Gives the token back with a value; `gone` where the task no longer waits (already released, or timed out). */
  release(token: string): Promise<'released' | 'gone'>;
  /** Gives the token back as failed, so that the task is tried again with another: this one could not be kept. */
  giveUp(token: string): Promise<void>;
};
